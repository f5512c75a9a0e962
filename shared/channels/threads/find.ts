import * as z from 'zod';
import { MINUTE } from '../../domain/time.ts';
import { withLink } from '../check-content.ts';
import { graphGet, graphOk, graphReason, plain, withId } from '../graph.ts';
import type { FindRequest, Found } from '../provider.ts';
import {
  nextPart,
  readContainer,
  stateOf,
  type ThreadsState,
  type ThreadsWork,
  toHandle,
  withNext,
} from './handle.ts';
import { toTextPost } from './post.ts';

type Look = ThreadsWork & { readonly request: FindRequest<unknown> };

/** A container says by itself whether it was published; which post it became is looked for among the newest. */
export async function findOnThreads(look: Look): Promise<Found> {
  const { graph, request, context } = look;
  const state = stateOf(request);
  if (state.container === undefined) {
    // Without a container nothing is sent; whoever cannot be asked, though, says nothing.
    const answer = await context.http(graphGet(graph, 'me', { fields: 'id' }));
    return graphOk(answer, withId) === undefined
      ? { kind: 'cannotTell', reason: graphReason(answer) }
      : { kind: 'absent' };
  }
  const container = await readContainer(graph, state.container, context);
  if (container.state === 'untold') return { kind: 'cannotTell', reason: graphReason(container.answer) };
  if (container.state !== 'PUBLISHED') return { kind: 'absent' };
  return newestLike(look, state);
}

const PAGE = 50;
/** How far Threads' clock may be behind ours. */
const CLOCK_TOLERANCE_MS = MINUTE;

const posts = z.object({
  data: z.array(
    withId.extend({
      text: z.string().default(''),
      timestamp: z.string(),
      permalink: z.url().optional(),
      replied_to: withId.optional(),
    }),
  ),
});

/** Replies are listed apart from posts. */
async function newestLike(look: Look, state: ThreadsState): Promise<Found> {
  const { graph, request, context } = look;
  const { variant, channel, excluding } = request;
  const part = nextPart(look, state);
  const path = `${channel.account.id}/${part === undefined ? 'threads' : 'replies'}`;
  const fields = `id,text,timestamp,permalink${part === undefined ? '' : ',replied_to'}`;
  const answer = await context.http(graphGet(graph, path, { fields, limit: String(PAGE) }));
  const told = graphOk(answer, posts)?.data;
  if (told === undefined) return { kind: 'cannotTell', reason: graphReason(answer) };
  const isText = (variant.media?.length ?? 0) === 0;
  const text = tagless(part?.text ?? (isText ? (toTextPost(variant).text ?? '') : withLink(variant)));
  // It may have gone out long before anybody was in doubt, but not before it was made.
  const since = Math.min(request.since, state.at ?? request.since) - CLOCK_TOLERANCE_MS;
  const match = told.findLast(
    (one) =>
      Date.parse(one.timestamp) >= since &&
      tagless(one.text) === text &&
      (part === undefined || one.replied_to === undefined || one.replied_to.id === part.replyTo) &&
      !excluding.has(one.id),
  );
  if (match === undefined)
    return { kind: 'cannotTell', reason: 'Threads says that it is out, and does not list it' };
  const after = withNext(state, match.id);
  const found = { kind: 'found', externalId: match.id, url: match.permalink ?? channel.account.url } as const;
  const isWhole = part === undefined && nextPart(look, after) === undefined;
  return isWhole ? found : { ...found, then: toHandle(after) };
}

/** Threads makes a topic of a hashtag, and shows it without its sign. */
const tagless = (text: string): string => plain(text).replaceAll('#', '');
