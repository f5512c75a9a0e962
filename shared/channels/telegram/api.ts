import * as z from 'zod';
import { DAY, type Instant, SECOND } from '../../domain/time.ts';
import { defaultOutcome, readFailure, reasonOf } from '../outcome.ts';
import type { HttpAnswer, HttpRequest, MeasureFailure, Outcome } from '../provider.ts';

export const telegramCredential = z.strictObject({
  botToken: z
    .string()
    .trim()
    .max(200)
    .regex(/^\d+:[\w-]{20,}$/, 'must be a bot token like 123456:ABC…')
    .describe(
      'As BotFather gives it; it does not end. The bot must be an administrator of the channel who may post',
    ),
  chatId: z
    .string()
    .trim()
    .max(64)
    .regex(/^(@\w{4,}|-\d+)$/, 'must be @name or the negative number of a chat')
    .describe('`@name` of a public channel or group, or its number'),
});
export type TelegramCredential = z.infer<typeof telegramCredential>;

/** Where the Bot API is, and as which bot it is asked. */
export type TelegramAccess = { readonly api: string; readonly credential: TelegramCredential };

/** https://core.telegram.org/bots/api#making-requests. The token stands in the address: no address is ever told. */
export const methodUrl = ({ api, credential }: TelegramAccess, method: string): string =>
  `${api}/bot${credential.botToken}/${method}`;

export const call = (access: TelegramAccess, method: string, fields: object): HttpRequest => ({
  method: 'POST',
  url: methodUrl(access, method),
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(fields),
});

/** As the API takes it: a number, or a name. */
export const chatIdOf = (id: string): number | string => (/^-?\d+$/.test(id) ? Number(id) : id);

/** What a success holds, in the shape that was asked for; undefined for anything else. */
export function resultIn<T>(answer: HttpAnswer, schema: z.ZodType<T>): T | undefined {
  if (answer.kind !== 'answered' || answer.status !== 200) return undefined;
  return z.object({ ok: z.literal(true), result: schema }).safeParse(answer.json).data?.result;
}

const refusal = z.object({
  ok: z.literal(false),
  error_code: z.int(),
  description: z.string().catch(''),
  parameters: z.object({ retry_after: z.number().positive().optional().catch(undefined) }).optional(),
});

/** What Telegram itself says against a request; undefined when it says nothing, or somebody else does. */
export const refusalIn = (answer: HttpAnswer) =>
  answer.kind === 'answered' ? refusal.safeParse(answer.json).data : undefined;

/**
 * Telegram has no codes for its refusals, only words that it does not document: these are the ones that people meet,
 * some of them listed in https://github.com/TelegramBotAPI/errors. The first that fits counts.
 */
export const REFUSALS: readonly { readonly words: RegExp; readonly meant: string }[] = [
  { words: /not enough rights to send (?!text)|CHAT_SEND_(?!PLAIN)\w+_FORBIDDEN/i, meant: 'needs_person' },
  { words: /message can't be deleted/i, meant: 'needs_person' },
  {
    words:
      /chat not found|not enough rights|administrator rights|no rights|CHAT_(WRITE|ADMIN|RESTRICTED|SEND_PLAIN)/i,
    meant: 'unauthorized',
  },
  { words: /group chat was (upgraded|deactivated)|bot (was|is not)/i, meant: 'unauthorized' },
  { words: /HTTP URL|webpage|WEBPAGE_|WEBDOCUMENT_/i, meant: 'media_refused' },
  { words: /too (long|many)|is empty|can't parse|entit|poll|MESSAGE_TOO_LONG/i, meant: 'content_refused' },
  { words: /file|photo|video|image|document|media|too (big|large)/i, meant: 'media_refused' },
  { words: /thread not found|topic|TOPIC_/i, meant: 'configuration' },
];

/** What an answer means that is no success; `uncertain` where the request may have been carried out. */
export function toRefusal(answer: HttpAnswer, now: Instant): Outcome {
  const told = refusalIn(answer);
  if (answer.kind !== 'answered' || told === undefined || told.error_code >= 500) {
    return defaultOutcome(answer, now);
  }
  const { error_code: code, description, parameters } = told;
  const seconds = parameters?.retry_after;
  if (code === 429 && seconds !== undefined) {
    return { kind: 'rateLimited', retryAt: now + Math.min(seconds * SECOND, DAY) };
  }
  const reason = reasonOf({ ...answer, json: { message: description } });
  // One file of an album, named by its number: nothing says that none of the others is out.
  if (/failed to send message #\d/i.test(description)) return { kind: 'uncertain', reason };
  // 404: there is no such bot; every method that is called exists.
  if (code === 401 || code === 403 || code === 404) return { kind: 'unauthorized', reason };
  const meant = code === 400 ? REFUSALS.find(({ words }) => words.test(description))?.meant : undefined;
  if (meant === 'unauthorized') return { kind: 'unauthorized', reason };
  if (meant !== undefined) return { kind: 'rejected', code: meant, reason };
  if (code === 413) return { kind: 'rejected', code: 'media_refused', reason };
  const outcome = defaultOutcome(answer, now);
  return outcome.kind === 'rejected' ? { ...outcome, reason } : outcome;
}

/** The same for reads. */
export const toFailure = (answer: HttpAnswer, now: Instant): MeasureFailure =>
  readFailure(toRefusal(answer, now));
