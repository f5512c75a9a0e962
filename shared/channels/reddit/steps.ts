import * as z from 'zod';
import { MINUTE, SECOND } from '../../domain/time.ts';
import type { Context, Outcome, PublishRequest } from '../provider.ts';
import { call, type RedditCredential, type RedditHosts, urlOf } from './api.ts';
import { dataOf, toRefusal } from './errors.ts';
import { alikePosts } from './find.ts';
import type { Asset } from './media.ts';

type Request = PublishRequest<RedditCredential>;
export type Root = { readonly externalId: string; readonly url: string };

const root = { externalId: z.string().regex(/^t3_\w+$/), url: z.url() };
const handleSchema = z.union([
  /** Images that are up already, in their order. */
  z.object({ step: z.literal('upload'), assets: z.array(z.tuple([z.string(), z.string()])) }),
  /** Reddit has taken an image post and tells nobody its id; `before`: equal posts that were there already. */
  z.object({ step: z.literal('look'), since: z.int(), before: z.array(z.string()) }),
  /** The post is out, its first comment is not. */
  z.object({ step: z.literal('comment'), ...root }),
]);
export type Handle = z.infer<typeof handleSchema>;

/** Undefined: nothing was begun, or what was left cannot be read. */
export function handleOf({ delivery }: Pick<Request, 'delivery'>): Handle | undefined {
  try {
    return handleSchema.safeParse(JSON.parse(delivery.handle ?? '')).data;
  } catch {
    return undefined;
  }
}

export const later = (handle: Handle, context: Context, waitMs = 0): Outcome => ({
  kind: 'pending',
  handle: JSON.stringify(handle),
  checkAt: context.now() + waitMs,
});

/** As many as a handle of 600 characters holds: their ids, and the address of the first. */
export const assetsOf = (handle: Handle | undefined): Asset[] =>
  handle?.step === 'upload' ? handle.assets.map(([id, url]) => ({ id, url })) : [];

export const uploadHandle = (assets: readonly Asset[]): Handle => ({
  step: 'upload',
  // A gallery names its images by id alone.
  assets: assets.map(({ id, url }) => [id, assets.length === 1 ? url : '']),
});

/** The post is out: its first comment is next, if there is one. */
export function afterRoot({ variant }: Pick<Request, 'variant'>, out: Root, context: Context): Outcome {
  if (variant.firstComment === undefined) return { kind: 'published', ...out };
  return later({ step: 'comment', ...out }, context);
}

const LOOK_AGAIN_MS = 10 * SECOND;
/** "Up to minutes", say those who wait for it. */
const PATIENCE_MS = 15 * MINUTE;

/** Looks for an image post that Reddit has taken: it appears among the account's own when the image is processed. */
export async function lookForImage(
  hosts: RedditHosts,
  request: Request,
  handle: Extract<Handle, { step: 'look' }>,
  context: Context,
): Promise<Outcome> {
  const listed = await alikePosts(hosts, request, handle.since, context);
  const post =
    listed.kind === 'listed' ? listed.posts.findLast(({ name }) => !handle.before.includes(name)) : undefined;
  if (post !== undefined) return afterRoot(request, { externalId: post.name, url: urlOf(post) }, context);
  if (context.now() < handle.since + PATIENCE_MS) return later(handle, context, LOOK_AGAIN_MS);
  return { kind: 'uncertain', reason: 'Reddit has taken the image post and does not show it' };
}

const commented = z.object({
  things: z.array(z.object({ data: z.object({ name: z.string().regex(/^t1_\w+$/) }) })).min(1),
});

/** Sends the first comment. The post is out, so a refusal is told beside it. */
export async function sendComment(
  hosts: RedditHosts,
  { variant, credential }: Request,
  { externalId, url }: Root,
  context: Context,
): Promise<Outcome> {
  const out: Outcome = { kind: 'published', externalId, url };
  if (variant.firstComment === undefined) return out;
  const form = { api_type: 'json', thing_id: externalId, text: variant.firstComment };
  const answer = await context.send(call(hosts, credential, 'POST', '/api/comment?raw_json=1', { form }));
  const comment = commented.safeParse(dataOf(answer)).data;
  const names = comment?.things.map(({ data }) => data.name) ?? [];
  if (names.length > 0) return { ...out, parts: names };
  const outcome = toRefusal(answer, context.now());
  if (outcome.kind !== 'rejected') return outcome;
  return { ...out, missing: `the first comment was refused: ${outcome.reason}`.slice(0, 250) };
}
