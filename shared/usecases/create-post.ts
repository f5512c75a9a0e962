import type { Actor, Agency } from '../domain/agency.ts';
import { AppError } from '../domain/app-error.ts';
import type { Brand } from '../domain/brand.ts';
import { type Content, canonicalJson, contentHash } from '../domain/content.ts';
import type { Delivery } from '../domain/delivery.ts';
import { formOf } from '../domain/delivery-facts.ts';
import type { Finding } from '../domain/finding.ts';
import { derivedId, idFromBytes, sha256 } from '../domain/ids.ts';
import type { Post, PostInput } from '../domain/post.ts';
import { MINUTE, SECOND } from '../domain/time.ts';
import type { Deps } from '../ports.ts';
import { announceScheduled } from './announce.ts';
import { armWake, sendWake } from './arm-wake.ts';
import { markEndingBefore } from './mark-expiring.ts';
import { type Listed, type Planned, planPost } from './plan-post.ts';
import { indexed } from './reindex.ts';

export type CreatePost = {
  readonly agency: Agency;
  readonly actor: Actor;
  readonly brand: Brand;
  readonly input: PostInput;
  readonly listed?: Listed;
  /** The body as it came: what a replay is compared by. */
  readonly body: unknown;
  readonly idempotencyKey?: string;
};

export type CreatedPost = {
  readonly replayed: boolean;
  readonly post: Post;
  readonly content: Content;
  readonly findings: readonly Finding[];
};

/** What is due sooner than this after the commit is woken once more. */
const RIGHT_NOW = 3 * SECOND;

/**
 * Queues a post. Its content and one armed wake per instant first, then the commit by one conditional write: a crash
 * in between leaves an orphan wake that finds nothing, never a post that will not fire.
 * @throws AppError `invalid` with findings; `key_reused` when the key came with another body before
 */
export async function createPost(deps: Deps, request: CreatePost): Promise<CreatedPost> {
  const { agency, brand, input } = request;
  const id = postIdFor(deps, request);
  const requestHash = sha256(canonicalJson(request.body));
  if (request.idempotencyKey !== undefined) {
    // Before any rule that depends on now: a replay next week must not fail because its time has passed.
    const present = await deps.posts.get(agency.id, id);
    if (present) return replay(deps, present, requestHash);
  }

  const { listed } = request;
  const plan = await planPost(deps, { agencyId: agency.id, brand, input, listed });
  if (plan.findings.some(({ severity }) => severity === 'error')) {
    throw new AppError('invalid', 'The post cannot be queued as it is.', { findings: plan.findings });
  }
  const now = deps.clock.now();
  const draft: Post = {
    id,
    agencyId: agency.id,
    brandId: brand.id,
    version: 1,
    revision: 1,
    contentHash: contentHash(plan.content),
    requestHash,
    draft: input.draft,
    ...(input.latePolicy ? { latePolicy: input.latePolicy } : {}),
    labels: input.labels,
    ...(input.campaign === undefined ? {} : { campaign: input.campaign }),
    ...(plan.dueAt === undefined ? {} : { dueAt: plan.dueAt }),
    createdAt: now,
    createdBy: request.actor,
    deliveries: plan.planned.map((planned, index) => deliveryOf(planned, index + 1, now)),
  };
  const [post] = await Promise.all([
    armed(deps, draft),
    deps.posts.putContent(agency.id, id, draft.revision, draft.contentHash, plan.content),
  ]);
  const { created, post: stored } = await deps.posts.create(post);
  if (!created) return replay(deps, stored, requestHash);
  if (!input.draft) await markEndingBefore(deps, plan);

  await wakeSoon(deps, post);
  await announceScheduled(deps, agency, post).catch((error) =>
    deps.log.error('event.lost', { postId: id, type: 'post.scheduled', error: String(error) }),
  );
  return { replayed: false, post: stored, content: plan.content, findings: plan.findings };
}

/** A delivery as it starts; without a due time (a draft) it waits for one. */
export function deliveryOf(planned: Planned, n: number, now: number): Delivery {
  const { channel, due } = planned;
  return {
    n,
    channelId: channel.id,
    network: channel.network,
    state: 'scheduled',
    dueAt: due?.at ?? 0,
    ...(due?.wall ? { wall: due.wall } : {}),
    shape: shapeOf(planned),
    ...(due ? { nextAttemptAt: Math.max(due.at, now) } : {}),
    fence: 0,
    attempts: 0,
    rescues: 0,
    holds: [],
  };
}

/** What its variant is, to compare measurements by. */
export const shapeOf = ({ channel, provider, variant }: Planned): NonNullable<Delivery['shape']> => ({
  form: formOf(variant),
  length: provider.countText(provider.render(variant), channel.facts),
});

/** Arms every instant of the post; what the scheduler refuses is left to `rescue`, a minute from now. */
export async function armed(deps: Deps, post: Post): Promise<Post> {
  const ready = indexed(post, deps.clock.now());
  if (post.draft) return ready;
  const results = await Promise.all(
    instantsOf(post).map((at) => armWake(deps, { agencyId: post.agencyId, postId: post.id, at })),
  );
  return results.every(Boolean) ? ready : { ...ready, wakeAt: deps.clock.now() + MINUTE };
}

/**
 * After the commit, so that `"now"` means now: a wake that came before it has found nothing to do.
 */
export async function wakeSoon(deps: Deps, post: Post): Promise<void> {
  if (post.draft) return;
  const now = deps.clock.now();
  await Promise.all(
    instantsOf(post)
      .filter((at) => at - now < RIGHT_NOW)
      .map((at) => sendWake(deps, { agencyId: post.agencyId, postId: post.id, at }, 0)),
  ).catch((error) => deps.log.warn('wake.repeat_failed', { postId: post.id, error: String(error) }));
}

export function instantsOf(post: Post): number[] {
  const instants = post.deliveries.flatMap(({ nextAttemptAt }) =>
    nextAttemptAt === undefined ? [] : [nextAttemptAt],
  );
  return [...new Set(instants)];
}

function postIdFor(deps: Pick<Deps, 'random'>, { agency, brand, idempotencyKey }: CreatePost): string {
  if (idempotencyKey === undefined) return idFromBytes('post', deps.random.bytes(20));
  return derivedId('post', agency.id, brand.id, 'posts', idempotencyKey);
}

/** Same body: the post as it is now. Another body: refused, and so is a key whose post was deleted. */
async function replay(deps: Pick<Deps, 'posts'>, post: Post, requestHash: string): Promise<CreatedPost> {
  if (post.requestHash !== requestHash) {
    throw new AppError('key_reused', 'This Idempotency-Key was used with another body.', {
      data: { postId: post.id },
    });
  }
  if (post.deletedAt !== undefined) {
    throw new AppError('conflict', 'The post of this Idempotency-Key was deleted.', {
      data: { postId: post.id },
    });
  }
  const content = await deps.posts.content(post.agencyId, post.id, post.revision, post.contentHash);
  if (!content) throw new Error(`content of ${post.id} revision ${post.revision} is gone`);
  return { replayed: true, post, content, findings: [] };
}
