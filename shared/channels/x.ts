import type { Provider } from './provider.ts';
import { verifyX, xLogin, xRenewal } from './x/account.ts';
import { type XCredential, xCredential } from './x/api.ts';
import { xMetrics } from './x/metrics.ts';
import { checkPost, NAME, priceOf, render, type XOptions, xLimits, xOptions } from './x/post.ts';
import { removePosts } from './x/remove.ts';
import { findStep, nextStep } from './x/steps.ts';
import { weightedLength } from './x/text.ts';

/** https://docs.x.com/x-api/introduction; paid by the request. */
export const x = (api = 'https://api.x.com'): Provider<XCredential, XOptions> => ({
  id: 'x',
  name: NAME,
  limits: xLimits,
  countText: weightedLength,
  credential: xCredential,
  options: xOptions,
  render,
  check: checkPost,
  verify: (credential, context) => verifyX({ api, credential }, context),
  publish: (request, context) => nextStep({ api, credential: request.credential }, request, context),
  poll: (request, context) => nextStep({ api, credential: request.credential }, request, context),
  // The account's own timeline has a new post at once; a minute is for slow ways of it.
  safety: { kind: 'findable', findAfterSeconds: 60 },
  find: (request, context) => findStep({ api, credential: request.credential }, request, context),
  metrics: xMetrics(api),
  login: xLogin(api),
  renewal: xRenewal(api),
  price: priceOf,
  remove: ({ credential, externalId, parts = [] }, context) =>
    removePosts({ api, credential }, [externalId, ...parts], context),
});
