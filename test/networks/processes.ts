import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';

export type Running = { readonly child: ChildProcess; readonly stop: () => Promise<void> };

/** Starts a server in a process of its own; what it says is kept for the error that tells why it ended. */
export function start(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Running & { readonly said: () => string } {
  let said = '';
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const keep = (chunk: Buffer): void => {
    said = (said + chunk.toString('utf8')).slice(-20_000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const hard = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(hard);
  };
  return { child, stop, said: () => said };
}

/** Runs to its end. @returns what it printed. @throws with what it said when it fails */
export function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; input?: string; env?: NodeJS.ProcessEnv } = {},
): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { ...options, encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0)
    throw new Error(
      `${command} ${args[0]} ended with ${status}: ${stderr.slice(-2_000)}${stdout.slice(-2_000)}`,
    );
  return stdout;
}

/** The database servers refuse to run as root. */
export function asUser(user: string, command: string, args: readonly string[]): [string, string[]] {
  return process.getuid?.() === 0 ? ['runuser', ['-u', user, '--', command, ...args]] : [command, [...args]];
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Looks until `look` does not throw. */
export async function ready(
  what: string,
  look: () => Promise<unknown> | unknown,
  withinMs = 60_000,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      await look();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw new Error(`${what} did not get ready`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
