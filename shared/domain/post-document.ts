import type { Content, VariantOverride } from './content.ts';
import type { Delivery } from './delivery.ts';
import { type Finding, finding } from './finding.ts';
import { networkOf } from './network-names.ts';
import type { DueAtInput, Post, PostInput } from './post.ts';
import { type Instant, toRfc3339 } from './time.ts';
import { land, type WallClock } from './wall-clock.ts';

/** A post as the request that would make it: what a merge patch is applied to. */
export type PostDocument = {
  readonly content: Content['base'];
  readonly variants: Readonly<Record<string, VariantOverride & { dueAt?: DueAtInput }>>;
  readonly channels: readonly string[];
  readonly dueAt?: DueAtInput;
  readonly latePolicy?: Post['latePolicy'];
  readonly labels: readonly string[];
  readonly campaign?: string;
  readonly draft: boolean;
};

/**
 * Rebuilds the request from what is stored. Cancelled deliveries are left out, so that a patch does not revive
 * them. A time of its own stands at the network where all of its channels share it, else at the channel. A base
 * time that has passed and that no delivery has is left out: nobody could promise it again. What is stored does not
 * say at which of the two the author wrote a time, so the times of a network stand where the `patch` looks for them.
 */
export function postDocument(post: Post, content: Content, now: Instant, patch: unknown = {}): PostDocument {
  const standing = post.deliveries.filter(({ state }) => state !== 'cancelled');
  const base = baseTime(post, standing, now);
  return {
    content: content.base,
    variants: Object.fromEntries(variantsOf(content, standing, base?.at, timedBy(patch))),
    channels: standing.map(({ channelId }) => channelId),
    ...(base === undefined ? {} : { dueAt: dueInput(base.at, base.wall) }),
    ...(post.latePolicy === undefined ? {} : { latePolicy: post.latePolicy }),
    labels: post.labels,
    ...(post.campaign === undefined ? {} : { campaign: post.campaign }),
    draft: post.draft,
  };
}

/** An instant as its author would write it: in local time if it was promised so, and still lands there. */
export function dueInput(at: Instant, wall: WallClock | undefined): DueAtInput {
  if (wall === undefined) return toRfc3339(at);
  const landing = land(wall);
  if (landing.kind === 'exact' && landing.at === at) return { ...wall };
  if (landing.kind !== 'overlap') return toRfc3339(at);
  if (landing.earlier === at) return { ...wall, disambiguation: 'earlier' };
  return landing.later === at ? { ...wall, disambiguation: 'later' } : toRfc3339(at);
}

type Time = { readonly at: Instant; readonly wall?: WallClock | undefined };

function baseTime(post: Post, standing: readonly Delivery[], now: Instant): Time | undefined {
  if (post.dueAt === undefined) return undefined;
  const kept = standing.find(({ dueAt }) => dueAt === post.dueAt);
  if (kept === undefined && standing.length > 0 && post.dueAt < now) return undefined;
  return { at: post.dueAt, wall: kept?.wall };
}

function variantsOf(
  content: Content,
  standing: readonly Delivery[],
  base: Instant | undefined,
  timed: ReadonlySet<string>,
): Map<string, VariantOverride & { dueAt?: DueAtInput }> {
  const known = new Set(standing.flatMap(({ channelId, network }) => [channelId, network]));
  const variants = new Map<string, VariantOverride & { dueAt?: DueAtInput }>(
    Object.entries(content.variants).filter(([key]) => known.has(key)),
  );
  // A draft's delivery without a time stands at 0.
  for (const delivery of standing.filter(({ dueAt }) => dueAt !== base && dueAt !== 0)) {
    const siblings = standing.filter(({ network }) => network === delivery.network);
    const isShared = siblings.every(({ dueAt }) => dueAt === delivery.dueAt);
    const isTold = timed.has(delivery.network) || !siblings.some(({ channelId }) => timed.has(channelId));
    const key = isShared && isTold ? delivery.network : delivery.channelId;
    variants.set(key, { ...variants.get(key), dueAt: dueInput(delivery.dueAt, delivery.wall) });
  }
  return variants;
}

/**
 * Warnings where a patch says null for a field that the variant did not say, or said null: in a new post that leaves
 * the field out of the variant, in a merge patch the post's own one is shown there.
 */
export function stillShown(before: PostDocument, patch: unknown, after: PostInput): Finding[] {
  const variants = isObject(patch) && isObject(patch.variants) ? Object.entries(patch.variants) : [];
  return variants.flatMap(([key, said]) => {
    const fields = isObject(said) ? Object.keys(said).filter((field) => said[field] === null) : [];
    const own = before.variants[networkOf(key)] as Readonly<Record<string, unknown>> | undefined;
    return fields
      .filter((field) => field in after.content && (own?.[field] ?? null) === null)
      .map((field) => finding('warning', 'base_still_shown', `/variants/${key}/${field}`, { field }));
  });
}

/** The keys of variants whose time a patch sets or takes away. */
function timedBy(patch: unknown): ReadonlySet<string> {
  const variants = isObject(patch) && isObject(patch.variants) ? Object.entries(patch.variants) : [];
  const timed = variants.filter(([, said]) => said === null || (isObject(said) && 'dueAt' in said));
  return new Set(timed.map(([key]) => networkOf(key)));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object';
