import type { Content } from './domain/content.ts';
import type { Attempt, Delivery, DeliveryState } from './domain/delivery.ts';
import type { PostSnapshot, Snapshot } from './domain/metrics.ts';
import type { Post } from './domain/post.ts';
import type { Instant } from './domain/time.ts';
import type { Page, PageRequest } from './store-ports.ts';

export type DeliveryRef = { readonly agencyId: string; readonly postId: string; readonly n: number };

/** `unmarked`: and not marked as being sent, a mark that is written under the claim's own fence. */
export type Expected = {
  readonly fence: number;
  readonly states: readonly DeliveryState[];
  readonly unmarked?: boolean;
};

/** A delivery that is to become another, if it is still the one that was read. */
export type Swap = {
  readonly n: number;
  readonly expected: Expected;
  readonly next: Delivery;
};

export type PostStore = {
  /** Content first (content-addressed, so writing it twice is harmless), then the head if the id is free. */
  putContent(
    agencyId: string,
    postId: string,
    revision: number,
    hash: string,
    content: Content,
  ): Promise<void>;
  content(agencyId: string, postId: string, revision: number, hash: string): Promise<Content | undefined>;
  /**
   * What some posts say, in their order, in few calls and at half the price; what was stored in the last second may be
   * missing.
   */
  contentsLately(
    posts: readonly Pick<Post, 'agencyId' | 'id' | 'revision' | 'contentHash'>[],
  ): Promise<readonly (Content | undefined)[]>;
  /** The stored head when the id is taken (also a tombstone), else the new one. */
  create(post: Post): Promise<{ created: boolean; post: Post }>;
  /** Strongly consistent. Tombstones are returned, with `deletedAt`. */
  get(agencyId: string, postId: string): Promise<Post | undefined>;
  /** Those that are there, as they stood a second ago or stand now, in few calls and at half the price. */
  getLately(agencyId: string, postIds: readonly string[]): Promise<readonly Post[]>;
  /**
   * Replaces one delivery if it still stands as expected; returns the head after the write, undefined when the
   * condition failed. Bumps the head's version. Touches no sibling.
   *
   * `wake`, an instant: `wakeAt` is lowered to it, never raised. `wake`, a head: `wakeAt` and `attentionAt` become
   * its own in the same write, and only if the stored head's version is still `wake.version`.
   */
  swapDelivery(
    ref: DeliveryRef,
    expected: Expected,
    next: Delivery,
    wake?: Instant | Post,
  ): Promise<Post | undefined>;
  /** The same for several deliveries of one post in one write: all of them, or none. */
  swapDeliveries(
    post: Pick<DeliveryRef, 'agencyId' | 'postId'>,
    swaps: readonly Swap[],
    wake?: Post,
  ): Promise<Post | undefined>;
  /**
   * Replaces the whole head (an edit, a tombstone, index entries) if its version is still `post.version`; stored with
   * `version + 1`.
   */
  replace(post: Post): Promise<Post | undefined>;
  /** Sets `wakeAt` and `attentionAt` to those of `post` if the head's version is still `post.version`. */
  reindex(post: Post): Promise<boolean>;
  /** Adds a calendar entry at `at` for a post whose head stands at another instant. */
  addPointer(post: Post, at: Instant): Promise<void>;
  /** Post ids by instant in one brand, `from <= at < to`, oldest first; a post may come more than once. */
  calendar(
    agencyId: string,
    brandId: string,
    range: { from: Instant; to: Instant },
    page: PageRequest,
  ): Promise<Page<{ postId: string; at: Instant }>>;
  /** Posts whose `wakeAt` is at or before `until`, oldest first within a shard; a hint: read the head before acting. */
  overdue(
    shard: number,
    until: Instant,
    limit: number,
  ): Promise<readonly { agencyId: string; postId: string; wakeAt: Instant }[]>;
  readonly shards: number;
  /** Posts that a person must look at, oldest first. A hint, too. `position`: what to go on `after` behind it. */
  attention(
    agencyId: string,
    page: PageRequest,
  ): Promise<Page<{ postId: string; attentionAt: Instant; position: string }>>;
  addAttempt(ref: DeliveryRef, attempt: Attempt): Promise<void>;
  attempts(agencyId: string, postId: string): Promise<readonly Attempt[]>;
  /** What a person asked for outside the fixed ages; a later one of the same delivery takes its place. */
  putAsked(agencyId: string, postId: string, snapshots: readonly Snapshot[]): Promise<void>;
  asked(agencyId: string, postId: string): Promise<readonly Snapshot[]>;
  /** The same of some posts, in their order, in few calls and at half the price; the last second's may be missing. */
  askedLately(agencyId: string, postIds: readonly string[]): Promise<readonly (readonly Snapshot[])[]>;
  /** What was measured in a brand at fixed ages, stored at an instant not before any of theirs. Storing twice is harmless. */
  addSwept(agencyId: string, brandId: string, at: Instant, snapshots: readonly PostSnapshot[]): Promise<void>;
  /** What was stored so in a brand in `from <= at < to`, oldest first; the same one may come more than once. */
  swept(
    agencyId: string,
    brandId: string,
    range: { from: Instant; to: Instant },
  ): Promise<readonly PostSnapshot[]>;
  /** Owns an external id for one delivery; false when another delivery of the agency owns it already. */
  reserveExternalId(ref: DeliveryRef, network: string, externalId: string): Promise<boolean>;
};
