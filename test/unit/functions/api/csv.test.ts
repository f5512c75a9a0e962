import { expect, test } from 'vitest';
import { csv } from '../../../../functions/api/csv.ts';

test('cells are quoted where they must be, and what is unknown is empty', () => {
  expect(csv([['a,b', 'say "x"', 'two\nlines', 0, null, undefined]])).toBe(
    '"a,b","say ""x""","two\nlines",0,,\r\n',
  );
});

test('a text that a spreadsheet would run stays a text', () => {
  expect(csv([['=1+1', '@home', '-5', '+1']])).toBe("'=1+1,'@home,'-5,'+1\r\n");
});
