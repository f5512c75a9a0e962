import { describe, expect, test } from 'vitest';
import {
  endRenewed,
  endsBefore,
  firstLook,
  isOver,
  warnFrom,
} from '../../../shared/domain/credential-end.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../shared/domain/time.ts';
import { aChannel, MADE_AT } from '../../support/builders.ts';

const NOW = MADE_AT;

describe('the first look at a credential', () => {
  test.each([
    ['2 h', 2 * HOUR, HOUR],
    ['60 days', 60 * DAY, 53 * DAY],
    ['15 min', 15 * MINUTE, 5 * MINUTE],
    ['5 min', 5 * MINUTE, -5 * MINUTE],
  ])('that lasts %s and renews', (_name, lasts, look) => {
    expect(firstLook({ at: NOW + lasts, renews: true }, NOW)).toBe(NOW + look);
  });

  test.each([
    ['60 days', 60 * DAY, 53 * DAY],
    ['2 days', 2 * DAY, 0],
  ])('that lasts %s and needs a person', (_name, lasts, look) => {
    expect(firstLook({ at: NOW + lasts, renews: false }, NOW)).toBe(NOW + look);
  });
});

test('people are told of a renewal that does not work a day before the end, later for short lives', () => {
  const channel = (lasts: number, lead: number) =>
    aChannel({ ends: { at: NOW + lasts, renews: true }, renewAt: NOW + lasts - lead });
  expect(warnFrom(channel(60 * DAY, 7 * DAY))).toBe(NOW + 59 * DAY);
  expect(warnFrom(channel(2 * HOUR, HOUR))).toBe(NOW + 90 * MINUTE);
  expect(warnFrom(aChannel())).toBeUndefined();
});

test('a credential is over a minute before its end, and one without an end never', () => {
  const ends = { at: NOW + MINUTE, renews: true };
  expect(isOver({ ends }, NOW)).toBe(true);
  expect(isOver({ ends }, NOW - SECOND)).toBe(false);
  expect(isOver({}, NOW)).toBe(false);
});

test('only what nobody renews ends before a post', () => {
  expect(endsBefore({ ends: { at: NOW, renews: false } }, NOW)).toBe(true);
  expect(endsBefore({ ends: { at: NOW + 1, renews: false } }, NOW)).toBe(false);
  expect(endsBefore({ ends: { at: NOW, renews: true } }, NOW)).toBe(false);
  expect(endsBefore({}, NOW)).toBe(false);
});

describe('an end that a renewal has not moved', () => {
  const renewed = (lasts: number, moved: number) => {
    const before = { at: NOW + lasts - moved, renews: true };
    return endRenewed({ at: NOW + lasts, renews: true }, before, NOW).renews;
  };

  test('is one that only a person helps with', () => {
    expect(renewed(7 * DAY, 0)).toBe(false);
    expect(renewed(7 * DAY, 20 * SECOND)).toBe(false);
    expect(renewed(7 * DAY, HOUR)).toBe(true);
  });

  test('tells nothing of a token of hours, which may have been given out once more', () => {
    expect(renewed(6 * HOUR, 0)).toBe(true);
  });
});
