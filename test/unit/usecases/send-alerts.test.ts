import { describe, expect, it } from 'vitest';
import { deliveryId } from '../../../shared/domain/ids.ts';
import { MINUTE, SECOND } from '../../../shared/domain/time.ts';
import { noteAlert } from '../../../shared/usecases/note-alert.ts';
import { anId } from '../../support/builders.ts';
import { dyingProcess, steppingThrough } from '../../support/report-crash.ts';
import { REPORT_AT, WEEK_FROM } from '../../support/report-data.ts';
import {
  AGENT,
  handle,
  out,
  type ReportWorld,
  type ReportWorldOptions,
  reportWorld,
} from '../../support/report-world.ts';

async function setup(options: ReportWorldOptions = {}): Promise<ReportWorld> {
  const world = await reportWorld(options);
  await world.addPost('bread', { state: 'failed', dueAt: WEEK_FROM }, { text: 'Frisches Brot' });
  return world;
}

async function note(world: ReportWorld, key: string): Promise<void> {
  const item = {
    at: world.time.now,
    code: 'delivery.failed',
    subject: world.mastodon.id,
    channelId: world.mastodon.id,
    deliveryId: deliveryId(anId('post', 'bread'), 1),
    reason: 'Text is too long',
  };
  await noteAlert(world.deps, { ...world.where, key, item });
}

describe('alerts', () => {
  it('are mailed within a minute, in the brand’s language, with what to do', async () => {
    const world = await setup();
    await note(world, 'a');
    await world.drain();
    expect(world.time.now - REPORT_AT).toBeLessThan(MINUTE);
    expect(world.accepted.map(({ to, subject }) => [to, subject])).toEqual([
      [AGENT, 'Bakery: Nicht erschienen: Bäckerei Müller · Mastodon'],
    ]);
    const text = world.accepted[0]?.text ?? '';
    for (const said of ['Frisches Brot', 'Text is too long', 'Was tun', 'https://social.example/@bakery']) {
      expect(text).toContain(said);
    }
  });

  it('lead to the post itself when it is out, though not all of it', async () => {
    const world = await reportWorld();
    await world.addPost('bread', out(WEEK_FROM, { code: 'incomplete', url: 'https://social.example/p/7' }));
    await note(world, 'a');
    await world.drain();
    expect(world.accepted[0]?.html).toContain('href="https://social.example/p/7"');
  });

  it('are grouped, at most one mail in 15 minutes', async () => {
    const world = await setup();
    for (const key of ['a', 'b', 'c']) await note(world, key);
    await world.drain(REPORT_AT + MINUTE);
    await note(world, 'd');
    await note(world, 'd');
    await note(world, 'e');
    await world.drain(REPORT_AT + 14 * MINUTE);
    expect(world.accepted.map(({ subject }) => subject)).toEqual(['Bakery: 3 Meldungen warten auf Sie']);
    await world.drain(REPORT_AT + 17 * MINUTE);
    expect(world.accepted.map(({ subject }) => subject)).toEqual([
      'Bakery: 3 Meldungen warten auf Sie',
      'Bakery: 2 Meldungen warten auf Sie',
    ]);
    expect(world.queue).toEqual([]);
  });

  it('come back for whom a slow mail service leaves no time, before the function is ended', async () => {
    const recipients = Array.from({ length: 8 }, (_, n) => `person${n}@agency.example`);
    const slow = (): undefined => {
      world.time.now += 15 * SECOND;
    };
    const world = await setup({ brand: { alerts: { recipients } }, mailService: slow });
    await note(world, 'a');
    const took: number[] = [];
    await world.drain(undefined, async (message, deps) => {
      const begun = world.time.now;
      await handle(message, deps);
      took.push(world.time.now - begun);
    });
    expect(Math.max(...took)).toBeLessThan(50 * SECOND);
    expect(world.accepted.map(({ to }) => to)).toEqual(recipients);
  });

  it('go to nobody when the brand names nobody, and do not pile up', async () => {
    const world = await setup({ brand: { alerts: { recipients: [] } } });
    await note(world, 'a');
    await world.drain();
    expect([world.accepted, world.queue]).toEqual([[], []]);
  });

  it('are mailed once when a process dies at any step', async () => {
    const names: string[] = [];
    const counted = await setup();
    await note(counted, 'a');
    const watched = steppingThrough(counted.deps, async (step, call) => {
      names.push(step.name);
      return call();
    });
    await counted.drain(undefined, (message) => handle(message, watched));
    expect(names).toContain('alerts.done');

    for (const index of names.keys()) {
      for (const when of ['before', 'after'] as const) {
        const world = await setup();
        await note(world, 'a');
        const process = dyingProcess(world.deps, { index, when });
        let dead = false;
        await world.drain(undefined, async (message) => {
          if (dead) return handle(message, world.deps);
          dead = (await process.run((deps) => handle(message, deps))) === 'died';
          if (dead) world.queue.push({ message, at: world.time.now + 90 * SECOND });
        });
        expect(world.accepted.length, `${when} ${names[index]}`).toBe(1);
      }
    }
  });

  it('of a brand that is gone are dropped', async () => {
    const world = await setup();
    await note(world, 'a');
    await world.deps.brands.delete(world.brand.agencyId, world.brand.id);
    await world.drain();
    expect([world.accepted, world.queue]).toEqual([[], []]);
  });
});
