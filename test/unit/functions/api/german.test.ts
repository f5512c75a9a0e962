import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inGerman } from '../../../../functions/api/german.ts';
import { notFound } from '../../../../shared/domain/app-error.ts';

const ROOT = resolve(import.meta.dirname, '../../../..');

const SOURCES = ['shared/usecases', 'shared/domain', 'shared/channels', 'functions/api']
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
      join(ROOT, folder, file),
    ),
  )
  .filter((file) => file.endsWith('.ts') && !/\/(german[a-z-]*|finding-texts|app-error)\.ts$/.test(file))
  .map((file) => readFileSync(file, 'utf8'));

const LITERALS = /'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g;

/** Texts in single quotes or backticks; what is filled in stands as a number. */
function literalsIn(source: string): string[] {
  return [...source.matchAll(LITERALS)].map(([, plain, template]) =>
    (plain ?? template ?? '').replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '7').replaceAll("\\'", "'"),
  );
}

/** What stands between the brackets of every call that begins so. */
function callsIn(source: string, opening: string): string[] {
  return source
    .split(opening)
    .slice(1)
    .map((rest) => {
      let depth = 1;
      let end = 0;
      while (depth > 0 && end < rest.length) {
        if (rest[end] === '(') depth += 1;
        if (rest[end] === ')') depth -= 1;
        end += 1;
      }
      return rest.slice(0, end - 1);
    });
}

const refusals = SOURCES.flatMap((source) => callsIn(source, 'new AppError('))
  .flatMap(literalsIn)
  .filter((text) => /^\S+ .*[\w.…]$/s.test(text));
const unknown = SOURCES.flatMap((source) =>
  [...source.matchAll(/notFound\('(\w+)'\)/g)].map(([, what = '']) => notFound(what).message),
);
const rules = SOURCES.flatMap(literalsIn).filter((text) => /^(must|has not|may be given) /.test(text));

describe('German is there for', () => {
  test.each([...new Set(refusals)].map((text) => [text]))('the refusal “%s”', (text) => {
    expect(inGerman(text)).not.toBe(text);
  });

  test.each([...new Set(unknown)].map((text) => [text]))('“%s”', (text) => {
    expect(inGerman(text)).not.toBe(text);
  });

  test.each([...new Set(rules)].map((text) => [text]))('the rule “%s”', (text) => {
    expect(inGerman(text)).not.toBe(text);
  });

  test('enough of them, so that this test still finds what it looks for', () => {
    expect(new Set(refusals).size).toBeGreaterThan(40);
    expect(new Set(unknown).size).toBeGreaterThan(8);
    expect(new Set(rules).size).toBeGreaterThan(20);
  });
});

test('what is filled in stays', () => {
  expect(inGerman('The network refused: too fast')).toBe('Das Netzwerk hat abgelehnt: too fast');
  expect(inGerman('Only what is failed, missed can be sent again; this is published.')).toBe(
    'Das geht nur bei failed, missed; das hier ist published.',
  );
});
