import { describe, expect, test } from 'vitest';
import { readDueAt } from '../../../shared/domain/due-at.ts';
import type { DueAtInput } from '../../../shared/domain/post.ts';
import { toRfc3339 } from '../../../shared/domain/time.ts';

const NOW = Date.UTC(2027, 5, 1);
const read = (input: DueAtInput) => {
  const found = readDueAt(input, 'Europe/Berlin', NOW, '/dueAt');
  if ('finding' in found) return { rule: found.finding.rule, params: found.finding.params };
  return { at: toRfc3339(found.due.at), wall: found.due.wall };
};
const twice = '2027-10-31T02:30';

describe('a local time that happens twice', () => {
  test('is refused until the author says which', () => {
    expect(read({ local: twice })).toMatchObject({
      rule: 'time_overlap',
      params: { earlier: '2027-10-31T02:30:00+02:00', later: '2027-10-31T02:30:00+01:00' },
    });
  });

  test.each([
    [{ local: twice, disambiguation: 'earlier' }, '2027-10-31T00:30:00Z'],
    [{ local: twice, disambiguation: 'later' }, '2027-10-31T01:30:00Z'],
    [{ local: `${twice}+02:00` }, '2027-10-31T00:30:00Z'],
    [{ local: `${twice}:00+01:00` }, '2027-10-31T01:30:00Z'],
    [{ local: `${twice}+01:00`, disambiguation: 'later' }, '2027-10-31T01:30:00Z'],
  ] as const)('is told by %j', (input, at) => {
    expect(read(input)).toMatchObject({ at });
  });

  test('is not told by two words that contradict each other', () => {
    expect(read({ local: `${twice}+01:00`, disambiguation: 'earlier' })).toMatchObject({
      rule: 'time_offset',
    });
  });
});

describe('an offset in a local time', () => {
  test('is not kept: the promise is what the clock on the wall says', () => {
    expect(read({ local: '2027-07-01T09:00+02:00' })).toEqual({
      at: '2027-07-01T07:00:00Z',
      wall: { local: '2027-07-01T09:00', timeZone: 'Europe/Berlin' },
    });
    expect(read({ local: '2027-07-01T09:00Z', timeZone: 'UTC' })).toMatchObject({
      at: '2027-07-01T09:00:00Z',
    });
  });

  test('that the zone has not got then is refused, with what the clocks say there', () => {
    expect(read({ local: '2027-07-01T09:00+01:00' })).toEqual({
      rule: 'time_offset',
      params: {
        local: '2027-07-01T09:00+01:00',
        timeZone: 'Europe/Berlin',
        said: '2027-07-01T09:00:00+02:00',
      },
    });
  });

  test('brings no time about that the clocks jump over', () => {
    expect(read({ local: '2028-03-26T02:30+01:00' })).toMatchObject({ rule: 'time_gap' });
  });
});
