import { expect, test } from 'vitest';
import { systemClock } from '../../../shared/adapters/aws/clock.ts';
import { stores } from '../../../shared/adapters/store/stores.ts';
import type { Delivery } from '../../../shared/domain/delivery.ts';
import { settleWriter } from '../../../shared/usecases/settle-writer.ts';
import { memoryTable } from '../../simulation/memory-table.ts';
import { aDelivery, aPost, DUE_AT } from '../../support/builders.ts';
import { counting } from '../../support/faulty-table.ts';

const claimed = (n: number): Delivery => ({
  ...aDelivery({ n }),
  state: 'publishing',
  fence: 1,
  claimedBy: 'me',
});
const published = (n: number): Delivery => {
  const { nextAttemptAt: _at, claimedBy: _by, ...rest } = claimed(n);
  return { ...rest, state: 'published', publishedAt: DUE_AT, externalId: `status ${n}` };
};

/** A post whose three deliveries have just been claimed, and the writer of their ends. */
async function claimedPost() {
  const { table, calls } = counting(memoryTable());
  const { posts } = stores(table, () => DUE_AT);
  const { post } = await posts.create(aPost({ deliveries: [1, 2, 3].map(claimed), wakeAt: DUE_AT + 90_000 }));
  const before = calls.update;
  return {
    posts,
    post,
    writer: settleWriter({ posts, clock: systemClock() }, post),
    writes: () => calls.update - before,
    head: () => posts.get(post.agencyId, post.id),
  };
}

test('ends that come together go in one write, with the index entries', async () => {
  const it = await claimedPost();
  const heads = await Promise.all([1, 2, 3].map((n) => it.writer.settle(claimed(n), published(n), DUE_AT)));
  expect(heads.every((head) => head !== undefined)).toBe(true);
  expect(it.writes()).toBe(1);
  const head = await it.head();
  expect(head?.deliveries.map(({ state }) => state)).toEqual(['published', 'published', 'published']);
  expect(head?.wakeAt).toBeUndefined();
});

test('the last of ends that come one by one takes the index entries along, and no sooner one', async () => {
  const it = await claimedPost();
  for (const n of [1, 2]) await it.writer.settle(claimed(n), published(n), DUE_AT);
  expect((await it.head())?.wakeAt).toBe(it.post.wakeAt);
  await it.writer.settle(claimed(3), published(3), DUE_AT);
  expect((await it.head())?.wakeAt).toBeUndefined();
  expect(it.writes()).toBe(3);
});

test('one that has lost its claim does not keep those that end with it from being written', async () => {
  const it = await claimedPost();
  const ref = { agencyId: it.post.agencyId, postId: it.post.id, n: 3 };
  const taken = { ...claimed(3), fence: 2, claimedBy: 'another' };
  await it.posts.swapDelivery(ref, { fence: 1, states: ['publishing'] }, taken);
  const [first, second, third] = await Promise.all(
    [1, 2, 3].map((n) => it.writer.settle(claimed(n), published(n), DUE_AT)),
  );
  expect([first === undefined, second === undefined, third === undefined]).toEqual([false, false, true]);
  const states = (await it.head())?.deliveries.map(({ state }) => state);
  expect(states).toEqual(['published', 'published', 'publishing']);
});

test('one that must be tried again keeps its place in the net, whatever ends with it', async () => {
  const it = await claimedPost();
  const { claimedBy: _by, ...rest } = claimed(2);
  const retrying: Delivery = { ...rest, state: 'retrying', attempts: 1, nextAttemptAt: DUE_AT - 60_000 };
  await Promise.all([
    it.writer.settle(claimed(1), published(1), DUE_AT),
    it.writer.settle(claimed(2), retrying, DUE_AT),
    it.writer.settle(claimed(3), published(3), DUE_AT),
  ]);
  expect((await it.head())?.wakeAt).toBe(DUE_AT + 30_000);
  expect((await it.head())?.deliveries.map(({ state }) => state)).toEqual([
    'published',
    'retrying',
    'published',
  ]);
});
