import { copyFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDebian, ensureNpm, outsideEnv } from './install.ts';
import { asUser, freePort, ready, run, start } from './processes.ts';

type Account = { readonly did: string; readonly handle: string; readonly appPassword: string };
export type BlueskyNetwork = {
  readonly serviceUrl: string;
  readonly author: Account;
  readonly fan: Account;
  readonly stop: () => Promise<void>;
};

/** The release that this `dev-env` was made with; later ones need a newer Node.js than its siblings compile for. */
const OVERRIDES = { '@atproto/ozone': '0.1.169' };

/** Bluesky's own servers on loopback: PLC directory, PDS, and an appview that counts likes, with what they stand on. */
export async function startBluesky(): Promise<BlueskyNetwork> {
  ensureDebian(['postgresql', 'redis-server']);
  const folder = await ensureNpm('bluesky', { '@atproto/dev-env': '0.3.215' }, OVERRIDES);
  copyFileSync(join(import.meta.dirname, 'bluesky-child.mjs'), join(folder, 'child.mjs'));
  const data = await mkdtemp(join(tmpdir(), 'sendeplan-bluesky-'));
  await chmod(data, 0o755);
  const postgres = await startPostgres(data);
  const redisPort = await freePort();
  const redis = start('redis-server', [
    '--port',
    String(redisPort),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--dir',
    data,
  ]);

  const network = start('node', ['child.mjs'], {
    cwd: folder,
    env: {
      ...outsideEnv(),
      REDIS_HOST: `127.0.0.1:${redisPort}`,
      DB_POSTGRES_URL: postgres.url,
      LOG_ENABLED: 'false',
    },
  });
  const stop = async (): Promise<void> => {
    await network.stop();
    await redis.stop();
    await postgres.stop();
    await rm(data, { recursive: true, force: true });
  };
  try {
    let places = '';
    await ready(
      'the Bluesky network',
      () => {
        if (network.child.exitCode !== null) throw new Error(network.said());
        const line = /^READY (.*)$/m.exec(network.said());
        if (!line) throw new Error(network.said());
        places = line[1] ?? '';
      },
      120_000,
    );
    return { ...(JSON.parse(places) as Omit<BlueskyNetwork, 'stop'>), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startPostgres(data: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const bin = run('bash', ['-c', 'ls -d /usr/lib/postgresql/*/bin | tail -n 1']).trim();
  const folder = join(data, 'postgres');
  await mkdir(folder);
  if (process.getuid?.() === 0) run('chown', ['postgres', folder]);
  run(
    ...asUser('postgres', join(bin, 'initdb'), [
      '-D',
      folder,
      '-U',
      'postgres',
      '--auth=trust',
      '-E',
      'UTF8',
      '--locale=C.UTF-8',
    ]),
    { cwd: '/' },
  );
  const port = await freePort();
  const server = start(
    ...asUser('postgres', join(bin, 'postgres'), [
      '-D',
      folder,
      '-p',
      String(port),
      '-h',
      '127.0.0.1',
      '-k',
      folder,
      '-c',
      'fsync=off',
    ]),
    { cwd: '/' },
  );
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  await ready('PostgreSQL', () => run(join(bin, 'psql'), [url, '-c', 'select 1']));
  return { url, stop: server.stop };
}
