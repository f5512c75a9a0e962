import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildFunctions } from '../../infra/build.ts';
import { sharpBeside } from '../support/sharp-beside.ts';

export type MeasuredBundle = { readonly name: string; readonly bytes: number; readonly importMs: number };

/**
 * Builds every function and imports each in fresh processes, as a cold start does. `bytes`: minified, of what
 * is read when the function starts; `importMs`: the median of five.
 */
export async function bundles(): Promise<{ bundles: readonly MeasuredBundle[]; holds: boolean }> {
  const folder = await mkdtemp(join(tmpdir(), 'sendeplan-bundles-'));
  try {
    const measured: MeasuredBundle[] = [];
    const built = await buildFunctions(folder);
    await sharpBeside(folder);
    for (const { name, bytes } of built) {
      measured.push({ name, bytes, importMs: await medianImport(join(folder, name, 'index.mjs')) });
    }
    return { bundles: measured, holds: measured.every(isWithin) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const RUNS = 5;
const BARS = { bytes: 512 * 1024, importMs: 150 };

const isWithin = ({ bytes, importMs }: MeasuredBundle): boolean =>
  bytes <= BARS.bytes && importMs <= BARS.importMs;

/** What Lambda gives every function; more is read only when an event comes. */
const ENVIRONMENT = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
  STAGE: 'bench',
};

async function medianImport(file: string): Promise<number> {
  const script = `const start = performance.now();
    await import(${JSON.stringify(file)});
    console.log(performance.now() - start);
    process.exit();`;
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      env: ENVIRONMENT,
    });
    times.push(Number(stdout));
  }
  return Math.round(times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? Number.NaN);
}
