import { expect, test } from 'vitest';
import { burst } from '../../bench/burst.ts';

test('of a burst of ten tenants, nothing is lost, sent twice or early, and no tenant waits for the others to end', async () => {
  const seen = await burst({ tenants: 10, postsEach: 20, state: 'memory' });
  expect(seen).toMatchObject({ n: 200, tenants: 10, lost: 0, duplicate: 0, early: 0 });
  // Handed out in order, half of the last tenant's posts would start after 95 % of all, half of the first's after 5 %.
  expect(seen.slowestTenantP50Ms).toBeLessThan(seen.startedMaxMs);
});
