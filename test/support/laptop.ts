import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LocalJson } from '../../infra/local/laptop.ts';
import { temporaryFolder } from './laptop-engines.ts';

export type RunningLaptop = LocalJson & {
  readonly home: string;
  readonly pid: number;
  /** Ends it as Ctrl+C does; rejects when it does not end well. A folder that was not given is removed. */
  stop(): Promise<void>;
  /** Ends it as `kill -9` does. The folder stays. */
  kill(): Promise<void>;
};

const SERVE = fileURLToPath(new URL('../../infra/local/serve.ts', import.meta.url));
const PATIENCE_MS = 40_000;

/** Runs `npm start`'s program on a free port, with its data in `home` or in a folder of its own, and waits until it answers. */
export async function startLaptop(options: { home?: string } = {}): Promise<RunningLaptop> {
  const folder = options.home ? undefined : await temporaryFolder();
  const home = options.home ?? folder?.path ?? '';
  // One that an earlier run left says nothing about this one.
  await rm(join(home, 'local.json'), { force: true });
  const { child, ended, output } = runLaptop(home);
  let killed = false;
  const places = await Promise.race([
    placesOf(home),
    ended.then((code): never => {
      throw new Error(`the laptop ended with ${code}:\n${output()}`);
    }),
  ]);
  return {
    ...places,
    home,
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGTERM');
      const code = await ended;
      await folder?.remove();
      if (code !== 0 && !killed) throw new Error(`the laptop ended with ${code}:\n${output()}`);
    },
    kill: async () => {
      killed = true;
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** The program alone, for runs that are expected to end by themselves. */
export function runLaptop(home: string, port = '0') {
  const child: ChildProcess = spawn(process.execPath, [SERVE], {
    env: { ...process.env, SENDEPLAN_HOME: home, PORT: port },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  return { child, ended, output: () => said };
}

async function placesOf(home: string): Promise<LocalJson> {
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until) {
    try {
      return JSON.parse(await readFile(join(home, 'local.json'), 'utf8')) as LocalJson;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error(`the laptop in ${home} did not answer within ${PATIENCE_MS} ms`);
}
