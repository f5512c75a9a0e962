import * as z from 'zod';
import { HOUR, MINUTE, SECOND } from '../../domain/time.ts';
import {
  faultIn,
  faultOf,
  type Graph,
  type GraphFailure,
  type GraphFields,
  graphGet,
  graphOk,
  graphOutcome,
  graphPost,
  graphStepFailure,
  quotaLeft,
  withId,
} from '../graph.ts';
import { readHandle } from '../handle.ts';
import type { Context, HttpAnswer, Outcome, PublishRequest } from '../provider.ts';
import { instagramFile, toCarousel, toChild, toSingle } from './post.ts';

/** One delivery on its way. */
export type InstagramWork = {
  readonly graph: Graph;
  readonly request: PublishRequest<unknown>;
  readonly context: Context;
};

/** How often all of it was begun anew, after Instagram had failed at it. */
const anew = z.int().optional();

/** Where a delivery stands. Containers die after 24 hours. `at`: since when Instagram has been at it. */
const instagramHandle = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('start'), anew }),
  z.strictObject({ is: z.literal('children'), ids: z.array(z.string()), at: z.int(), anew }),
  z.strictObject({ is: z.literal('container'), id: z.string(), at: z.int(), anew }),
  /** It is out; its first comment is to come, or is out too. */
  z.strictObject({
    is: z.literal('out'),
    media: z.string(),
    url: z.string(),
    comment: z.string().optional(),
  }),
]);
export type InstagramHandle = z.infer<typeof instagramHandle>;
type Handle<Is extends InstagramHandle['is']> = Extract<InstagramHandle, { is: Is }>;

export const handleOf = ({ delivery }: Pick<PublishRequest<unknown>, 'delivery'>): InstagramHandle =>
  readHandle(instagramHandle, delivery.handle) ?? { is: 'start' };

const userOf = ({ request }: InstagramWork): string => request.channel.account.id;

/** Containers, made at publish time: https://developers.facebook.com/docs/instagram-platform/content-publishing */
export async function begin(work: InstagramWork, { anew }: Pick<Handle<'start'>, 'anew'>): Promise<Outcome> {
  const { request, context } = work;
  const { variant } = request;
  const full = await quotaUsed(work);
  if (full !== undefined) return full;
  const media = variant.media ?? [];
  const addressed = media.map((attachment) => ({ attachment, file: instagramFile(attachment, variant) }));
  const made = await Promise.all(
    addressed.map(async ({ attachment, file }): Promise<string | GraphFailure> => {
      if (typeof file === 'string') return { kind: 'rejected', code: 'media_refused', reason: file };
      const url = await context.media.url(file);
      return create(work, media.length > 1 ? toChild(attachment, url) : toSingle(variant, attachment, url));
    }),
  );
  const ids = made.filter((one) => typeof one === 'string');
  const failure = made.find((one) => typeof one !== 'string');
  if (failure !== undefined) return failure;
  const [id] = ids;
  if (id === undefined)
    return { kind: 'rejected', code: 'media_refused', reason: 'there is no image or video' };
  const at = context.now();
  return pending(ids.length > 1 ? { is: 'children', ids, at, anew } : { is: 'container', id, at, anew }, at);
}

/** The account's cap is told only when asked for; where it is not told, Instagram's own refusal says it. */
async function quotaUsed(work: InstagramWork): Promise<GraphFailure | undefined> {
  const { graph, context } = work;
  const path = `${userOf(work)}/content_publishing_limit`;
  const answer = await context.http(graphGet(graph, path, { fields: 'quota_usage,config' }));
  const failure = answer.kind === 'answered' ? undefined : graphStepFailure(answer, context.now());
  if (failure !== undefined || faultOf(answer) === 'reconnect')
    return graphStepFailure(answer, context.now());
  const left = quotaLeft(answer.kind === 'answered' ? answer.json : undefined);
  return left !== undefined && left <= 0 ? { kind: 'rateLimited', retryAt: context.now() + HOUR } : undefined;
}

async function create(work: InstagramWork, fields: GraphFields): Promise<string | GraphFailure> {
  const { graph, context } = work;
  const answer = await context.http(graphPost(graph, `${userOf(work)}/media`, fields));
  return graphOk(answer, withId)?.id ?? graphStepFailure(answer, context.now());
}

export type Container = {
  readonly state: 'IN_PROGRESS' | 'FINISHED' | 'PUBLISHED' | 'ERROR' | 'EXPIRED';
  readonly why: string;
};
const container = z
  .object({
    status_code: z.enum(['IN_PROGRESS', 'FINISHED', 'PUBLISHED', 'ERROR', 'EXPIRED']),
    status: z.string().default(''),
  })
  .transform(({ status_code, status }): Container => ({ state: status_code, why: status }));

/** How far a container is; the answer itself when it cannot be told. */
export async function readContainer(
  graph: Graph,
  id: string,
  context: Pick<Context, 'http'>,
): Promise<Container | { state: 'untold'; answer: HttpAnswer }> {
  const answer = await context.http(graphGet(graph, id, { fields: 'status_code,status' }));
  return graphOk(answer, container) ?? { state: 'untold', answer };
}

/** Waits for the parts of a carousel, then makes the whole. */
export async function gather(work: InstagramWork, handle: Handle<'children'>): Promise<Outcome> {
  const { graph, request, context } = work;
  const states = await Promise.all(handle.ids.map((id) => readContainer(graph, id, context)));
  const waiting = states.find(({ state }) => state !== 'FINISHED');
  if (waiting !== undefined) return notReady(work, handle, waiting);
  const id = await create(work, toCarousel(request.variant, handle.ids));
  const at = context.now();
  return typeof id === 'string' ? pending({ is: 'container', id, at, anew: handle.anew }, at) : id;
}

/** Publishes a container that is ready. */
export async function publishContainer(work: InstagramWork, handle: Handle<'container'>): Promise<Outcome> {
  const { graph, context } = work;
  const present = await readContainer(graph, handle.id, context);
  // Somebody published it whose word was lost: which of the account's posts it is must be looked for.
  if (present.state === 'PUBLISHED') return { kind: 'uncertain', reason: 'Instagram says that it is out' };
  if (present.state !== 'FINISHED') return notReady(work, handle, present);
  const answer = await context.send(
    graphPost(graph, `${userOf(work)}/media_publish`, { creation_id: handle.id }),
  );
  const media = graphOk(answer, withId);
  if (media !== undefined) return standing(work, media.id);
  const now = context.now();
  if (faultOf(answer) === 'not_ready' && now < handle.at + LONGEST_WAIT)
    return pending(handle, now + LOOK_AFTER);
  const failure = graphOutcome(answer, now);
  return failure.kind === 'uncertain' || !(await isOut(work, handle)) ? failure : OUT_ALL_THE_SAME;
}

/**
 * Instagram refuses what it has published: its brake of restricted activity was seen on posts that were live.
 * https://github.com/gitroomhq/postiz-app/pull/1681
 */
const isOut = async ({ graph, context }: InstagramWork, { id }: Handle<'container'>): Promise<boolean> =>
  (await readContainer(graph, id, context)).state === 'PUBLISHED';
const OUT_ALL_THE_SAME: Outcome = {
  kind: 'uncertain',
  reason: 'Instagram refused it, and says that it is out',
};

const LOOK_AFTER = 5 * SECOND;
/** As long as the address of our file is good. */
const LONGEST_WAIT = HOUR;
const MOST_ANEW = 2;

/**
 * Nothing is public yet: an expired or forgotten container may be made anew, and one of which Meta's own table says
 * "try again", which its `status` names by a subcode:
 * https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-container and …/error-codes
 */
function notReady(
  { context }: InstagramWork,
  handle: Handle<'children'> | Handle<'container'>,
  found: Container | { state: 'untold'; answer: HttpAnswer },
): Outcome {
  const now = context.now();
  const { anew = 0 } = handle;
  const again = () => pending({ is: 'start', anew: anew + 1 }, now + 30 * SECOND);
  if (found.state === 'untold') {
    if (faultOf(found.answer) !== 'missing') return graphStepFailure(found.answer, now);
    // Meta has failed at this for days, for every container; each one counts against the account.
    if (anew < MOST_ANEW) return again();
    return { kind: 'unavailable', reason: 'Instagram does not know the containers that it makes' };
  }
  if (found.state === 'EXPIRED') return pending({ is: 'start' }, now);
  if (found.state === 'ERROR') {
    if (faultIn(found.why) === 'retry' && anew < MOST_ANEW) return again();
    return { kind: 'rejected', code: 'media_refused', reason: said(found.why) };
  }
  if (now > handle.at + LONGEST_WAIT) {
    return { kind: 'rejected', code: 'media_refused', reason: 'Instagram did not process it within an hour' };
  }
  // Meta asks for one look a minute; images are ready at once, as a rule.
  return pending(handle, now + (now < handle.at + MINUTE ? LOOK_AFTER : MINUTE));
}

const said = (status: string): string => status.slice(0, 200) || 'Instagram could not process it';

async function standing(work: InstagramWork, media: string): Promise<Outcome> {
  const { graph, request, context } = work;
  const answer = await context.http(graphGet(graph, media, { fields: 'permalink' }));
  const url = graphOk(answer, z.object({ permalink: z.url() }))?.permalink ?? request.channel.account.url;
  if (request.variant.firstComment === undefined) return { kind: 'published', externalId: media, url };
  return { ...pending({ is: 'out', media, url }, context.now()), out: { externalId: media, url } };
}

const pending = (handle: InstagramHandle, checkAt: number) =>
  ({ kind: 'pending', handle: JSON.stringify(handle), checkAt }) as const;
