import { describe, expect, test } from 'vitest';
import { AppError } from '../../../shared/domain/app-error.ts';
import { cancelPost } from '../../../shared/usecases/cancel-post.ts';
import { retryDelivery } from '../../../shared/usecases/settle-by-hand.ts';
import type { ScriptedNetwork } from '../../simulation/scripted-network.ts';
import { world } from '../../simulation/world.ts';
import { anActor } from '../../support/builders.ts';
import { edit, headOf } from '../../support/editing.ts';

type World = Awaited<ReturnType<typeof world>>;

/** The refusal of an edit, or undefined. */
const refusalOf = (it: World, postId: string, change: Record<string, unknown>) =>
  edit(it, postId, change).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof AppError) return error;
      throw error;
    },
  );

describe('a post that is made a draft again', () => {
  test('is refused while a delivery is going out, and names it', async () => {
    const it = await world();
    const { http } = it.deps;
    const refusals: unknown[] = [];
    Object.assign(it.deps, {
      http: async (...asked: Parameters<typeof http>) => {
        refusals.push((await refusalOf(it, post.id, { draft: true }))?.data);
        return http(...asked);
      },
    });
    const post = await it.queue({ on: ['find'] });
    await it.pass(120);
    expect(await it.delivery(post.id)).toMatchObject({ state: 'published' });
    expect(refusals).toEqual([{ deliveries: [`dlv_${post.id.slice(5)}_01`] }]);
  });

  test.each([
    ['published', 'find', []],
    ['uncertain', 'blind', ['acceptThenDrop']],
  ] as const)(
    'is refused once a delivery is %s: nobody would be shown it any more',
    async (state, on, script) => {
      const it = await world();
      it.networks[on].script.push(...script);
      const post = await it.queue({ on: [on] });
      await it.pass(120);
      expect((await it.delivery(post.id)).state).toBe(state);
      expect((await refusalOf(it, post.id, { draft: true }))?.code).toBe('conflict');
    },
  );

  test('is one while all of it may still be changed, and sends nothing', async () => {
    const it = await world();
    it.networks.find.script.push('refuse');
    const post = await it.queue({
      on: ['find', 'idem'],
      more: { variants: { idem: { dueAt: '2026-11-30T08:00:00Z' } } },
    });
    await it.pass(120);
    expect((await it.delivery(post.id)).state).toBe('failed');
    expect(await refusalOf(it, post.id, { draft: true })).toBeUndefined();
    await it.pass(7_200);
    expect(it.networks.idem.accepted).toHaveLength(0);
  });

  test('refuses to send what has failed before: it would be answered, and nothing would go out', async () => {
    const it = await world();
    it.networks.find.script.push('refuse');
    const { id } = await it.queue({ on: ['find'] });
    await it.pass(120);
    await refusalOf(it, id, { draft: true });
    const retry = async () =>
      retryDelivery(it.deps, { agency: it.agency, actor: anActor(), post: await headOf(it, id), n: 1 });
    await expect(retry()).rejects.toMatchObject({ code: 'conflict' });
    await refusalOf(it, id, { draft: false });
    await retry();
    await it.pass(120);
    expect(it.networks.find.accepted).toHaveLength(1);
  });
});

test('new words for what a person sends again after its time go out all the same', async () => {
  const it = await world();
  it.networks.find.script.push('refuse', 'unreachable');
  const post = await it.queue({ on: ['find'] });
  await it.pass(7_200);
  await retryDelivery(it.deps, {
    agency: it.agency,
    actor: anActor(),
    post: await headOf(it, post.id),
    n: 1,
  });
  await it.clock.run(it.clock.now() + 1_000);
  expect((await it.delivery(post.id)).state).toBe('retrying');
  expect(await refusalOf(it, post.id, { content: { text: 'Better words.' } })).toBeUndefined();
  await it.pass(120);
  expect(it.networks.find.accepted.map(({ text }) => text)).toEqual(['Better words.']);
});

test('new words for what was missed half-way are sent, not those that the network was given before', async () => {
  const it = await world();
  const { find } = it.networks;
  // As with a container: made of the words first, published by its handle later.
  const inTwoSteps: ScriptedNetwork['provider'] = {
    ...find.provider,
    publish: async ({ variant }, context) => ({
      kind: 'pending',
      handle: variant.text,
      checkAt: context.now() + 1_000,
    }),
    poll: (request, context) => {
      const text = request.delivery.handle ?? '';
      return find.provider.publish({ ...request, variant: { ...request.variant, text } }, context);
    },
  };
  const { provider } = it.deps;
  Object.assign(it.deps, { provider: async (id: string) => (id === 'find' ? inTwoSteps : provider(id)) });
  find.script.push(...Array.from({ length: 4 }, () => 'unreachable' as const));
  const post = await it.queue({ on: ['find'], more: { latePolicy: { maxLate: 'PT2M', otherwise: 'miss' } } });
  await it.pass(600);
  expect((await it.delivery(post.id)).state).toBe('missed');
  expect(await refusalOf(it, post.id, { content: { text: 'Better words.' } })).toBeUndefined();
  await retryDelivery(it.deps, {
    agency: it.agency,
    actor: anActor(),
    post: await headOf(it, post.id),
    n: 1,
  });
  await it.pass(600);
  expect(find.accepted.map(({ text }) => text)).toEqual(['Better words.']);
});

describe('a post moved back while the schedule of its move away is still being removed', () => {
  const far = { inSeconds: 7_200, on: ['find'] } as const;
  /** Its next removal of a schedule lets somebody else act first. */
  const beforeDisarming = (it: World, act: () => Promise<unknown>) => {
    const { disarm } = it.deps.scheduler;
    let turn = true;
    Object.assign(it.deps.scheduler, {
      disarm: async (...wake: Parameters<typeof disarm>) => {
        if (turn) {
          turn = false;
          await act();
        }
        return disarm(...wake);
      },
    });
  };
  const later = { dueAt: '2026-11-30T10:00:00Z' };
  const onTime = async (it: World, postId: string) => {
    await it.pass(7_300);
    const { state, startedAt = 0, dueAt } = await it.delivery(postId);
    expect(state).toBe('published');
    expect(startedAt - dueAt).toBeLessThan(1_000);
  };

  test('goes out on time', async () => {
    const it = await world();
    const post = await it.queue(far);
    const back = { dueAt: new Date(post.deliveries[0]?.dueAt ?? 0).toISOString() };
    beforeDisarming(it, () => refusalOf(it, post.id, back));
    await refusalOf(it, post.id, later);
    await onTime(it, post.id);
  });

  test('goes out on time when its own head is written last of all', async () => {
    const it = await world();
    const post = await it.queue(far);
    const back = { dueAt: new Date(post.deliveries[0]?.dueAt ?? 0).toISOString() };
    const { replace } = it.deps.posts;
    const written = Promise.withResolvers<void>();
    let moving: Promise<unknown> | undefined;
    beforeDisarming(it, async () => {
      const armed = Promise.withResolvers<void>();
      Object.assign(it.deps.posts, {
        replace: async (next: Parameters<typeof replace>[0]) => {
          armed.resolve();
          await written.promise;
          return replace(next);
        },
      });
      moving = refusalOf(it, post.id, back);
      await armed.promise;
    });
    await refusalOf(it, post.id, later);
    written.resolve();
    expect(await moving).toBeUndefined();
    await onTime(it, post.id);
  });

  test('goes out on time when it had been cancelled', async () => {
    const it = await world();
    const post = await it.queue({ ...far, on: ['find', 'idem'] });
    const channels = Object.values(it.channels).map(({ id }) => id);
    beforeDisarming(it, () => refusalOf(it, post.id, { channels: channels.slice(0, 2) }));
    await cancelPost(it.deps, { agencyId: it.agency.id, actor: anActor(), post });
    await onTime(it, post.id);
  });
});
