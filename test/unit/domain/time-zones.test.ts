import moment from 'moment-timezone';
import { expect, test } from 'vitest';
import { type Landing, land, timeZoneSchema, toLocal } from '../../../shared/domain/wall-clock.ts';

const FROM = Date.UTC(2024, 0, 1);
const TO = Date.UTC(2036, 0, 1);
const SECOND = 1_000;

type Transition = {
  readonly zone: string;
  readonly at: number;
  readonly before: number;
  readonly after: number;
};

/**
 * T14, against an oracle of its own: moment-timezone carries the IANA data itself and computes with it by itself,
 * while the product asks the runtime's ICU by way of the Temporal API. Its version is the one with the same IANA data
 * as the pinned Node.js: countries change their minds several times a year, and that is no fault of either.
 */
test('every wall-clock time around every change of every zone, 2024 to 2035, lands where the IANA data say', () => {
  const zones = moment.tz.names().filter((zone) => timeZoneSchema.safeParse(zone).success);
  const transitions = zones.flatMap(transitionsOf);
  const mismatches: string[] = [];
  let checked = 0;
  for (const { zone, at, before, after } of transitions) {
    for (const [local, expected] of expectations({ zone, at, before, after })) {
      checked += 1;
      const landed = land({ local: written(local), timeZone: zone });
      if (JSON.stringify(landed) !== JSON.stringify(expected)) {
        mismatches.push(`${zone} ${written(local)}: ${JSON.stringify([landed, expected])}`);
      }
    }
    for (const [instant, offset] of [
      [at - SECOND, before],
      [at, after],
      [at + SECOND, after],
    ] as const) {
      checked += 1;
      const told = toLocal(instant, zone);
      if (!told.startsWith(written(instant + offset))) mismatches.push(`${zone} ${instant}: ${told}`);
    }
  }
  console.log(
    `T14: ${zones.length} zones, ${transitions.length} transitions, ${checked} checks, ${mismatches.length} mismatches ` +
      `(IANA data ${moment.tz.dataVersion} against ${process.versions.tz})`,
  );
  expect(mismatches).toEqual([]);
  expect(zones.length).toBeGreaterThan(500);
  expect(transitions.length).toBeGreaterThan(3_000);
  expect(checked).toBeGreaterThan(20_000);
});

/** Offsets are milliseconds to be added to UTC. */
function transitionsOf(zone: string): Transition[] {
  const data = moment.tz.zone(zone);
  return (data?.untils ?? []).flatMap((at, index) => {
    const [west, next] = [data?.offsets[index], data?.offsets[index + 1]];
    if (at === null || west === undefined || next === undefined || at < FROM || at >= TO) return [];
    return [{ zone, at, before: -west * 60_000, after: -next * 60_000 }];
  });
}

/** Wall-clock times (as if they were UTC) with what they must land on: the edges, a second beside them, the middle. */
function expectations({ at, before, after }: Transition): [local: number, landing: Landing][] {
  const exact = (local: number, offset: number): [number, Landing] => [
    local,
    { kind: 'exact', at: local - offset },
  ];
  const [low, high] = [at + Math.min(before, after), at + Math.max(before, after)];
  const outside = [exact(low - SECOND, before), exact(high, after), exact(high + SECOND, after)];
  if (low === high) return outside;
  const inside = [low, (low + high) / 2, high - SECOND].map((local): [number, Landing] =>
    after > before
      ? [local, { kind: 'gap', before: at - SECOND, after: at }]
      : [local, { kind: 'overlap', earlier: local - before, later: local - after }],
  );
  return [...outside, ...inside];
}

const written = (local: number): string => new Date(local).toISOString().slice(0, 19);
