import type { Actor } from '../domain/agency.ts';
import { AppError } from '../domain/app-error.ts';
import { type Delivery, isUntouched } from '../domain/delivery.ts';
import { finding } from '../domain/finding.ts';
import { deliveryId } from '../domain/ids.ts';
import type { Post } from '../domain/post.ts';
import { DAY } from '../domain/time.ts';
import { land, toLocal, type WallClock } from '../domain/wall-clock.ts';
import type { Deps } from '../ports.ts';
import { brandPosts } from './brand-posts.ts';
import { armed, instantsOf, wakeSoon } from './create-post.ts';

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
  const found: WallClockPost[] = [];
  for await (const post of ahead(deps, agencyId, brandId)) {
    for (const delivery of post.deliveries) {
      if (!movable(delivery, zone)) continue;
      found.push({
        postId: post.id,
        deliveryId: deliveryId(post.id, delivery.n),
        ...delivery.wall,
        dueAt: delivery.dueAt,
      });
    }
  }
  return found;
}

/**
 * Moves queued wall-clock promises to the new zone: `keep-local` keeps what the clock on the wall says, and
 * `keep-instant` the moment itself. Called before the brand is written; repeating it is harmless.
 * @throws AppError `invalid` when a local time does not exist, or happens twice, in the new zone: nothing is moved
 */
export async function reslotBrand(
  deps: Deps,
  act: { agencyId: string; brandId: string; timeZone: string; mode: Reslot; actor: Actor },
): Promise<void> {
  const zone = (await deps.brands.get(act.agencyId, act.brandId))?.timeZone;
  const posts: Post[] = [];
  for await (const post of ahead(deps, act.agencyId, act.brandId)) {
    if (post.deliveries.some((delivery) => movable(delivery, zone))) posts.push(post);
  }
  const moved = posts.map((post) => ({
    ...post,
    deliveries: post.deliveries.map((one) =>
      movable(one, zone) ? reslotted(one, act.timeZone, act.mode) : one,
    ),
  }));
  for (const [index, post] of moved.entries()) {
    const before = posts[index];
    const written = await deps.posts.replace(await armed(deps, post));
    if (!written)
      throw new AppError('conflict', 'A post moved meanwhile; try again.', { data: { postId: post.id } });
    await wakeSoon(deps, written);
    const kept = new Set(instantsOf(written));
    const gone = before ? instantsOf(before).filter((at) => !kept.has(at)) : [];
    await Promise.allSettled(gone.map((at) => deps.scheduler.disarm({ postId: post.id, at })));
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

/** Said in the brand's own zone; what an author said in a zone of its own stays there. */
function movable(delivery: Delivery, zone: string | undefined): delivery is Delivery & { wall: WallClock } {
  return (
    delivery.wall !== undefined &&
    delivery.wall.timeZone === zone &&
    isUntouched(delivery) &&
    delivery.state !== 'failed'
  );
}

function reslotted(delivery: Delivery & { wall: WallClock }, timeZone: string, mode: Reslot): Delivery {
  if (mode === 'keep-instant') {
    return { ...delivery, wall: { local: toLocal(delivery.dueAt, timeZone).slice(0, 19), timeZone } };
  }
  const wall = { local: delivery.wall.local, timeZone };
  const landing = land(wall);
  if (landing.kind !== 'exact') {
    throw new AppError(
      'invalid',
      `${wall.local} is not one clear time in ${timeZone}; move that post first.`,
      {
        findings: [finding('error', 'time_invalid', '/timeZone')],
        data: { local: wall.local, kind: landing.kind },
      },
    );
  }
  const nextAttemptAt = delivery.nextAttemptAt === undefined ? {} : { nextAttemptAt: landing.at };
  return { ...delivery, wall, dueAt: landing.at, ...nextAttemptAt, fence: delivery.fence + 1 };
}
