import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort, ready } from '../networks/processes.ts';
import { ensurePython, FOLDER } from './install.ts';

export type Endpoint = {
  /** `http://127.0.0.1:PORT`: every AWS service. */
  readonly url: string;
  /** What turns the AWS SDK, the CDK and the deployed functions to it, and away from any real account. */
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
};

const REGION = 'eu-central-1';
const ACCOUNT = '000000000000';

const PROGRAM = resolve(import.meta.dirname, 'endpoint.py');

/**
 * Starts the endpoint on loopback, with nothing in it. Functions run on the `node` that is first on the PATH.
 * @param started gets what ends it as soon as there is something to end
 */
export async function startEndpoint(started: (stop: () => Promise<void>) => void): Promise<Endpoint> {
  const python = await ensurePython();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  // Not below this project: what a function has not brought along must not be found in a folder above it.
  const scratch = await mkdtemp(join(tmpdir(), 'sendeplan-deploy-'));
  const logFile = join(FOLDER, 'endpoint.log');
  const log = openSync(logFile, 'w');
  const credentials = {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  // A group of its own: the functions are its children, and must not outlive it.
  const child = spawn(python, [PROGRAM], {
    cwd: scratch,
    detached: true,
    stdio: ['ignore', log, log],
    env: {
      ...withoutAws(process.env),
      ...credentials,
      TICK_SECONDS: '0.25',
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      MINISTACK_REGION: REGION,
      MINISTACK_ACCOUNT_ID: ACCOUNT,
      TMPDIR: scratch,
      // Roles are then what their policies say, and signatures are looked at.
      AUTH: 'true',
    },
  });
  closeSync(log);
  let gone = false;
  const ended = new Promise<void>((done) =>
    child.once('exit', () => {
      gone = true;
      done();
    }),
  );
  const signal = (name: NodeJS.Signals): void => {
    try {
      if (child.pid) process.kill(-child.pid, name);
    } catch {
      // Nobody of the group is left.
    }
  };
  const stop = async (): Promise<void> => {
    signal('SIGTERM');
    const hard = setTimeout(() => signal('SIGKILL'), 5_000);
    await ended;
    clearTimeout(hard);
    signal('SIGKILL');
    await rm(scratch, { recursive: true, force: true });
  };
  started(stop);
  try {
    await ready('the endpoint', async () => {
      const answer = gone ? undefined : await fetch(`${url}/_ministack/health`);
      if (!answer?.ok) throw new Error(`no answer at ${url}`);
    });
  } catch (cause) {
    throw new Error(`${url} did not answer:\n${(await readFile(logFile, 'utf8')).slice(-2_000)}`, { cause });
  }
  expectLoopbackOnly(child.pid ?? 0);
  const environment = {
    ...credentials,
    AWS_ENDPOINT_URL: url,
    AWS_CONFIG_FILE: join(scratch, 'no-aws-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(scratch, 'no-aws-credentials'),
  };
  return { url, environment, logFile };
}

/** This process's environment without the person's own AWS set-up. */
export function withoutAws(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('AWS_')));
}

/** It speaks without passwords for everything that it holds. */
function expectLoopbackOnly(pid: number): void {
  const { stdout } = spawnSync('ss', ['-Hltnp'], { encoding: 'utf8' });
  const own = (stdout ?? '').split('\n').filter((line) => line.includes(`pid=${pid},`));
  const addresses = own.map((line) => line.trim().split(/\s+/)[3] ?? '');
  if (addresses.length === 0 || addresses.some((address) => !address.startsWith('127.0.0.1:'))) {
    throw new Error(`the endpoint does not listen on loopback alone: ss says "${addresses.join(', ')}"`);
  }
}
