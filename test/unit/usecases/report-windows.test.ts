import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stores } from '../../../shared/adapters/store/stores.ts';
import { AppError } from '../../../shared/domain/app-error.ts';
import { WEEKDAYS } from '../../../shared/domain/brand.ts';
import type { StoredReport } from '../../../shared/domain/report.ts';
import { nextReportAt, type ReportRhythm, shiftWeek, windowFor } from '../../../shared/domain/report-week.ts';
import { DAY, HOUR } from '../../../shared/domain/time.ts';
import type { Deps } from '../../../shared/ports.ts';
import { buildWeek } from '../../../shared/usecases/build-report.ts';
import { memoryTable } from '../../simulation/memory-table.ts';
import { anActor } from '../../support/builders.ts';
import { REPORT_AT } from '../../support/report-data.ts';
import { type ReportWorld, reportWorld } from '../../support/report-world.ts';

const actor = anActor();

async function built(world: ReportWorld, week: string): Promise<StoredReport | undefined> {
  try {
    return await buildWeek(world.deps, { ...world.where, week, provisional: false, actor });
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

it('makes no report of a week that had none and that a later report has taken up', async () => {
  const world = await reportWorld();
  const first = await built(world, '2026-W48');
  world.time.now = REPORT_AT + 21 * DAY;
  expect(await built(world, '2026-W51')).toMatchObject({ from: first?.to });
  expect(await built(world, '2026-W49')).toBeUndefined();
  expect(await built(world, '2026-W50')).toBeUndefined();
});

const rhythms = fc.record({
  timeZone: fc.constantFrom('Europe/Berlin', 'America/New_York', 'Pacific/Kiritimati', 'Pacific/Pago_Pago'),
  report: fc.record({
    weekday: fc.constantFrom(...WEEKDAYS),
    time: fc.constantFrom('00:00', '02:30', '08:00', '23:59'),
  }),
});
const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('tick' as const) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('missed tick' as const) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('other rhythm' as const),
        rhythm: rhythms,
        afterHours: fc.nat(160),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('older week' as const), back: fc.nat(6) }) },
  ),
  { minLength: 3, maxLength: 14 },
);

it('never lets two reports tell the same day, however often a brand changes weekday and zone, misses ticks or asks for older weeks', async () => {
  const world = await reportWorld();
  await fc.assert(
    fc.asyncProperty(rhythms, steps, async (first, taken) => {
      world.time.now = REPORT_AT;
      let rhythm: ReportRhythm = first;
      const get: Deps['brands']['get'] = async () => {
        return { ...world.brand, ...rhythm, report: { ...world.brand.report, ...rhythm.report } };
      };
      const fresh = stores(memoryTable(), () => world.time.now);
      const deps = { ...world.deps, ...fresh, brands: { ...fresh.brands, get } };
      const made = new Map<string, StoredReport>();
      const make = async (week: string) => {
        const report = await built({ ...world, deps }, week);
        if (report) made.set(report.id, report);
      };
      for (const step of taken) {
        const { now } = world.time;
        if (step.kind === 'other rhythm') {
          rhythm = step.rhythm;
          world.time.now += step.afterHours * HOUR;
        } else if (step.kind === 'older week') {
          await make(shiftWeek(rhythm, windowFor(rhythm, now).week, -step.back));
        } else {
          world.time.now = nextReportAt(rhythm, now);
          if (step.kind === 'tick') await make(windowFor(rhythm, world.time.now).week);
        }
      }
      const told = [...made.values()].sort((a, b) => a.from - b.from);
      for (const [index, report] of told.slice(1).entries()) {
        expect(report.from).toBeGreaterThanOrEqual(told[index]?.to ?? 0);
      }
    }),
    { numRuns: 200 },
  );
});
