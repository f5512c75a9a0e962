import type { Actor } from '../domain/agency.ts';
import { AppError } from '../domain/app-error.ts';
import { type Delivery, isUntouched } from '../domain/delivery.ts';
import { readDueAt } from '../domain/due-at.ts';
import type { Finding } from '../domain/finding.ts';
import { deliveryId } from '../domain/ids.ts';
import type { Post } from '../domain/post.ts';
import { DAY, type Instant, toRfc3339 } from '../domain/time.ts';
import { toLocal, type WallClock } from '../domain/wall-clock.ts';
import type { Deps } from '../ports.ts';
import { brandPosts } from './brand-posts.ts';
import { armed, wakeSoon } from './create-post.ts';
import { disarmOld } from './disarm-old.ts';

/** How queued wall-clock promises follow a brand into another zone. */
export type Reslot = 'keep-instant' | 'keep-local';

export type WallClockPost = {
  readonly postId: string;
  readonly deliveryId: string;
  readonly local: string;
  readonly timeZone: string;
  readonly dueAt: number;
};

/** What was promised in the brand's local time and is still to come. */
export async function wallClockPosts(
  deps: Pick<Deps, 'posts' | 'clock' | 'brands'>,
  agencyId: string,
  brandId: string,
): Promise<readonly WallClockPost[]> {
  const zone = (await deps.brands.get(agencyId, brandId))?.timeZone;
  const now = deps.clock.now();
  const found: WallClockPost[] = [];
  for await (const post of ahead(deps, agencyId, brandId)) {
    for (const delivery of post.deliveries) {
      if (movable(delivery, zone, now)) found.push(named(post, delivery));
    }
  }
  return found;
}

const named = (post: Post, { n, wall, dueAt }: Timed): WallClockPost => ({
  postId: post.id,
  deliveryId: deliveryId(post.id, n),
  ...wall,
  dueAt,
});

/**
 * Moves queued wall-clock promises to the new zone: `keep-local` keeps what the clock on the wall says, and
 * `keep-instant` the moment itself. Called before the brand is written; repeating it is harmless.
 * @throws AppError `invalid`, naming each post whose local time does not exist, happens twice or has passed in the new
 * zone: nothing is moved
 */
export async function reslotBrand(
  deps: Deps,
  act: { agencyId: string; brandId: string; timeZone: string; mode: Reslot; actor: Actor },
): Promise<void> {
  const zone = (await deps.brands.get(act.agencyId, act.brandId))?.timeZone;
  const now = deps.clock.now();
  const posts: Post[] = [];
  const moved: Post[] = [];
  const refused: { post: WallClockPost; finding: Finding }[] = [];
  for await (const post of ahead(deps, act.agencyId, act.brandId)) {
    if (!post.deliveries.some((delivery) => movable(delivery, zone, now))) continue;
    const deliveries = post.deliveries.map((one) => {
      if (!movable(one, zone, now)) return one;
      const kept = reslotted(one, act.timeZone, act.mode, now);
      if ('delivery' in kept) return kept.delivery;
      refused.push({ post: named(post, one), finding: kept.finding });
      return one;
    });
    posts.push(post);
    moved.push({ ...post, deliveries });
  }
  if (refused.length > 0) {
    throw new AppError(
      'invalid',
      `Not every local time can be kept in ${act.timeZone}; move these posts first.`,
      {
        findings: refused.map(({ finding }) => finding),
        data: { posts: refused.map(({ post }) => ({ ...post, dueAt: toRfc3339(post.dueAt) })) },
      },
    );
  }
  for (const [index, post] of moved.entries()) {
    const before = posts[index];
    const written = await deps.posts.replace(await armed(deps, post));
    if (!written)
      throw new AppError('conflict', 'A post moved meanwhile; try again.', { data: { postId: post.id } });
    await wakeSoon(deps, written);
    if (before) await disarmOld(deps, before, written);
  }
  await deps.audit.append(act.agencyId, {
    at: deps.clock.now(),
    actor: act.actor,
    act: 'brand.reslot',
    target: act.brandId,
    data: { timeZone: act.timeZone, mode: act.mode, posts: moved.map(({ id }) => id) },
  });
}

const ahead = (deps: Pick<Deps, 'posts' | 'clock'>, agencyId: string, brandId: string) =>
  brandPosts(deps, agencyId, brandId, { from: deps.clock.now(), to: deps.clock.now() + 401 * DAY });

type Timed = Delivery & { readonly wall: WallClock };

/** Still to come, and said in the brand's own zone; what an author said in a zone of its own stays there. */
function movable(delivery: Delivery, zone: string | undefined, now: Instant): delivery is Timed {
  return (
    delivery.wall !== undefined &&
    delivery.wall.timeZone === zone &&
    delivery.dueAt > now &&
    isUntouched(delivery) &&
    delivery.state !== 'failed'
  );
}

/** Refused too where the clock on the wall has passed already: its late policy would give the post up at once. */
function reslotted(
  delivery: Timed,
  timeZone: string,
  mode: Reslot,
  now: Instant,
): { delivery: Delivery } | { finding: Finding } {
  if (mode === 'keep-instant') {
    const local = toLocal(delivery.dueAt, timeZone).slice(0, 19);
    return { delivery: { ...delivery, wall: { local, timeZone } } };
  }
  const { local } = delivery.wall;
  const read = readDueAt({ local }, timeZone, now, '');
  if ('finding' in read) return { finding: { ...read.finding, path: '/timeZone' } };
  const { at } = read.due;
  const nextAttemptAt = delivery.nextAttemptAt === undefined ? {} : { nextAttemptAt: at };
  return {
    delivery: {
      ...delivery,
      wall: { local, timeZone },
      dueAt: at,
      ...nextAttemptAt,
      fence: delivery.fence + 1,
    },
  };
}
