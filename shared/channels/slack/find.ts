import * as z from 'zod';
import { partsOf } from '../../domain/content.ts';
import { type Instant, MINUTE } from '../../domain/time.ts';
import type { Context, FindRequest, Found } from '../provider.ts';
import { ok, read, type SlackAccess, type SlackCredential, wordsOf } from './api.ts';
import { lookAtFile } from './files.ts';
import { EVENT_TYPE } from './message.ts';
import { type Handle, handleOf, isOut } from './steps.ts';

/** Looks for what the last step may have sent: a message by its mark, files by their ids. */
export async function findStep(
  access: SlackAccess,
  request: FindRequest<SlackCredential>,
  context: Context,
): Promise<Found> {
  const { variant, credential, channel, excluding } = request;
  const { out = [], files = [], taken } = handleOf(request.delivery);
  const seen =
    out.length === 0 && files.length > 0
      ? await lookForFiles(access, credential.channelId, files[0] ?? '', taken, context)
      : await lookForMark(access, request, out, context);
  if (seen.kind === 'cannotTell') return seen;
  if (seen.kind === 'absent') {
    // Where it may not read, nobody can say that it is not there.
    return channel.facts.history === true
      ? seen
      : { kind: 'cannotTell', reason: 'the app may not read this channel' };
  }
  const found = isOut(credential.channelId, channel.account, seen.ts);
  if (excluding.has(found.externalId)) {
    return { kind: 'cannotTell', reason: 'what was found belongs to another post' };
  }
  if (partsOf(variant).length === 0) return { kind: 'found', ...found };
  return { kind: 'found', ...found, then: JSON.stringify({ out: [...out, seen.ts] } satisfies Handle) };
}

type Seen = { kind: 'seen'; ts: string } | { kind: 'absent' } | { kind: 'cannotTell'; reason: string };

async function lookForFiles(
  access: SlackAccess,
  channelId: string,
  fileId: string,
  taken: Instant | undefined,
  context: Context,
): Promise<Seen> {
  const shown = await lookAtFile(access, channelId, fileId, context);
  if (shown.kind === 'cannotTell') return shown;
  if (shown.kind === 'shown') return { kind: 'seen', ts: shown.ts };
  return taken === undefined
    ? { kind: 'absent' }
    : { kind: 'cannotTell', reason: 'Slack has taken the files, and does not tell of the message' };
}

const page = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      metadata: z
        .object({
          event_type: z.string(),
          event_payload: z.object({ key: z.unknown(), part: z.unknown() }),
        })
        .optional()
        .catch(undefined),
    }),
  ),
  has_more: z.boolean().optional(),
  response_metadata: z.object({ next_cursor: z.string().optional() }).nullish(),
});

/** How far Slack's clock may be behind ours. */
const CLOCK_TOLERANCE = MINUTE;
/** Apps that are sold outside of Slack's marketplace are given 15 a page, https://docs.slack.dev/apis/web-api/rate-limits */
const PAGE = '200';
const MOST_PAGES = 5;

/** https://docs.slack.dev/reference/methods/conversations.history/ and `conversations.replies` for a thread. */
async function lookForMark(
  access: SlackAccess,
  { credential, delivery, since }: FindRequest<SlackCredential>,
  out: readonly string[],
  context: Context,
): Promise<Seen> {
  const [root] = out;
  const method = root === undefined ? 'conversations.history' : 'conversations.replies';
  let cursor: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const answer = await context.http(
      read(access, method, {
        channel: credential.channelId,
        ...(root === undefined ? {} : { ts: root }),
        oldest: String((since - CLOCK_TOLERANCE) / 1_000),
        limit: PAGE,
        include_all_metadata: 'true',
        ...(cursor === undefined ? {} : { cursor }),
      }),
    );
    const told = ok(answer, page);
    if (told === undefined) return { kind: 'cannotTell', reason: wordsOf(answer, context.now()) };
    const match = told.messages.find(
      ({ metadata }) =>
        metadata?.event_type === EVENT_TYPE &&
        metadata.event_payload.key === delivery.key &&
        metadata.event_payload.part === out.length,
    );
    if (match !== undefined) return { kind: 'seen', ts: match.ts };
    cursor = told.response_metadata?.next_cursor || undefined;
    if (cursor === undefined) {
      return told.has_more
        ? { kind: 'cannotTell', reason: 'Slack does not tell all of it' }
        : { kind: 'absent' };
    }
  }
  return { kind: 'cannotTell', reason: 'too many newer messages stand before it' };
}
