import { expect, test } from 'vitest';
import { refuseFixed } from '../../../shared/domain/fixed-parts.ts';

const fixed = { link: true, options: ['title', 'tags'] };
const was = { text: 'Bread', link: 'https://a.example/', options: { title: 'A', tags: ['x'], other: 1 } };

test('Other words, and options that are not fixed, may change', () => {
  const variant = { ...was, text: 'Rolls', options: { ...was.options, other: 2 } };
  expect(refuseFixed('Example', { was, variant }, fixed)).toBeUndefined();
});

test('Every fixed part that differs is named by its path', () => {
  const variant = { text: 'Bread', options: { title: 'A', tags: ['x', 'y'] } };
  expect(refuseFixed('Example', { was, variant }, fixed)).toEqual({
    kind: 'rejected',
    code: 'not_editable',
    reason: 'Example cannot change /link, /options/tags any more',
  });
});

test('An option that appears or goes differs', () => {
  const variant = { ...was, options: { tags: ['x'] } };
  expect(refuseFixed('Example', { was, variant }, fixed)?.reason).toMatch(/\/options\/title/);
  expect(refuseFixed('Example', { was: variant, variant: was }, fixed)?.reason).toMatch(/\/options\/title/);
});

test('Nothing is refused when nobody says what is out', () => {
  expect(refuseFixed('Example', { variant: was }, fixed)).toBeUndefined();
});
