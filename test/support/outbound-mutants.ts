import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as guard from '../../shared/channels/address-guard.ts';
import type * as http from '../../shared/channels/http.ts';

type File = 'http' | 'address-guard';
/** In this file, this text, which must stand there exactly once, becomes another. */
export type Change = readonly [file: File, from: string, to: string];
export type Mutated = Pick<typeof http, 'createHttp'> & Pick<typeof guard, 'isAllowedAddress'>;

/** The guarded fetch with one protection taken away: a changed copy of its sources, outside the repository. */
export async function mutated(...changes: readonly Change[]): Promise<Mutated> {
  const folder = await mkdtemp(join(tmpdir(), 'sendeplan-mutant-'));
  try {
    for (const file of ['http', 'address-guard'] as const) {
      let source = await sourceOf(file);
      for (const [, from, to] of changes.filter(([where]) => where === file)) {
        if (source.split(from).length !== 2) throw new Error(`${file}.ts does not have this once: ${from}`);
        source = source.replace(from, () => to);
      }
      await writeFile(join(folder, `${file}.ts`), source);
    }
    const load = (file: File) => import(/* @vite-ignore */ pathToFileURL(join(folder, `${file}.ts`)).href);
    return { ...(await load('http')), ...(await load('address-guard')) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The guard's blocks of addresses as they stand in its source: `'10.0.0.0/8', // private`. */
export async function blocks(): Promise<string[]> {
  return [...(await sourceOf('address-guard')).matchAll(/^ {4}'[\da-f.:]+\/\d+',.*\n/gm)].map(
    ([line]) => line,
  );
}

const sourceOf = (file: File): Promise<string> =>
  readFile(resolve(import.meta.dirname, `../../shared/channels/${file}.ts`), 'utf8');

/** Protections taken away, and the problem by which that must show. */
export const MUTANTS: Readonly<
  Record<string, { readonly shows: RegExp; readonly changes: readonly Change[] }>
> = {
  'judges nothing': {
    shows: /GET.*connected/,
    changes: [
      ['http', 'const problem = urlProblem(request.url, call.guard);', 'const problem = undefined;'],
      ['http', 'isAllowedAddress(address, guard, protocol)', 'true'],
    ],
  },
  'does not judge the URL': {
    shows: /POST.*(connected|unanswered)/,
    changes: [['http', 'const problem = urlProblem(request.url, call.guard);', 'const problem = undefined;']],
  },
  'does not judge what a name stands for': {
    shows: /alias.*connected/,
    changes: [['http', 'isAllowedAddress(address, guard, protocol)', 'true']],
  },
  'judges only the first address of a name': {
    shows: /the public one is dead.*connected/,
    changes: [['http', '({ address }) => is', '({ address }, n) => n > 0 || is']],
  },
  'passes a name with one public address as a whole': {
    shows: /mixed.*connected/,
    changes: [['http', 'callback(null, allowed)', 'callback(null, addresses)']],
  },
  'looks up once to judge and again to connect': {
    shows: /before it is rebound.*connected/,
    changes: [
      [
        'http',
        'callback(null, allowed)',
        'lookup(hostname, { ...options, all: true }, (error, again) => callback(error, again))',
      ],
    ],
  },
  'does not judge where a redirect leads': {
    shows: /redirect 30\d.*connected/,
    changes: [
      ['http', 'exchange(present, { guard,', 'exchange(present, { guard: { allowLoopback: hops > 0 },'],
    ],
  },
  'takes every port': {
    shows: /public\.test:\d+.*connected/,
    changes: [['address-guard', "!allowLoopback && url.port !== ''", 'false']],
  },
  'takes a login in the URL': {
    shows: /@public\.test.*connected/,
    changes: [['address-guard', "url.username !== '' || url.password !== ''", 'false']],
  },
  'takes plain http': {
    shows: /^http:.*(public\.test|1\.1\.1\.1).*(connected|unanswered)/i,
    changes: [
      [
        'address-guard',
        "url.protocol !== 'https:' && !(allowLoopback",
        "url.protocol !== 'https:' && !(true",
      ],
      ['address-guard', "if (protocol !== 'https:') return false;", ''],
    ],
  },
  'takes every IPv6 address': {
    shows: /(fd|fe80|64:ff9b).*connected/,
    changes: [['address-guard', "ipv6: ['2000::/3']", "ipv6: ['::/0']"]],
  },
  'takes loopback': {
    shows: /127\.0\.0\.1.*connected/,
    changes: [['address-guard', 'return allowLoopback;', 'return true;']],
  },
};
