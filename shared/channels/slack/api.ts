import * as z from 'zod';
import type { Instant } from '../../domain/time.ts';
import { clip, defaultOutcome, readFailure } from '../outcome.ts';
import type { HttpAnswer, HttpRequest, MeasureFailure, Outcome } from '../provider.ts';
import { tokenFields } from '../token-renewal.ts';

export const SLACK_API = 'https://slack.com/api';

export const slackCredential = z.strictObject({
  accessToken: tokenFields.accessToken.describe(
    'Of a bot: `xoxb-…`. It ends only where the app has token rotation',
  ),
  refreshToken: tokenFields.refreshToken.describe('Where the app has token rotation'),
  expiresAt: tokenFields.expiresAt.describe('When the access token ends, where it does'),
  channelId: z
    .string()
    .trim()
    .max(40)
    .regex(/^[CG][A-Z0-9]+$/, 'must be the id of a channel, like C024BE91L')
    .describe('Where it posts: stands at the end of the channel’s details'),
});
export type SlackCredential = z.infer<typeof slackCredential>;

/** Where the API is, and by which token it is asked. */
export type SlackAccess = {
  readonly api: string;
  readonly credential: Pick<SlackCredential, 'accessToken'>;
};

type Parameters = Readonly<Record<string, string>>;

const bearer = ({ credential }: SlackAccess) => ({ authorization: `Bearer ${credential.accessToken}` });

export const read = (access: SlackAccess, method: string, query: Parameters = {}): HttpRequest => {
  const search = new URLSearchParams(query).toString();
  const url = `${access.api}/${method}${search === '' ? '' : `?${search}`}`;
  return { method: 'GET', url, headers: bearer(access) };
};

export const write = (access: SlackAccess, method: string, body: object): HttpRequest => ({
  method: 'POST',
  url: `${access.api}/${method}`,
  headers: { ...bearer(access), 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(body),
});

/** For the methods that took no JSON from the beginning. */
export const writeForm = (access: SlackAccess, method: string, form: Parameters): HttpRequest => ({
  method: 'POST',
  url: `${access.api}/${method}`,
  headers: { ...bearer(access), 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(form).toString(),
});

/** A success in the shape that was asked for; undefined for anything else, which is mostly a 200, too. */
export function ok<T>(answer: HttpAnswer, schema: z.ZodType<T>): T | undefined {
  if (answer.kind !== 'answered' || answer.status !== 200) return undefined;
  const isOk = z.object({ ok: z.literal(true) }).safeParse(answer.json).success;
  return isOk ? schema.safeParse(answer.json).data : undefined;
}

const refusal = z.object({
  ok: z.literal(false),
  error: z.string(),
  needed: z.string().optional().catch(undefined),
});

/** Slack's word for what is wrong; undefined when it says nothing, or somebody else does. */
export const errorIn = (answer: HttpAnswer): string | undefined =>
  answer.kind === 'answered' ? refusal.safeParse(answer.json).data?.error : undefined;

type Meaning = 'unauthorized' | 'unavailable' | 'uncertain' | { readonly code: string };

const meaning = (words: string, meant: Meaning): [string, Meaning][] =>
  words.split(/\s+/).map((word) => [word, meant]);

/**
 * The errors of https://docs.slack.dev/reference/methods/chat.postMessage/ and of the files methods. Of the first two
 * it says itself that some of it may have been carried out. A word that is not here is a refusal all the same.
 */
export const REFUSALS: ReadonlyMap<string, Meaning> = new Map([
  ...meaning('internal_error fatal_error service_unavailable', 'uncertain'),
  // The request did not arrive whole, or came in the midst of a migration.
  ...meaning('request_timeout team_added_to_org external_channel_migrating', 'unavailable'),
  ...meaning(
    `invalid_auth not_authed token_revoked token_expired account_inactive missing_scope no_permission
    not_allowed_token_type enterprise_is_restricted org_login_required two_factor_setup_required team_access_not_granted`,
    'unauthorized',
  ),
  ...meaning(
    `not_in_channel channel_not_found is_archived accesslimited restricted_action restricted_action_read_only_channel
    restricted_action_thread_only_channel restricted_action_non_threadable_channel access_denied ekm_access_denied
    posting_to_channel_denied message_limit_exceeded storage_limit_reached file_uploads_disabled
    file_uploads_except_images_disabled cant_delete_message compliance_exports_prevent_deletion`,
    { code: 'needs_person' },
  ),
  ...meaning('msg_too_long no_text invalid_blocks msg_blocks_too_long markdown_text_conflict', {
    code: 'content_refused',
  }),
  ...meaning(
    `file_type_not_allowed file_upload_size_restricted file_not_found file_deleted alt_txt_too_large
    slack_connect_file_upload_sharing_blocked slack_connect_blocked_file_type malware_detected`,
    { code: 'media_refused' },
  ),
  ...meaning('thread_not_found cannot_reply_to_message invalid_arguments', { code: 'configuration' }),
]);

/** What an answer means that is no success; `uncertain` where the request may have been carried out. */
export function toRefusal(answer: HttpAnswer, now: Instant): Outcome {
  const told = answer.kind === 'answered' ? refusal.safeParse(answer.json).data : undefined;
  if (answer.kind !== 'answered' || told === undefined || answer.status === 429) {
    return defaultOutcome(answer, now);
  }
  const { error, needed } = told;
  const reason = clip(needed === undefined ? `Slack: ${error}` : `Slack: ${error}, needed is ${needed}`);
  const waits = error === 'ratelimited' || error === 'rate_limited';
  if (waits) return defaultOutcome({ ...answer, status: 429 }, now);
  const meant = REFUSALS.get(error) ?? (answer.status >= 500 ? 'uncertain' : { code: 'refused' });
  return typeof meant === 'string' ? { kind: meant, reason } : { kind: 'rejected', code: meant.code, reason };
}

/** The same for what may be repeated, where nothing can be out. */
export const toFailure = (answer: HttpAnswer, now: Instant): MeasureFailure =>
  readFailure(toRefusal(answer, now));

/** In words, for a look that has failed. */
export function wordsOf(answer: HttpAnswer, now: Instant): string {
  const failure = toFailure(answer, now);
  return failure.kind === 'rateLimited' ? 'too many requests' : failure.reason;
}
