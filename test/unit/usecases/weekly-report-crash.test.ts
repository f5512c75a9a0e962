import { describe, expect, it } from 'vitest';
import { DAY, HOUR, SECOND } from '../../../shared/domain/time.ts';
import type { Deps } from '../../../shared/ports.ts';
import { dyingProcess, type Step, steppingThrough } from '../../support/report-crash.ts';
import { WEEK_FROM } from '../../support/report-data.ts';
import {
  AGENT,
  BOSS,
  CLIENT,
  handle,
  out,
  type ReportWorld,
  type ReportWorldOptions,
  reportWorld,
} from '../../support/report-world.ts';

const RECIPIENTS = [CLIENT, BOSS, AGENT];
/** After so long SQS hands a message out again whose worker died. */
const VISIBILITY = 90 * SECOND;

async function setup(options: ReportWorldOptions = {}): Promise<ReportWorld> {
  const world = await reportWorld(options);
  await world.addPost('monday', out(WEEK_FROM + 9 * HOUR), { reactions: 7 });
  await world.deps.reportQueue.send({ kind: 'weekly', ...world.where });
  return world;
}

const reportMails = (world: ReportWorld) => world.accepted.filter(({ attachments }) => attachments);
const mailsTo = (world: ReportWorld, to: string) =>
  reportMails(world).filter((mail) => mail.to === to).length;

/** Every step of a week's report without any fault, from the tick to the last note. */
async function allSteps(): Promise<string[]> {
  const world = await setup();
  const names: string[] = [];
  const watched = steppingThrough(world.deps, async (step, call) => {
    names.push(step.name);
    return call();
  });
  await world.drain(undefined, (message) => handle(message, watched));
  expect(RECIPIENTS.map((to) => mailsTo(world, to))).toEqual([1, 1, 1]);
  return names;
}

describe('the weekly report under crashes (T20)', () => {
  for (const lookUp of [true, false]) {
    const where = lookUp ? 'where the inbox can be asked' : 'where nobody can tell what was sent';

    it(`mails everybody once when a process dies at any step, ${where}`, async () => {
      const steps = await allSteps();
      expect(steps.length).toBeGreaterThan(40);
      for (const [index, name] of steps.entries()) {
        for (const when of ['before', 'after'] as const) {
          const world = await setup({ lookUp });
          const step = `${when} ${name} (${index})`;
          await dieOnce(world, { index, when });
          const counts = RECIPIENTS.map((to) => mailsTo(world, to));
          expect(Math.max(...counts), step).toBe(1);
          const lost = counts.filter((count) => count === 0).length;
          // Between the entry and the answer of SendEmail nobody can know whether it went out.
          const mayLose = !lookUp && ['before mailer.send', 'after mails.begin'].includes(`${when} ${name}`);
          expect(lost, step).toBeLessThanOrEqual(mayLose ? 1 : 0);
          if (lost > 0) await expectTold(world, step);
          expect(new Set(world.events.map(({ id }) => id)).size, step).toBe(1);
          const report = (await world.deps.reports.list(world.brand.agencyId, world.brand.id, { limit: 9 }))
            .items;
          expect(
            report.map(({ sentAt }) => sentAt !== undefined),
            step,
          ).toEqual([true]);
        }
      }
    }, 60_000);
  }

  it('is told as uncertain when the process dies inside SendEmail and nobody can tell', async () => {
    const steps = await allSteps();
    const index = steps.indexOf('mailer.send');
    for (const when of ['before', 'after'] as const) {
      const world = await setup({ lookUp: false });
      await dieOnce(world, { index, when });
      await expectTold(world, when);
    }
  });

  it('mails everybody once however many ticks and messages are worked on at the same time', async () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const world = await setup();
      const draw = random(seed);
      const slow = (): Deps =>
        steppingThrough(world.deps, async (_step, call) => {
          for (let turns = draw(12); turns > 0; turns -= 1) await Promise.resolve();
          const answer = await call();
          for (let turns = draw(12); turns > 0; turns -= 1) await Promise.resolve();
          return answer;
        });
      const atOnce = 2 + draw(4);
      await world.drain(undefined, async (message) => {
        await Promise.all(Array.from({ length: atOnce }, () => handle(message, slow())));
      });
      expect(
        RECIPIENTS.map((to) => mailsTo(world, to)),
        `seed ${seed}`,
      ).toEqual([1, 1, 1]);
    }
  });

  it('mails nobody twice when a worker sleeps for an hour at any step and then goes on', async () => {
    const steps = await allSteps();
    for (const lookUp of [true, false]) {
      for (const index of steps.keys()) {
        for (const when of ['before', 'after'] as const) {
          // A request that is on its way ends hard after 20 s, so it cannot sleep inside SendEmail.
          if (steps[index] === 'mailer.send' && when === 'before') continue;
          const world = await setup({ lookUp });
          await sleepOnce(world, { index, when });
          const counts = RECIPIENTS.map((to) => mailsTo(world, to));
          expect(Math.max(...counts), `${when} ${steps[index]} (${index})`).toBe(1);
          if (lookUp) expect(counts, `${when} ${steps[index]} (${index})`).toEqual([1, 1, 1]);
        }
      }
    }
  }, 60_000);
});

/** Works everything off; one process dies at that step of the whole, its message comes again. */
async function dieOnce(world: ReportWorld, at: { index: number; when: 'before' | 'after' }): Promise<void> {
  const process = dyingProcess(world.deps, at);
  let deps = process.deps;
  await world.drain(world.time.now + 6 * HOUR, async (message) => {
    if (deps === world.deps) return handle(message, deps);
    const end = await process.run((dying) => handle(message, dying));
    if (end === 'done') return;
    deps = world.deps;
    world.queue.push({ message, at: world.time.now + VISIBILITY });
    // SQS delivers at least once: a second copy of the same message comes, too.
    world.queue.push({ message, at: world.time.now + VISIBILITY });
  });
}

/** One worker stops at that step until everybody else is through, an hour later. */
async function sleepOnce(world: ReportWorld, at: { index: number; when: 'before' | 'after' }): Promise<void> {
  const waking = Promise.withResolvers<void>();
  const asleep = Promise.withResolvers<void>();
  const sleepy = steppingThrough(world.deps, async (step: Step, call) => {
    if (step.index !== at.index) return call();
    const answer = at.when === 'after' ? await call() : undefined;
    asleep.resolve();
    await waking.promise;
    return at.when === 'after' ? answer : call();
  });
  let sleeper: Promise<void> | undefined;
  await world.drain(world.time.now + 6 * HOUR, async (message) => {
    if (sleeper) return handle(message, world.deps);
    const working = handle(message, sleepy);
    const end = await Promise.race([working.then(() => 'done'), asleep.promise.then(() => 'asleep')]);
    if (end === 'done') return;
    sleeper = working;
    world.queue.push({ message, at: world.time.now + VISIBILITY });
  });
  world.time.now += HOUR;
  waking.resolve();
  await sleeper;
  await world.drain(world.time.now + DAY);
}

async function expectTold(world: ReportWorld, step: string): Promise<void> {
  const alerts = world.accepted.filter(({ attachments }) => !attachments);
  expect(
    alerts.map(({ to }) => to),
    step,
  ).toEqual([AGENT]);
  expect(alerts[0]?.text, step).toContain('again:true');
}

/** Whole numbers from 0 to below `bound`, the same for the same seed. */
function random(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}
