import * as z from 'zod';
import { type Metrics, told } from '../../domain/metrics.ts';
import type { Context, HttpAnswer, MeasureFailure, Measuring } from '../provider.ts';
import {
  accountEntity,
  get,
  isGone,
  isShutOut,
  type MastodonCredential,
  type StatusEntity,
  serverId,
  statusEntity,
  toFailure,
  withHost,
} from './api.ts';

/** Mastodon tells what people did, not how many saw it. */
export const mastodonMetrics: Measuring<MastodonCredential> = {
  told: { reactions: 'favourites', replies: 'replies', shares: 'boosts and quotes' },
  batch: 20,
  async fetch({ credential, externalIds }, context) {
    const measured = await fetchTogether(credential, externalIds, context);
    if (!(measured instanceof Map)) return measured;
    // Servers before 4.3 know no batch, and a batch leaves out what is gone: ask for each of the rest.
    for (const externalId of externalIds.filter((id) => !measured.has(id))) {
      const told = await fetchOne(credential, externalId, context);
      if (typeof told === 'object' && 'kind' in told) return told;
      if (told !== undefined) measured.set(externalId, told);
    }
    return measured;
  },
  async followers({ credential, account }, context) {
    const answer = await context.http(get(credential, `/api/v1/accounts/${serverId(account.id)}`));
    if (answer.kind !== 'answered' || answer.status !== 200) return toFailure(answer, context.now());
    return accountEntity.safeParse(answer.json).data?.followers_count ?? null;
  },
};

/** Metrics of one status; boosts and quotes both pass it on. */
export function toMetrics(status: StatusEntity): Metrics {
  const { favourites_count, replies_count, reblogs_count, quotes_count } = status;
  return told({
    reactions: favourites_count ?? null,
    replies: replies_count ?? null,
    shares: reblogs_count === undefined ? null : reblogs_count + (quotes_count ?? 0),
  });
}

async function fetchTogether(
  credential: MastodonCredential,
  externalIds: readonly string[],
  context: Context,
): Promise<Map<string, Metrics | 'removed'> | MeasureFailure> {
  const query = externalIds.map((id) => `id[]=${serverId(id)}`).join('&');
  const answer = await context.http(get(credential, `/api/v1/statuses?${query}`));
  if (isTrouble(answer)) return toFailure(answer, context.now());
  const statuses =
    z.array(statusEntity).safeParse(answer.kind === 'answered' ? answer.json : undefined).data ?? [];
  return new Map(statuses.map((status) => [withHost(status.id, credential), toMetrics(status)]));
}

/** Undefined: it could not be told. */
async function fetchOne(
  credential: MastodonCredential,
  externalId: string,
  context: Context,
): Promise<Metrics | 'removed' | MeasureFailure | undefined> {
  const answer = await context.http(get(credential, `/api/v1/statuses/${serverId(externalId)}`));
  if (isTrouble(answer)) return toFailure(answer, context.now());
  if (isGone(answer)) return 'removed';
  const status = statusEntity.safeParse(answer.kind === 'answered' ? answer.json : undefined).data;
  return status === undefined ? undefined : toMetrics(status);
}

/** True when there is no use in asking for the next one now. */
const isTrouble = (answer: HttpAnswer): boolean =>
  answer.kind !== 'answered' || answer.status === 429 || answer.status >= 500 || isShutOut(answer);
