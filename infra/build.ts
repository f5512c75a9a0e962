import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { FUNCTIONS, type FunctionName, type FunctionSource, type OptionalClient } from './functions.ts';
import { addSharp, fetchSharp } from './lambda-sharp.ts';
import { slimNetworks } from './slim-networks.ts';
import { slimNode } from './slim-node.ts';
import { NEVER_LOADED, slimSdk } from './slim-sdk.ts';
import { slimZod } from './slim-zod.ts';
import {
  CONFIG_FILE,
  contextSource,
  fileSource,
  type StageSettings,
  stageSettings,
} from './stage-settings.ts';

export type Bundle = {
  readonly name: string;
  /** Of what is read when the function starts. */
  readonly bytes: number;
  /** With the parts that are read when they are first asked for: networks. */
  readonly totalBytes: number;
};

/**
 * Bundles every function into `<outDir>/<name>/index.mjs`, with everything it needs inside: the SDK that Lambda
 * brings along loads slower from outside a bundle. What is imported on demand is in parts of its own.
 * The API's document, its page and the rules of the networks are made now and put beside it.
 */
export async function buildFunctions(outDir: string): Promise<readonly Bundle[]> {
  await rm(outDir, { recursive: true, force: true });
  // The bundler is a process of its own; this one has time meanwhile.
  const [bundles] = await Promise.all([bundleAll(outDir), writeDocs(join(outDir, 'api'))]);
  return bundles;
}

async function bundleAll(outDir: string): Promise<readonly Bundle[]> {
  // One after the other: the bundler itself uses every core, and all at once take a gigabyte of memory.
  const bundles: Bundle[] = [];
  for (const name of Object.keys(FUNCTIONS) as FunctionName[]) {
    bundles.push(await buildFunction(name, join(outDir, name)));
  }
  return bundles;
}

async function writeDocs(outDir: string): Promise<void> {
  // By their paths: nothing of a function belongs to what CDK runs on.
  const { buildDocs } = await import(join(ROOT, 'functions/api/build-docs.ts'));
  const { providersFor } = await import(join(ROOT, 'shared/channels/index.ts'));
  await mkdir(outDir, { recursive: true });
  await buildDocs(outDir, Object.values(await providersFor()));
}

/** Holds binaries, so it stands beside the one bundle that loads it. */
const BESIDE = ['sharp'];

/** How a function is bundled. */
export function bundleOptions(without: readonly OptionalClient[]) {
  return {
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // Packages that have both forms are smaller as modules.
    mainFields: ['module', 'main'],
    external: [...NEVER_LOADED, ...BESIDE],
    plugins: [slimSdk(without), slimZod(), slimNode()],
    // CommonJS packages call `require` for Node's own modules.
    banner: { js: "import{createRequire as __r}from'node:module';const require=__r(import.meta.url);" },
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'warning',
  } as const satisfies BuildOptions;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Bundles one function into a folder. `sourcemap: 'external'` adds what reads its stack traces, and changes no byte of it. */
export async function buildFunction(
  name: FunctionName,
  outdir: string,
  { sourcemap = false }: Pick<BuildOptions, 'sourcemap'> = {},
): Promise<Bundle> {
  const source: FunctionSource = FUNCTIONS[name];
  const options = bundleOptions(source.without);
  const { metafile } = await build({
    ...options,
    sourcemap,
    plugins: [...options.plugins, ...(source.withoutNetworks ? [slimNetworks()] : [])],
    absWorkingDir: ROOT,
    entryPoints: { index: source.entry },
    outdir,
    outExtension: { '.js': '.mjs' },
    splitting: true,
    chunkNames: 'parts/[name]-[hash]',
    metafile: true,
  });
  const scripts = Object.entries(metafile.outputs).filter(([file]) => file.endsWith('.mjs'));
  const sum = (files: Iterable<string>): number =>
    [...files].reduce((bytes, file) => bytes + (metafile.outputs[file]?.bytes ?? 0), 0);
  const entry = scripts.find(([, { entryPoint }]) => entryPoint === source.entry)?.[0] ?? '';
  return {
    name,
    bytes: sum(readAtStart(metafile, entry)),
    totalBytes: sum(scripts.map(([file]) => file)),
  };
}

/** The entry and what it imports by statements, however far. */
function readAtStart({ outputs }: Metafile, entry: string): Set<string> {
  const read = new Set<string>();
  const waiting = [entry];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (read.has(file)) continue;
    read.add(file);
    for (const { path, kind } of outputs[file]?.imports ?? []) {
      if (kind === 'import-statement' && outputs[path] !== undefined) waiting.push(path);
    }
  }
  return read;
}

/** The CDK's command line hands its context over like this: https://docs.aws.amazon.com/cdk/v2/guide/context.html */
function chosen(): StageSettings {
  const context = JSON.parse(process.env.CDK_CONTEXT_JSON ?? '{}') as Record<string, unknown>;
  const given = contextSource((name) => context[name]);
  return stageSettings([given, fileSource(join(ROOT, CONFIG_FILE), String(given.values.stage ?? 'dev'))]);
}

if (import.meta.main) {
  // On AWS the files are another user's: with a stricter mask of the person who deploys, nobody could read them there.
  process.umask(0o022);
  const outDir = join(ROOT, 'dist/functions');
  const { architecture } = chosen();
  const [bundles] = await Promise.all([buildFunctions(outDir), fetchSharp(architecture)]);
  await addSharp(join(outDir, 'media'), architecture);
  for (const { name, bytes, totalBytes } of bundles) {
    // To stderr: the standard output of `cdk synth` is the template.
    const kilobytes = [bytes, totalBytes].map((size) => `${(size / 1024).toFixed(0).padStart(4)} KB`);
    console.error(`${name.padEnd(8)} ${kilobytes.join(' at the start, in all ')}`);
  }
}
