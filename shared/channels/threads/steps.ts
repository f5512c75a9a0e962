import * as z from 'zod';
import { partsOf } from '../../domain/content.ts';
import { HOUR, MINUTE, SECOND } from '../../domain/time.ts';
import {
  faultOf,
  type GraphFailure,
  type GraphFields,
  graphGet,
  graphOk,
  graphOutcome,
  graphPost,
  graphStepFailure,
  isPartRefused,
  quotaLeft,
  withId,
} from '../graph.ts';
import type { HttpAnswer, Outcome } from '../provider.ts';
import {
  type Container,
  nextPart,
  readContainer,
  type ThreadsState,
  type ThreadsWork,
  toHandle,
  withNext,
} from './handle.ts';
import { threadsFile, toCarousel, toChild, toReply, toSingle, toTextPost } from './post.ts';

/** Goes one step on: makes a container, waits for it, or publishes it; at most one thing becomes public. */
export async function advance(work: ThreadsWork, state: ThreadsState): Promise<Outcome> {
  const { root, container, children } = state;
  if (container !== undefined) return publishContainer(work, state, container);
  if (children !== undefined) return gather(work, state, children);
  if (root === undefined) return begin(work, state);
  const part = nextPart(work, state);
  return part === undefined
    ? ended(work, root, state.parts)
    : make(work, state, toReply(part.text, part.replyTo));
}

async function begin(work: ThreadsWork, state: ThreadsState): Promise<Outcome> {
  const { request, context } = work;
  const { variant } = request;
  const media = variant.media ?? [];
  const full = await quotaUsed(work);
  if (full !== undefined) return full;
  const [first] = media;
  if (first === undefined) return make(work, state, toTextPost(variant));
  const made = await Promise.all(
    media.map(async (attachment): Promise<string | GraphFailure> => {
      const file = threadsFile(attachment);
      if (typeof file === 'string') return { kind: 'rejected', code: 'media_refused', reason: file };
      const url = await context.media.url(file);
      return create(work, media.length > 1 ? toChild(attachment, url) : toSingle(variant, attachment, url));
    }),
  );
  const failure = made.find((one) => typeof one !== 'string');
  if (failure !== undefined) return failure;
  const ids = made.filter((one) => typeof one === 'string');
  const at = context.now();
  return pending(
    media.length > 1 ? { ...bare(state), children: ids, at } : { ...bare(state), container: ids.join(), at },
    at,
  );
}

const quota = { fields: 'quota_usage,config,reply_quota_usage,reply_config' };

/** Posts and what follows them are counted apart: https://developers.facebook.com/docs/threads/overview#rate-limiting */
async function quotaUsed(work: ThreadsWork): Promise<GraphFailure | undefined> {
  const { graph, request, context } = work;
  const path = `${request.channel.account.id}/threads_publishing_limit`;
  const answer = await context.http(graphGet(graph, path, quota));
  const now = context.now();
  if (answer.kind !== 'answered' || faultOf(answer) === 'reconnect') return graphStepFailure(answer, now);
  const posts = quotaLeft(answer.json) ?? 1;
  const replies = quotaLeft(answer.json, 'reply_quota_usage', 'reply_config') ?? Number.POSITIVE_INFINITY;
  if (posts > 0 && replies >= partsOf(request.variant).length) return undefined;
  return { kind: 'rateLimited', retryAt: now + HOUR };
}

async function create(work: ThreadsWork, fields: GraphFields): Promise<string | GraphFailure> {
  const { graph, request, context } = work;
  const answer = await context.http(graphPost(graph, `${request.channel.account.id}/threads`, fields));
  const made = graphOk(answer, withId);
  if (made !== undefined) return made.id;
  const failure = graphStepFailure(answer, context.now());
  // Nothing is wrong with the login where only a reply is not allowed.
  return isPartRefused(failure, answer) && 'reason' in failure && 'reply_to_id' in fields
    ? { kind: 'rejected', code: 'content_refused', reason: failure.reason }
    : failure;
}

/** The container of what comes next. */
async function make(work: ThreadsWork, state: ThreadsState, fields: GraphFields): Promise<Outcome> {
  const id = await create(work, fields);
  const at = work.context.now();
  if (typeof id === 'string') return pending({ ...bare(state), container: id, at }, at);
  return id.kind === 'rejected' ? refused(work, state, id) : id;
}

const bare = ({ root, parts, anew }: ThreadsState): ThreadsState => ({
  parts,
  ...(root === undefined ? {} : { root }),
  ...(anew === undefined ? {} : { anew }),
});

/** Waits for the parts of a carousel, then makes the whole. */
async function gather(work: ThreadsWork, state: ThreadsState, children: readonly string[]): Promise<Outcome> {
  const { graph, request, context } = work;
  const states = await Promise.all(children.map((id) => readContainer(graph, id, context)));
  const waiting = states.find(({ state: one }) => one !== 'FINISHED');
  if (waiting !== undefined) return notReady(work, state, waiting);
  return make(work, state, toCarousel(request.variant, children));
}

async function publishContainer(work: ThreadsWork, state: ThreadsState, container: string): Promise<Outcome> {
  const { graph, request, context } = work;
  const present = await readContainer(graph, container, context);
  // Somebody published it whose word was lost: which of the account's posts it is must be looked for.
  if (present.state === 'PUBLISHED') return { kind: 'uncertain', reason: 'Threads says that it is out' };
  if (present.state !== 'FINISHED') return notReady(work, state, present);
  const path = `${request.channel.account.id}/threads_publish`;
  const answer = await context.send(graphPost(graph, path, { creation_id: container }));
  const out = graphOk(answer, withId);
  if (out !== undefined) return standing(work, state, out.id);
  const now = context.now();
  const { at = 0, anew = 0 } = state;
  const isLost = faultOf(answer) === 'not_ready';
  if (isLost && now < at + LOST_AFTER) return pending(state, now + LOOK_AFTER);
  const failure = graphOutcome(answer, now);
  // Meta refuses what it has published, now and then: https://github.com/gitroomhq/postiz-app/pull/1681
  if (failure.kind !== 'uncertain' && (await readContainer(graph, container, context)).state === 'PUBLISHED')
    return { kind: 'uncertain', reason: 'Threads refused it, and says that it is out' };
  if (isLost && anew < MOST_ANEW) return pending(bare({ ...state, anew: anew + 1 }), now);
  if (state.root === undefined || !isPartRefused(failure, answer)) return failure;
  return refused(work, state, { reason: 'reason' in failure ? failure.reason : '', code: 'content_refused' });
}

/** One more is out: the end, or on to the next. */
async function standing(work: ThreadsWork, before: ThreadsState, id: string): Promise<Outcome> {
  const state = withNext(before, id);
  if (nextPart(work, state) === undefined) return ended(work, state.root, state.parts);
  const next = {
    ...pending(state, work.context.now()),
    ...(state.parts.length ? { parts: state.parts } : {}),
  };
  if (before.root !== undefined) return next;
  return { ...next, out: { externalId: id, url: await permalinkOf(work, id) } };
}

type Published = Extract<Outcome, { kind: 'published' }>;

async function ended(work: ThreadsWork, root: string, parts: readonly string[]): Promise<Published> {
  const published = { kind: 'published', externalId: root, url: await permalinkOf(work, root) } as const;
  return parts.length === 0 ? published : { ...published, parts };
}

/** Nothing follows a part that Threads refuses for good; the post itself stands. */
async function refused(
  work: ThreadsWork,
  state: ThreadsState,
  { code, reason }: { code: string; reason: string },
): Promise<Outcome> {
  const { root, parts } = state;
  if (root === undefined) return { kind: 'rejected', code, reason };
  const over = await ended(work, root, parts);
  const name = nextPart(work, state)?.name ?? 'a part';
  return { ...over, missing: `${name} was refused: ${reason}` };
}

async function permalinkOf({ graph, request, context }: ThreadsWork, id: string): Promise<string> {
  const answer = await context.http(graphGet(graph, id, { fields: 'permalink' }));
  return graphOk(answer, z.object({ permalink: z.url() }))?.permalink ?? request.channel.account.url;
}

const LOOK_AFTER = 5 * SECOND;
/**
 * A container that says it is finished may not be there yet when it is to be published, and some never are: then only
 * another one goes out. https://github.com/nopara73/LongevityWorldCup/pull/815
 */
const LOST_AFTER = MINUTE;
const MOST_ANEW = 3;
/** As long as the address of our file is good. */
const LONGEST_WAIT = HOUR;

/** Nothing of it is public yet: an expired or forgotten container may be made anew. */
async function notReady(
  work: ThreadsWork,
  state: ThreadsState,
  found: Container | { state: 'untold'; answer: HttpAnswer },
): Promise<Outcome> {
  const now = work.context.now();
  if (found.state === 'EXPIRED') return pending(bare(state), now);
  if (found.state === 'untold') {
    if (faultOf(found.answer) !== 'missing') return graphStepFailure(found.answer, now);
    const { anew = 0 } = state;
    // Each one counts against the account.
    if (anew < MOST_ANEW) return pending(bare({ ...state, anew: anew + 1 }), now + 30 * SECOND);
    return { kind: 'unavailable', reason: 'Threads does not know the containers that it makes' };
  }
  const since = state.at ?? 0;
  if (found.state === 'ERROR' || now > since + LONGEST_WAIT) {
    const reason = found.why.slice(0, 200) || 'Threads could not process it';
    return refused(work, state, { code: 'media_refused', reason });
  }
  return pending(state, now + (now < since + MINUTE ? LOOK_AFTER : MINUTE));
}

const pending = (state: ThreadsState, checkAt: number) =>
  ({ kind: 'pending', handle: toHandle(state), checkAt }) as const;
