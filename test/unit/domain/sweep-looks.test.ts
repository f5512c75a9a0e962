import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AGES } from '../../../shared/domain/metrics.ts';
import { joined, looksIn, passes } from '../../../shared/domain/sweep-looks.ts';
import { DAY, HOUR, MINUTE } from '../../../shared/domain/time.ts';

const START = Date.UTC(2026, 10, 30, 7, 20);

/** Sweeps that come hourly, give or take some minutes, for so many hours. */
const sweeps = (hours: number, lateMs: readonly number[]): number[] =>
  Array.from({ length: hours }, (_, hour) => START + hour * HOUR + (lateMs[hour % lateMs.length] ?? 0));

test('sweeps that follow on each other look at each publication once for each age, in time', () => {
  const late = fc.array(fc.integer({ min: 0, max: 20 * MINUTE }), { minLength: 1, maxLength: 7 });
  const published = fc.integer({ min: START + HOUR, max: START + DAY });
  fc.assert(
    fc.property(late, published, (lateMs, publishedAt) => {
      const seen = sweeps(32 * 24, lateMs).flatMap((at, index, all) =>
        index === 0
          ? []
          : looksIn({ since: all[index - 1] ?? 0, at })
              .filter(({ from, to }) => from <= publishedAt && publishedAt < to)
              .map(({ age }) => ({ age, old: at - publishedAt })),
      );
      // The first age lasts as long as sweeps are apart, so a sweep that comes late may cost it.
      const ages = AGES.map(({ age }) => age).filter((age) => age !== '1h' || seen[0]?.age === '1h');
      expect(seen.map(({ age }) => age)).toEqual(ages);
      for (const { age, old } of seen) {
        const { afterMs = 0, untilMs = 0 } = AGES.find((one) => one.age === age) ?? {};
        expect(old).toBeGreaterThanOrEqual(afterMs);
        expect(old).toBeLessThanOrEqual(untilMs);
      }
    }),
    { numRuns: 30 },
  );
});

test('a sweep that comes after a long while looks as far back as an age still counts', () => {
  const at = Date.UTC(2026, 10, 30, 12, 20);
  const looks = looksIn({ since: 0, at });
  expect(looks.map(({ age }) => age)).toEqual(AGES.map(({ age }) => age));
  for (const [index, { from }] of looks.entries()) expect(from).toBe(at - (AGES[index]?.untilMs ?? 0));
});

test('a full time passes once, whenever the sweeps around it come', () => {
  const noon = Date.UTC(2026, 10, 30, 12);
  expect(passes({ since: noon - 1, at: noon }, 12 * HOUR)).toBe(true);
  expect(passes({ since: noon, at: noon + 11 * HOUR }, 12 * HOUR)).toBe(false);
});

test('ranges near each other are read as one, others by themselves', () => {
  const ranges = [
    { from: 100 * HOUR, to: 101 * HOUR },
    { from: 5 * HOUR, to: 6 * HOUR },
    { from: 0, to: HOUR },
  ];
  expect(joined(ranges)).toEqual([
    { from: 0, to: 6 * HOUR },
    { from: 100 * HOUR, to: 101 * HOUR },
  ]);
  expect(joined([])).toEqual([]);
});
