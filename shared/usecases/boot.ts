import type { Brand } from '../domain/brand.ts';
import { isOpen } from '../domain/delivery.ts';
import { DAY } from '../domain/time.ts';
import type { Deps } from '../ports.ts';
import { armWake } from './arm-wake.ts';
import { everyBrand } from './every-brand.ts';

const ALL = 100_000;
const AT_ONCE = 20;
const NEWEST_REPORTS = 20;

/**
 * For a runtime whose queue and scheduler live in memory (the laptop): makes everything that must still happen
 * happen again, from the table alone. Claims of the process before are ended at once, because it is certainly dead.
 */
export async function reviveAfterBoot(deps: Deps): Promise<void> {
  const horizon = deps.clock.now() + 500 * DAY;
  const shards = Array.from({ length: deps.posts.shards }, (_, shard) => shard);
  const hints = (await Promise.all(shards.map((shard) => deps.posts.overdue(shard, horizon, ALL)))).flat();
  // Earliest first, and several at a time: after a crash in a burst there are thousands.
  hints.sort((a, b) => a.wakeAt - b.wakeAt);
  for (let start = 0; start < hints.length; start += AT_ONCE) {
    const some = hints.slice(start, start + AT_ONCE);
    await Promise.all(some.map(({ agencyId, postId }) => revivePost(deps, agencyId, postId)));
  }
  for (const { agencyId, brandId } of await everyBrand(deps)) {
    const brand = await deps.brands.get(agencyId, brandId);
    if (!brand) continue;
    await deps.scheduler.armReport(brand);
    await reviveReports(deps, brand);
    // What was noted for an alert may not have been mailed; with nothing noted this does nothing.
    await deps.reportQueue.send({ kind: 'alert', agencyId, brandId }, { group: agencyId });
  }
}

/** Reports that somebody wants mailed and that not all have got yet: the ledger keeps everybody from a second mail. */
async function reviveReports(deps: Deps, { agencyId, id: brandId }: Brand): Promise<void> {
  const { items } = await deps.reports.list(agencyId, brandId, { limit: NEWEST_REPORTS });
  const since = deps.clock.now() - DAY;
  for (const { id: reportId, underway = [] } of items) {
    for (const { at, ...sending } of underway) {
      if (at < since) continue;
      await deps.reportQueue.send(
        { kind: 'send', agencyId, brandId, reportId, tries: 0, ...sending },
        { group: agencyId },
      );
    }
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
