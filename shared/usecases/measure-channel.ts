import type { MeasureFailure } from '../channels/provider.ts';
import type { Agency } from '../domain/agency.ts';
import type { Channel } from '../domain/channel.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { Age, Snapshot } from '../domain/metrics.ts';
import type { Post } from '../domain/post.ts';
import type { Deps } from '../ports.ts';
import { markExpired } from './mark-expired.ts';
import { providerContext } from './provider-context.ts';

/** A publication to be measured, and what its snapshot will be called. */
export type Measurable = {
  readonly post: Post;
  readonly delivery: Delivery & { externalId: string };
  readonly age: Age | 'now';
};

/**
 * Measures some publications of one channel, in the batches its network takes, and stores each batch as it comes.
 * @returns what was stored, and the failure that stopped it, if one did
 */
export async function measureChannel(
  deps: Deps,
  { agency, channel, due }: { agency: Agency; channel: Channel; due: readonly Measurable[] },
): Promise<{ snapshots: readonly Snapshot[]; failure?: MeasureFailure }> {
  const measuring = deps.provider(channel.network)?.metrics;
  if (!measuring || channel.health === 'expired' || channel.health === 'disconnected')
    return { snapshots: [] };
  const credential: unknown = JSON.parse(
    await deps.vault.open(agency, channel.id, 'credential', channel.credential),
  );
  const context = providerContext(deps, { agency, channelId: channel.id });
  const stored: Snapshot[] = [];
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
    if ('kind' in answer) {
      if (answer.kind === 'unauthorized') await markExpired(deps, channel, answer.reason);
      return { snapshots: stored, failure: answer };
    }
    stored.push(...(await store(deps, batch, answer)));
  }
  return { snapshots: stored };
}

async function store(
  deps: Deps,
  batch: readonly Measurable[],
  answer: ReadonlyMap<string, Snapshot['metrics']>,
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
    await deps.posts.putSnapshot(post.agencyId, postId, snapshots);
    for (const { delivery } of ones) {
      if (answer.get(delivery.externalId) === 'removed') await markRemoved(deps, post, delivery);
    }
    stored.push(...snapshots);
  }
  return stored;
}

/** Gone from the network, by whoever: the delivery says so, too. */
async function markRemoved(deps: Deps, post: Post, delivery: Delivery): Promise<void> {
  const ref = { agencyId: post.agencyId, postId: post.id, n: delivery.n };
  const gone: Delivery = { ...delivery, state: 'removed', fence: delivery.fence + 1 };
  await deps.posts.swapDelivery(ref, { fence: delivery.fence, states: ['published'] }, gone);
}
