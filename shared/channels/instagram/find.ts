import * as z from 'zod';
import { MINUTE } from '../../domain/time.ts';
import { withLink } from '../check-content.ts';
import { type Graph, graphGet, graphOk, graphReason, plain, withId } from '../graph.ts';
import type { Context, FindRequest, Found } from '../provider.ts';
import { isStory } from './post.ts';
import { handleOf, type InstagramHandle, type InstagramWork, readContainer } from './steps.ts';

type Look = InstagramWork & { readonly request: FindRequest<unknown> };

/** A container says by itself whether it was published; a comment is looked for among the newest. */
export async function findOnInstagram(look: Look): Promise<Found> {
  const { graph, request, context } = look;
  const handle = handleOf(request);
  if (handle.is === 'out') return findComment(look, handle);
  if (handle.is !== 'container') {
    // Before there is a container nothing is sent; whoever cannot be asked, though, says nothing.
    const answer = await context.http(graphGet(graph, 'me', { fields: 'user_id' }));
    return graphOk(answer, z.object({})) === undefined
      ? { kind: 'cannotTell', reason: graphReason(answer) }
      : { kind: 'absent' };
  }
  const container = await readContainer(graph, handle.id, context);
  if (container.state === 'untold') return { kind: 'cannotTell', reason: graphReason(container.answer) };
  if (container.state !== 'PUBLISHED' && container.state !== 'ERROR') return { kind: 'absent' };
  // It may have gone out long before anybody was in doubt, but not before it was made.
  const since = Math.min(request.since, handle.at);
  const { media, reason } = await newestLike(graph, { ...request, since }, context);
  // It may have failed at the very publishing, and is made anew then: not while something stands there that is alike.
  if (container.state === 'ERROR') {
    if (media === undefined && reason === undefined) return { kind: 'absent' };
    return { kind: 'cannotTell', reason: reason ?? 'Instagram says that it failed, and lists one like it' };
  }
  if (media === undefined) {
    return { kind: 'cannotTell', reason: reason ?? 'Instagram says that it is out, and does not list it' };
  }
  const url = media.permalink ?? request.channel.account.url;
  const found = { kind: 'found', externalId: media.id, url } as const;
  const then: InstagramHandle = { is: 'out', media: media.id, url };
  return request.variant.firstComment === undefined ? found : { ...found, then: JSON.stringify(then) };
}

const PAGE = 50;
/** How far Instagram's clock may be behind ours. */
const CLOCK_TOLERANCE_MS = MINUTE;

const medium = withId.extend({
  caption: z.string().default(''),
  timestamp: z.string(),
  permalink: z.url().optional(),
});

/** The oldest of the account's newest media that says the same and belongs to nobody else. `reason`: why none could be read. */
async function newestLike(
  graph: Graph,
  request: FindRequest<unknown>,
  context: Pick<Context, 'http'>,
): Promise<{ media?: z.infer<typeof medium> | undefined; reason?: string }> {
  const { variant, channel, excluding } = request;
  const story = isStory(variant);
  const answer = await context.http(
    graphGet(graph, `${channel.account.id}/${story ? 'stories' : 'media'}`, {
      fields: 'id,caption,timestamp,permalink',
      limit: String(PAGE),
    }),
  );
  const told = graphOk(answer, z.object({ data: z.array(medium) }))?.data;
  if (told === undefined) return { reason: graphReason(answer) };
  const caption = story ? undefined : plain(withLink(variant));
  const media = told.findLast(
    (one) =>
      isSince(one.timestamp, request) &&
      (caption === undefined || plain(one.caption) === caption) &&
      !excluding.has(one.id),
  );
  return { media };
}

const comments = z.object({
  data: z.array(
    withId.extend({ text: z.string().default(''), timestamp: z.string(), username: z.string().optional() }),
  ),
});

async function findComment(
  { graph, request, context }: Look,
  handle: Extract<InstagramHandle, { is: 'out' }>,
): Promise<Found> {
  const { variant, channel, excluding } = request;
  const query = { fields: 'id,text,timestamp,username', limit: String(PAGE) };
  const answer = await context.http(graphGet(graph, `${handle.media}/comments`, query));
  const told = graphOk(answer, comments)?.data;
  if (told === undefined) return { kind: 'cannotTell', reason: graphReason(answer) };
  const comment = told.find(
    ({ id, text, timestamp, username }) =>
      isSince(timestamp, request) &&
      (username === undefined || username === channel.account.handle) &&
      plain(text) === plain(variant.firstComment ?? '') &&
      !excluding.has(id),
  );
  if (comment !== undefined) {
    const then: InstagramHandle = { ...handle, comment: comment.id };
    return { kind: 'found', externalId: comment.id, url: handle.url, then: JSON.stringify(then) };
  }
  return told.length < PAGE
    ? { kind: 'absent' }
    : { kind: 'cannotTell', reason: `${PAGE} comments stand before it` };
}

const isSince = (time: string, { since }: Pick<FindRequest<unknown>, 'since'>): boolean =>
  Date.parse(time) >= since - CLOCK_TOLERANCE_MS;
