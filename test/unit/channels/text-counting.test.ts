import { describe, expect, test } from 'vitest';
import { providersFor } from '../../../shared/channels/index.ts';
import { littleTextLength } from '../../../shared/channels/linkedin/text.ts';
import { countStatus } from '../../../shared/channels/mastodon/text.ts';
import { threadsLength } from '../../../shared/channels/threads/text.ts';
import { weightedLength } from '../../../shared/channels/x/text.ts';
import { codePoints, graphemes, utf8Bytes, utf16 } from '../../../shared/domain/text-count.ts';
import { COUNTING_CASES } from '../../support/counting-cases.ts';

/** The counter that the network's rule names. */
const COUNTERS: Readonly<Record<string, (text: string) => number>> = {
  bluesky: graphemes,
  discord: codePoints,
  discourse: codePoints,
  facebook: codePoints,
  flickr: codePoints,
  ghost: codePoints,
  'google-business': codePoints,
  instagram: codePoints,
  linkedin: littleTextLength,
  mastodon: countStatus,
  pinterest: codePoints,
  reddit: codePoints,
  slack: codePoints,
  telegram: utf16,
  threads: threadsLength,
  tiktok: utf16,
  tumblr: codePoints,
  webhook: codePoints,
  wordpress: codePoints,
  x: weightedLength,
  xing: codePoints,
  youtube: utf8Bytes,
};
const providers = await providersFor();

test('the cases are many, of every network, and none stands twice', () => {
  const keys = COUNTING_CASES.map(([network, text]) => `${network} ${JSON.stringify(text)}`);
  expect(COUNTING_CASES.length).toBeGreaterThanOrEqual(400);
  expect(new Set(keys).size).toBe(keys.length);
  expect([...new Set(COUNTING_CASES.map(([network]) => network))].sort()).toEqual(
    Object.keys(COUNTERS).sort(),
  );
  expect(COUNTING_CASES.every(([, , , source]) => source.length > 0)).toBe(true);
});

test('every network that is offered has cases', () => {
  expect(
    Object.keys(providers).sort(),
    'a new network needs its counter in COUNTERS above, and cases in test/support/counting-cases.ts',
  ).toEqual(Object.keys(COUNTERS).sort());
});

describe.each(Object.entries(COUNTERS))('%s', (network, counter) => {
  test.each(COUNTING_CASES.filter((one) => one[0] === network))(
    '%s takes %j as %d (%s)',
    (_network, text, count) => {
      expect(counter(text)).toBe(count);
      expect(providers[network]?.countText(text)).toBe(count);
    },
  );
});
