import { expect, test } from 'vitest';
import { SYSTEM } from '../../../shared/domain/agency.ts';
import type { Brand } from '../../../shared/domain/brand.ts';
import { DAY } from '../../../shared/domain/time.ts';
import { reviveAfterBoot } from '../../../shared/usecases/boot.ts';
import { noteAlert } from '../../../shared/usecases/note-alert.ts';
import { requestReport } from '../../../shared/usecases/request-report.ts';
import { world } from '../../simulation/world.ts';
import { AGENT, BOSS, CLIENT, reportWorld } from '../../support/report-world.ts';

/** A laptop that is killed loses its queue, and nothing else. */
async function setup() {
  const world = await reportWorld();
  const armed: string[] = [];
  const scheduler = { ...world.deps.scheduler, armReport: async ({ id }: Brand) => void armed.push(id) };
  const deps = { ...world.deps, scheduler };
  const ask = (over: object = {}) =>
    requestReport(deps, { ...world.where, actor: SYSTEM, send: true, ...over });
  const restart = async () => {
    world.queue.length = 0;
    await reviveAfterBoot(deps);
  };
  const mailed = () => world.accepted.map(({ to }) => to).sort();
  return { ...world, armed, ask, restart, mailed };
}

test('after a boot what is due is woken oldest first, over all shards', async () => {
  const it = await world();
  it.publishQueue.consume(async () => undefined);
  const posts = [];
  for (let index = 0; index < 30; index += 1) {
    posts.push(await it.queue({ on: ['find'], inSeconds: 600 - index * 10, text: `Post ${index}` }));
  }
  await it.clock.run(it.clock.now() + 900_000);
  it.publishQueue.sent.length = 0;
  await reviveAfterBoot(it.deps);
  const woken = it.publishQueue.sent.flatMap(({ message }) => (message.kind === 'wake' ? [message.at] : []));
  expect(woken).toHaveLength(30);
  expect(woken).toEqual(woken.toSorted((a, b) => a - b));
});

test('a report that was to be mailed is mailed after a restart, to each recipient once', async () => {
  const { ask, restart, drain, mailed, armed, brand } = await setup();
  await ask();
  await restart();
  await restart();
  expect(armed).toEqual([brand.id, brand.id]);
  await drain();
  expect(mailed()).toEqual([AGENT, BOSS, CLIENT].sort());
  await restart();
  await drain();
  expect(mailed()).toHaveLength(3);
});

test('it goes only to whom it was for', async () => {
  const { ask, restart, drain, mailed } = await setup();
  await ask({ audience: 'agency' });
  await restart();
  await drain();
  expect(mailed()).toEqual([AGENT]);
});

test('a repetition that a restart interrupts is mailed after it, to each recipient once', async () => {
  const { ask, restart, drain, mailed } = await setup();
  const week = '2026-W48';
  await ask({ week });
  await drain();
  await ask({ week, again: true, audience: 'agency' });
  await ask({ week, again: true, audience: 'client' });
  await restart();
  await restart();
  await drain();
  expect(mailed()).toEqual([AGENT, AGENT, BOSS, BOSS, CLIENT, CLIENT].sort());
  await restart();
  await drain();
  expect(mailed()).toHaveLength(6);
});

test('who is still to get a report that others have got is mailed after a restart', async () => {
  const { ask, restart, drain, mailed } = await setup();
  const week = '2026-W48';
  await ask({ week, audience: 'agency' });
  await drain();
  await ask({ week });
  await restart();
  await drain();
  expect(mailed()).toEqual([AGENT, BOSS, CLIENT].sort());
});

test('what nobody wanted mailed, and what is old, stays where it is', async () => {
  const { ask, restart, queue, time } = await setup();
  const sendings = () => queue.filter(({ message }) => message.kind === 'send');
  await ask({ send: false });
  await restart();
  expect(sendings()).toEqual([]);
  await ask();
  time.now += DAY + 1;
  await restart();
  expect(sendings()).toEqual([]);
});

test('alerts that were gathered are mailed, too', async () => {
  const { deps, where, time, restart, drain, mailed } = await setup();
  const item = { at: time.now, code: 'delivery.failed', subject: 'Bread', reason: 'refused' };
  await noteAlert(deps, { ...where, key: 'one', item });
  await restart();
  await drain();
  expect(mailed()).toEqual([AGENT]);
});
