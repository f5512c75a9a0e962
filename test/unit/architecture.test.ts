import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const SOURCES = ['infra', 'functions', 'shared'].flatMap((folder) => filesBelow(join(ROOT, folder)));

/** Folder (longest match wins) → what its files may import: folders or files of ours, and packages. */
const RULES: readonly { in: RegExp; may: readonly RegExp[] }[] = [
  { in: /^shared\/domain\//, may: [/^shared\/domain\//, /^zod$/, /^temporal-polyfill$/, /^node:crypto$/] },
  {
    in: /^shared\/(store-|post-)?ports\.ts$/,
    may: [/^shared\/domain\//, /^shared\/channels\/provider\.ts$/, /^shared\/(store|post)-ports\.ts$/],
  },
  { in: /^shared\/(env|table-schema|metric-names)\.ts$/, may: [/^zod$/] },
  { in: /^shared\/channels\/index\.ts$/, may: [/^shared\/channels\//, /^shared\/(store-|post-)?ports\.ts$/] },
  {
    in: /^shared\/channels\/(http|address-guard)\.ts$/,
    may: [/^shared\/channels\/(provider|address-guard)\.ts$/, /^shared\/(store-|post-)?ports\.ts$/, /^node:/],
  },
  {
    in: /^shared\/channels\/oauth\.ts$/,
    may: [/^shared\/channels\/(provider|outcome)\.ts$/, /^shared\/domain\//, /^oauth4webapi$/, /^zod$/],
  },
  {
    in: /^shared\/channels\//,
    may: [
      /^shared\/domain\//,
      // What several networks share: the contract, and what is the same for them by a rule of the outside.
      /^shared\/channels\/(provider|outcome|check-content|own-options|multipart|bearer|upload-in-steps|read-since|handle|remove-all|by-hand)\.ts$/,
      /^shared\/channels\/(api-versions|oauth|token-renewal|graph|graph-tokens|graph-comment)\.ts$/,
      /^zod$/,
      /^node:(crypto|buffer)$/,
      'OWN_NETWORK' as never,
    ],
  },
  {
    in: /^shared\/usecases\//,
    may: [
      /^shared\/(domain|usecases|email)\//,
      /^shared\/(store-|post-)?ports\.ts$/,
      // The dance is the use cases' part; what it says to a network goes by the context, as with a provider.
      // A network at which people publish keeps its rules and loses its API: any network, by the channel's word.
      /^shared\/channels\/(provider|oauth|by-hand)\.ts$/,
      /^zod$/,
      /^node:crypto$/,
    ],
  },
  { in: /^shared\/email\//, may: [/^shared\/(domain|email)\//] },
  {
    in: /^shared\/adapters\/media\//,
    may: [/^shared\/(domain|adapters\/media)\//, /^shared\/ports\.ts$/, /^(sharp|mediabunny|file-type)$/],
  },
  {
    in: /^shared\/adapters\//,
    may: [
      /^shared\/(domain|adapters)\//,
      /^shared\/(ports|store-ports|post-ports|env|table-schema|metric-names)\.ts$/,
      /^@aws-sdk\//,
      /^@smithy\/signature-v4$/,
      /^zod$/,
      /^node:/,
    ],
  },
  { in: /^functions\/runtime\.ts$/, may: [/^shared\//, /^@aws-sdk\//] },
  {
    in: /^functions\/media-runtime\.ts$/,
    may: [/^shared\/adapters\/media\//, /^shared\/ports\.ts$/, /^functions\/runtime\.ts$/],
  },
  {
    in: /^functions\//,
    may: [
      /^shared\/(domain|usecases|email)\//,
      /^shared\/(store-|post-)?ports\.ts$/,
      /^shared\/channels\/provider\.ts$/,
      /^functions\//,
      /^@middy\//,
      /^zod$/,
      /^aws-lambda$/,
      /^node:/,
    ],
  },
  { in: /^infra\/local\//, may: [/./] },
  {
    in: /^infra\/agency\.ts$/,
    may: [
      /^infra\/place\.ts$/,
      /^functions\/runtime\.ts$/,
      /^shared\/usecases\/create-agency\.ts$/,
      /^node:/,
    ],
  },
  {
    in: /^infra\/(export|erase|brand-command)\.ts$/,
    may: [
      /^infra\/(place|brand-command)\.ts$/,
      /^functions\/runtime\.ts$/,
      /^shared\/adapters\//,
      /^shared\/(domain\/ids|domain\/agency|store-ports|post-ports)\.ts$/,
      /^shared\/usecases\/erase-brand\.ts$/,
      /^@aws-sdk\/client-(dynamodb|scheduler)$/,
      /^node:/,
    ],
  },
  {
    in: /^infra\/(place|dlq|dead-letters)\.ts$/,
    may: [
      /^infra\/(place|dead-letters|deploy\/choices)\.ts$/,
      /^shared\/domain\/messages\.ts$/,
      /^@aws-sdk\/client-(sqs|cloudformation)$/,
      /^node:/,
    ],
  },
  {
    in: /^infra\/aws-call\.ts$/,
    may: [
      /^shared\/adapters\/aws\/signer-hash\.ts$/,
      /^@aws-sdk\/client-cloudformation$/,
      /^@smithy\/signature-v4$/,
      /^node:/,
    ],
  },
  {
    in: /^infra\/(deploy|destroy|deploy\/[a-z-]+)\.ts$/,
    may: [/^infra\/(place|aws-call|stage-settings|deploy\/[a-z-]+)\.ts$/, /^@aws-sdk\//, /^zod$/, /^node:/],
  },
  {
    in: /^infra\/(build|slim-sdk|slim-zod|slim-networks|slim-node)\.ts$/,
    may: [/^infra\//, /^functions\/api\/build-docs\.ts$/, /^esbuild$/, /^@(aws-sdk|smithy)\//, /^node:/],
  },
  {
    in: /^infra\//,
    may: [
      /^infra\/[^/]+$/,
      /^shared\/(env|table-schema|metric-names)\.ts$/,
      /^shared\/domain\/messages\.ts$/,
      /^zod$/,
      /^aws-cdk-lib\//,
      /^constructs$/,
      /^cdk-nag$/,
      /^node:/,
    ],
  },
];

describe('who may import whom', () => {
  test.each(SOURCES.map((file) => [relative(ROOT, file)]))('%s keeps to its neighbours', (file) => {
    const rule = RULES.find((one) => one.in.test(file));
    expect(rule, 'no rule for this file: put it where one of RULES above fits').toBeDefined();
    const may = rule?.may ?? [];
    const forbidden = importsOf(file).filter((target) => !allowed(file, target, may));
    expect(forbidden, `${file} may import only ${may.join(' ')}; the rules stand in RULES above`).toEqual([]);
  });

  test('nothing imports a test', () => {
    expect(
      SOURCES.flatMap((file) =>
        importsOf(relative(ROOT, file)).filter((target) => target.startsWith('test/')),
      ),
    ).toEqual([]);
  });
});

describe('where time and randomness come from', () => {
  const outside = SOURCES.map((file) => relative(ROOT, file)).filter(
    (file) => !file.startsWith('shared/adapters/') && !file.startsWith('infra/'),
  );
  test.each(outside.map((file) => [file]))('%s asks the ports', (file) => {
    const source = withoutComments(readFileSync(join(ROOT, file), 'utf8'));
    const taken = source.match(/Date\.now\(|new Date\(\)|Math\.random\(|randomUUID\(|randomBytes\(/g) ?? [];
    expect(
      taken,
      'ask deps.clock and deps.random (shared/ports.ts): tests and the simulation own both',
    ).toEqual([]);
  });
});

describe('the shape of files', () => {
  const all = [...SOURCES, ...filesBelow(join(ROOT, 'test'))].map((file) => relative(ROOT, file));

  test('none is longer than 300 lines', () => {
    const long = all.filter((file) => readFileSync(join(ROOT, file), 'utf8').split('\n').length > 301);
    expect(long).toEqual([]);
  });

  test('a file of a network has 150 lines at the median, or fewer', () => {
    const lines = all
      .filter((file) => file.startsWith('shared/channels/'))
      .map((file) => readFileSync(join(ROOT, file), 'utf8').split('\n').length)
      .sort((a, b) => a - b);
    expect(lines[Math.floor(lines.length / 2)]).toBeLessThanOrEqual(150);
  });

  test('none has a name that says nothing', () => {
    expect(
      all.filter((file) => /(^|\/)(utils?|helpers?|common|manager|service|base|misc)(\.|\/)/.test(file)),
    ).toEqual([]);
  });

  test('none exports a function or value that no other file names, but the pure halves of a network', () => {
    const words = new Map(all.map((file) => [file, wordsOf(file)]));
    const unused = all.flatMap((file) =>
      exportsOf(file)
        .filter((name) => !/^to[A-Z]/.test(name))
        .filter((name) => all.every((other) => other === file || !words.get(other)?.has(name)))
        .map((name) => `${file}: ${name}`),
    );
    expect(unused).toEqual([]);
  });

  test('none exports a default, but configuration', () => {
    expect(
      all.filter(
        (file) =>
          !file.endsWith('.config.ts') && /^export default/m.test(readFileSync(join(ROOT, file), 'utf8')),
      ),
    ).toEqual([]);
  });
});

describe('every network', () => {
  const networks = SOURCES.map((file) => relative(ROOT, file)).flatMap((file) => {
    const name = /^shared\/channels\/([a-z-]+)\.ts$/.exec(file)?.[1];
    const source = readFileSync(join(ROOT, file), 'utf8');
    const isOne = /Provider</.test(source) && /\bsafety:| = byHand\(/.test(source);
    return name && isOne && name !== 'provider' ? [name] : [];
  });

  test('there are some', () => expect(networks.length).toBeGreaterThanOrEqual(5));

  test.each(networks.map((name) => [name]))(
    '%s is registered, has a contract test and stands in the README',
    (name) => {
      const missing = [
        ['shared/channels/index.ts', new RegExp(`\\b${name}\\b`), 'its line in NETWORKS'],
        [`test/contract/${name}.test.ts`, /testProvider/, 'its contract test, which calls testProvider'],
        ['README.md', new RegExp(`^\\| [^|]+ \\| \`${name}\` \\|`, 'm'), 'its row in the table of networks'],
      ] as const;
      const told = missing.filter(([file, what]) => !what.test(textOf(file)));
      expect(told.map(([file, , what]) => `${file}: ${what}`)).toEqual([]);
    },
  );
});

/** Nothing where there is no such file. */
const textOf = (file: string): string =>
  existsSync(join(ROOT, file)) ? readFileSync(join(ROOT, file), 'utf8') : '';

const wordsOf = (file: string): ReadonlySet<string> =>
  new Set(readFileSync(join(ROOT, file), 'utf8').match(/\w+/g));

const exportsOf = (file: string): string[] =>
  [
    ...readFileSync(join(ROOT, file), 'utf8').matchAll(
      /^export (?:const|class|(?:async )?function\*?) (\w+)/gm,
    ),
  ].map(([, name]) => name ?? '');

/** Repository paths of our own files, names of packages. Type imports count: they, too, are a dependency. */
function importsOf(file: string): string[] {
  const source = withoutComments(readFileSync(join(ROOT, file), 'utf8'));
  const targets = [...source.matchAll(/(?:from\s+|import\s*\(?\s*)'([^'\s]+)'/g)].map(
    (match) => match[1] ?? '',
  );
  return targets.map((target) =>
    target.startsWith('.') ? relative(ROOT, resolve(ROOT, dirname(file), target)) : target,
  );
}

function allowed(file: string, target: string, may: readonly (RegExp | string)[]): boolean {
  return may.some((one) => (typeof one === 'string' ? sameNetwork(file, target) : one.test(target)));
}

/** A provider may be split: `bluesky.ts` and what is in `bluesky/`, or one more file, `webhook-signature.ts`; never another's. */
function sameNetwork(file: string, target: string): boolean {
  const name = (path: string): string => /^shared\/channels\/([a-z-]+)/.exec(path)?.[1] ?? path;
  const [own, other] = [name(file), name(target)];
  const isPart = own === other || own.startsWith(`${other}-`) || other.startsWith(`${own}-`);
  return target.startsWith('shared/channels/') && isPart;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}
