import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { TRANSITIONS } from '../../shared/domain/delivery.ts';
import { POST_STATUSES } from '../../shared/domain/post-status.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const PAGES = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)];

describe('the README', () => {
  test('draws the state machine that the code uses', () => {
    const drawn = [...README.matchAll(/^ {2}(\w+) --> (\w+)$/gm)].map(([, from, to]) => `${from} → ${to}`);
    const legal = Object.entries(TRANSITIONS).flatMap(([from, tos]) => tos.map((to) => `${from} → ${to}`));
    expect(drawn.sort()).toEqual(legal.sort());
  });

  test('names every post status there is', () => {
    const named = [...README.matchAll(/^\|[^|]+\| `(\w+)` \|$/gm)].map(([, status]) => status);
    expect(named).toEqual([...POST_STATUSES].sort((a, b) => named.indexOf(a) - named.indexOf(b)));
  });

  test('gives each dependency its line of reason', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const section = README.slice(README.indexOf('### Dependencies'), README.indexOf('## Decisions'));
    const missing = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => {
      const known =
        section.includes(`\`${name}\``) || name.startsWith('@aws-sdk/') || name.startsWith('@types/');
      return !known;
    });
    expect(missing).toEqual([]);
  });
});

describe.each(PAGES)('%s', (page) => {
  const text = readFileSync(join(ROOT, page), 'utf8');

  test('names only scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name ?? '');
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test('points only at files and pages that exist', () => {
    const files = [...text.matchAll(/`((?:shared|functions|infra|test)\/[\w./-]+\.(?:ts|mjs|py|json))`/g)];
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)];
    const paths = [
      ...files.map(([, path]) => join(ROOT, path ?? '')),
      ...links.map(([, path]) => resolve(dirname(join(ROOT, page)), path ?? '')),
    ];
    expect(paths.length).toBeGreaterThan(0);
    for (const path of paths) expect(() => readFileSync(path), path).not.toThrow();
  });
});
