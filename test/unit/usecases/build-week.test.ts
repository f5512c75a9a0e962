import { describe, expect, it } from 'vitest';
import { SYSTEM } from '../../../shared/domain/agency.ts';
import { told } from '../../../shared/domain/metrics.ts';
import { weekReportId } from '../../../shared/domain/report-week.ts';
import { DAY, HOUR } from '../../../shared/domain/time.ts';
import { buildWeek } from '../../../shared/usecases/build-report.ts';
import { anActor, anId } from '../../support/builders.ts';
import { steppingThrough } from '../../support/report-crash.ts';
import { REPORT_AT, WEEK_FROM, WEEK_TO } from '../../support/report-data.ts';
import { out, type ReportWorld, reportWorld } from '../../support/report-world.ts';

const final = (world: ReportWorld, week?: string) =>
  buildWeek(world.deps, { ...world.where, ...(week ? { week } : {}), provisional: false, actor: SYSTEM });
const provisional = (world: ReportWorld) =>
  buildWeek(world.deps, { ...world.where, provisional: true, actor: anActor() });

describe('the report of a week', () => {
  it('tells what went out in it, read from the posts', async () => {
    const world = await reportWorld();
    await world.addPost('bread', out(WEEK_FROM + HOUR), { text: 'Frisches Brot', reactions: 5 });
    await world.addPost('before', out(WEEK_FROM - HOUR), { reactions: 50 });
    await world.addPost('after', out(WEEK_TO + HOUR), { reactions: 50 });
    await world.addPost('failed', { state: 'failed', code: 'unavailable', dueAt: WEEK_FROM + DAY });
    await world.addPost('planned', { dueAt: WEEK_TO + 3 * DAY });
    const { data, week, from, to } = await final(world);
    expect({ week, from, to }).toEqual({ week: '2026-W48', from: WEEK_FROM, to: WEEK_TO });
    expect(data.client).toMatchObject({
      planned: 2,
      published: 1,
      resonance: { counted: 1, interactions: 5 },
      publications: [{ excerpt: 'Frisches Brot', channel: 'Bäckerei Müller', network: 'Mastodon' }],
      issues: [{ kind: 'failed', cause: 'unreachable' }],
      next: { planned: 2, items: [{ dueAt: WEEK_TO + 3 * DAY }] },
    });
  });

  it('finds what went out long after its due time', async () => {
    const world = await reportWorld();
    await world.addPost('late', out(WEEK_FROM + HOUR, { dueAt: WEEK_FROM - 5 * DAY }), { reactions: 5 });
    await world.addPost('a little late', out(WEEK_FROM + HOUR / 4, { dueAt: WEEK_FROM - HOUR / 5 }), {
      reactions: 7,
    });
    expect((await final(world)).data.client).toMatchObject({ published: 2, resonance: { interactions: 12 } });
  });

  it('holds nothing of another brand', async () => {
    const world = await reportWorld();
    await world.addPost('theirs', out(WEEK_FROM + HOUR), { text: 'Geheim', brandId: anId('brd', 'other') });
    expect(JSON.stringify(await final(world))).not.toContain('Geheim');
  });

  it('is made once, under an id that the week decides', async () => {
    const world = await reportWorld();
    const first = await final(world);
    expect(first.id).toBe(weekReportId(world.brand.agencyId, world.brand.id, '2026-W48'));
    await world.addPost('later', out(WEEK_FROM + HOUR), { reactions: 5 });
    expect(await final(world)).toEqual(first);
    expect(
      (await world.deps.reports.list(world.brand.agencyId, world.brand.id, { limit: 9 })).items,
    ).toHaveLength(1);
  });

  it('takes a note later, too', async () => {
    const world = await reportWorld();
    const { id } = await final(world);
    await buildWeek(world.deps, {
      ...world.where,
      week: '2026-W48',
      provisional: false,
      actor: SYSTEM,
      note: 'Hallo',
    });
    expect(await world.deps.reports.get(world.brand.agencyId, id)).toMatchObject({ note: 'Hallo' });
  });

  it('leaves what is too young to the next one, which counts it', async () => {
    const world = await reportWorld();
    const postId = await world.addPost('young', out(WEEK_TO - HOUR));
    expect((await final(world)).data.client).toMatchObject({
      published: 1,
      later: 1,
      resonance: { counted: 0 },
    });
    const metrics = told({ reactions: 9, replies: 0, shares: 0 });
    await world.deps.posts.addSwept(world.brand.agencyId, world.brand.id, WEEK_TO + 23 * HOUR, [
      { postId, n: 1, age: '24h', at: WEEK_TO + 23 * HOUR, metrics },
    ]);
    world.time.now = REPORT_AT + 7 * DAY;
    expect((await final(world)).data.client).toMatchObject({
      week: '2026-W49',
      published: 0,
      countedFromLastWeek: 1,
      resonance: { counted: 1, interactions: 9 },
    });
  });

  it('compares with weeks that no report has told by reading their posts', async () => {
    const world = await reportWorld();
    for (const week of [0, 1, 2]) {
      for (const n of [1, 2, 3]) {
        await world.addPost(`w${week}n${n}`, out(WEEK_FROM - week * 7 * DAY + n * HOUR), {
          reactions: 10 + week,
        });
      }
    }
    const { client } = (await final(world)).data;
    expect(client.lastWeek).toMatchObject({ mean: 11, counted: 3 });
    expect(client.fourWeeks).toMatchObject({ mean: 11.5, counted: 6, weeks: 2 });
  });

  it('reads no post of earlier weeks when reports have told them', async () => {
    const world = await reportWorld({ brand: { createdAt: WEEK_FROM - 28 * DAY } });
    for (const week of [4, 3, 2, 1]) {
      world.time.now = REPORT_AT - week * 7 * DAY;
      await world.addPost(`w${week}`, out(world.time.now - 3 * DAY), { reactions: 10 * week });
      await final(world);
    }
    world.time.now = REPORT_AT;
    const calls: string[] = [];
    const deps = steppingThrough(world.deps, async (step, call) => {
      calls.push(step.name);
      return call();
    });
    const report = await buildWeek(deps, { ...world.where, provisional: false, actor: SYSTEM });
    expect(report.data.client.fourWeeks).toMatchObject({ mean: 25, weeks: 4 });
    expect(calls.filter((name) => name === 'posts.get')).toEqual([]);
    expect(calls.filter((name) => name === 'posts.calendar')).toHaveLength(2);
  });

  it('begins where the last one ended after the brand has moved its weekday', async () => {
    const world = await reportWorld();
    await final(world);
    const moved = { ...world.brand, report: { ...world.brand.report, weekday: 'wednesday' as const } };
    await world.deps.brands.replace(moved, world.brand.version);
    world.time.now = REPORT_AT + 2 * DAY;
    expect(await final(world)).toMatchObject({ week: '2026-W49', from: WEEK_TO, to: WEEK_TO + 2 * DAY });
  });

  it('is refused with words: no such week, not over, before the brand, an unknown brand', async () => {
    const world = await reportWorld();
    await expect(final(world, '2026-W54')).rejects.toMatchObject({ code: 'invalid' });
    await expect(final(world, '2026-W49')).rejects.toMatchObject({ code: 'conflict' });
    await expect(final(world, '2025-W01')).rejects.toMatchObject({ code: 'invalid' });
    const unknown = { ...world.where, brandId: anId('brd', 'x'), provisional: false, actor: SYSTEM };
    await expect(buildWeek(world.deps, unknown)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a provisional report', () => {
  it('counts what there is so far; the final one waits for the 24 hours', async () => {
    const world = await reportWorld({ now: REPORT_AT + 2 * DAY });
    const publishedAt = world.time.now - 3 * HOUR;
    const postId = await world.addPost('young', out(publishedAt), { text: 'Jung' });
    const { agencyId, id } = world.brand;
    await world.deps.posts.addSwept(agencyId, id, publishedAt + HOUR, [
      { postId, n: 1, age: '1h', at: publishedAt + HOUR, metrics: told({ reactions: 1 }) },
    ]);
    await world.deps.posts.putAsked(agencyId, postId, [
      { n: 1, age: 'now', at: publishedAt + 2 * HOUR, metrics: told({ reactions: 3, replies: 1 }) },
    ]);
    expect((await provisional(world)).data.client.resonance).toMatchObject({ counted: 1, interactions: 4 });
  });

  it('reaches from the last cut-off up to now, and never is the week’s', async () => {
    const world = await reportWorld({ now: REPORT_AT + 2 * DAY });
    await world.addPost('new', out(WEEK_TO + HOUR), { reactions: 3 });
    const report = await provisional(world);
    expect(report).toMatchObject({ provisional: true, week: '2026-W49', from: WEEK_TO, to: world.time.now });
    expect(report.data.client).toMatchObject({ provisional: true, published: 1 });
    expect((await provisional(world)).id).not.toBe(report.id);
    world.time.now = REPORT_AT + 7 * DAY;
    expect(await final(world)).toMatchObject({ provisional: false, from: WEEK_TO, to: WEEK_TO + 7 * DAY });
  });

  it('compares with the week that was reported last', async () => {
    const world = await reportWorld();
    for (const n of [1, 2, 3]) await world.addPost(`n${n}`, out(WEEK_FROM + n * HOUR), { reactions: 10 });
    await final(world);
    world.time.now = REPORT_AT + DAY;
    await world.addPost('new', out(WEEK_TO + HOUR), { reactions: 30 });
    expect((await provisional(world)).data.client).toMatchObject({
      resonance: { mean: 30 },
      lastWeek: { mean: 10 },
    });
  });

  it('says who asked for it', async () => {
    const world = await reportWorld();
    const entries: string[] = [];
    const audit = {
      append: async (_: string, { act, actor }: { act: string; actor: { name: string } }) =>
        void entries.push(`${act} ${actor.name}`),
    };
    await buildWeek({ ...world.deps, audit }, { ...world.where, provisional: true, actor: anActor() });
    expect(entries).toEqual(['report.build Editor']);
  });
});
