import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEngines } from '../../infra/local/engines.ts';

/** A folder of its own for a test; `remove` takes it away again. */
export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'sendeplan-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** The laptop's engines but for the database, with what an SDK client needs to reach the stand-ins and the queues. */
export async function startTestEngines() {
  const folder = await temporaryFolder();
  const engines = await startEngines(folder.path);
  return {
    ...engines,
    home: folder.path,
    standIns: clientConfig(engines.standInsUrl),
    sqs: clientConfig(engines.queues.url),
    stop: async (): Promise<void> => {
      await engines.stop();
      await folder.remove();
    },
  };
}

export function clientConfig(endpoint: string) {
  return {
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  } as const;
}
