import * as z from 'zod';
import type { Instant } from '../../domain/time.ts';
import { handles } from '../handle.ts';
import type { Context, HttpAnswer, Outcome, PublishRequest } from '../provider.ts';
import {
  chatIdOf,
  refusalIn,
  resultIn,
  type TelegramAccess,
  type TelegramCredential,
  toRefusal,
} from './api.ts';
import { bring, filesOf, toRequest } from './files.ts';
import { optionsOf, type TelegramOptions, toMessage, toReply } from './message.ts';

type Request = PublishRequest<TelegramCredential>;

/** What an earlier step left. */
const handleSchema = z.strictObject({
  /** Telegram could not fetch the file: it goes in a form. */
  byForm: z.literal(true).optional(),
  /** Numbers of the messages that are out: the first `own` are the post itself (an album has several), then its thread. */
  out: z.array(z.int().positive()).min(1).optional(),
  own: z.int().positive().optional(),
});

const { handleOf, pending } = handles(handleSchema);

/** Sends the post, or the next one of its thread. */
export async function nextStep(api: string, request: Request, context: Context): Promise<Outcome> {
  const access = { api, credential: request.credential };
  const options = optionsOf(request.variant);
  if (options === undefined) {
    return { kind: 'rejected', code: 'option_invalid', reason: 'an option has no valid value' };
  }
  const { byForm = false, out, own } = handleOf(request.delivery);
  if (out !== undefined) return sendReply(access, request, options, { out, own: own ?? 1 }, context);

  const { variant, channel, delivery } = request;
  const files = filesOf(variant);
  if (files === undefined) {
    return { kind: 'rejected', code: 'media_refused', reason: 'a file is not one that Telegram takes' };
  }
  const brought = await bring(files, byForm, context);
  const named = brought.map((one) => one.named);
  const message = toMessage(variant, options, chatIdOf(channel.account.id), named);
  const parts = brought.flatMap(({ part }) => part ?? []);
  const answer = await context.send(toRequest(access, message, parts, delivery.key));
  if (!byForm && parts.length < brought.length && isUnfetched(answer)) {
    return pending({ byForm: true }, context.now());
  }
  const sent = toOutcome(answer, channel.account, context.now());
  if (sent.kind !== 'published' || !variant.thread?.length) return sent;
  const ids = messageIds(answer);
  const { externalId, url, parts: rest = [] } = sent;
  return {
    ...pending({ out: ids, own: ids.length }, context.now()),
    out: { externalId, url },
    ...(rest.length === 0 ? {} : { parts: rest }),
  };
}

/** Telegram says that it did not get at the one file by its address: nothing was published. */
const isUnfetched = (answer: HttpAnswer): boolean =>
  /HTTP URL|webpage|WEBPAGE_|WEBDOCUMENT_/i.test(refusalIn(answer)?.description ?? '');

const message = z.object({ message_id: z.int().nonnegative() });
const messageIds = (answer: HttpAnswer): number[] =>
  [resultIn(answer, z.union([message, z.array(message)])) ?? []].flat().map((one) => one.message_id);

type Account = Pick<Request['channel']['account'], 'id' | 'url'>;

/** What became of a message that was sent; of an album the first file is the post, the others are its parts. */
export function toOutcome(answer: HttpAnswer, account: Account, now: Instant): Outcome {
  const ids = messageIds(answer);
  if (ids.length === 0) return toRefusal(answer, now);
  // https://core.telegram.org/bots/api#message: a large video may be scheduled, and then has no number yet.
  if (ids.includes(0)) {
    return {
      kind: 'uncertain',
      reason: 'Telegram has taken it, and shows it when it has converted the video',
    };
  }
  return published(ids, account);
}

function published([first = 0, ...rest]: readonly number[], { id, url }: Account) {
  const parts = rest.length === 0 ? {} : { parts: rest.map(String) };
  return { kind: 'published', externalId: `${id}/${first}`, url: urlOf(url, first), ...parts } as const;
}

/** Small groups have no addresses of their messages. */
const urlOf = (chatUrl: string, messageId: number): string =>
  chatUrl.startsWith('https://t.me/') ? `${chatUrl}/${messageId}` : chatUrl;

/** The number of a message in its chat. */
export const messageIdOf = (externalId: string): number => Number(externalId.split('/').at(-1));

async function sendReply(
  access: TelegramAccess,
  { variant, channel, delivery }: Request,
  options: TelegramOptions,
  { out, own }: { out: readonly number[]; own: number },
  context: Context,
): Promise<Outcome> {
  const { thread = [] } = variant;
  const isOut = published(out, channel.account);
  const text = thread[out.length - own];
  if (text === undefined) return isOut;
  // An album is answered at its first file, where the caption is.
  const before = (out.length === own ? out[0] : out.at(-1)) ?? 0;
  const reply = toReply(text, options, chatIdOf(channel.account.id), before);
  const answer = await context.send(toRequest(access, reply, [], delivery.key));
  const [id] = messageIds(answer);
  if (id === undefined) {
    const outcome = toRefusal(answer, context.now());
    if (outcome.kind !== 'rejected') return outcome;
    const missing = `post ${out.length - own + 2} of the thread was refused: ${outcome.reason}`;
    return { ...isOut, missing };
  }
  const all = [...out, id];
  const standing = published(all, channel.account);
  if (all.length - own === thread.length) return standing;
  return { ...pending({ out: all, own }, context.now()), parts: standing.parts ?? [] };
}
