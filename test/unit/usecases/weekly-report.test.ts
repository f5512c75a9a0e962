import { describe, expect, it } from 'vitest';
import { SYSTEM } from '../../../shared/domain/agency.ts';
import type { ReportMessage } from '../../../shared/domain/messages.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../shared/domain/time.ts';
import { remindOfReport } from '../../../shared/usecases/remind-of-report.ts';
import { requestReport } from '../../../shared/usecases/request-report.ts';
import { weeklyReport } from '../../../shared/usecases/weekly-report.ts';
import { anId } from '../../support/builders.ts';
import { REPORT_AT, WEEK_FROM } from '../../support/report-data.ts';
import {
  AGENT,
  BOSS,
  CLIENT,
  handle,
  out,
  type ReportWorld,
  reportWorld,
} from '../../support/report-world.ts';

async function tick(world: ReportWorld): Promise<void> {
  await world.deps.reportQueue.send({ kind: 'weekly', ...world.where });
  await world.drain();
}
const refusing = (until: number) => (_mail: unknown, now: number) =>
  now < until ? ({ kind: 'unavailable', reason: 'Throttling' } as const) : undefined;

describe('the weekly tick', () => {
  it('mails each recipient the copy and the language that are theirs', async () => {
    const world = await reportWorld();
    await world.addPost('bread', out(WEEK_FROM + HOUR), { reactions: 5 });
    await tick(world);
    expect(world.accepted.map(({ to, subject }) => [to, subject])).toEqual([
      [CLIENT, 'Bakery · KW 48: 1 von 1 Beitrag erschienen, 5 Interaktionen pro Beitrag'],
      [BOSS, 'Bakery · Week 48: 1 of 1 post published, 5 interactions per post'],
      [AGENT, 'Bakery · Week 48: 1 of 1 post published, 5 interactions per post'],
    ]);
    expect(world.accepted.map(({ html }) => html.includes('For the agency'))).toEqual([false, false, true]);
    expect(world.accepted[0]?.attachments?.[0]).toMatchObject({ name: '2026-W48.csv' });
  });

  it('shows no recipient another one’s address', async () => {
    const world = await reportWorld();
    await tick(world);
    expect(world.accepted).toHaveLength(3);
    for (const mail of world.accepted) {
      const others = [CLIENT, BOSS, AGENT].filter((email) => email !== mail.to);
      for (const other of others) expect(JSON.stringify(mail)).not.toContain(other);
    }
  });

  it('begins no mail that its function may be ended in, however slow the mail service is', async () => {
    const recipients = Array.from({ length: 12 }, (_, n) => ({ email: `reader${n}@bakery.example` }));
    const { report } = (await reportWorld()).brand;
    const slow = (): undefined => {
      world.time.now += 9 * SECOND;
    };
    const world = await reportWorld({
      brand: { report: { ...report, recipients } },
      mailService: slow,
    });
    await world.deps.reportQueue.send({ kind: 'weekly', ...world.where });
    const took: number[] = [];
    await world.drain(undefined, async (message, deps) => {
      const begun = world.time.now;
      await handle(message, deps);
      took.push(world.time.now - begun);
    });
    expect(Math.max(...took)).toBeLessThan(50 * SECOND);
    expect(world.accepted.map(({ to }) => to)).toEqual(recipients.map(({ email }) => email));
  });

  it('gives each an unsubscribe link of its own, for one click', async () => {
    const world = await reportWorld();
    await tick(world);
    const links = world.accepted.map(({ headers }) => headers?.['List-Unsubscribe'] ?? '');
    expect(new Set(links).size).toBe(3);
    for (const [index, mail] of world.accepted.entries()) {
      expect(mail.headers?.['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
      expect(mail.html).toContain(links[index]?.slice(1, -1));
    }
  });

  it('has every reader’s answer reach the person whom the brand names', async () => {
    const { report } = (await reportWorld()).brand;
    const replyTo = 'eva@agency.example';
    const world = await reportWorld({ brand: { report: { ...report, replyTo } } });
    await tick(world);
    expect(world.accepted.map((mail) => mail.replyTo)).toEqual([replyTo, replyTo, replyTo]);
    const plain = await reportWorld();
    await tick(plain);
    for (const mail of plain.accepted) expect(mail).not.toHaveProperty('replyTo');
  });

  it('announces that the report was sent, without addresses', async () => {
    const world = await reportWorld();
    await tick(world);
    expect(world.events).toMatchObject([
      { type: 'report.sent', data: { week: '2026-W48', sent: 3, uncertain: 0, failed: 0 } },
    ]);
    expect(JSON.stringify(world.events)).not.toContain('@');
  });

  it('mails nobody again when it comes again', async () => {
    const world = await reportWorld();
    await tick(world);
    await tick(world);
    expect(world.accepted).toHaveLength(3);
  });

  it('mails an address once even if it is listed twice', async () => {
    const recipients = [{ email: 'Client@bakery.example' }, { email: CLIENT }];
    const world = await reportWorld({ brand: { report: { weekday: 'monday', time: '08:00', recipients } } });
    await tick(world);
    expect(world.accepted).toHaveLength(1);
  });

  it('mails nobody who unsubscribed', async () => {
    const world = await reportWorld();
    await world.deps.mails.unsubscribe(world.brand.agencyId, world.brand.id, CLIENT, REPORT_AT);
    await tick(world);
    expect(world.accepted.map(({ to }) => to)).toEqual([BOSS, AGENT]);
  });

  it('is ignored when it is not due: by a schedule that was moved, or before the brand’s first week', async () => {
    const moved = await reportWorld({
      brand: { report: { weekday: 'friday', time: '08:00', recipients: [{ email: CLIENT }] } },
    });
    await tick(moved);
    const young = await reportWorld({ brand: { createdAt: REPORT_AT + MINUTE }, now: REPORT_AT + HOUR });
    await tick(young);
    // Created on the morning of the report: its week, which ended at midnight, is not there to be told.
    const thisMorning = await reportWorld({ brand: { createdAt: REPORT_AT - HOUR } });
    await tick(thisMorning);
    expect([...moved.accepted, ...young.accepted, ...thisMorning.accepted]).toEqual([]);
  });

  it('waits when it comes a little early', async () => {
    const world = await reportWorld({ now: REPORT_AT - 3 * SECOND });
    await weeklyReport(world.deps, world.where);
    expect(world.queue).toMatchObject([{ message: { kind: 'weekly' }, at: REPORT_AT }]);
    await world.drain();
    expect(world.accepted).toHaveLength(3);
  });

  it('ends the schedule of a brand that is gone', async () => {
    const world = await reportWorld();
    const brandId = anId('brd', 'gone');
    await weeklyReport(world.deps, { agencyId: world.brand.agencyId, brandId });
    expect(world.disarmed).toEqual([brandId]);
    expect(world.queue).toEqual([]);
  });
});

describe('sending', () => {
  it('tries again while the mail service is away, and each gets one mail', async () => {
    const world = await reportWorld({ mailService: refusing(REPORT_AT + 15 * MINUTE) });
    await tick(world);
    expect(world.accepted.map(({ to }) => to)).toEqual([CLIENT, BOSS, AGENT]);
    expect(world.time.now).toBeLessThan(REPORT_AT + 35 * MINUTE);
  });

  it('gives up in the end and tells the agency', async () => {
    const world = await reportWorld({
      mailService: (mail) =>
        mail.attachments && mail.to === CLIENT ? { kind: 'unavailable', reason: 'Throttling' } : undefined,
    });
    await tick(world);
    expect(world.queue).toEqual([]);
    const alerts = world.accepted.filter(({ attachments }) => !attachments);
    expect(alerts.map(({ to }) => to)).toEqual([AGENT]);
    expect(alerts[0]?.text).toContain(CLIENT);
  });

  it('does not repeat what the mail service refuses, and tells the agency', async () => {
    let asked = 0;
    const world = await reportWorld({
      mailService: (mail) => {
        if (mail.to !== CLIENT) return undefined;
        asked += 1;
        return { kind: 'refused', reason: 'Address is blacklisted' };
      },
    });
    await tick(world);
    expect(asked).toBe(1);
    const alert = world.accepted.find(({ attachments }) => !attachments);
    expect(alert?.text).toContain('Address is blacklisted');
    expect(world.events[0]?.data).toMatchObject({ sent: 2, failed: 1 });
  });

  it('asks the mail service after an unclear answer, before it says so', async () => {
    const uncertain = () => ({ kind: 'uncertain', reason: 'timeout' }) as const;
    const told = await reportWorld({ mailService: (mail) => (mail.to === CLIENT ? uncertain() : undefined) });
    await tick(told);
    expect(told.accepted.filter(({ to }) => to === CLIENT)).toHaveLength(1);
    expect(told.accepted.filter(({ attachments }) => !attachments)).toEqual([]);

    const untold = await reportWorld({
      lookUp: false,
      mailService: (mail) => (mail.to === CLIENT ? uncertain() : undefined),
    });
    await tick(untold);
    expect(untold.accepted.filter(({ to }) => to === CLIENT)).toHaveLength(1);
    expect(untold.accepted.find(({ attachments }) => !attachments)?.text).toContain(CLIENT);
  });
});

describe('the net below the schedule', () => {
  it('reminds of a report that is due and was neither built nor asked for', async () => {
    const world = await reportWorld({ now: REPORT_AT + HOUR });
    expect(await remindOfReport(world.deps, world.brand)).toBe(true);
    expect(world.queue.map(({ message }) => message)).toEqual<ReportMessage[]>([
      { kind: 'weekly', ...world.where },
    ]);
    await world.drain();
    expect(world.accepted).toHaveLength(3);
    expect(await remindOfReport(world.deps, world.brand)).toBe(false);
  });

  it('reminds of a report that only the agency has been sent', async () => {
    const world = await reportWorld({ now: REPORT_AT + HOUR });
    const early = { ...world.where, actor: SYSTEM, week: '2026-W48', send: true };
    await requestReport(world.deps, { ...early, audience: 'agency' });
    await world.drain();
    expect(await remindOfReport(world.deps, world.brand)).toBe(true);
    await world.drain();
    expect(world.accepted.map(({ to }) => to)).toEqual([AGENT, CLIENT, BOSS]);
    expect(await remindOfReport(world.deps, world.brand)).toBe(false);
  });

  it('leaves the schedule its time, and old weeks alone', async () => {
    for (const now of [REPORT_AT + MINUTE, REPORT_AT + 2 * DAY]) {
      const world = await reportWorld({ now });
      expect(await remindOfReport(world.deps, world.brand)).toBe(false);
    }
  });
});
