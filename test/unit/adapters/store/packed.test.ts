import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { pack, unpack } from '../../../../shared/adapters/store/packed.ts';

const rows = Array.from({ length: 900 }, (_, n) => ({
  at: 1_790_000_000_000 + n * 7_919,
  excerpt: `Number ${n}`,
}));
const twice = { client: rows, agency: rows };

test.each([
  ['a short text', { text: 'Fresh bread 🍞' }],
  ['just under the length that is compressed', { text: 'x'.repeat(1_013) }],
  ['a long text', { text: 'Fresh bread 🍞. '.repeat(200) }],
  ['a report to two audiences', twice],
])('gives back %s as it was', (_name, value) => {
  expect(unpack(pack(value))).toEqual(value);
});

test('what stands in it twice, however far apart, is stored once', () => {
  const once = pack({ client: rows });
  expect(JSON.stringify(twice).length).toBeGreaterThan(64_000);
  expect(pack(twice).length).toBeLessThan(once.length * 1.2);
});

test('reads what was packed with gzip', () => {
  expect(unpack(new Uint8Array(gzipSync(JSON.stringify(twice))))).toEqual(twice);
});

test('nothing that it packs is taken for gzip', () => {
  for (let length = 1_025; length < 1_400; length += 1) {
    const packed = pack('x'.repeat(length));
    expect(packed[0]).not.toBe(0x1f);
  }
});
