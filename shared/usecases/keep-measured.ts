import type { Brand } from '../domain/brand.ts';
import type { Delivery } from '../domain/delivery.ts';
import { type DeliveryFacts, deliveryFacts } from '../domain/delivery-facts.ts';
import { AGES, type Snapshot } from '../domain/metrics.ts';
import type { Post } from '../domain/post.ts';
import type { Deps } from '../ports.ts';
import { channelProvider } from './channel-provider.ts';
import type { Measured } from './measure-channel.ts';
import { variantFor } from './variant-for.ts';

type Keeping = Pick<Deps, 'posts' | 'provider' | 'media'>;
type Found = Measured['found'][number] & Pick<Measured, 'channel'>;

const AT_ONCE = 10;
/** The age at which usually nothing is kept yet of what was published. */
const FIRST = AGES[0].age;

/**
 * Stores what some channels' networks told: one write for each post, whatever the number of its channels, because
 * each write is paid for. Says of what is gone that it is removed. @throws the first fault, when all have been tried
 */
export async function keepMeasured(
  deps: Keeping,
  brand: Brand,
  measured: readonly Measured[],
): Promise<Snapshot[]> {
  const found = measured.flatMap(({ channel, found }) => found.map((one) => ({ ...one, channel })));
  const byPost = [...Map.groupBy(found, ({ of }) => of.post.id).values()];
  const faults: unknown[] = [];
  for (let start = 0; start < byPost.length; start += AT_ONCE) {
    const kept = await Promise.allSettled(
      byPost.slice(start, start + AT_ONCE).map((ones) => keepPost(deps, brand, ones)),
    );
    faults.push(...kept.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : [])));
  }
  if (faults.length > 0) throw faults[0];
  return found.map(({ snapshot }) => snapshot);
}

async function keepPost(deps: Keeping, brand: Brand, ones: readonly Found[]): Promise<void> {
  const post = ones[0]?.of.post;
  if (!post) return;
  const snapshots = ones.map(({ snapshot }) => snapshot);
  const put = async (of: readonly Found[]) =>
    deps.posts.putSnapshot(post.agencyId, post.id, snapshots, await factsOf(deps, brand, post, of));
  const { facts } = await put(ones.filter(({ of }) => of.age === FIRST));
  // The first age may have been missed, so what is answered after each write is looked at.
  const without = ones.filter(({ of }) => facts.every(({ n }) => n !== of.delivery.n));
  if (without.some(({ of }) => of.age !== FIRST)) await put(without);
  for (const { of, snapshot } of ones) {
    if (snapshot.metrics === 'removed') await markRemoved(deps, post, of.delivery);
  }
}

/** What those were that nothing is kept of yet; nothing once the content is gone. */
async function factsOf(
  deps: Keeping,
  brand: Brand,
  post: Post,
  ones: readonly Found[],
): Promise<DeliveryFacts[]> {
  if (ones.length === 0) return [];
  const [content] = await deps.posts.contentsLately([post]);
  if (!content) return [];
  const facts = await Promise.all(
    ones.map(async ({ of: { delivery }, channel }) => {
      const provider = await channelProvider(deps, channel);
      if (!provider) return [];
      const { variant } = await variantFor(deps, channel, content);
      const textLength = provider.countText(provider.render(variant), channel.facts);
      return [deliveryFacts({ post, delivery, variant, timeZone: brand.timeZone, textLength })];
    }),
  );
  return facts.flat();
}

/** Gone from the network, by whoever: the delivery says so, too. */
async function markRemoved(deps: Pick<Deps, 'posts'>, post: Post, delivery: Delivery): Promise<void> {
  const ref = { agencyId: post.agencyId, postId: post.id, n: delivery.n };
  const gone: Delivery = { ...delivery, state: 'removed', fence: delivery.fence + 1 };
  await deps.posts.swapDelivery(ref, { fence: delivery.fence, states: ['published'] }, gone);
}
