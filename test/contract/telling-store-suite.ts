import { describe, expect, it } from 'vitest';
import { type Stores, stores } from '../../shared/adapters/store/stores.ts';
import type { Table } from '../../shared/adapters/store/table.ts';
import type { ReportData, StoredReport, WeekFigures } from '../../shared/domain/report.ts';
import { DAY, MINUTE } from '../../shared/domain/time.ts';
import type { MailEntry } from '../../shared/store-ports.ts';
import { anActor, anId, DUE_AT } from '../support/builders.ts';
import { crashingAfter, interrupted, repeating } from '../support/faulty-table.ts';

/** What the stores of reports, mails, alerts and the audit promise. */
export function testTellingStores(name: string, make: () => Promise<Table>): void {
  const setup = async () => stores(await make());
  /** The SDK repeats each write, as after a lost answer. */
  const repeated = async () => stores(repeating(await make()));
  const agy = anId('agy');
  const brd = anId('brd');
  const other = anId('agy', 'other');

  describe(`${name}: reports`, () => {
    // the store looks at nothing in it
    const data = (more: object = {}) => ({ brandId: brd, ...more }) as ReportData;
    const aReport = (over: Partial<StoredReport> = {}): StoredReport => ({
      id: anId('rep'),
      agencyId: agy,
      brandId: brd,
      week: '2026-W48',
      provisional: false,
      from: DUE_AT - 7 * DAY,
      to: DUE_AT,
      createdAt: DUE_AT,
      data: { client: data(), agency: data() },
      figures: {} as WeekFigures,
      countLater: [],
      openEnded: [],
      run: 0,
      ...over,
    });

    it('creates the report of a week once, and shows it once', async () => {
      const table = await make();
      const { reports } = stores(table);
      expect(await reports.create(aReport())).toBe(true);
      expect(await reports.create(aReport({ createdAt: DUE_AT + 5 }))).toBe(false);
      expect((await table.query({ partition: `A#${agy}#BRAND#${brd}`, limit: 9 })).items).toHaveLength(1);
      expect(await reports.get(agy, anId('rep'))).toEqual(aReport());
      expect(await reports.get(other, anId('rep'))).toBeUndefined();
      expect(await reports.list(agy, brd, { limit: 10 })).toEqual({ items: [aReport()] });
      await reports.replace(aReport({ sentAt: DUE_AT + 9 }));
      expect((await reports.get(agy, anId('rep')))?.sentAt).toBe(DUE_AT + 9);
    });

    it('lists the newest first, page by page', async () => {
      const { reports } = await setup();
      const all = [3, 2, 1].map((n) => aReport({ id: anId('rep', `${n}`), createdAt: DUE_AT + n }));
      for (const report of all.toReversed()) await reports.create(report);
      const first = await reports.list(agy, brd, { limit: 2 });
      expect(first.items).toEqual(all.slice(0, 2));
      expect(await reports.list(agy, brd, { limit: 2, after: first.next ?? '' })).toEqual({
        items: all.slice(2),
      });
      expect(await reports.list(agy, anId('brd', 'x'), { limit: 2 })).toEqual({ items: [] });
    });

    it('keeps a report far larger than usual', async () => {
      const { reports } = await setup();
      const rows = Array.from({ length: 4_000 }, (_, n) => ({
        title: `Post ${n} – größer`,
        likes: n * 7_919,
      }));
      const large = aReport({ data: { client: data({ rows }), agency: data() } });
      await reports.create(large);
      expect(await reports.get(agy, large.id)).toEqual(large);
    });
  });

  describe(`${name}: mails`, () => {
    const entry = (over: Partial<MailEntry> = {}): MailEntry => ({
      id: anId('mail'),
      agencyId: agy,
      state: 'sending',
      to: 'client@bakery.example',
      at: DUE_AT,
      ...over,
    });

    it('begins a mail once, and shows the present entry to whoever comes second', async () => {
      const { mails } = await setup();
      const both = await Promise.all([mails.begin(entry()), mails.begin(entry())]);
      expect(both.filter((present) => present === undefined)).toHaveLength(1);
      expect(both.filter((present) => present !== undefined)).toEqual([entry()]);
    });

    it('knows its own beginning when the SDK repeated it', async () => {
      const { mails } = await repeated();
      expect(await mails.begin(entry())).toBeUndefined();
      expect(await mails.begin(entry())).toEqual(entry());
    });

    it('takes sent as the last word', async () => {
      const { mails } = await setup();
      await mails.begin(entry());
      await mails.end(entry({ state: 'uncertain', reason: 'No answer.' }));
      await mails.end(entry({ state: 'sent', messageId: 'm1' }));
      await mails.end(entry({ state: 'uncertain' }));
      expect(await mails.get(agy, anId('mail'))).toEqual(entry({ state: 'sent', messageId: 'm1' }));
    });

    it('knows who wants no more mails of a brand', async () => {
      const { mails } = await setup();
      await mails.unsubscribe(agy, brd, 'Client@bakery.example', DUE_AT);
      await mails.unsubscribe(agy, brd, 'Client@bakery.example', DUE_AT + 1);
      expect(await mails.unsubscribed(agy, brd)).toEqual(
        new Set(['Client@bakery.example', 'client@bakery.example']),
      );
      expect(await mails.unsubscribed(agy, anId('brd', 'x'))).toEqual(new Set());
    });
  });

  describe(`${name}: alerts`, () => {
    const gap = 15 * MINUTE;
    const alert = (n: number) => ({ at: DUE_AT + n, code: 'failed', subject: `Post ${n}` });
    const take = ({ alerts }: Stores, now: number) => alerts.take(agy, brd, now, gap);
    const taken = async (world: Stores, now: number) => {
      const batch = await take(world, now);
      if (!batch || !('items' in batch)) throw new Error('Nothing was taken.');
      return batch;
    };

    it('takes what is pending into one batch, oldest first, each key once', async () => {
      const world = await setup();
      expect(await take(world, DUE_AT)).toBeUndefined();
      await world.alerts.add(agy, brd, 'b#1', alert(2));
      await world.alerts.add(agy, brd, 'a', alert(1));
      await world.alerts.add(agy, brd, 'a', alert(3));
      expect((await taken(world, DUE_AT)).items).toEqual([alert(1), alert(2)]);
    });

    it('gives the same batch to everybody until it is done, and keeps later alerts for the next', async () => {
      const world = await setup();
      await world.alerts.add(agy, brd, 'a', alert(1));
      const [first, second] = await Promise.all([taken(world, DUE_AT), taken(world, DUE_AT)]);
      expect(second).toEqual(first);
      await world.alerts.add(agy, brd, 'b', alert(2));
      expect(await take(world, DUE_AT + gap)).toEqual(first);
      await world.alerts.done(agy, brd, first.batchId);
      expect(await take(world, DUE_AT + 1)).toEqual({ waitMs: gap - 1 });
      const next = await taken(world, DUE_AT + gap);
      expect(next.items).toEqual([alert(2)]);
      expect(next.batchId).not.toBe(first.batchId);
    });

    it('reads the batch of another who was faster', async () => {
      const table = await make();
      const world = stores(table);
      await world.alerts.add(agy, brd, 'a', alert(1));
      let faster: unknown;
      const slow = interrupted(table, async () => {
        await world.alerts.add(agy, brd, 'b', alert(2));
        faster = await taken(world, DUE_AT);
      });
      const batch = await taken(stores(slow), DUE_AT);
      expect(batch.items).toEqual([alert(1), alert(2)]);
      expect(batch).toEqual(faster);
      expect(await take(world, DUE_AT)).toEqual(faster);
    });

    it('does not tell again what was told', async () => {
      const world = await setup();
      await world.alerts.add(agy, brd, 'a', alert(1));
      await world.alerts.done(agy, brd, (await taken(world, DUE_AT)).batchId);
      await world.alerts.add(agy, brd, 'a', alert(1));
      expect(await take(world, DUE_AT + gap)).toBeUndefined();
    });

    it('ignores the end of a batch that is over', async () => {
      const world = await setup();
      await world.alerts.add(agy, brd, 'a', alert(1));
      const first = await taken(world, DUE_AT);
      await world.alerts.done(agy, brd, first.batchId);
      await world.alerts.add(agy, brd, 'b', alert(2));
      const second = await taken(world, DUE_AT + gap);
      await world.alerts.done(agy, brd, first.batchId);
      expect(await take(world, DUE_AT + gap)).toEqual(second);
    });

    it('gives the whole batch again, wherever its end was cut off', async () => {
      for (const writes of [0, 1, 2, 3, 4]) {
        const table = await make();
        const world = stores(table);
        await world.alerts.add(agy, brd, 'a', alert(1));
        await world.alerts.add(agy, brd, 'b', alert(2));
        const batch = await taken(world, DUE_AT);
        const cutOff = stores(crashingAfter(writes, table)).alerts.done(agy, brd, batch.batchId);
        await expect(cutOff).rejects.toThrow('crash');
        expect(await take(world, DUE_AT + gap)).toEqual(batch);
        await world.alerts.done(agy, brd, batch.batchId);
        expect(await take(world, DUE_AT + gap)).toBeUndefined();
      }
    });

    it('puts what is too much for one mail into the next', async () => {
      const world = await setup();
      const many = Array.from({ length: 210 }, (_, n) => n);
      await Promise.all(many.map((n) => world.alerts.add(agy, brd, `k${n}`, alert(n))));
      const first = await taken(world, DUE_AT);
      await world.alerts.done(agy, brd, first.batchId);
      const second = await taken(world, DUE_AT + gap);
      const subjects = [...first.items, ...second.items].map(({ subject }) => subject);
      expect([first.items.length, second.items.length]).toEqual([200, 10]);
      expect(new Set(subjects).size).toBe(210);
    });

    it('survives writes that the SDK repeats', async () => {
      const world = await repeated();
      await world.alerts.add(agy, brd, 'a', alert(1));
      const batch = await taken(world, DUE_AT);
      expect(batch.items).toEqual([alert(1)]);
      await world.alerts.done(agy, brd, batch.batchId);
      expect(await take(world, DUE_AT + DAY)).toBeUndefined();
    });
  });

  describe(`${name}: audit`, () => {
    it('keeps every entry, also those of one instant', async () => {
      const table = await make();
      const { audit } = stores(table);
      const entry = { at: DUE_AT, actor: anActor(), act: 'post.create', target: anId('post') };
      await audit.append(agy, { ...entry, data: { channels: 3 } });
      await audit.append(agy, entry);
      const { items } = await table.query({ partition: `A#${agy}#AUDIT#2026-11`, limit: 10 });
      expect(items).toHaveLength(2);
      for (const item of items) expect(item).toMatchObject(entry);
      expect(items.map(({ data }) => data).filter(Boolean)).toEqual(['{"channels":3}']);
    });
  });
}
