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

  // The server keeps a key for an hour, https://docs.joinmastodon.org/methods/statuses/#headers; after that, `find`.
  safety: { kind: 'idempotent', forMinutes: 50 },
  // What only speaks Mastodon's API may not keep any, as Pixelfed: https://github.com/pixelfed/pixelfed/issues/3581
  safetyFor: ({ keepsKeys }) =>
    keepsKeys === true ? mastodon.safety : { kind: 'findable', findAfterSeconds: 60 },

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
