import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { STAGE_FIELDS } from '../../infra/stage-settings.ts';
import { TRANSITIONS } from '../../shared/domain/delivery.ts';
import { POST_STATUSES } from '../../shared/domain/post-status.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const PAGES = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)];

const SOURCES = ['infra', 'functions', 'shared', 'test'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
);
/** A path may be told by its end alone: there may be several then. */
const sourcesOf = (path: string): readonly string[] =>
  SOURCES.filter((source) => source === path || source.endsWith(`/${path}`));

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

  test('gives the deploy only options that it takes', () => {
    const settings = STAGE_FIELDS.map((field) => field.replace(/[A-Z]/g, (one) => `-${one.toLowerCase()}`));
    const known = ['stage', 'anyway', 'api-url', ...settings];
    // A deploy's options may also be told with the word alone.
    const calls = [...text.matchAll(/npm run deploy -- ([^`\n]+)|(`--[^`\n]+`) at the deploy/g)];
    const named = calls.flatMap(([call]) =>
      [...call.matchAll(/ ?`?--([a-z][a-z-]*)/g)].map(([, name]) => name),
    );
    expect(named.filter((name) => name !== undefined && !known.includes(name))).toEqual([]);
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

  test('names only sources that exist, also by the end of their path', () => {
    const named = [...text.matchAll(/`([\w./-]+\.ts)`/g)].map(([, path]) => path ?? '');
    expect(named.filter((path) => sourcesOf(path).length === 0)).toEqual([]);
  });

  test('says of nothing that it stands in a source where it does not', () => {
    const told = [...text.matchAll(/`(\w+)`(?:, `\w+`)* in `([\w./-]+\.ts)`/g)];
    const wrong = told.filter(([, name = '', path = '']) => {
      const sources = sourcesOf(path).map((source) => readFileSync(join(ROOT, source), 'utf8'));
      return !sources.some((source) => new RegExp(`\\b${name}\\b`).test(source));
    });
    expect(wrong.map(([words]) => words)).toEqual([]);
  });
});
