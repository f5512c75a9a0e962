import { describe, expect, it } from 'vitest';
import { shardOf } from '../../shared/adapters/store/keys.ts';
import { stores } from '../../shared/adapters/store/stores.ts';
import type { Table } from '../../shared/adapters/store/table.ts';
import type { Delivery } from '../../shared/domain/delivery.ts';
import type { Post } from '../../shared/domain/post.ts';
import { DAY, HOUR } from '../../shared/domain/time.ts';
import type { PostStore } from '../../shared/post-ports.ts';
import { aContent, aDelivery, anId, aPost, DUE_AT, MADE_AT } from '../support/builders.ts';
import { counting, interrupted, repeating } from '../support/faulty-table.ts';

const agy = anId('agy');
const brd = anId('brd');
const other = anId('agy', 'other');

/** What the post store promises of heads, contents, swaps and wakes. */
export function testPostHeads(name: string, make: () => Promise<Table>): void {
  const over = (table: Table): PostStore => stores(table, () => MADE_AT).posts;
  const setup = async (...heads: Post[]) => {
    const table = await make();
    for (const head of heads) await over(table).create(head);
    return over(table);
  };
  const three = [1, 2, 3].map((n) => aDelivery({ n, dueAt: DUE_AT + n * HOUR }));
  const ref = (n = 1) => ({ agencyId: agy, postId: anId('post'), n });
  const claim = (delivery: Delivery, claimedBy = 'me'): Delivery => ({
    ...delivery,
    state: 'publishing',
    fence: delivery.fence + 1,
    claimedBy,
    claimedAt: DUE_AT,
    leaseUntil: DUE_AT + 75_000,
  });
  const scheduled = { fence: 0, states: ['scheduled'] } as const;

  describe(`${name}: heads of posts`, () => {
    it('creates a head once and answers with the stored one after that', async () => {
      const posts = await setup();
      expect(await posts.create(aPost())).toEqual({ created: true, post: aPost() });
      const again = aPost({ requestHash: 'another', createdAt: MADE_AT + 1 });
      expect(await posts.create(again)).toEqual({ created: false, post: aPost() });
      expect(await posts.get(agy, anId('post'))).toEqual(aPost());
      expect(await posts.get(other, anId('post'))).toBeUndefined();
    });

    it('knows a creation that the SDK repeated as its own', async () => {
      const posts = over(repeating(await make()));
      expect((await posts.create(aPost())).created).toBe(true);
      expect((await posts.create(aPost())).created).toBe(false);
    });

    it('replaces only the version that was read, and counts it up', async () => {
      const posts = await setup(aPost());
      const edited = await posts.replace(aPost({ revision: 2, labels: ['new'] }));
      expect(edited).toEqual(aPost({ revision: 2, labels: ['new'], version: 2 }));
      expect(await posts.replace(aPost({ revision: 3 }))).toBeUndefined();
      expect(await posts.get(agy, anId('post'))).toEqual(edited);
    });

    it('keeps a tombstone, with its request hash, in no index', async () => {
      const post = aPost({ deliveries: three, attentionAt: DUE_AT });
      const posts = await setup(post);
      await posts.addPointer(post, DUE_AT + 9 * HOUR);
      await posts.replace({ ...post, deletedAt: DUE_AT });
      const stored = await posts.get(agy, post.id);
      expect(stored?.deletedAt).toBe(DUE_AT);
      expect(stored?.requestHash).toBe(post.requestHash);
      expect(await posts.create(aPost())).toEqual({ created: false, post: stored });
      const range = { from: 0, to: DUE_AT + DAY };
      expect((await posts.calendar(agy, brd, range, { limit: 9 })).items).toEqual([]);
      expect((await posts.attention(agy, { limit: 9 })).items).toEqual([]);
      expect(await posts.overdue(shardOf(post.id), DUE_AT + DAY, 9)).toEqual([]);
    });

    it('keeps content by revision and hash', async () => {
      const posts = await setup();
      const long = aContent({ base: { text: 'ü'.repeat(40_000) } });
      await posts.putContent(agy, anId('post'), 1, 'a'.repeat(64), aContent());
      await posts.putContent(agy, anId('post'), 1, 'b'.repeat(64), long);
      expect(await posts.content(agy, anId('post'), 1, 'a'.repeat(64))).toEqual(aContent());
      expect(await posts.content(agy, anId('post'), 1, 'b'.repeat(64))).toEqual(long);
      expect(await posts.content(agy, anId('post'), 2, 'a'.repeat(64))).toBeUndefined();
    });

    it('finds content that has come so lately that a read at half the price does not know it', async () => {
      const table = await make();
      const posts = over({ ...table, getLately: async (keys) => keys.map(() => undefined) });
      await posts.putContent(agy, anId('post'), 1, 'a'.repeat(64), aContent());
      expect(await posts.content(agy, anId('post'), 1, 'a'.repeat(64))).toEqual(aContent());
    });

    it.each([
      ['400 days after now for a post of these days', aPost(), 400],
      [
        '400 days after the last due time of a far one',
        aPost({ deliveries: [aDelivery({ dueAt: MADE_AT + 500 * DAY })] }),
        900,
      ],
      ['never for a draft', aPost({ draft: true }), undefined],
    ])('lets content expire %s', async (_title, post, days) => {
      const table = await make();
      await over(table).putContent(agy, post.id, 1, post.contentHash, aContent());
      await over(table).create(post);
      const { items } = await table.query({ partition: `A#${agy}#POST#${post.id}`, limit: 9 });
      const content = items.find(({ sk }) => sk.startsWith('REV#'));
      expect(content).toBeDefined();
      expect(content?.ttl).toBe(days && (MADE_AT + days * DAY) / 1_000);
    });
  });

  describe(`${name}: swapping one delivery`, () => {
    it('costs one write and no read to claim, and one to settle', async () => {
      await setup();
      const inner = await make();
      const { table, calls } = counting(inner);
      await over(inner).create(aPost());
      const claimed = claim(aDelivery());
      await over(table).swapDelivery(ref(), scheduled, claimed);
      await over(table).swapDelivery(
        ref(),
        { fence: 1, states: ['publishing'] },
        { ...claimed, state: 'published' },
      );
      expect(calls).toEqual({ get: 0, getLately: 0, put: 0, update: 2, delete: 0, query: 0, queryIndex: 0 });
    });

    it('answers the head after it, with a higher version and the siblings as they were', async () => {
      const posts = await setup(aPost({ deliveries: three }));
      const second = claim(aDelivery({ n: 2, dueAt: DUE_AT + 2 * HOUR }));
      const after = await posts.swapDelivery(ref(2), scheduled, second);
      const whole = aPost({ version: 2, deliveries: three.map((old) => (old.n === 2 ? second : old)) });
      expect(after).toEqual({ ...whole, wakeAt: aPost({ deliveries: three }).wakeAt });
      expect(await posts.get(agy, anId('post'))).toEqual(after);
    });

    it('refuses another fence, another state, another delivery, another post', async () => {
      const posts = await setup(aPost());
      const next = claim(aDelivery());
      expect(await posts.swapDelivery(ref(), { fence: 1, states: ['scheduled'] }, next)).toBeUndefined();
      expect(
        await posts.swapDelivery(ref(), { fence: 0, states: ['held', 'retrying'] }, next),
      ).toBeUndefined();
      expect(await posts.swapDelivery(ref(2), scheduled, { ...next, n: 2 })).toBeUndefined();
      expect(await posts.swapDelivery({ ...ref(), agencyId: other }, scheduled, next)).toBeUndefined();
      expect(await posts.get(agy, anId('post'))).toEqual(aPost());
      expect(await posts.get(other, anId('post'))).toBeUndefined();
    });

    it('asked for what is not marked as being sent, leaves alone what is', async () => {
      const unmarked = { fence: 1, states: ['publishing'], unmarked: true } as const;
      const mine = claim(aDelivery());
      const posts = await setup(aPost({ deliveries: [mine] }));
      const rescued = { ...mine, rescues: 1 };
      expect((await posts.swapDelivery(ref(), unmarked, rescued))?.deliveries).toEqual([rescued]);
      const marked = { ...mine, sending: true };
      expect(await posts.swapDelivery(ref(), unmarked, marked)).toBeDefined();
      expect(await posts.swapDelivery(ref(), unmarked, mine)).toBeUndefined();
      expect(await posts.swapDelivery(ref(), unmarked, mine, DUE_AT)).toBeUndefined();
      expect((await posts.get(agy, anId('post')))?.deliveries).toEqual([marked]);
    });

    it('lets one of many claims win', async () => {
      const posts = await setup(aPost());
      const claims = await Promise.all(
        Array.from({ length: 8 }, (_, n) =>
          posts.swapDelivery(ref(), scheduled, claim(aDelivery(), `w${n}`)),
        ),
      );
      expect(claims.filter((head) => head !== undefined)).toHaveLength(1);
    });

    it('knows a claim that the SDK repeated as its own', async () => {
      const table = await make();
      await over(table).create(aPost());
      const posts = over(repeating(table));
      const mine = await posts.swapDelivery(ref(), scheduled, claim(aDelivery()));
      expect(mine?.deliveries[0]?.claimedBy).toBe('me');
      expect(await posts.swapDelivery(ref(), scheduled, claim(aDelivery(), 'you'))).toBeUndefined();
    });

    it('lets siblings settle at once', async () => {
      const posts = await setup(aPost({ deliveries: three }));
      const settled = await Promise.all(
        three.map((delivery) =>
          posts.swapDelivery(
            ref(delivery.n),
            scheduled,
            { ...delivery, state: 'cancelled', fence: 1 },
            DUE_AT,
          ),
        ),
      );
      expect(settled.every((head) => head !== undefined)).toBe(true);
      const head = await posts.get(agy, anId('post'));
      expect(head?.deliveries.map(({ state }) => state)).toEqual(['cancelled', 'cancelled', 'cancelled']);
      expect(head?.version).toBe(4);
      expect(head?.wakeAt).toBe(DUE_AT);
    });
  });

  describe(`${name}: the wake of a post`, () => {
    const retrying = aDelivery({ state: 'retrying', fence: 1 });
    const swap = (posts: PostStore, lowerWakeTo: number) =>
      posts.swapDelivery(ref(), scheduled, retrying, lowerWakeTo);

    it.each([
      ['lowers it', DUE_AT + 90_000, DUE_AT, DUE_AT],
      ['does not raise it', DUE_AT + 90_000, DUE_AT + HOUR, DUE_AT + 90_000],
      ['sets it where there is none', undefined, DUE_AT, DUE_AT],
    ])('%s together with the delivery', async (_title, wakeAt, lowerTo, expected) => {
      const { wakeAt: _, ...asleep } = aPost();
      const posts = await setup(wakeAt === undefined ? asleep : { ...asleep, wakeAt });
      const after = await swap(posts, lowerTo);
      expect(after?.wakeAt).toBe(expected);
      expect(after?.deliveries[0]).toEqual(retrying);
      expect(await posts.overdue(shardOf(anId('post')), expected, 9)).toEqual([
        { agencyId: agy, postId: anId('post'), wakeAt: expected },
      ]);
    });

    it('is not raised by a swap that another one overtakes', async () => {
      const table = await make();
      await over(table).create(aPost({ deliveries: three }));
      const slow = interrupted(table, () =>
        over(table).swapDelivery(ref(2), scheduled, claim(three[1] ?? retrying), DUE_AT - 5),
      );
      const after = await swap(over(slow), DUE_AT);
      expect(after?.wakeAt).toBe(DUE_AT - 5);
      expect(after?.deliveries.map(({ state }) => state)).toEqual(['retrying', 'publishing', 'scheduled']);
    });

    it('knows a lowering swap that the SDK repeated as its own', async () => {
      const table = await make();
      await over(table).create(aPost());
      const after = await swap(over(repeating(table)), DUE_AT);
      expect([after?.wakeAt, after?.version]).toEqual([DUE_AT, 2]);
      expect(await swap(over(table), DUE_AT - 5)).toBeUndefined();
    });

    it('is raised and removed by a reindex of the version that was read, which stays', async () => {
      const posts = await setup(aPost());
      expect(await posts.reindex(aPost({ wakeAt: DUE_AT + DAY, attentionAt: DUE_AT }))).toBe(true);
      expect(await posts.get(agy, anId('post'))).toEqual(
        aPost({ wakeAt: DUE_AT + DAY, attentionAt: DUE_AT }),
      );
      const { wakeAt: _, ...asleep } = aPost();
      expect(await posts.reindex(asleep)).toBe(true);
      expect(await posts.get(agy, anId('post'))).toEqual(asleep);
      await posts.swapDelivery(ref(), scheduled, claim(aDelivery()));
      expect(await posts.reindex(aPost())).toBe(false);
      expect(await posts.reindex(aPost({ id: anId('post', 'unknown') }))).toBe(false);
      expect(await posts.get(agy, anId('post', 'unknown'))).toBeUndefined();
    });

    it('goes, or moves, in one write with the delivery, if the head is still the one that was read', async () => {
      const table = await make();
      await over(table).create(aPost());
      const posts = over(repeating(table));
      const published = aDelivery({ state: 'published', fence: 1 });
      const { wakeAt: _, ...asleep } = aPost({ deliveries: [published], attentionAt: DUE_AT });
      const after = await posts.swapDelivery(ref(), scheduled, published, asleep);
      expect(after).toEqual({ ...asleep, version: 2 });
      expect(await over(table).overdue(shardOf(anId('post')), DUE_AT + DAY, 9)).toEqual([]);
      const again = { ...published, fence: 2 };
      const mine = { fence: 1, states: ['published'] } as const;
      expect(await posts.swapDelivery(ref(), mine, again, { ...asleep, version: 1 })).toBeUndefined();
      expect(await posts.get(agy, anId('post'))).toEqual(after);
    });

    it('is listed in its shard when it has come, oldest first', async () => {
      const ids = Array.from({ length: 40 }, (_, n) => anId('post', `${n}`)).filter(
        (id) => shardOf(id) === 3,
      );
      expect(ids.length).toBeGreaterThan(1);
      const posts = await setup(...ids.map((id, n) => aPost({ id, wakeAt: DUE_AT - n })));
      const listed = await posts.overdue(3, DUE_AT - 1, 9);
      expect(listed.map(({ wakeAt }) => wakeAt)).toEqual(
        ids
          .slice(1)
          .map((_, n) => DUE_AT - n - 1)
          .toReversed(),
      );
      expect(await posts.overdue(3, DUE_AT, 1)).toHaveLength(1);
      expect(await posts.overdue(4, DUE_AT, 9)).toEqual([]);
    });
  });
}
