import * as z from 'zod';
import { type Instant, MINUTE } from '../../domain/time.ts';
import { reasonOf } from '../outcome.ts';
import type { Context } from '../provider.ts';
import { get, type MastodonCredential, type StatusEntity, serverId, statusEntity } from './api.ts';
import { plainHtml, plainText } from './text.ts';

/** What a status must be to be taken for one part of a delivery. */
export type Wanted = {
  readonly text: string;
  readonly spoiler: string;
  readonly media: number;
  /** What it answers to; null: it stands for itself. */
  readonly inReplyTo: string | null;
  readonly since: Instant;
  /** The server's own ids. */
  readonly excluding: ReadonlySet<string>;
};

export type Seen =
  | { kind: 'seen'; status: StatusEntity }
  | { kind: 'absent' }
  | { kind: 'cannotTell'; reason: string };

const PAGE = 40;
/** How far the server's clock may be behind ours. */
const CLOCK_TOLERANCE_MS = MINUTE;

/** Looks among the account's newest statuses. */
export async function lookFor(
  credential: MastodonCredential,
  accountId: string,
  wanted: Wanted,
  context: Context,
): Promise<Seen> {
  const path = `/api/v1/accounts/${serverId(accountId)}/statuses?limit=${PAGE}&exclude_reblogs=true`;
  const answer = await context.http(get(credential, path));
  if (answer.kind !== 'answered') return { kind: 'cannotTell', reason: answer.reason };
  const statuses = z.array(statusEntity).safeParse(answer.json).data;
  if (answer.status !== 200 || statuses === undefined)
    return { kind: 'cannotTell', reason: reasonOf(answer) };
  return findAmong(statuses, wanted);
}

/** The oldest that fits of statuses that stand newest first. */
export function findAmong(statuses: readonly StatusEntity[], wanted: Wanted): Seen {
  const from = wanted.since - CLOCK_TOLERANCE_MS;
  const recent = statuses.filter(({ created_at }) => Date.parse(created_at) >= from);
  const text = plainText(wanted.text);
  const spoiler = plainText(wanted.spoiler);
  const status = recent.findLast(
    (one) =>
      plainHtml(one.content) === text &&
      plainText(one.spoiler_text) === spoiler &&
      (one.in_reply_to_id ?? null) === wanted.inReplyTo &&
      (one.media_attachments?.length ?? wanted.media) === wanted.media &&
      !wanted.excluding.has(one.id),
  );
  if (status !== undefined) return { kind: 'seen', status };
  if (recent.length < PAGE) return { kind: 'absent' };
  return { kind: 'cannotTell', reason: `${PAGE} newer statuses stand before it` };
}
