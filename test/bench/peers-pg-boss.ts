import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { asUser, freePort, ready, run, start } from '../networks/processes.ts';
import { temporaryFolder } from '../support/laptop-engines.ts';
import { peerModule } from './peers-install.ts';
import { type PeerLoad, worked } from './peers-load.ts';

/** As far as this bench speaks to it, https://pgboss.io */
type PgBoss = new (options: {
  host: string;
  port: number;
  user: string;
  database: string;
  max: number;
}) => {
  on(event: 'error', hear: (error: Error) => void): void;
  start(): Promise<unknown>;
  stop(options: { graceful: boolean }): Promise<void>;
  createQueue(name: string): Promise<void>;
  insert(
    name: string,
    jobs: { data: { title: string }; startAfter: Date; retryLimit: number }[],
  ): Promise<unknown>;
  work(
    name: string,
    options: {
      batchSize: number;
      localConcurrency: number;
      pollingIntervalSeconds: number;
      burstWhenBatchFull: boolean;
    },
    handle: (jobs: { data: { title: string } }[]) => Promise<unknown>,
  ): Promise<unknown>;
};

/** How pg-boss shares 50 jobs at a time among workers: it asks the database twice a second, or while batches come full. */
const WORKERS = 5;

/** pg-boss's deferred jobs, on a PostgreSQL of their own with its settings as they come. */
export async function onPgBoss(load: PeerLoad) {
  const folder = await temporaryFolder();
  await chmod(folder.path, 0o777);
  const port = await freePort();
  const data = join(folder.path, 'data');
  run(...asUser('postgres', 'initdb', ['-D', data, '-A', 'trust', '-U', 'bench', '-E', 'UTF8']), {
    cwd: folder.path,
  });
  const settings = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder.path];
  const postgres = start(...asUser('postgres', 'postgres', settings), { cwd: folder.path });
  try {
    const { PgBoss } = (await peerModule('pg-boss')) as unknown as { PgBoss: PgBoss };
    const boss = new PgBoss({ host: '127.0.0.1', port, user: 'bench', database: 'postgres', max: 10 });
    // It says so while the server is still starting; whether jobs get lost is seen by the network.
    boss.on('error', () => undefined);
    await ready('pg-boss', () => boss.start());
    await boss.createQueue('posts');
    const judged = await worked(load, {
      queue: async (titles, dueAt) => {
        const startAfter = new Date(dueAt);
        await boss.insert(
          'posts',
          titles.map((title) => ({ data: { title }, startAfter, retryLimit: 0 })),
        );
      },
      work: async (send) => {
        const pace = { localConcurrency: WORKERS, pollingIntervalSeconds: 0.5, burstWhenBatchFull: true };
        await boss.work('posts', { batchSize: load.atOnce / WORKERS, ...pace }, (jobs) =>
          Promise.all(jobs.map((job) => send(job.data.title))),
        );
      },
    });
    await boss.stop({ graceful: false });
    return judged;
  } finally {
    await postgres.stop();
    await folder.remove();
  }
}
