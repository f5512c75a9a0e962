import * as z from 'zod';
import type { Instant } from '../../domain/time.ts';
import { measureFailure, reasonOf } from '../outcome.ts';
import type { HttpAnswer, HttpRequest, MeasureFailure } from '../provider.ts';

export const mastodonCredential = z.strictObject({
  instanceUrl: z.url({ protocol: /^https?$/ }).describe('`https://mastodon.example`; a path is ignored'),
  accessToken: z
    .string()
    .trim()
    .min(1)
    .max(1_024)
    .describe('Of an application made in Preferences → Development, with the scopes read and write'),
});
export type MastodonCredential = z.infer<typeof mastodonCredential>;

/** A read with the account's token; also the frame of the other requests. */
export const get = ({ instanceUrl, accessToken }: MastodonCredential, path: string): HttpRequest => ({
  method: 'GET',
  url: new URL(path, instanceUrl).href,
  headers: { authorization: `Bearer ${accessToken}` },
});

/** Ids are unique on their server only; an agency may have accounts on several. */
export const withHost = (id: string, { instanceUrl }: MastodonCredential): string =>
  `${id}@${new URL(instanceUrl).host}`;

/** The server's own id, ready for a path. */
export const serverId = (id: string): string => encodeURIComponent(id.slice(0, id.lastIndexOf('@')));

/** True when this token or its account is not let in: reconnecting is the only way on. */
export const isShutOut = (answer: HttpAnswer): boolean =>
  answer.kind === 'answered' &&
  (answer.status === 401 ||
    (answer.status === 403 && /login is (currently|missing)|authorized scopes/i.test(reasonOf(answer))));

/** True when the server itself says that there is no such thing; a proxy's 404 page is no such word. */
export const isGone = (answer: HttpAnswer): boolean =>
  answer.kind === 'answered' &&
  (answer.status === 404 || answer.status === 410) &&
  z.object({ error: z.string() }).safeParse(answer.json).success;

/** What an answer without success means where nothing is published. */
export function toFailure(answer: HttpAnswer, now: Instant): MeasureFailure {
  if (answer.kind === 'answered' && isShutOut(answer))
    return { kind: 'unauthorized', reason: reasonOf(answer) };
  return measureFailure(answer, now);
}

const count = z.int().nonnegative();
/** Mastodon writes ids as texts; servers that only speak its API write numbers, too. */
const id = z.union([z.string().min(1), z.int().transform(String)]);

/** https://docs.joinmastodon.org/entities/Status/, as far as it is read. */
export const statusEntity = z.object({
  id,
  uri: z.string().optional(),
  url: z.string().nullish(),
  created_at: z.string(),
  content: z.string(),
  spoiler_text: z.string().default(''),
  in_reply_to_id: id.nullish(),
  media_attachments: z.array(z.unknown()).optional(),
  favourites_count: count.optional(),
  reblogs_count: count.optional(),
  replies_count: count.optional(),
  /** Since 4.5. */
  quotes_count: count.optional(),
});
export type StatusEntity = z.infer<typeof statusEntity>;

/** https://docs.joinmastodon.org/entities/Account/, as far as it is read. */
export const accountEntity = z.object({
  id,
  username: z.string(),
  url: z.string().optional(),
  followers_count: count.optional(),
});
