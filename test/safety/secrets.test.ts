import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { canary, leaksIn } from './canaries.ts';
import { checkSecrets } from './secrets.ts';

test('no secret is stored, queued, sent, logged, mailed or answered, and no ciphertext opens elsewhere', async () => {
  const { examples, ...result } = await checkSecrets();
  expect(examples).toEqual([]);
  expect(result).toMatchObject({ holds: true, leaks: 0, opened: 0 });
  expect(result.secrets).toBeGreaterThanOrEqual(20);
  expect(result.swapped).toBeGreaterThanOrEqual(40);
}, 60_000);

describe('the search', () => {
  const value = canary('one');
  const found = (text: string): string[] =>
    leaksIn([{ name: 'log', text }], [{ name: 'one', value }]).map(({ form }) => form);
  const half = value.slice(0, value.length / 2);
  const gzip = gzipSync(JSON.stringify({ reason: `Not with ${value}` })).toString('base64');

  test.each([
    ['as it is', `a ${value} b`],
    ['in capitals', `a ${value.toUpperCase()} b`],
    ['backwards', `a ${[...value].reverse().join('')} b`],
    ['in hex', Buffer.from(`a ${value} b`).toString('hex')],
    ['URL-encoded', `?a=${encodeURIComponent(value)}`],
    ['escaped', `"${value.replaceAll('/', '\\/')}"`],
    ['within JSON within JSON', JSON.stringify(JSON.stringify({ value }))],
    ['cut in the middle', `a ${half}…`],
    ['compressed in the table', `{"B":"${gzip}"}`],
    ...['', 'a', 'ab', 'abc'].flatMap((before): [string, string][] => [
      [`in base64 behind ${before.length}`, Buffer.from(`${before}${value} b`).toString('base64')],
      [`in base64url behind ${before.length}`, Buffer.from(`${before}${value} b`).toString('base64url')],
    ]),
  ])('finds a secret %s', (_, text) => expect(found(text)).not.toEqual([]));

  test('finds nothing where there is nothing', () => {
    expect(
      found(`${canary('two')} ${value.slice(0, 10)} ${Buffer.from(canary('three')).toString('base64')}`),
    ).toEqual([]);
  });
});
