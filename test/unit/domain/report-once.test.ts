import fc from 'fast-check';
import { expect, it } from 'vitest';
import { WEEKDAYS } from '../../../shared/domain/brand.ts';
import { buildReport } from '../../../shared/domain/build-report.ts';
import type { GatheredDelivery } from '../../../shared/domain/report-input.ts';
import { nextReportAt, type ReportRhythm, windowFor } from '../../../shared/domain/report-week.ts';
import { DAY, HOUR, type Instant } from '../../../shared/domain/time.ts';
import { aReportInput, gathered, published, snapshot24 } from '../../support/report-data.ts';

const rhythms = fc.record({
  timeZone: fc.constantFrom(
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'UTC',
  ),
  report: fc.record({
    weekday: fc.constantFrom(...WEEKDAYS),
    time: fc.constantFrom('00:00', '02:30', '08:00', '23:59'),
  }),
});
/** How a delivery ends: `knownMs` after it went out, so long it is on its way, public in part, or in doubt. */
const deliveries = fc.array(
  fc.record({
    afterMs: fc.integer({ min: 0, max: 28 * DAY }),
    knownMs: fc.constantFrom(0, 0, 0, HOUR, 2 * DAY),
    until: fc.constantFrom('uncertain' as const, 'pending' as const, 'retrying' as const),
    isMeasured: fc.boolean(),
  }),
  { minLength: 1, maxLength: 30 },
);
type Drawn = {
  afterMs: number;
  knownMs: number;
  until: 'uncertain' | 'pending' | 'retrying';
  isMeasured: boolean;
};

/** Nothing is measured of what is not known to be out by the time. */
const isCounted = ({ isMeasured, knownMs }: Drawn): boolean => isMeasured && knownMs <= DAY;

/** What is known at `now` of a delivery that goes out at `at`. */
function seenAt(now: Instant, at: Instant, n: number, drawn: Drawn): GatheredDelivery {
  const name = `d${n}`;
  const dueAt = at - HOUR;
  if (now < at) return gathered(name, { state: 'scheduled', dueAt });
  if (now < at + drawn.knownMs) {
    const open = { dueAt, state: drawn.until } as const;
    if (drawn.until === 'pending') return gathered(name, { ...open, publishedAt: at, externalId: name });
    return gathered(name, drawn.until === 'retrying' ? { ...open, doubtSince: at } : open);
  }
  const told = published(name, at, undefined, { dueAt });
  const isThere = isCounted(drawn) && now >= at + 25 * HOUR;
  return isThere ? { ...told, snapshot: snapshot24({ reactions: 1 }, at + 24 * HOUR) } : told;
}

it('tells every publication in one report, and counts it in one, whatever the weekday, zone and clocks', () => {
  const starts = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 11, 31) });
  fc.assert(
    fc.property(rhythms, starts, deliveries, (rhythm: ReportRhythm, start, drawn) => {
      const times = new Map<string, { told: number; counted: number }>();
      const seenBy = (now: Instant) => drawn.map((one, n) => seenAt(now, start + one.afterMs, n, one));
      let [countLater, openEnded] = [new Set<string>(), new Set<string>()];
      // The first one ends behind the start, the last one well behind the last publication.
      let now = nextReportAt(rhythm, start);
      while (now < start + 50 * DAY) {
        const period = windowFor(rhythm, now);
        const within = (at: Instant | undefined) => at !== undefined && period.from <= at && at < period.to;
        const found = seenBy(now).filter(
          ({ id, delivery }) =>
            within(delivery.dueAt) || within(delivery.publishedAt) || countLater.has(id) || openEnded.has(id),
        );
        const built = buildReport(
          aReportInput({ period, asOf: now, deliveries: found, countLater, openEnded }),
        );
        for (const { agency, fromLastWeek, resonance } of built.data.agency.publications) {
          const so = times.get(agency?.deliveryId ?? '') ?? { told: 0, counted: 0 };
          times.set(agency?.deliveryId ?? '', {
            told: so.told + (fromLastWeek ? 0 : 1),
            counted: so.counted + (resonance.kind === 'counted' ? 1 : 0),
          });
        }
        [countLater, openEnded] = [new Set(built.countLater), new Set(built.openEnded)];
        now = nextReportAt(rhythm, now);
      }
      for (const [n, one] of drawn.entries()) {
        expect(times.get(gathered(`d${n}`).id)).toEqual({ told: 1, counted: isCounted(one) ? 1 : 0 });
      }
    }),
    { numRuns: 200 },
  );
});
