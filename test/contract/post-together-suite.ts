import { describe, expect, it } from 'vitest';
import { stores } from '../../shared/adapters/store/stores.ts';
import type { Table } from '../../shared/adapters/store/table.ts';
import type { Delivery } from '../../shared/domain/delivery.ts';
import type { PostStore } from '../../shared/post-ports.ts';
import { aContent, aDelivery, anId, aPost, MADE_AT } from '../support/builders.ts';
import { counting, repeating } from '../support/faulty-table.ts';

const agy = anId('agy');
const ref = { agencyId: agy, postId: anId('post') };
const three = [1, 2, 3].map((n) => aDelivery({ n }));
const claimed = (delivery: Delivery): Delivery => ({
  ...delivery,
  state: 'publishing',
  fence: delivery.fence + 1,
  claimedBy: `me, ${delivery.n}`,
});
const swapOf = (delivery: Delivery) => ({
  n: delivery.n,
  expected: { fence: delivery.fence, states: ['scheduled'] as const },
  next: claimed(delivery),
});

/** What the post store promises of several deliveries, and of several posts, at once. */
export function testPostsTogether(name: string, make: () => Promise<Table>): void {
  const over = (table: Table): PostStore => stores(table, () => MADE_AT).posts;

  describe(`${name}: swapping several deliveries of a post`, () => {
    it('costs one write, and answers the head after it', async () => {
      const { table, calls } = counting(await make());
      await over(table).create(aPost({ deliveries: three }));
      const before = { ...calls };
      const after = await over(table).swapDeliveries(ref, three.slice(0, 2).map(swapOf));
      expect(after?.deliveries).toEqual([...three.slice(0, 2).map(claimed), three[2]]);
      expect(after?.version).toBe(2);
      expect(calls).toEqual({ ...before, update: before.update + 1 });
      expect(await over(table).get(agy, ref.postId)).toEqual(after);
    });

    it('swaps none when one of them has moved', async () => {
      const posts = over(await make());
      await posts.create(aPost({ deliveries: three }));
      const moved = await posts.swapDelivery(
        { ...ref, n: 2 },
        { fence: 0, states: ['scheduled'] },
        {
          ...aDelivery({ n: 2 }),
          state: 'cancelled',
          fence: 1,
        },
      );
      expect(await posts.swapDeliveries(ref, three.map(swapOf))).toBeUndefined();
      expect(await posts.get(agy, ref.postId)).toEqual(moved);
    });

    it('knows a write that the SDK repeated as its own', async () => {
      const table = await make();
      await over(table).create(aPost({ deliveries: three }));
      const after = await over(repeating(table)).swapDeliveries(ref, three.map(swapOf));
      expect(after?.deliveries).toEqual(three.map(claimed));
    });

    it('takes index entries along, but only with the head that was seen', async () => {
      const posts = over(await make());
      const { post } = await posts.create(aPost({ deliveries: three, wakeAt: MADE_AT }));
      const { wakeAt: _wakeAt, ...without } = post;
      const stale = { ...without, version: 7 };
      expect(await posts.swapDeliveries(ref, three.map(swapOf), stale)).toBeUndefined();
      expect((await posts.swapDeliveries(ref, three.map(swapOf), without))?.wakeAt).toBeUndefined();
    });
  });

  describe(`${name}: reading several posts`, () => {
    it('gives the heads that are there, and content and snapshots in the order asked', async () => {
      const posts = over(await make());
      const both = ['first', 'second'].map((id) => aPost({ id: anId('post', id) }));
      for (const post of both) {
        await posts.putContent(agy, post.id, post.revision, post.contentHash, aContent());
        await posts.create(post);
      }
      const snapshot = { n: 1, age: '1h', at: MADE_AT, metrics: 'removed' } as const;
      await posts.putAsked(agy, anId('post', 'second'), [snapshot]);
      const ids = both.map(({ id }) => id);
      expect(await posts.getLately(agy, [anId('post', 'unknown'), ...ids])).toEqual(both);
      const unknown = aPost({ id: anId('post', 'unknown') });
      expect(await posts.contentsLately([unknown, ...both])).toEqual([undefined, aContent(), aContent()]);
      expect(await posts.askedLately(agy, ids)).toEqual([[], [snapshot]]);
    });
  });
}
