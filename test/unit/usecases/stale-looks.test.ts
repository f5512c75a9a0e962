import { expect, test } from 'vitest';
import { deletePost } from '../../../shared/usecases/cancel-post.ts';
import { rescue } from '../../../shared/usecases/rescue.ts';
import { retryDelivery } from '../../../shared/usecases/settle-by-hand.ts';
import { world } from '../../simulation/world.ts';
import { anActor } from '../../support/builders.ts';

type World = Awaited<ReturnType<typeof world>>;

const never = (): Promise<never> => new Promise(() => undefined);

/** A post on the blind network whose worker is slow, marks that it sends, sends, and dies before it settles. */
async function dyingAfterSending(it: World, slowMs: number) {
  const post = await it.queue({ on: ['blind'] });
  const { get } = it.deps.channels;
  let slow = 1;
  it.deps.channels.get = async (...args) => {
    if (slow-- > 0) await it.clock.sleep(slowMs);
    return get(...args);
  };
  const swap = it.deps.posts.swapDelivery;
  it.deps.posts.swapDelivery = async (ref, expected, next, wake) =>
    next.state === 'published' ? never() : swap(ref, expected, next, wake);
  return { post, dueAt: post.deliveries[0]?.dueAt ?? 0 };
}

test('who saw a delivery before it was marked as being sent does not take it over as unsent', async () => {
  const it = await world();
  const { post, dueAt } = await dyingAfterSending(it, 30_000);
  const { content } = it.deps.posts;
  let looks = 0;
  it.deps.posts.content = async (...args) => {
    // The second worker looks 20 s before the mark, and goes on when the lease is over.
    if (++looks === 2) await it.clock.sleep(70_000);
    return content(...args);
  };
  it.clock.at(dueAt + 10_000, () => {
    const wake = { kind: 'wake', agencyId: it.agency.id, postId: post.id, at: dueAt, tries: 0 } as const;
    void it.deps.publishQueue.send(wake);
  });
  await it.pass(900);
  expect(it.networks.blind.accepted).toHaveLength(1);
  expect((await it.delivery(post.id)).state).toBe('uncertain');
});

test('a rescue that saw a delivery before its mark does not wipe the mark away', async () => {
  const it = await world();
  const { post, dueAt } = await dyingAfterSending(it, 35_000);
  await it.clock.run(dueAt + 20_000);
  const head = await it.deps.posts.get(it.agency.id, post.id);
  if (!head) throw new Error('no head');
  await it.deps.posts.reindex({ ...head, wakeAt: it.clock.now() });
  const { get } = it.deps.posts;
  let slow = 1;
  it.deps.posts.get = async (...args) => {
    const seen = await get(...args);
    if (slow-- > 0) await it.clock.sleep(58_000);
    return seen;
  };
  const rescued = rescue(it.deps);
  await it.clock.run(dueAt + 80_000);
  await rescued;
  await it.pass(900);
  expect(it.networks.blind.accepted).toHaveLength(1);
  expect((await it.delivery(post.id)).state).toBe('uncertain');
});

test('a delete that meets a retry by hand does not bury what is on its way again', async () => {
  const it = await world();
  it.networks.find.script.push('refuse');
  const post = await it.queue({ on: ['find'] });
  await it.pass(120);
  const failed = await it.deps.posts.get(it.agency.id, post.id);
  if (!failed) throw new Error('no head');
  const { replace } = it.deps.posts;
  let retried = false;
  it.deps.posts.replace = async (head) => {
    if (head.deletedAt !== undefined && !retried) {
      retried = true;
      await retryDelivery(it.deps, { agency: it.agency, actor: anActor(), post: failed, n: 1 });
    }
    return replace(head);
  };
  const deleted = await deletePost(it.deps, { agencyId: it.agency.id, actor: anActor(), post: failed }).then(
    () => true,
    () => false,
  );
  await it.pass(120);
  expect({ deleted, sent: it.networks.find.accepted.length }).toEqual({ deleted: false, sent: 1 });
});
