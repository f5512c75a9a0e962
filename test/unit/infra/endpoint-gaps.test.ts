import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { GAPS } from '../../deploy/gaps.ts';

describe('what the endpoint of the deploy suite does otherwise than AWS', () => {
  const elsewhere = GAPS.flatMap(({ what, provenBy }) =>
    typeof provenBy === 'string' ? [] : [{ what, ...provenBy }],
  );
  test.each(elsewhere)('$what: is proven by a test that exists', ({ file, title }) => {
    const source = readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
    expect(source).toMatch(
      new RegExp(`\\b(test|it)(\\.\\w+)*\\(\\s*['\`]${title.replace(/[()?.]/g, '\\$&')}`),
    );
  });

  test('stands in the page about deploying', () => {
    const page = readFileSync(new URL('../../../docs/deploy.md', import.meta.url), 'utf8');
    for (const { what } of GAPS) expect(page).toContain(what);
  });
});
