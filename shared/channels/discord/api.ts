import * as z from 'zod';
import { DAY, type Instant, SECOND } from '../../domain/time.ts';
import { API_VERSIONS } from '../api-versions.ts';
import { defaultOutcome, readFailure, reasonOf } from '../outcome.ts';
import type { HttpAnswer, HttpRequest, MeasureFailure, Outcome } from '../provider.ts';

export const DISCORD_API = `https://discord.com/api/${API_VERSIONS.discord.version}`;

const WEBHOOK =
  /^https:\/\/(?:ptb\.|canary\.)?discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\/(\d+)\/([\w-]+)$/;

export const discordCredential = z.strictObject({
  webhookUrl: z
    .string()
    .trim()
    .max(500)
    .regex(WEBHOOK, 'must be the address of a Discord webhook')
    .describe('As Discord shows it in the channel’s settings; who knows it may post. It does not end'),
});
export type DiscordCredential = z.infer<typeof discordCredential>;

/** Where the API is, and by which webhook it is asked. */
export type DiscordAccess = { readonly api: string; readonly credential: DiscordCredential };

/** https://docs.discord.com/developers/resources/webhook. The token stands in the address: no address is ever told. */
export function webhookUrl(
  { api, credential }: DiscordAccess,
  path = '',
  query: Readonly<Record<string, string>> = {},
): string {
  const [, id = '', token = ''] = WEBHOOK.exec(credential.webhookUrl) ?? [];
  const search = new URLSearchParams(query).toString();
  return `${api}/webhooks/${id}/${token}${path}${search === '' ? '' : `?${search}`}`;
}

/** A message by its channel and its own id; within a thread of the webhook's channel the thread must be named. */
export function messageRequest(
  access: DiscordAccess,
  method: 'GET' | 'PATCH' | 'DELETE',
  externalId: string,
  channelId: string,
): HttpRequest {
  const [place = '', id = ''] = externalId.split('/');
  const query = place === channelId ? {} : { thread_id: place };
  return { method, url: webhookUrl(access, `/messages/${encodeURIComponent(id)}`, query) };
}

/** The body of a success, in the shape that was asked for; undefined for anything else. */
export function ok<T>(answer: HttpAnswer, schema: z.ZodType<T>): T | undefined {
  return answer.kind === 'answered' && answer.status === 200 ? schema.safeParse(answer.json).data : undefined;
}

const refusal = z.object({
  code: z.int().optional(),
  message: z.string(),
  retry_after: z.number().positive().optional().catch(undefined),
});

/** What Discord itself says against a request; undefined when it says nothing, or somebody else does. */
const refusalIn = (answer: HttpAnswer) =>
  answer.kind === 'answered' && answer.status >= 400 ? refusal.safeParse(answer.json).data : undefined;

/** https://docs.discord.com/developers/topics/opcodes-and-status-codes#json: what the codes of a webhook mean to us. */
export const REFUSALS: Readonly<Record<number, string>> = {
  10003: 'configuration', // unknown channel: the thread is not there
  10015: 'unauthorized', // unknown webhook: it was deleted
  20009: 'content_refused', // explicit content
  40005: 'media_refused', // request entity too large
  40067: 'configuration', // a tag is required in this forum
  50001: 'unauthorized', // missing access
  50005: 'not_editable', // somebody else's message
  50006: 'content_refused', // empty message
  50013: 'unauthorized', // missing permissions
  50027: 'unauthorized', // invalid webhook token
  50035: 'content_refused', // invalid form body
  50083: 'configuration', // the thread is archived
  160005: 'configuration', // the thread is locked
  200000: 'content_refused', // blocked by automatic moderation
  200001: 'content_refused', // its title was
  220001: 'configuration', // a forum needs a thread's name or id
  220002: 'configuration', // not both of them
  220003: 'configuration', // only forums take a thread's name
  220004: 'configuration', // not in forums
  240000: 'content_refused', // a harmful link
  520003: 'not_editable', // a poll
};

/** What an answer means that is no success; `uncertain` where the request may have been carried out. */
export function toRefusal(answer: HttpAnswer, now: Instant): Outcome {
  const told = refusalIn(answer);
  if (answer.kind !== 'answered' || told === undefined || answer.status >= 500) {
    return defaultOutcome(answer, now);
  }
  // To the millisecond, where the header has whole seconds: https://docs.discord.com/developers/topics/rate-limits
  if (answer.status === 429 && told.retry_after !== undefined) {
    return { kind: 'rateLimited', retryAt: now + Math.min(Math.ceil(told.retry_after * SECOND), DAY) };
  }
  const meant = answer.status === 429 ? undefined : REFUSALS[told.code ?? 0];
  if (meant === 'unauthorized') return { kind: 'unauthorized', reason: reasonOf(answer) };
  if (meant !== undefined) return { kind: 'rejected', code: meant, reason: reasonOf(answer) };
  if (answer.status === 413) return { kind: 'rejected', code: 'media_refused', reason: reasonOf(answer) };
  return defaultOutcome(answer, now);
}

/** The same for reads. */
export const toFailure = (answer: HttpAnswer, now: Instant): MeasureFailure =>
  readFailure(toRefusal(answer, now));

/** Unknown message, or unknown channel: its thread is gone with all that stood in it. */
export function isGone(answer: HttpAnswer): boolean {
  const code = refusalIn(answer)?.code;
  return code === 10008 || code === 10003;
}
