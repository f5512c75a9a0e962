import type { MeasureFailure } from '../channels/provider.ts';
import type { Agency } from '../domain/agency.ts';
import type { Brand } from '../domain/brand.ts';
import type { Channel } from '../domain/channel.ts';
import type { Delivery } from '../domain/delivery.ts';
import { type DeliveryFacts, deliveryFacts } from '../domain/delivery-facts.ts';
import type { Age, Snapshot } from '../domain/metrics.ts';
import type { Post } from '../domain/post.ts';
import type { Deps } from '../ports.ts';
import { markExpired } from './mark-expired.ts';
import { openCredential } from './open-credential.ts';
import { providerContext } from './provider-context.ts';
import { usableChannel } from './usable-channel.ts';
import { variantFor } from './variant-for.ts';

/** A publication to be measured, and what its snapshot will be called. */
export type Measurable = {
  readonly post: Post;
  readonly delivery: Delivery & { externalId: string };
  readonly age: Age | 'now';
  /** Nothing is measured of it yet: what it was is kept with this snapshot. */
  readonly isFirst: boolean;
};

/**
 * Measures some publications of one channel, in the batches its network takes, and stores each batch as it comes.
 * @returns what was stored, and the failure that stopped it, if one did
 */
export async function measureChannel(
  deps: Deps,
  {
    agency,
    brand,
    channel: stored,
    due,
  }: { agency: Agency; brand: Brand; channel: Channel; due: readonly Measurable[] },
): Promise<{ snapshots: readonly Snapshot[]; failure?: MeasureFailure }> {
  const measuring = deps.provider(stored.network)?.metrics;
  if (!measuring || stored.health === 'expired' || stored.health === 'disconnected') return { snapshots: [] };
  const { channel, failure } = await usableChannel(deps, agency, stored);
  if (failure) return failed(deps, channel, [], failure);
  const credential = await openCredential(deps, agency, channel);
  const context = providerContext(deps, { agency, channelId: channel.id });
  const snapshots: Snapshot[] = [];
  for (let start = 0; start < due.length; start += measuring.batch) {
    const batch = due.slice(start, start + measuring.batch);
    const answer = await measuring.fetch(
      {
        credential: credential as never,
        account: channel.account,
        facts: channel.facts,
        externalIds: batch.map(({ delivery }) => delivery.externalId),
      },
      context,
    );
    if ('kind' in answer) return failed(deps, channel, snapshots, answer);
    snapshots.push(...(await store(deps, { brand, channel, batch, answer })));
  }
  return { snapshots };
}

async function failed(
  deps: Deps,
  channel: Channel,
  snapshots: readonly Snapshot[],
  failure: MeasureFailure,
): Promise<{ snapshots: readonly Snapshot[]; failure: MeasureFailure }> {
  if (failure.kind === 'unauthorized') await markExpired(deps, channel, failure.reason);
  return { snapshots, failure };
}

async function store(
  deps: Deps,
  {
    batch,
    answer,
    ...where
  }: {
    brand: Brand;
    channel: Channel;
    batch: readonly Measurable[];
    answer: ReadonlyMap<string, Snapshot['metrics']>;
  },
): Promise<Snapshot[]> {
  const at = deps.clock.now();
  const stored: Snapshot[] = [];
  for (const [postId, ones] of Map.groupBy(batch, ({ post }) => post.id)) {
    const snapshots = ones.flatMap(({ delivery, age }) => {
      const metrics = answer.get(delivery.externalId);
      return metrics === undefined ? [] : [{ n: delivery.n, age, at, metrics }];
    });
    const post = ones[0]?.post;
    if (!post || snapshots.length === 0) continue;
    const told = ones.filter(({ isFirst, delivery }) => isFirst && answer.has(delivery.externalId));
    await deps.posts.putSnapshot(post.agencyId, postId, snapshots, await factsOf(deps, where, post, told));
    for (const { delivery } of ones) {
      if (answer.get(delivery.externalId) === 'removed') await markRemoved(deps, post, delivery);
    }
    stored.push(...snapshots);
  }
  return stored;
}

/** What those deliveries were; nothing once the content is gone. */
async function factsOf(
  deps: Pick<Deps, 'posts' | 'provider' | 'media'>,
  { brand, channel }: { brand: Brand; channel: Channel },
  post: Post,
  ones: readonly Measurable[],
): Promise<DeliveryFacts[]> {
  const provider = deps.provider(channel.network);
  if (!provider || ones.length === 0) return [];
  const content = await deps.posts.content(post.agencyId, post.id, post.revision, post.contentHash);
  if (!content) return [];
  const { variant } = await variantFor(deps, channel, content);
  const textLength = provider.countText(provider.render(variant), channel.facts);
  return ones.map(({ delivery }) =>
    deliveryFacts({ post, delivery, variant, timeZone: brand.timeZone, textLength }),
  );
}

/** Gone from the network, by whoever: the delivery says so, too. */
async function markRemoved(deps: Deps, post: Post, delivery: Delivery): Promise<void> {
  const ref = { agencyId: post.agencyId, postId: post.id, n: delivery.n };
  const gone: Delivery = { ...delivery, state: 'removed', fence: delivery.fence + 1 };
  await deps.posts.swapDelivery(ref, { fence: delivery.fence, states: ['published'] }, gone);
}
