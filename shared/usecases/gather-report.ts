import type { Brand } from '../domain/brand.ts';
import { type Content, resolveVariant } from '../domain/content.ts';
import type { Attempt, Delivery } from '../domain/delivery.ts';
import { deliveryId, parseDeliveryId } from '../domain/ids.ts';
import { POINTER_AFTER } from '../domain/late-policy.ts';
import type { Snapshot } from '../domain/metrics.ts';
import type { Post } from '../domain/post.ts';
import type { GatheredDelivery } from '../domain/report-input.ts';
import type { Instant } from '../domain/time.ts';
import type { Deps } from '../ports.ts';
import { brandPosts } from './brand-posts.ts';

/** What is gathered: publications as a week's report counts them, as an interim one does, or what is planned. */
type Gathering = 'published' | 'so far' | 'planned';
type Range = { readonly from: Instant; readonly to: Instant };

const AT_ONCE = 20;

/**
 * Every delivery that is due or was published in a range, with its text and its 24 h snapshot; `planned`: only what
 * is due, with its unsuccessful tries instead. `ids` names further ones. What was published late stands in the
 * calendar at its due time if that was up to half an hour before, else by a pointer.
 */
export async function gatherDeliveries(
  deps: Pick<Deps, 'posts'>,
  brand: Pick<Brand, 'id' | 'agencyId'>,
  range: Range,
  ids: readonly string[],
  what: Gathering = 'published',
): Promise<GatheredDelivery[]> {
  const wanted = new Set(ids);
  const within = (at: Instant | undefined) => at !== undefined && range.from <= at && at < range.to;
  const belongs = (post: Post, delivery: Delivery): boolean =>
    within(delivery.dueAt) ||
    (what !== 'planned' && (within(delivery.publishedAt) || wanted.has(deliveryId(post.id, delivery.n))));

  const found: GatheredDelivery[] = [];
  const posts = await postsOf(deps, brand, range, ids, what);
  for (let start = 0; start < posts.length; start += AT_ONCE) {
    const some = posts.slice(start, start + AT_ONCE).map(async (post) => {
      const deliveries = post.deliveries.filter((delivery) => belongs(post, delivery));
      return deliveries.length === 0 ? [] : withDetails(deps, post, deliveries, what);
    });
    found.push(...(await Promise.all(some)).flat());
  }
  return found;
}

async function postsOf(
  deps: Pick<Deps, 'posts'>,
  brand: Pick<Brand, 'id' | 'agencyId'>,
  range: Range,
  ids: readonly string[],
  what: Gathering,
): Promise<Post[]> {
  const posts = new Map<string, Post>();
  const from = what !== 'planned' ? range.from - POINTER_AFTER : range.from;
  for await (const post of brandPosts(deps, brand.agencyId, brand.id, { from, to: range.to })) {
    if (!post.draft) posts.set(post.id, post);
  }
  const named = new Set(ids.flatMap((id) => parseDeliveryId(id)?.postId ?? []));
  for (const postId of named) {
    const post = posts.get(postId) ?? (await deps.posts.get(brand.agencyId, postId));
    if (post && post.brandId === brand.id) posts.set(postId, post);
  }
  return [...posts.values()];
}

async function withDetails(
  deps: Pick<Deps, 'posts'>,
  post: Post,
  deliveries: readonly Delivery[],
  what: Gathering,
): Promise<GatheredDelivery[]> {
  const { agencyId, id, revision, contentHash } = post;
  const [content, snapshots, attempts] = await Promise.all([
    deps.posts.content(agencyId, id, revision, contentHash),
    what !== 'planned' ? deps.posts.snapshots(agencyId, id) : ([] as Snapshot[]),
    what === 'planned' ? deps.posts.attempts(agencyId, id) : ([] as Attempt[]),
  ]);
  return deliveries.map((delivery) => {
    const snapshot = countedSnapshot(
      snapshots.filter(({ n }) => n === delivery.n),
      what,
    );
    return {
      id: deliveryId(id, delivery.n),
      delivery,
      text: content ? textOf(content, delivery) : '',
      ...(snapshot ? { snapshot } : {}),
      ...(what === 'planned' ? { attempts } : {}),
    };
  });
}

/** Resonance is what stood there after 24 hours; an interim report also takes what there is so far. */
function countedSnapshot(snapshots: readonly Snapshot[], what: Gathering): Snapshot | undefined {
  const counted = snapshots.find(({ age }) => age === '24h');
  if (counted || what !== 'so far') return counted;
  return snapshots.toSorted((a, b) => b.at - a.at)[0];
}

function textOf(content: Content, { network, channelId }: Delivery): string {
  const { text, link } = resolveVariant(content, network, channelId);
  return text.trim() === '' ? (link ?? '') : text;
}
