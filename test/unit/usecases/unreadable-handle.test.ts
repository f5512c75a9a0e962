import { expect, test } from 'vitest';
import * as z from 'zod';
import { handles } from '../../../shared/channels/handle.ts';
import type { AnyProvider } from '../../../shared/ports.ts';
import { world } from '../../simulation/world.ts';

const { handleOf } = handles(z.strictObject({ sent: z.int().optional() }));
/** As a version wrote it that this one does not know. */
const FOREIGN = '{"parts":["1"]}';

/** `find` in steps: each turn of `publish` in its order, and a `poll` that goes on from what it can read. */
async function inSteps(...turns: readonly AnyProvider['publish'][]) {
  const it = await world();
  const { provider } = it.deps;
  const { find } = it.networks;
  let turn = 0;
  const stepwise = {
    ...find.provider,
    publish: async (...given: Parameters<AnyProvider['publish']>) => {
      turn += 1;
      return (turns[turn - 1] ?? (find.provider.publish as AnyProvider['publish']))(...given);
    },
    // A handle with nothing in it stands before the first part.
    poll: async (...given: Parameters<AnyProvider['publish']>) => {
      const { sent = 0 } = handleOf(given[0].delivery);
      return sent === 0
        ? (find.provider.publish as AnyProvider['publish'])(...given)
        : { kind: 'rejected', code: 'unknown', reason: 'nothing left to send' };
    },
  } as AnyProvider;
  Object.assign(it.deps, { provider: async (id: string) => (id === 'find' ? stepwise : provider(id)) });
  return { ...it, accepted: find.accepted, send: find.provider.publish as AnyProvider['publish'] };
}

test('what only has uploads behind it begins anew where its handle is of another version', async () => {
  const it = await inSteps(async (_request, context) => ({
    kind: 'pending',
    handle: FOREIGN,
    checkAt: context.now() + 1_000,
  }));
  const post = await it.queue();
  await it.pass(180);
  expect(await it.delivery(post.id)).toMatchObject({ state: 'published' });
  expect(it.accepted).toHaveLength(1);
});

test('where a part is out and the handle is of another version, no part is sent again, and people are told', async () => {
  const it = await inSteps(async (request, context) => {
    const sent = await it.send(request, context);
    if (sent.kind !== 'published') return sent;
    const { externalId, url } = sent;
    return { kind: 'pending', handle: FOREIGN, checkAt: context.now() + 1_000, out: { externalId, url } };
  });
  const post = await it.queue();
  await it.pass(3 * 3_600);
  expect(it.accepted).toHaveLength(1);
  expect(await it.delivery(post.id)).toMatchObject({ state: 'published', code: 'incomplete' });
});
