import * as z from 'zod';
import { MINUTE, SECOND } from '../../domain/time.ts';
import { clip } from '../outcome.ts';
import type {
  Context,
  FindRequest,
  Found,
  HttpAnswer,
  HttpRequest,
  Outcome,
  PublishRequest,
} from '../provider.ts';
import { call, successOf, toRefusal, watchUrl, wordsOf, type YoutubeCredential } from './api.ts';
import { toHandle, type YoutubeStep } from './handle.ts';
import { afterwards } from './processing.ts';
import { optionsOf } from './video.ts';

type Request = PublishRequest<YoutubeCredential>;
type Extra = Extract<YoutubeStep, { step: 'playlist' | 'comment' }>;

/** The video is out by now: whatever goes wrong from here is told as missing, and never puts it in question. */
const MOST_TRIES = 5;

/** Puts the video into the playlist, unless an earlier try has done so. */
export async function putIntoPlaylist(
  api: string,
  step: Extract<Extra, { step: 'playlist' }>,
  request: Request,
  context: Context,
): Promise<Outcome> {
  const playlistId = optionsOf(request.variant)?.playlistId;
  if (playlistId === undefined) return afterwards(step, request, context.now());
  const { credential } = request;
  const resourceId = { kind: 'youtube#video', videoId: step.videoId };
  const place = { part: 'id', playlistId, videoId: step.videoId };
  const look = await context.http(call(api, credential, 'GET', 'playlistItems', place));
  if (successOf(look, itemList)?.items.length) return afterwards(step, request, context.now());
  const body = { snippet: { playlistId, resourceId } };
  const made = await context.http(call(api, credential, 'POST', 'playlistItems', { part: 'snippet' }, body));
  if (successOf(made, item)) return afterwards(step, request, context.now());
  return (
    again(step, made, context) ?? afterwards(lacking(step, 'the playlist', made), request, context.now())
  );
}

/** Writes the first comment. It is seen at once, so it goes by `send`, and what became of it may be in doubt. */
export async function writeComment(
  api: string,
  step: Extract<Extra, { step: 'comment' }>,
  request: Request,
  context: Context,
): Promise<Outcome> {
  const { firstComment, ...variant } = request.variant;
  if (firstComment === undefined) return afterwards(step, request, context.now());
  const answer = await context.send(commentRequest(api, step.videoId, request, firstComment));
  const comment = successOf(answer, item);
  if (comment !== undefined) return ended({ ...step, step: 'end', commentId: comment.id });
  const refusal = toRefusal(answer, context.now());
  if (refusal.kind === 'uncertain') return refusal;
  const missing = lacking(step, 'the first comment', answer);
  return again(step, answer, context) ?? afterwards(missing, { variant }, context.now());
}

/** https://developers.google.com/youtube/v3/docs/commentThreads/insert */
function commentRequest(
  api: string,
  videoId: string,
  { credential, channel }: Request,
  text: string,
): HttpRequest {
  const topLevelComment = { snippet: { textOriginal: text } };
  const snippet = { channelId: channel.account.id, videoId, topLevelComment };
  return call(api, credential, 'POST', 'commentThreads', { part: 'snippet' }, { snippet });
}

export const ended = (step: Extract<YoutubeStep, { step: 'end' }>): Outcome => ({
  kind: 'published',
  externalId: step.videoId,
  url: watchUrl(step.videoId),
  parts: [step.commentId],
  ...(step.missing === undefined ? {} : { missing: step.missing }),
});

/** Looks for a first comment that may be out: the channel's own, with these words, under this video. */
export async function findComment(
  api: string,
  step: Extract<Extra, { step: 'comment' }>,
  { credential, channel, variant, excluding }: FindRequest<YoutubeCredential>,
  context: Context,
): Promise<Found> {
  const query = { part: 'snippet', videoId: step.videoId, order: 'time', maxResults: '100' };
  const answer = await context.http(call(api, credential, 'GET', 'commentThreads', query));
  const threads = successOf(answer, threadList)?.items;
  if (threads === undefined) return { kind: 'cannotTell', reason: wordsOf(answer) };
  const match = threads.find(({ id, snippet: { topLevelComment } }) => {
    const { authorChannelId, textOriginal } = topLevelComment.snippet;
    const isOwn = authorChannelId?.value === channel.account.id;
    return isOwn && plain(textOriginal) === plain(variant.firstComment) && !excluding.has(id);
  });
  if (match !== undefined) {
    const { tries: _tries, ...known } = step;
    const then = toHandle({ ...known, step: 'end', commentId: match.id });
    return { kind: 'found', externalId: match.id, url: watchUrl(step.videoId), then };
  }
  if (threads.length < 100) return { kind: 'absent' };
  return { kind: 'cannotTell', reason: '100 newer comments stand before it' };
}

/** Undefined: no further try. A refusal for a long time is as good as one for good. */
function again(step: Extra, answer: HttpAnswer, context: Context): Outcome | undefined {
  const now = context.now();
  const refusal = toRefusal(answer, now);
  if (refusal.kind === 'rejected' || refusal.kind === 'unauthorized') return undefined;
  const checkAt = refusal.kind === 'rateLimited' ? refusal.retryAt : now + 10 * SECOND;
  const tries = step.tries + 1;
  if (tries >= MOST_TRIES || checkAt > now + 5 * MINUTE) return undefined;
  const out = { externalId: step.videoId, url: watchUrl(step.videoId) };
  return { kind: 'pending', handle: toHandle({ ...step, tries }), checkAt, out };
}

const lacking = <Step extends Extra>(step: Step, what: string, answer: HttpAnswer): Step => {
  const words = `${what} was refused: ${wordsOf(answer)}`;
  return { ...step, missing: clip(step.missing === undefined ? words : `${step.missing}; ${words}`) };
};

const plain = (text: string | undefined): string => (text ?? '').normalize('NFC').replace(/\s+/g, ' ').trim();

const item = z.object({ id: z.string().min(1) });
const itemList = z.object({ items: z.array(item) });
const threadList = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      snippet: z.object({
        topLevelComment: z.object({
          snippet: z.object({
            authorChannelId: z.object({ value: z.string() }).optional(),
            textOriginal: z.string().optional(),
          }),
        }),
      }),
    }),
  ),
});
