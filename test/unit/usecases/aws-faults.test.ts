import { describe, expect, test } from 'vitest';
import { isAwsFault } from '../../../functions/aws-fault.ts';
import { handlePublish, resendPublish } from '../../../shared/usecases/handle-publish.ts';
import { world } from '../../simulation/world.ts';
import { aHold } from '../../support/builders.ts';

type World = Awaited<ReturnType<typeof world>>;

const RESENT_AFTER = 45;
/** As the SDK throws what AWS itself could not do. */
const fault = (): Error => Object.assign(new Error('Internal failure'), { $fault: 'server' });

/** A world whose messages are put back after a fault of AWS, as the pipeline does it, and whom no rescue helps. */
async function faultyWorld(copies = 1): Promise<World> {
  const it = await world();
  it.publishQueue.consume(async (message, receives) => {
    try {
      await handlePublish(it.deps, message, receives);
    } catch (error) {
      if (!isAwsFault(error)) throw error;
      for (let n = 0; n < copies; n += 1) await resendPublish(it.deps, message, RESENT_AFTER, error);
    }
  });
  return it;
}

/** The first call of this name on this part fails; `after` its effect, or without one. */
function failOnce(part: object, name: string, { after = false, skip = 0 } = {}): void {
  const real = Reflect.get(part, name) as (...args: unknown[]) => Promise<unknown>;
  let calls = 0;
  Reflect.set(part, name, async (...args: unknown[]) => {
    calls += 1;
    if (calls !== skip + 1) return real(...args);
    if (after) await real(...args);
    throw fault();
  });
}

const handedOn = (it: World): readonly string[] =>
  it.publishQueue.sent.flatMap(({ message }) => (message.kind === 'wake' ? (message.unsent ?? []) : []));

const NETWORKS = ['find', 'idem', 'blind'] as const;

describe('a fault of AWS after the claim and before anything is sent', () => {
  const cases: readonly (readonly [string, (it: World) => void])[] = [
    ['while the holds are read', (it) => failOnce(it.deps.holds, 'active')],
    ['while the brand is read', (it) => failOnce(it.deps.brands, 'get')],
    ['while the channel is read', (it) => failOnce(it.deps.channels, 'get')],
    ['while the credential is opened', (it) => failOnce(it.deps.vault, 'open')],
    ['as the answer to the claim is lost', (it) => failOnce(it.deps.posts, 'swapDelivery', { after: true })],
    [
      'twice',
      (it) => {
        failOnce(it.deps.holds, 'active');
        failOnce(it.deps.vault, 'open');
      },
    ],
  ];

  test.each(cases)('%s: it goes out when the message comes again', async (_, breakIt) => {
    for (const network of NETWORKS) {
      const it = await faultyWorld();
      const post = await it.queue({ on: [network] });
      const dueAt = post.deliveries[0]?.dueAt ?? 0;
      breakIt(it);
      await it.clock.run(dueAt + 2 * RESENT_AFTER * 1_000 + 5_000);
      const { state, startedAt = 0 } = await it.delivery(post.id);
      expect({ network, state }).toEqual({ network, state: 'published' });
      expect(startedAt - dueAt).toBeLessThanOrEqual(2 * RESENT_AFTER * 1_000 + 2_000);
      expect(it.networks[network].accepted).toHaveLength(1);
    }
  });

  test('of several that are due together: all go out, each once', async () => {
    for (const name of ['swapDeliveries', 'swapDelivery']) {
      const it = await faultyWorld();
      const post = await it.queue({ on: NETWORKS });
      failOnce(it.deps.posts, name, { after: true });
      failOnce(it.deps.channels, 'get', { skip: 1 });
      await it.clock.run((post.deliveries[0]?.dueAt ?? 0) + 3 * RESENT_AFTER * 1_000);
      for (const [index, network] of NETWORKS.entries()) {
        expect((await it.delivery(post.id, index + 1)).state).toBe('published');
        expect(it.networks[network].accepted).toHaveLength(1);
      }
    }
  });

  test('a message that comes again three times sends once', async () => {
    for (const network of NETWORKS) {
      const it = await faultyWorld(3);
      const post = await it.queue({ on: [network] });
      failOnce(it.deps.holds, 'active');
      await it.pass(400);
      expect((await it.delivery(post.id)).state).toBe('published');
      expect(it.networks[network].accepted).toHaveLength(1);
    }
  });

  test('a hold that came meanwhile is kept', async () => {
    const it = await faultyWorld();
    const post = await it.queue({ on: ['find'] });
    failOnce(it.deps.holds, 'active');
    const dueAt = post.deliveries[0]?.dueAt ?? 0;
    it.clock.at(dueAt + 10_000, () => {
      it.deps.holds.active = async () => [aHold()];
    });
    await it.clock.run(dueAt + 60_000);
    expect((await it.delivery(post.id)).state).toBe('held');
    expect(it.networks.find.accepted).toHaveLength(0);
  });
});

describe('a fault of AWS after something was sent', () => {
  test('hands no claim on: it is looked for, or asked for, and never sent again unseen', async () => {
    for (const network of NETWORKS) {
      const it = await faultyWorld();
      const post = await it.queue({ on: [network] });
      const { swapDelivery } = it.deps.posts;
      let faults = 2;
      it.deps.posts.swapDelivery = async (ref, expected, next, wake) => {
        if (next.state === 'published' && faults-- > 0) throw fault();
        return swapDelivery(ref, expected, next, wake);
      };
      // The outcome cannot be parked either.
      const { send } = it.deps.publishQueue;
      it.deps.publishQueue.send = async (message, options) => {
        if (message.kind === 'settle') throw fault();
        return send(message, options);
      };
      await it.clock.run((post.deliveries[0]?.dueAt ?? 0) + 70_000);
      expect(handedOn(it)).toEqual([]);
      await it.pass(1_200);
      expect(it.networks[network].accepted).toHaveLength(1);
    }
  });

  test('nor the claim of one who came after a dead worker, whose send may still be under way', async () => {
    const it = await faultyWorld();
    const post = await it.queue({ on: ['find'] });
    const { swapDelivery } = it.deps.posts;
    let deaths = 1;
    it.deps.posts.swapDelivery = async (ref, expected, next, wake) => {
      if (next.state === 'published' && deaths-- > 0) return new Promise(() => undefined);
      return swapDelivery(ref, expected, next, wake);
    };
    failOnce(it.deps.vault, 'open', { skip: 1 });
    await it.clock.run((post.deliveries[0]?.dueAt ?? 0) + 140_000);
    expect((await it.delivery(post.id)).fence).toBe(2);
    expect(handedOn(it)).toEqual([]);
    await it.pass(1_200);
    expect((await it.delivery(post.id)).state).toBe('published');
    expect(it.networks.find.accepted).toHaveLength(1);
  });
});
