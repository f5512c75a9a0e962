import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { type Endpoint, withoutAws } from './endpoint.ts';
import { FOLDER } from './install.ts';

/** The stage that this suite deploys; its mails come from `MAIL_FROM`. */
export const STAGE = 'e2e';
export const MAIL_FROM = 'reports@agency.example';

/** Flags for the CDK that make the stack one that can run here, and deployable to this endpoint. */
export const cdkFlags = (sandboxUrl: string): string[] => [
  // Functions run on this machine's processor.
  ...['--context', `architecture=${process.arch === 'arm64' ? 'arm64' : 'x86_64'}`],
  ...['--context', `testStage=${sandboxUrl}`],
  ...['--require-approval', 'never', '--progress', 'events', '--ci'],
];

export type Run = { readonly status: number; readonly said: string };

/** One of the project's own commands, as a person runs it, turned to the endpoint. Shows what it says. */
export async function command(
  endpoint: Endpoint,
  file: string,
  args: readonly string[],
  { input = '', environment = {} }: { input?: string; environment?: Readonly<Record<string, string>> } = {},
): Promise<Run> {
  let said = '';
  const hear = (chunk: Buffer): void => {
    said += chunk.toString();
    process.stdout.write(chunk);
  };
  const status = await run(process.execPath, [resolve(ROOT, file), ...args], {
    environment: { ...environmentOf(endpoint), ...environment },
    input,
    hear,
  });
  return { status, said };
}

/** The test files of a folder, against the deployed stage. @returns the exit code */
export const testFiles = (
  endpoint: Endpoint,
  folder: string,
  more: Record<string, string>,
): Promise<number> =>
  run('vitest', ['run', '--config', resolve(import.meta.dirname, 'vitest.config.ts'), folder], {
    environment: { ...environmentOf(endpoint), ...more },
  });

/** Ends what is running, with all that it has started. */
export function endCommands(): void {
  for (const pid of groups) process.kill(-pid, 'SIGTERM');
}

const groups = new Set<number>();

/** In a process group of its own, so that it can be ended as a whole. */
async function run(
  program: string,
  args: readonly string[],
  {
    environment,
    input,
    hear,
  }: { environment: NodeJS.ProcessEnv; input?: string; hear?: (chunk: Buffer) => void },
): Promise<number> {
  const child = spawn(program, args, {
    cwd: ROOT,
    env: environment,
    detached: true,
    stdio: [input === undefined ? 'ignore' : 'pipe', hear ? 'pipe' : 'inherit', 'inherit'],
  });
  const { pid } = child;
  if (pid) groups.add(pid);
  child.stdin?.end(input);
  if (hear) child.stdout?.on('data', hear);
  const status = await new Promise<number>((done, failed) => {
    child.once('close', (code) => done(code ?? 1));
    child.once('error', failed);
  });
  if (pid) groups.delete(pid);
  return status;
}

/** Runs it, and throws unless it ended well. @returns what it said */
export async function succeed(...of: Parameters<typeof command>): Promise<string> {
  const { status, said } = await command(...of);
  if (status !== 0) throw new Error(`${of[1]} ended with ${status}`);
  return said;
}

const environmentOf = (endpoint: Endpoint): NodeJS.ProcessEnv => ({
  ...withoutAws(process.env),
  ...endpoint.environment,
  // Beside the one in which a person may be at work.
  CDK_OUTPUT: resolve(FOLDER, 'cdk.out'),
});

const ROOT = resolve(import.meta.dirname, '../..');
