import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, start } from '../networks/processes.ts';
import { temporaryFolder } from '../support/laptop-engines.ts';
import { peerModule } from './peers-install.ts';
import { type PeerLoad, worked } from './peers-load.ts';

/** As far as this bench speaks to it, https://docs.bullmq.io */
type BullMq = {
  readonly Queue: new (
    name: string,
    options: { connection: Connection },
  ) => {
    addBulk(jobs: { name: string; data: unknown; opts: { delay: number } }[]): Promise<unknown>;
    close(): Promise<void>;
  };
  readonly Worker: new (
    name: string,
    handle: (job: { data: { title: string } }) => Promise<void>,
    options: { connection: Connection; concurrency: number },
  ) => { close(): Promise<void> };
};
type Connection = { readonly host: string; readonly port: number; readonly maxRetriesPerRequest: null };

/** BullMQ's delayed jobs, on a Redis of their own that appends to its file once a second. */
export async function onBullMq(load: PeerLoad) {
  const folder = await temporaryFolder();
  const port = await freePort();
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder.path];
  const redis = start('redis-server', [...settings, '--appendonly', 'yes', '--save', ''], {
    cwd: join(folder.path),
  });
  try {
    await sleep(500);
    const { Queue, Worker } = (await peerModule('bullmq')) as unknown as BullMq;
    const connection = { host: '127.0.0.1', port, maxRetriesPerRequest: null } as const;
    const queue = new Queue('posts', { connection });
    let worker: { close(): Promise<void> } | undefined;
    const judged = await worked(load, {
      queue: async (titles, dueAt) => {
        const opts = () => ({ delay: dueAt - Date.now() });
        await queue.addBulk(titles.map((title) => ({ name: 'post', data: { title }, opts: opts() })));
      },
      work: (send) => {
        worker = new Worker('posts', ({ data }) => send(data.title), {
          connection,
          concurrency: load.atOnce,
        });
      },
    });
    await worker?.close();
    await queue.close();
    return judged;
  } finally {
    await redis.stop();
    await folder.remove();
  }
}
