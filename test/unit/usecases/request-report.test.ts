import { describe, expect, it } from 'vitest';
import { DAY } from '../../../shared/domain/time.ts';
import { requestReport, resendReport } from '../../../shared/usecases/request-report.ts';
import { anActor, anId } from '../../support/builders.ts';
import { REPORT_AT } from '../../support/report-data.ts';
import { AGENT, BOSS, CLIENT, type ReportWorld, reportWorld } from '../../support/report-world.ts';

const actor = anActor();
const week = '2026-W48';
const recipients = (world: ReportWorld) => world.accepted.map(({ to }) => to);

describe('asking for a report', () => {
  it('makes it without sending it', async () => {
    const world = await reportWorld();
    const report = await requestReport(world.deps, { ...world.where, actor });
    expect(report.provisional).toBe(true);
    expect(world.queue).toEqual([]);
  });

  it('sends a provisional one, which does not count as the week’s mail', async () => {
    const world = await reportWorld({ now: REPORT_AT - DAY });
    await requestReport(world.deps, { ...world.where, actor, send: true });
    await world.drain();
    world.time.now = REPORT_AT;
    await world.deps.reportQueue.send({ kind: 'weekly', ...world.where });
    await world.drain();
    expect(recipients(world)).toEqual([CLIENT, BOSS, AGENT, CLIENT, BOSS, AGENT]);
  });

  it('puts the note on top of the mail', async () => {
    const world = await reportWorld();
    await requestReport(world.deps, { ...world.where, actor, week, send: true, note: 'Schöne Woche!' });
    await world.drain();
    expect(world.accepted[0]?.text).toContain('Schöne Woche!');
  });

  it('sends the week’s report before the tick, which then mails only who has not got it', async () => {
    const world = await reportWorld();
    await requestReport(world.deps, { ...world.where, actor, week, send: true, audience: 'agency' });
    await world.drain();
    expect(recipients(world)).toEqual([AGENT]);
    await world.deps.reportQueue.send({ kind: 'weekly', ...world.where });
    await world.drain();
    expect(recipients(world)).toEqual([AGENT, CLIENT, BOSS]);
  });
});

describe('a report that nobody would get', () => {
  it('is not sent, and not said to be sent when somebody is named later', async () => {
    const world = await reportWorld({
      brand: { report: { weekday: 'monday', time: '08:00', recipients: [] } },
    });
    const ask = { ...world.where, actor, week };
    await expect(requestReport(world.deps, { ...ask, send: true })).rejects.toMatchObject({
      code: 'conflict',
    });
    const report = await requestReport(world.deps, ask);
    const act = { agencyId: world.brand.agencyId, reportId: report.id, actor };
    await expect(resendReport(world.deps, act)).rejects.toMatchObject({ code: 'conflict' });
    const named = { ...world.brand.report, recipients: [{ email: CLIENT }] };
    await world.deps.brands.replace({ ...world.brand, report: named }, world.brand.version);
    await resendReport(world.deps, act);
    await world.drain();
    expect(recipients(world)).toEqual([CLIENT]);
  });

  it('is not said to be sent by its weekly tick either, once somebody is named', async () => {
    for (const [given, audience] of [
      [[], undefined],
      [[{ email: AGENT, audience: 'agency' as const }], 'client'],
    ] as const) {
      const world = await reportWorld({
        brand: { report: { weekday: 'monday', time: '08:00', recipients: [...given] } },
      });
      await world.deps.reportQueue.send({ kind: 'weekly', ...world.where });
      await world.drain();
      const before = recipients(world);
      const named = { ...world.brand.report, recipients: [...given, { email: CLIENT }] };
      await world.deps.brands.replace({ ...world.brand, report: named }, world.brand.version);
      const report = await requestReport(world.deps, { ...world.where, actor, week });
      const act = { agencyId: world.brand.agencyId, reportId: report.id, actor, audience };
      await resendReport(world.deps, act);
      await expect(resendReport(world.deps, act)).rejects.toMatchObject({ code: 'conflict' });
      await world.drain();
      expect(recipients(world)).toEqual([...before, CLIENT]);
      await expect(resendReport(world.deps, act)).rejects.toMatchObject({ code: 'conflict' });
    }
  });

  it('is told with those who want none', async () => {
    const world = await reportWorld();
    await world.deps.mails.unsubscribe(world.brand.agencyId, world.brand.id, AGENT, world.time.now);
    const ask = { ...world.where, actor, week, send: true, audience: 'agency' } as const;
    await expect(requestReport(world.deps, ask)).rejects.toMatchObject({ data: { unsubscribed: [AGENT] } });
    await requestReport(world.deps, { ...ask, audience: 'client' });
    await world.drain();
    expect(recipients(world)).toEqual([CLIENT, BOSS]);
  });
});

describe('sending a report again', () => {
  it('is refused unless it is said', async () => {
    const world = await reportWorld();
    const report = await requestReport(world.deps, { ...world.where, actor, week, send: true });
    const again = { agencyId: world.brand.agencyId, reportId: report.id, actor };
    await expect(resendReport(world.deps, again)).rejects.toMatchObject({ code: 'conflict' });
    await expect(
      requestReport(world.deps, { ...world.where, actor, week, send: true }),
    ).rejects.toMatchObject({
      code: 'conflict',
    });
    await world.drain();
    expect(world.accepted).toHaveLength(3);
  });

  it('sends each one mail more when it is said', async () => {
    const world = await reportWorld();
    const report = await requestReport(world.deps, { ...world.where, actor, week, send: true });
    await world.drain();
    const act = { agencyId: world.brand.agencyId, reportId: report.id, actor, again: true };
    await resendReport(world.deps, act);
    await resendReport(world.deps, { ...act, audience: 'client' });
    await world.drain();
    expect(recipients(world).filter((to) => to === CLIENT)).toHaveLength(3);
    expect(recipients(world).filter((to) => to === AGENT)).toHaveLength(2);
    const stored = await world.deps.reports.get(world.brand.agencyId, report.id);
    expect(stored).toMatchObject({ run: 2, sentAt: expect.any(Number) });
  });

  it('finds a run that nobody has had, even if the count on the report was lost', async () => {
    const world = await reportWorld();
    const report = await requestReport(world.deps, { ...world.where, actor, week, send: true });
    await world.drain();
    const act = { agencyId: world.brand.agencyId, reportId: report.id, actor, again: true };
    await resendReport(world.deps, act);
    await world.drain();
    const stored = await world.deps.reports.get(world.brand.agencyId, report.id);
    if (stored) await world.deps.reports.replace({ ...stored, run: 0 });
    await resendReport(world.deps, act);
    await world.drain();
    expect(recipients(world).filter((to) => to === CLIENT)).toHaveLength(3);
  });

  it('does not know a report of nobody', async () => {
    const world = await reportWorld();
    const act = { agencyId: world.brand.agencyId, reportId: anId('rep', 'x'), actor };
    await expect(resendReport(world.deps, act)).rejects.toMatchObject({ code: 'not_found' });
  });
});
