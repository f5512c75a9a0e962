import { isOpen } from '../domain/delivery.ts';
import { DAY } from '../domain/time.ts';
import type { Deps } from '../ports.ts';
import { armWake } from './arm-wake.ts';

const ALL = 100_000;
const AT_ONCE = 20;

/**
 * For a runtime whose queue and scheduler live in memory (the laptop): makes everything that must still happen
 * happen again, from the table alone. Claims of the process before are ended at once, because it is certainly dead.
 */
export async function reviveAfterBoot(deps: Deps): Promise<void> {
  const horizon = deps.clock.now() + 500 * DAY;
  for (let shard = 0; shard < deps.posts.shards; shard++) {
    const hints = [...(await deps.posts.overdue(shard, horizon, ALL))];
    // Earliest first, and several at a time: after a crash in a burst there are thousands.
    while (hints.length > 0) {
      const some = hints.splice(0, AT_ONCE);
      await Promise.all(some.map(({ agencyId, postId }) => revivePost(deps, agencyId, postId)));
    }
  }
  for (let shard = 0; shard < deps.brands.shards; shard++) {
    let after: string | undefined;
    do {
      const page = await deps.brands.everyBrand({
        shard,
        limit: 100,
        ...(after === undefined ? {} : { after }),
      });
      for (const { agencyId, brandId } of page.items) {
        const brand = await deps.brands.get(agencyId, brandId);
        if (brand) await deps.scheduler.armReport(brand);
      }
      after = page.next;
    } while (after !== undefined);
  }
}

async function revivePost(deps: Deps, agencyId: string, postId: string): Promise<void> {
  const post = await deps.posts.get(agencyId, postId);
  if (!post || post.draft || post.deletedAt !== undefined) return;
  const now = deps.clock.now();
  for (const delivery of post.deliveries.filter(({ state }) => state === 'publishing')) {
    const ref = { agencyId, postId, n: delivery.n };
    await deps.posts.swapDelivery(
      ref,
      { fence: delivery.fence, states: ['publishing'] },
      { ...delivery, leaseUntil: now },
    );
  }
  const instants = new Set(
    post.deliveries.filter(isOpen).flatMap(({ nextAttemptAt: at }) => (at === undefined ? [] : [at])),
  );
  for (const at of instants) await armWake(deps, { agencyId, postId, at });
}
