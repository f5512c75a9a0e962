import { API_VERSIONS } from './api-versions.ts';
import { linkedinLogin, linkedinRenewal, verifyLinkedin } from './linkedin/account.ts';
import {
  call,
  enc,
  isPage,
  type LinkedinAccess,
  type LinkedinCredential,
  linkedinCredential,
  statusOf,
  toFailure,
  toRefusal,
} from './linkedin/api.ts';
import { editOnLinkedin } from './linkedin/edit.ts';
import { findStep } from './linkedin/find.ts';
import { linkedinMetrics } from './linkedin/metrics.ts';
import {
  checkPost,
  type LinkedinOptions,
  linkedinLimits,
  linkedinOptions,
  NAME,
  render,
} from './linkedin/post.ts';
import { nextStep } from './linkedin/steps.ts';
import { littleTextLength } from './linkedin/text.ts';
import type { Context, Provider } from './provider.ts';

/** A member's profile or a page, by the author of the credential. https://learn.microsoft.com/linkedin/marketing/ */
export const linkedin = (
  api = 'https://api.linkedin.com',
): Provider<LinkedinCredential, LinkedinOptions> => ({
  id: 'linkedin',
  name: NAME,
  limits: linkedinLimits,
  countText: (text) => littleTextLength(text),
  credential: linkedinCredential,
  options: linkedinOptions,
  render,
  check: checkPost,
  verify: (credential, context) => verifyLinkedin({ api, credential }, context),
  publish: (request, context) => nextStep({ api, credential: request.credential }, request, context),
  poll: (request, context) => nextStep({ api, credential: request.credential }, request, context),
  // What a member has posted, nobody may read; a page's posts are listed.
  safety: { kind: 'blind' },
  safetyFor: ({ page }) => (page === true ? { kind: 'findable', findAfterSeconds: 60 } : { kind: 'blind' }),
  find: (request, context) => findStep({ api, credential: request.credential }, request, context),
  metrics: linkedinMetrics(api),
  api: API_VERSIONS.linkedin,
  login: linkedinLogin(api),
  renewal: linkedinRenewal(api),
  edit: (request, context) => editOnLinkedin({ api, credential: request.credential }, request, context),
  remove: ({ credential, externalId }, context) => remove({ api, credential }, externalId, context),
});

type Removed = Awaited<ReturnType<NonNullable<Provider<LinkedinCredential>['remove']>>>;

/** Its comments go with it. To delete what is gone is no error, so a page's post is looked at before. */
async function remove(access: LinkedinAccess, urn: string, context: Context): Promise<Removed> {
  const path = `/rest/posts/${enc(urn)}`;
  if (isPage(access.credential.author)) {
    const there = await context.http(call(access, 'GET', path));
    if (statusOf(there) === 404) return { kind: 'absent' };
  }
  const answer = await context.http(call(access, 'DELETE', path));
  if (statusOf(answer) >= 200 && statusOf(answer) < 300) return { kind: 'removed' };
  if (statusOf(answer) === 404) return { kind: 'absent' };
  const outcome = toRefusal(answer, context.now());
  return outcome.kind === 'rejected' ? outcome : toFailure(answer, context.now());
}
