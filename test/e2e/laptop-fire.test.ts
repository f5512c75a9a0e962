import { describe, expect, it } from 'vitest';
import { fire } from './fire.ts';

// About the laptop itself. `npm run fire -- --deliveries 2000 --runs 3` is the same at full size.
describe.skipIf(process.env.E2E_URL)('the laptop under fire', () => {
  it('killed in a burst, loses nothing, sends nothing twice or early, and is done within a minute', async () => {
    const { doneAfterMs, outAtKill, ...counts } = await fire(80, { secondHalfAfterMs: 3_000 });
    expect(counts).toMatchObject({ lost: 0, duplicate: 0, early: 0, notPublished: 0 });
    expect(outAtKill).toBeLessThan(80);
    expect(doneAfterMs).toBeLessThan(60_000);
  }, 180_000);
});
