import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { check, MAX_BODY_BYTES, parseBody, parseQuery } from '../../../../functions/api/parse.ts';
import { AppError } from '../../../../shared/domain/app-error.ts';
import { brandInput } from '../../../../shared/domain/brand.ts';
import { holdInput } from '../../../../shared/domain/hold.ts';
import { publishMessage } from '../../../../shared/domain/messages.ts';
import { postInput } from '../../../../shared/domain/post.ts';
import { anId } from '../../../support/builders.ts';

function refused(act: () => unknown): AppError {
  try {
    act();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

/** `rule path params` of each finding. */
const told = (act: () => unknown) =>
  refused(act).findings.map(({ rule, path, params }) => [rule, path, ...Object.values(params)].join(' '));

const aPost = { content: { text: 'Hello' }, channels: [anId('chn')], dueAt: 'now' };

describe('a body', () => {
  it('is refused as not JSON', () => {
    expect(refused(() => parseBody(brandInput, '{name:')).code).toBe('not_json');
  });

  it('is refused above 256 KB, counted in bytes', () => {
    const text = JSON.stringify({ name: 'ü'.repeat(MAX_BODY_BYTES / 2) });
    expect(refused(() => parseBody(brandInput, text)).code).toBe('too_large');
  });

  it('that is empty counts as an empty object', () => {
    expect(parseBody(z.strictObject({ dryRun: z.boolean().default(false) }), '')).toEqual({ dryRun: false });
    expect(told(() => parseBody(brandInput, ''))).toEqual(['required /name', 'required /timeZone']);
  });

  it('may say nothing where nothing is asked', () => {
    expect(parseBody(undefined, '')).toEqual({});
    expect(told(() => parseBody(undefined, '{"force":true}'))).toEqual(['unknown_field /force force']);
  });

  it('is told each thing that is wrong, by the path of the field', () => {
    const body = {
      name: '',
      timeZone: '+01:00',
      locale: 7,
      alerts: { recipients: ['nobody'] },
      report: { weekday: 'someday', recipients: [{ email: 'a@b.example', colour: 'red' }] },
      'a/b~c': 1,
    };
    expect(told(() => check(brandInput, body))).toEqual([
      'invalid_value /name must not be empty',
      'invalid_value /timeZone must be an IANA time zone like Europe/Berlin',
      'wrong_type /locale a text',
      'invalid_value /alerts/recipients/0 must be an e-mail address',
      'invalid_value /report/weekday must be one of monday, tuesday, wednesday, thursday, friday, saturday, sunday',
      'unknown_field /report/recipients/0/colour colour',
      'unknown_field /a~1b~0c a/b~c',
    ]);
  });

  it('that is no object is told so', () => {
    expect(told(() => check(brandInput, [1]))).toEqual(['wrong_type  an object']);
    expect(told(() => check(brandInput, null))).toEqual(['wrong_type  an object']);
  });

  it('is not told more than fifty things', () => {
    const body = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`field${i}`, i]));
    expect(refused(() => check(brandInput, body)).findings).toHaveLength(50);
  });

  it('with half of a character is refused, wherever that stands', () => {
    const rule = 'must not end or begin within a character: an emoji was cut in half';
    const cut = '"Fresh \\ud83e"';
    const body = `{"content":{"text":${cut}},"variants":{"x":{"thread":["whole 🥐",${cut}]}},"channels":[]}`;
    expect(told(() => parseBody(postInput, body))).toEqual([
      `invalid_value /content/text ${rule}`,
      `invalid_value /variants/x/thread/1 ${rule}`,
    ]);
  });

  it.each([
    ['NUL', '\\u0000'],
    ['the vertical tab of a slide', '\\u000b'],
    ['a bell', '\\u0007'],
    ['what is no character', '\\uffff'],
  ])('with %s is refused, wherever that stands', (_, sequence) => {
    const rule = 'must not hold control characters other than tabs and line breaks';
    const body = `{"content":{"text":"Fresh${sequence}bread"},"channels":[]}`;
    expect(told(() => parseBody(postInput, body))).toEqual([`invalid_value /content/text ${rule}`]);
  });

  it('may have tabs and every kind of line break', () => {
    const text = 'Fresh\tbread\r\nand rolls\n\ntoday\u2028or \u202btomorrow\u202c';
    const body = JSON.stringify({ ...aPost, content: { text } });
    expect(parseBody(postInput, body)).toMatchObject({ content: { text } });
  });

  it('is told a little of all that is wrong, however much that is and however long its names are', () => {
    const name = 'k'.repeat(100_000);
    const halves = `{"${name}":[${Array.from({ length: 2_000 }, () => '"\\ud800"').join(',')}]}`;
    const strange = Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`f${n}`, 0]));
    const unknown = JSON.stringify({ ...aPost, variants: { [name]: strange } });
    for (const text of [halves, unknown]) {
      const { findings } = refused(() => parseBody(postInput, text));
      expect(findings).toHaveLength(50);
      expect(JSON.stringify(findings).length).toBeLessThan(50_000);
    }
    const [found] = refused(() => parseBody(postInput, JSON.stringify({ ...aPost, [name]: 1 }))).findings;
    expect(found).toMatchObject({ rule: 'unknown_field', path: `/${'k'.repeat(200)}…` });
  });

  it('cannot reach the prototype of anything', () => {
    expect(told(() => parseBody(brandInput, '{"name":"A","timeZone":"UTC","__proto__":{"x":1}}'))).toEqual([
      'unknown_field /__proto__ __proto__',
    ]);
  });

  it('is not robbed of a variant by its name', () => {
    const body = '{"content":{"text":"A"},"channels":[],"variants":{"__proto__":{"text":"B"}}}';
    expect(told(() => parseBody(postInput, body))).toEqual(['unknown_field /variants/__proto__ __proto__']);
    const patch = '{"variants":{"x":{"options":{"__proto__":{"visibility":"private"}}}}}';
    expect(told(() => parseBody(z.record(z.string(), z.unknown()), patch))).toEqual([
      'unknown_field /variants/x/options/__proto__ __proto__',
    ]);
  });
});

describe('a value of several forms', () => {
  it('is judged by the form that it was meant to be', () => {
    const post = { ...aPost, dueAt: { local: '30.11.2026 9:00' } };
    expect(told(() => check(postInput, post))).toEqual([
      'invalid_value /dueAt/local must be a local time like 2026-11-30T09:00',
    ]);
    expect(told(() => check(holdInput, { scope: { brandId: 'bakery' }, reason: 'Wait' }))).toEqual([
      'invalid_value /scope/brandId must look like brd_…',
    ]);
  });

  it('that fits none is told what is taken', () => {
    const rule = 'invalid_value /dueAt must be an RFC 3339 instant, "now", or {"local": …}';
    for (const dueAt of [5, [], false]) {
      expect(told(() => check(postInput, { ...aPost, dueAt }))).toEqual([rule]);
    }
    expect(told(() => check(postInput, { ...aPost, dueAt: '2026-11-30T09:00:00' }))).toEqual([
      'invalid_value /dueAt must be an existing date and time with an offset (RFC 3339), like 2026-11-30T09:00:00+01:00',
    ]);
    expect(told(() => check(holdInput, { scope: {}, reason: 'Wait' }))).toEqual([
      'invalid_value /scope must be {"agency": true}, {"brandId": …} or {"channelId": …}',
    ]);
    expect(told(() => check(z.object({ id: z.union([z.string(), z.number()]) }), { id: true }))).toEqual([
      'invalid_value /id must be one of a text, a number',
    ]);
  });

  it('that is missing is missing', () => {
    expect(told(() => check(holdInput, { reason: 'Wait' }))).toEqual(['required /scope']);
    expect(told(() => check(publishMessage, {}))).toEqual(['required /kind']);
  });

  it('is told of a wrong kind', () => {
    expect(told(() => check(publishMessage, { kind: 'dance' }))).toEqual([
      'invalid_value /kind must be one of wake, settle',
    ]);
  });
});

describe('a body that is nested too deeply', () => {
  const anything = z.record(z.string(), z.unknown());
  const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
  const refused = ['invalid_value  must not be nested deeper than 20 levels'];

  it('is refused, however deep, before anything walks through it', () => {
    expect(parseBody(anything, nested(20))).toMatchObject({ a: { a: {} } });
    expect(told(() => parseBody(anything, nested(21)))).toEqual(refused);
    expect(told(() => parseBody(anything, nested(40_000)))).toEqual(refused);
    expect(told(() => parseBody(anything, `{"a":${'['.repeat(20)}${']'.repeat(20)}}`))).toEqual(refused);
  });
});

describe('a query', () => {
  const query = z.strictObject({
    limit: z.int().min(1).max(100).default(50),
    brand: z.array(z.string().min(1)).optional(),
    cancel: z.boolean().default(false),
    state: z.enum(['held', 'failed']).optional(),
  });

  it('is read as what its fields are', () => {
    expect(parseQuery(query, 'limit=10&brand=a,b&cancel=true&state=held')).toEqual({
      limit: 10,
      brand: ['a', 'b'],
      cancel: true,
      state: 'held',
    });
    expect(parseQuery(query, '')).toEqual({ limit: 50, cancel: false });
  });

  it('has its offset where the plus sign was not written as %2B', () => {
    const times = z.strictObject({ from: z.iso.datetime({ offset: true }).optional() });
    const from = '2026-11-30T09:00:00+01:00';
    expect(parseQuery(times, `from=${from}`)).toEqual({ from });
    expect(parseQuery(times, `from=${encodeURIComponent(from)}`)).toEqual({ from });
  });

  it('is refused where a value is of another kind or out of bounds', () => {
    expect(told(() => parseQuery(query, 'limit=ten'))).toEqual(['wrong_type /limit a number']);
    expect(told(() => parseQuery(query, 'limit=1.5'))).toEqual(['wrong_type /limit a whole number']);
    expect(told(() => parseQuery(query, 'limit=101'))).toEqual(['invalid_value /limit must be at most 100']);
    expect(told(() => parseQuery(query, 'limit=0'))).toEqual(['invalid_value /limit must be at least 1']);
    expect(told(() => parseQuery(query, 'cancel=yes'))).toEqual(['wrong_type /cancel true or false']);
    expect(told(() => parseQuery(query, 'brand='))).toEqual(['invalid_value /brand/0 must not be empty']);
  });

  it('is refused where a parameter is unknown or given twice', () => {
    expect(told(() => parseQuery(query, 'limt=10&limit=1&limit=2'))).toEqual([
      'unknown_field /limt limt',
      'invalid_value /limit may be given only once',
    ]);
    expect(told(() => parseQuery(undefined, 'constructor=1'))).toEqual([
      'unknown_field /constructor constructor',
    ]);
  });
});
