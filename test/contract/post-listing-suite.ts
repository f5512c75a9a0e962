import { describe, expect, it } from 'vitest';
import { stores } from '../../shared/adapters/store/stores.ts';
import type { Table } from '../../shared/adapters/store/table.ts';
import { told } from '../../shared/domain/metrics.ts';
import type { Post } from '../../shared/domain/post.ts';
import { DAY, HOUR, MINUTE } from '../../shared/domain/time.ts';
import type { PostStore } from '../../shared/post-ports.ts';
import { aDelivery, anId, aPost, DUE_AT, MADE_AT } from '../support/builders.ts';
import { crashingAfter } from '../support/faulty-table.ts';

const agy = anId('agy');
const brd = anId('brd');
const other = anId('agy', 'other');

/** What the post store promises of its listings, and of what hangs on a post. */
export function testPostListings(name: string, make: () => Promise<Table>): void {
  const over = (table: Table): PostStore => stores(table, () => MADE_AT).posts;
  const setup = async (...heads: Post[]) => {
    const table = await make();
    for (const head of heads) await over(table).create(head);
    return over(table);
  };
  const three = [1, 2, 3].map((n) => aDelivery({ n, dueAt: DUE_AT + n * HOUR }));
  const ref = (n = 1) => ({ agencyId: agy, postId: anId('post'), n });
  describe(`${name}: the calendar`, () => {
    it('shows a post at each of its instants, within from and before to, for its brand alone', async () => {
      const posts = await setup(
        aPost({ deliveries: three }),
        aPost({ id: anId('post', 'b'), brandId: anId('brd', 'b') }),
        aPost({ id: anId('post', 'c'), agencyId: other }),
      );
      expect(await calendar(posts)).toEqual([1, 2, 3].map((hours) => [anId('post'), DUE_AT + hours * HOUR]));
      expect(await calendar(posts, DUE_AT + HOUR, DUE_AT + 2 * HOUR)).toEqual([
        [anId('post'), DUE_AT + HOUR],
      ]);
    });

    it('goes on behind a position, which means nothing in another brand', async () => {
      const posts = await setup(aPost({ deliveries: three }));
      const range = { from: 0, to: DUE_AT + DAY };
      const first = await posts.calendar(agy, brd, range, { limit: 2 });
      const after = first.next ?? '';
      const rest = await posts.calendar(agy, brd, range, { limit: 2, after });
      expect(first.items.concat(rest.items).map(({ at }) => at)).toEqual(three.map(({ dueAt }) => dueAt));
      expect(rest.next).toBeUndefined();
      expect((await posts.calendar(other, brd, range, { limit: 2, after })).items).toEqual([]);
    });

    it('shows drafts at their time, and those without one at the end', async () => {
      const draft = aPost({ deliveries: [], draft: true });
      const posts = await setup(draft, aPost({ ...draft, id: anId('post', 'timed'), dueAt: DUE_AT }));
      expect(await calendar(posts)).toEqual([[anId('post', 'timed'), DUE_AT]]);
      const all = await calendar(posts, 0, Number.POSITIVE_INFINITY);
      expect(all.map(([id]) => id)).toEqual([anId('post', 'timed'), anId('post')]);
    });

    it('moves with an edit and leaves nothing at the old instants', async () => {
      const posts = await setup(aPost({ deliveries: three }));
      const moved = three.map((delivery) => ({
        ...delivery,
        dueAt: delivery.dueAt + (delivery.n - 1) * MINUTE,
      }));
      await posts.replace(aPost({ deliveries: moved }));
      expect((await calendar(posts)).map(([, at]) => at)).toEqual(moved.map(({ dueAt }) => dueAt));
    });

    it('keeps an added entry through an edit, and adds none where the post stands already', async () => {
      const posts = await setup(aPost({ deliveries: three }));
      await posts.addPointer(aPost({ deliveries: three }), DUE_AT + 9 * HOUR);
      await posts.addPointer(aPost({ deliveries: three }), DUE_AT + HOUR);
      await posts.replace(aPost({ deliveries: three.slice(0, 1) }));
      expect((await calendar(posts)).map(([, at]) => at)).toEqual([DUE_AT + HOUR, DUE_AT + 9 * HOUR]);
    });

    it('keeps what somebody moves back while the move away is still being cleaned up', async () => {
      const table = await make();
      await over(table).create(aPost({ deliveries: three }));
      const away = aPost({ deliveries: three.map((one) => (one.n === 2 ? { ...one, dueAt: DUE_AT } : one)) });
      const back = aPost({ version: 2, deliveries: three });
      const slow: Table = {
        ...table,
        delete: async (key, conditions) => {
          expect(await over(table).replace(back)).toBeDefined();
          return table.delete(key, conditions);
        },
      };
      expect(await over(slow).replace(away)).toBeDefined();
      expect((await calendar(over(table))).map(([, at]) => at)).toEqual(three.map(({ dueAt }) => dueAt));
    });

    it('keeps what is being moved while a creation whose id was taken cleans up', async () => {
      const table = await make();
      await over(table).create(aPost({ deliveries: three.slice(0, 1) }));
      let reads = 0;
      const slow: Table = {
        ...table,
        get: async (key) => {
          const head = await table.get(key);
          reads += 1;
          // The first look is for its own write, the second for what stands there instead.
          if (reads === 2) {
            expect(await over(table).replace(aPost({ deliveries: three }))).toBeDefined();
          }
          return head;
        },
      };
      await over(slow).create(aPost({ deliveries: three }));
      expect((await calendar(over(table))).map(([, at]) => at)).toEqual(three.map(({ dueAt }) => dueAt));
    });

    it('is not changed by a creation whose id was taken', async () => {
      const posts = await setup(aPost({ deliveries: three.slice(0, 2) }));
      const before = await calendar(posts);
      await posts.create(aPost({ deliveries: three }));
      expect(await calendar(posts)).toEqual(before);
    });

    it('misses no instant of a post whose head is there, wherever the creation was cut off', async () => {
      for (let writes = 0; writes <= 3; writes += 1) {
        const table = await make();
        const created = over(crashingAfter(writes, table)).create(aPost({ deliveries: three }));
        await created.catch(() => undefined);
        const head = await over(table).get(agy, anId('post'));
        expect(head !== undefined).toBe(writes === 3);
        if (head) expect(await calendar(over(table))).toHaveLength(3);
      }
    });
  });

  describe(`${name}: what hangs on a post`, () => {
    it('lists what a person must look at, oldest first, for the own agency', async () => {
      const waiting = [3, 1, 2].map((n) => aPost({ id: anId('post', `${n}`), attentionAt: DUE_AT + n }));
      const posts = await setup(...waiting, aPost({ agencyId: other, attentionAt: DUE_AT }));
      const first = await posts.attention(agy, { limit: 2 });
      expect(first.items.map(({ attentionAt }) => attentionAt)).toEqual([DUE_AT + 1, DUE_AT + 2]);
      const rest = await posts.attention(agy, { limit: 2, after: first.next ?? '' });
      expect(rest.next).toBeUndefined();
      expect(rest.items).toMatchObject([{ postId: anId('post', '3'), attentionAt: DUE_AT + 3 }]);
      const behindFirst = await posts.attention(agy, { limit: 9, after: first.items[0]?.position ?? '' });
      expect(behindFirst.items).toEqual([first.items[1], rest.items[0]]);
    });

    it('keeps attempts in their order, each once', async () => {
      const posts = await setup(aPost());
      const attempts = [1, 2, 3].map((n) => ({ n: 1, attempt: n, at: DUE_AT + n, outcome: 'unavailable' }));
      for (const attempt of [...attempts.toReversed(), ...attempts]) await posts.addAttempt(ref(), attempt);
      expect(await posts.attempts(agy, anId('post'))).toEqual(attempts);
    });

    it('keeps the asked snapshots that others write at the same time', async () => {
      const posts = await setup(aPost());
      const shot = (n: number, age: '1h' | '24h', reactions: number | null) =>
        ({ n, age, at: DUE_AT + n, metrics: told({ reactions, replies: 0 }) }) as const;
      const removed = { n: 3, age: '1h', at: DUE_AT + 3, metrics: 'removed' } as const;
      await Promise.all([
        posts.putAsked(agy, anId('post'), [shot(1, '1h', 3), shot(2, '1h', null)]),
        posts.putAsked(agy, anId('post'), [removed]),
        posts.putAsked(agy, anId('post'), []),
      ]);
      await posts.putAsked(agy, anId('post'), [shot(1, '1h', 4)]);
      expect(await posts.asked(agy, anId('post'))).toEqual([shot(1, '1h', 4), shot(2, '1h', null), removed]);
      expect(await posts.asked(agy, anId('post', 'unmeasured'))).toEqual([]);
    });

    it('keeps what sweeps measured by brand and time, also when two end in the same millisecond', async () => {
      const posts = await setup();
      const shot = (post: string, n: number, at: number, reactions: number | null) =>
        ({ postId: anId('post', post), n, age: '1h', at, metrics: told({ reactions, replies: 0 }) }) as const;
      const one = [shot('a', 1, DUE_AT, 3), shot('a', 2, DUE_AT + 1, null), shot('b', 1, DUE_AT + 1, 7)];
      const gone = { ...shot('c', 12, DUE_AT, 0), age: '30d', metrics: 'removed' } as const;
      await Promise.all([
        posts.addSwept(agy, brd, DUE_AT + 5, one),
        posts.addSwept(agy, brd, DUE_AT + 5, [gone]),
        posts.addSwept(agy, anId('brd', 'other'), DUE_AT + 5, [shot('d', 1, DUE_AT, 1)]),
        posts.addSwept(other, brd, DUE_AT + 5, [shot('e', 1, DUE_AT, 1)]),
        posts.addSwept(agy, brd, DUE_AT + 5, []),
      ]);
      await posts.addSwept(agy, brd, DUE_AT + 9, [shot('a', 1, DUE_AT + 8, 4)]);
      const swept = (from: number, to: number) => posts.swept(agy, brd, { from, to });
      const first = await swept(DUE_AT + 5, DUE_AT + 9);
      expect(first).toHaveLength(4);
      expect(first).toEqual(expect.arrayContaining([...one, gone]));
      expect(await swept(DUE_AT + 9, DUE_AT + 10)).toEqual([shot('a', 1, DUE_AT + 8, 4)]);
      expect(await swept(0, DUE_AT + 5)).toEqual([]);
    });

    it('takes what a sweep measured of more posts than one item holds', async () => {
      const posts = await setup();
      const shots = Array.from({ length: 2_500 }, (_, index) => ({
        postId: anId('post', String(index)),
        n: 1,
        age: '7d' as const,
        at: DUE_AT,
        metrics: told({ reactions: index, impressions: 1_000_000 + index }),
      }));
      await posts.addSwept(agy, brd, DUE_AT, shots);
      expect(await posts.swept(agy, brd, { from: DUE_AT, to: DUE_AT + 1_000 })).toEqual(shots);
    });

    it('gives an external id to one delivery of the agency', async () => {
      const posts = await setup();
      const id = 'at://did:plc:ewvi7nxzyoun6zhxrhs64oiz/app.bsky.feed.post/3l6oveex3ii2l';
      expect(await posts.reserveExternalId(ref(1), 'bluesky', id)).toBe(true);
      expect(await posts.reserveExternalId(ref(1), 'bluesky', id)).toBe(true);
      expect(await posts.reserveExternalId(ref(2), 'bluesky', id)).toBe(false);
      expect(await posts.reserveExternalId(ref(2), 'mastodon', id)).toBe(true);
      expect(await posts.reserveExternalId({ ...ref(2), agencyId: other }, 'bluesky', id)).toBe(true);
    });
  });
}

async function calendar(posts: PostStore, from = 0, to = DUE_AT + DAY): Promise<[string, number][]> {
  const { items } = await posts.calendar(agy, brd, { from, to }, { limit: 100 });
  return items.map(({ postId, at }) => [postId, at]);
}
