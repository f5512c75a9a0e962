import { describe, expect, it } from 'vitest';
import {
  decodeCursor,
  encodeCursor,
  etag,
  ifMatch,
  mergePatch,
  presentFinding,
} from '../../../../functions/api/answers.ts';
import { AppError } from '../../../../shared/domain/app-error.ts';
import { finding } from '../../../../shared/domain/finding.ts';

describe('a cursor', () => {
  it('brings the sort position back', () => {
    const position = 'D#2026-11-30T08:00:00Z#post_ü';
    expect(decodeCursor(encodeCursor(position))).toBe(position);
    expect(decodeCursor(undefined)).toBeUndefined();
  });

  it('that was never ours is refused at /cursor', () => {
    for (const cursor of ['', '!', 'a b', 'abcde', `${encodeCursor('x')}=`]) {
      const act = () => decodeCursor(cursor);
      expect(act, cursor).toThrow(AppError);
      expect(act).toThrow(
        expect.objectContaining({ findings: [expect.objectContaining({ path: '/cursor' })] }),
      );
    }
  });
});

describe('If-Match', () => {
  const sent = (value?: string) => () =>
    ifMatch({ headers: value === undefined ? {} : { 'if-match': value } }, 3);

  it('lets through who read this version, any version, or did not ask', () => {
    for (const value of [undefined, '*', etag(3), '"2", "3"']) expect(sent(value)).not.toThrow();
  });

  it('stops who read another one', () => {
    for (const value of ['"2"', '3', 'W/"3"', '']) {
      expect(sent(value), value).toThrow(expect.objectContaining({ code: 'stale', data: { etag: '"3"' } }));
    }
  });
});

describe('a merge patch', () => {
  // The cases of RFC 7396, appendix A.
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('of %j by %j gives %j', (target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result);
  });

  it('reaches no prototype', () => {
    const merged = mergePatch({}, JSON.parse('{"__proto__":{"polluted":true}}'));
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
  });
});

describe('a finding', () => {
  it('fills its sentence from its params, and leaves what it does not know', () => {
    const found = finding('error', 'time_past', '/dueAt', { at: '2026-11-30T08:00:00Z' });
    expect(presentFinding(found, 'en').message).toBe('2026-11-30T08:00:00Z is in the past.');
    expect(presentFinding(finding('error', 'time_past', '/dueAt'), 'en').message).toBe(
      '{at} is in the past.',
    );
  });

  it('names kinds of values in German, too', () => {
    const found = finding('error', 'wrong_type', '/draft', { expected: 'true or false' });
    expect(presentFinding(found, 'de').message).toBe('„draft“ muss true oder false sein.');
  });

  it('names its field and the rule, so that the sentence can stand alone', () => {
    const said = (path: string, language: 'en' | 'de') =>
      presentFinding(finding('error', 'too_long', path, { limit: 25, unit: 'entries' }), language).message;
    expect(said('/channels', 'en')).toBe('“channels”: at most 25 entries.');
    expect(said('/report/recipients', 'de')).toBe('„report.recipients“: höchstens 25 Einträge.');
    const whole = finding('error', 'wrong_type', '', { expected: 'an object' });
    expect(presentFinding(whole, 'en').message).toBe('The body must be an object.');
  });
});
