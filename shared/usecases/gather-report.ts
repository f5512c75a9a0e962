import type { Brand } from '../domain/brand.ts';
import { type Content, resolveVariant } from '../domain/content.ts';
import type { Attempt, Delivery } from '../domain/delivery.ts';
import { deliveryId, parseDeliveryId } from '../domain/ids.ts';
import { POINTER_AFTER } from '../domain/late-policy.ts';
import type { Age, Snapshot } from '../domain/metrics.ts';
import type { Post } from '../domain/post.ts';
import type { GatheredDelivery } from '../domain/report-input.ts';
import type { Instant } from '../domain/time.ts';
import type { Deps } from '../ports.ts';
import { brandPostsLately } from './brand-posts.ts';
import { snapshotsOf } from './snapshots-of.ts';

/** What is gathered: publications as a week's report counts them, as an interim one does, or what is planned. */
type Gathering = 'published' | 'so far' | 'planned';
type Range = { readonly from: Instant; readonly to: Instant };

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

  const posts = (await postsOf(deps, brand, range, ids, what)).flatMap((post) => {
    const deliveries = post.deliveries.filter((delivery) => belongs(post, delivery));
    return deliveries.length === 0 ? [] : [{ ...post, deliveries }];
  });
  return withDetails(deps, brand, posts, what);
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
  for (const post of await brandPostsLately(deps, brand.agencyId, brand.id, [{ from, to: range.to }])) {
    if (!post.draft) posts.set(post.id, post);
  }
  const named = new Set(ids.flatMap((id) => parseDeliveryId(id)?.postId ?? []));
  const further = [...named].filter((postId) => !posts.has(postId));
  for (const post of await deps.posts.getLately(brand.agencyId, further)) {
    if (post.brandId === brand.id) posts.set(post.id, post);
  }
  return [...posts.values()];
}

async function withDetails(
  deps: Pick<Deps, 'posts'>,
  brand: Pick<Brand, 'id' | 'agencyId'>,
  posts: readonly Post[],
  what: Gathering,
): Promise<GatheredDelivery[]> {
  if (posts.length === 0) return [];
  const [contents, snapshots, attempts] = await Promise.all([
    deps.posts.contentsLately(posts),
    what === 'planned' ? [] : snapshotsOf(deps, brand, posts, what === 'so far' ? undefined : [RESONANCE]),
    what === 'planned' ? Promise.all(posts.map((post) => attemptsOf(deps, post))) : [],
  ]);
  return posts.flatMap((post, index) =>
    post.deliveries.map((delivery) => {
      const content = contents[index];
      const own = (snapshots[index] ?? []).filter(({ n }) => n === delivery.n);
      const snapshot = countedSnapshot(own, what);
      return {
        id: deliveryId(post.id, delivery.n),
        delivery,
        text: content ? textOf(content, delivery) : '',
        ...(snapshot ? { snapshot } : {}),
        ...(what === 'planned' ? { attempts: attempts[index] ?? [] } : {}),
      };
    }),
  );
}

/** What nobody has claimed yet has no tries. */
async function attemptsOf(deps: Pick<Deps, 'posts'>, post: Post): Promise<readonly Attempt[]> {
  return post.deliveries.every(({ fence }) => fence === 0) ? [] : deps.posts.attempts(post.agencyId, post.id);
}

/** Resonance is what stood there after 24 hours; an interim report also takes what there is so far. */
const RESONANCE: Age = '24h';
function countedSnapshot(snapshots: readonly Snapshot[], what: Gathering): Snapshot | undefined {
  const counted = snapshots.find(({ age }) => age === RESONANCE);
  if (counted || what !== 'so far') return counted;
  return snapshots.toSorted((a, b) => b.at - a.at)[0];
}

function textOf(content: Content, { network, channelId }: Delivery): string {
  const { text, link } = resolveVariant(content, network, channelId);
  return text.trim() === '' ? (link ?? '') : text;
}
