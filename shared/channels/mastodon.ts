import * as z from 'zod';
import { type Instant, MINUTE } from '../domain/time.ts';
import { withLink } from './check-content.ts';
import {
  get,
  isGone,
  isShutOut,
  type MastodonCredential,
  mastodonCredential,
  type StatusEntity,
  serverId,
  statusEntity,
  toFailure,
  withHost,
} from './mastodon-api.ts';
import { mastodonMetrics } from './mastodon-metrics.ts';
import {
  checkStatus,
  countStatus,
  DEFAULT_LIMITS,
  type MastodonOptions,
  mastodonOptions,
  optionsOf,
  plainHtml,
  plainText,
  toStatus,
} from './mastodon-status.ts';
import { verifyMastodon } from './mastodon-verify.ts';
import { defaultOutcome, reasonOf } from './outcome.ts';
import type {
  FindRequest,
  Found,
  HttpAnswer,
  HttpRequest,
  Outcome,
  Provider,
  PublishRequest,
} from './provider.ts';

const NAME = 'Mastodon';

/** Mastodon, and what speaks its API: https://docs.joinmastodon.org/methods/ */
export const mastodon: Provider<MastodonCredential, MastodonOptions> = {
  id: 'mastodon',
  name: NAME,
  limits: { text: DEFAULT_LIMITS.maxCharacters, unit: 'graphemes' },
  countText: countStatus,
  credential: mastodonCredential,
  options: mastodonOptions,
  render: withLink,
  check: (variant, facts) => checkStatus(variant, facts, NAME),
  verify: verifyMastodon,

  // The server keeps a key for an hour, https://docs.joinmastodon.org/methods/statuses/#headers; after that, `find`.
  safety: { kind: 'idempotent', forMinutes: 50 },

  async publish(request, context) {
    const options = optionsOf(request.variant);
    if (options === undefined) {
      return { kind: 'rejected', code: 'option_invalid', reason: 'an option has no valid value' };
    }
    const answer = await context.send(toRequest(request, options));
    return toOutcome(answer, request.credential, context.now());
  },

  async find(request, context) {
    const path = `/api/v1/accounts/${serverId(request.channel.account.id)}/statuses`;
    const answer = await context.http(get(request.credential, `${path}?limit=${PAGE}&exclude_reblogs=true`));
    if (answer.kind !== 'answered') return { kind: 'cannotTell', reason: answer.reason };
    const statuses = z.array(statusEntity).safeParse(answer.json).data;
    if (answer.status !== 200 || statuses === undefined)
      return { kind: 'cannotTell', reason: reasonOf(answer) };
    return findAmong(statuses, request);
  },

  metrics: mastodonMetrics,

  async remove({ credential, externalId }, context) {
    const request = get(credential, `/api/v1/statuses/${serverId(externalId)}`);
    const answer = await context.http({ ...request, method: 'DELETE' });
    if (answer.kind === 'answered' && answer.status === 200) return { kind: 'removed' };
    if (isGone(answer)) return { kind: 'absent' };
    const outcome = toOutcome(answer, credential, context.now());
    return outcome.kind === 'rejected' ? outcome : toFailure(answer, context.now());
  },
};

/** The request that makes the status public. */
export function toRequest(
  {
    variant,
    credential,
    delivery,
  }: Pick<PublishRequest<MastodonCredential>, 'variant' | 'credential' | 'delivery'>,
  options: MastodonOptions,
): HttpRequest {
  const { url, headers } = get(credential, '/api/v1/statuses');
  return {
    method: 'POST',
    url,
    headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': delivery.key },
    body: JSON.stringify(toStatus(variant, options)),
  };
}

const posted = statusEntity.pick({ id: true, uri: true, url: true });

/** What became of a posted status. */
export function toOutcome(answer: HttpAnswer, credential: MastodonCredential, now: Instant): Outcome {
  if (answer.kind === 'answered' && isShutOut(answer))
    return { kind: 'unauthorized', reason: reasonOf(answer) };
  const status = answer.kind === 'answered' && answer.status < 300 && posted.safeParse(answer.json).data;
  if (!status) return defaultOutcome(answer, now);
  const url = status.url ?? status.uri ?? credential.instanceUrl;
  return { kind: 'published', externalId: withHost(status.id, credential), url };
}

const PAGE = 40;
/** How far the server's clock may be behind ours. */
const CLOCK_TOLERANCE_MS = MINUTE;

/** The delivery among an account's newest statuses, newest first. */
export function findAmong(
  statuses: readonly StatusEntity[],
  { variant, credential, since, excluding }: Omit<FindRequest<MastodonCredential>, 'channel' | 'delivery'>,
): Found {
  const from = since - CLOCK_TOLERANCE_MS;
  const recent = statuses.filter(({ created_at }) => Date.parse(created_at) >= from);
  const text = plainText(withLink(variant));
  const spoiler = plainText(optionsOf(variant)?.spoilerText ?? '');
  const match = recent.findLast(
    (status) =>
      plainHtml(status.content) === text &&
      plainText(status.spoiler_text) === spoiler &&
      !excluding.has(withHost(status.id, credential)),
  );
  if (match !== undefined) {
    return {
      kind: 'found',
      externalId: withHost(match.id, credential),
      url: match.url ?? match.uri ?? credential.instanceUrl,
    };
  }
  if (recent.length < PAGE) return { kind: 'absent' };
  return { kind: 'cannotTell', reason: `${PAGE} newer statuses stand before it` };
}
