import * as z from 'zod';
import { type Metrics, told } from '../../domain/metrics.ts';
import type { Context, HttpAnswer, Measuring } from '../provider.ts';
import type { Removed } from '../remove-all.ts';
import {
  errorIn,
  ok,
  read,
  type SlackAccess,
  type SlackCredential,
  toFailure,
  toRefusal,
  write,
} from './api.ts';
import { timestampOf } from './steps.ts';

const messageEntity = z.object({
  ts: z.string(),
  subtype: z.string().optional(),
  reply_count: z.int().nonnegative().optional(),
  reactions: z.array(z.object({ count: z.int().nonnegative() })).default([]),
});

const reactionsOf = ({ reactions }: z.infer<typeof messageEntity>): number =>
  reactions.reduce((sum, { count }) => sum + count, 0);

/** Two ways to ask for one message, by what the token may. */
export const slackMetrics = (api: string): Measuring<SlackCredential> => ({
  told: { reactions: 'reactions, each emoji of each person', replies: 'messages in the thread' },
  batch: 10,
  async fetch({ credential, externalIds }, context) {
    const measured = new Map<string, Metrics | 'removed'>();
    for (const id of externalIds) {
      const ts = timestampOf(id);
      const first = await fromHistory({ api, credential }, credential.channelId, ts, context);
      const seen = isShut(first)
        ? await fromReactions({ api, credential }, credential.channelId, ts, context)
        : first;
      if (seen === 'removed' || 'reactions' in seen) measured.set(id, seen);
      // May it do neither, then nothing is told, and nothing is wrong with the channel.
      else if (!isShut(seen)) return toFailure(seen, context.now());
    }
    return measured;
  },
  async followers({ credential }, context) {
    const query = { channel: credential.channelId, include_num_members: 'true' };
    const answer = await context.http(read({ api, credential }, 'conversations.info', query));
    const asked = ok(answer, z.object({ channel: z.object({ num_members: z.int().optional() }) }));
    if (asked !== undefined) return asked.channel.num_members ?? null;
    return isShut(answer) ? null : toFailure(answer, context.now());
  },
});

type Seen = Metrics | 'removed' | HttpAnswer;

const isShut = (seen: Seen): seen is HttpAnswer =>
  seen !== 'removed' && 'kind' in seen && ['missing_scope', 'not_in_channel'].includes(errorIn(seen) ?? '');

async function fromHistory(
  access: SlackAccess,
  channel: string,
  ts: string,
  context: Context,
): Promise<Seen> {
  const query = { channel, oldest: ts, latest: ts, inclusive: 'true', limit: '1' };
  const answer = await context.http(read(access, 'conversations.history', query));
  const messages = ok(answer, z.object({ messages: z.array(messageEntity) }))?.messages;
  if (messages === undefined) return answer;
  const message = messages.find((one) => one.ts === ts);
  // What is deleted and has answers leaves a stone.
  if (message === undefined || message.subtype === 'tombstone') return 'removed';
  return told({ reactions: reactionsOf(message), replies: message.reply_count ?? 0 });
}

async function fromReactions(
  access: SlackAccess,
  channel: string,
  ts: string,
  context: Context,
): Promise<Seen> {
  const query = { channel, timestamp: ts, full: 'true' };
  const answer = await context.http(read(access, 'reactions.get', query));
  if (errorIn(answer) === 'message_not_found') return 'removed';
  const message = ok(answer, z.object({ message: messageEntity }))?.message;
  return message === undefined ? answer : told({ reactions: reactionsOf(message) });
}

export async function removeMessage(
  access: SlackAccess,
  channel: string,
  id: string,
  context: Context,
): Promise<Removed> {
  return toRemoved(
    await context.http(write(access, 'chat.delete', { channel, ts: timestampOf(id) })),
    context,
  );
}

function toRemoved(answer: HttpAnswer, context: Context): Removed {
  if (ok(answer, z.object({})) !== undefined) return { kind: 'removed' };
  if (errorIn(answer) === 'message_not_found') return { kind: 'absent' };
  const outcome = toRefusal(answer, context.now());
  return outcome.kind === 'rejected' ? outcome : toFailure(answer, context.now());
}
