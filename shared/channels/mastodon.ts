import { withLink } from './check-content.ts';
import {
  get,
  isGone,
  type MastodonCredential,
  mastodonCredential,
  serverId,
  toFailure,
} from './mastodon/api.ts';
import { editOnMastodon } from './mastodon/edit.ts';
import { limitsFor } from './mastodon/limits.ts';
import { mastodonMetrics } from './mastodon/metrics.ts';
import { checkStatus, type MastodonOptions, mastodonOptions } from './mastodon/status.ts';
import { findStep, nextStep, toOutcome } from './mastodon/steps.ts';
import { countStatus } from './mastodon/text.ts';
import { verifyMastodon } from './mastodon/verify.ts';
import type { Context, Provider } from './provider.ts';
import { type Removed, removeAll } from './remove-all.ts';

const NAME = 'Mastodon';

/** Mastodon, and what speaks its API: https://docs.joinmastodon.org/methods/ */
export const mastodon: Provider<MastodonCredential, MastodonOptions> = {
  id: 'mastodon',
  name: NAME,
  limits: limitsFor({}),
  countText: countStatus,
  credential: mastodonCredential,
  options: mastodonOptions,
  render: withLink,
  check: (variant, facts) => checkStatus(variant, facts, NAME),
  verify: verifyMastodon,

  // Every status has a key, kept for an hour (https://docs.joinmastodon.org/methods/statuses/#headers), but a key alone
  // is no answer. While the first request is still at work, a second one made a second status, until
  // https://github.com/mastodon/mastodon/pull/37879; once it was done, a second one was answered with 500, until
  // https://github.com/mastodon/mastodon/pull/40439. What only speaks Mastodon's API may keep none at all, as Pixelfed:
  // https://github.com/pixelfed/pixelfed/issues/3581. So it is looked for first; what is sent again has its key.
  safety: { kind: 'findable', findAfterSeconds: 60 },

  publish: nextStep,
  poll: nextStep,
  find: findStep,
  metrics: mastodonMetrics,
  edit: editOnMastodon,

  remove: (request, context) => removeAll(request, (id) => removeStatus(request.credential, id, context)),
};

async function removeStatus(
  credential: MastodonCredential,
  externalId: string,
  context: Context,
): Promise<Removed> {
  const request = get(credential, `/api/v1/statuses/${serverId(externalId)}`);
  const answer = await context.http({ ...request, method: 'DELETE' });
  if (answer.kind === 'answered' && answer.status === 200) return { kind: 'removed' };
  if (isGone(answer)) return { kind: 'absent' };
  const outcome = toOutcome(answer, credential, context.now());
  return outcome.kind === 'rejected' ? outcome : toFailure(answer, context.now());
}
