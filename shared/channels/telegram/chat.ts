import * as z from 'zod';
import type { Account } from '../../domain/channel.ts';
import { unverified } from '../outcome.ts';
import type { Context, HttpAnswer, Measuring, Verified } from '../provider.ts';
import type { Removed } from '../remove-all.ts';
import {
  call,
  chatIdOf,
  refusalIn,
  resultIn,
  type TelegramAccess,
  type TelegramCredential,
  toFailure,
  toRefusal,
} from './api.ts';
import { messageIdOf } from './steps.ts';

/** https://core.telegram.org/bots/api#chatfullinfo, #chatmember, as far as they are read. */
const chatEntity = z.object({
  id: z.int(),
  type: z.string(),
  title: z.string().optional(),
  username: z.string().min(1).optional(),
});
const memberEntity = z.object({
  status: z.string(),
  can_post_messages: z.boolean().optional(),
  can_send_messages: z.boolean().optional(),
});

/** Which chat it is, and whether the bot may post there. */
export async function verifyTelegram(access: TelegramAccess, context: Context): Promise<Verified> {
  const { chatId } = access.credential;
  const me = await context.http(call(access, 'getMe', {}));
  const bot = resultIn(me, z.object({ id: z.int() }));
  if (bot === undefined) return unverified(toRefusal(me, context.now()));
  const there = await context.http(call(access, 'getChat', { chat_id: chatIdOf(chatId) }));
  const chat = resultIn(there, chatEntity);
  if (chat === undefined) return unverified(toRefusal(there, context.now()));
  const fields = { chat_id: chat.id, user_id: bot.id };
  const asked = await context.http(call(access, 'getChatMember', fields));
  const member = resultIn(asked, memberEntity);
  if (member === undefined) return unverified(toRefusal(asked, context.now()));
  if (!mayPost(member, chat.type)) {
    return { kind: 'refused', reason: 'the bot may not post there: make it an administrator who may' };
  }
  return { kind: 'verified', account: accountOf(chat), facts: { type: chat.type } };
}

function mayPost({ status, ...may }: z.infer<typeof memberEntity>, chatType: string): boolean {
  if (status === 'creator') return true;
  if (chatType === 'channel') return status === 'administrator' && may.can_post_messages === true;
  return status === 'administrator' || status === 'member' || may.can_send_messages === true;
}

const SUPERGROUP = /^-100(\d+)$/;

/** https://core.telegram.org/api/links: addresses of public chats, and of those that only members see. */
function accountOf({ id, title, username }: z.infer<typeof chatEntity>): Account {
  const inner = SUPERGROUP.exec(String(id))?.[1];
  const own = inner === undefined ? `https://web.telegram.org/a/#${id}` : `https://t.me/c/${inner}`;
  return {
    id: String(id),
    handle: username === undefined ? (title ?? String(id)) : `@${username}`,
    url: username === undefined ? own : `https://t.me/${username}`,
  };
}

/** The Bot API tells nothing of a message once it is out, not even whether it is there; members are counted. */
export const telegramMetrics = (api: string): Measuring<TelegramCredential> => ({
  told: {},
  batch: 100,
  fetch: async () => new Map(),
  async followers({ credential, account }, context) {
    const fields = { chat_id: chatIdOf(account.id) };
    const answer = await context.http(call({ api, credential }, 'getChatMemberCount', fields));
    return resultIn(answer, z.int().nonnegative()) ?? toFailure(answer, context.now());
  },
});

/** Older than 48 hours needs more rights. */
export async function removeMessage(
  access: TelegramAccess,
  chatId: string,
  id: string,
  context: Context,
): Promise<Removed> {
  const fields = { chat_id: chatIdOf(chatId), message_id: messageIdOf(id) };
  return toRemoved(await context.http(call(access, 'deleteMessage', fields)), context);
}

function toRemoved(answer: HttpAnswer, context: Context): Removed {
  if (resultIn(answer, z.literal(true)) !== undefined) return { kind: 'removed' };
  if (/message to delete not found/i.test(refusalIn(answer)?.description ?? '')) return { kind: 'absent' };
  const outcome = toRefusal(answer, context.now());
  return outcome.kind === 'rejected' ? outcome : toFailure(answer, context.now());
}
