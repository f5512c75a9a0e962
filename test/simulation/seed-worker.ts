import { parentPort, workerData } from 'node:worker_threads';
import { type SimulateOptions, simulate } from './many-seeds.ts';

/** A share of the seeds, in a thread of its own. */
const { failed: _failed, ...options } = workerData as SimulateOptions;
const failures: unknown[] = [];
const total = await simulate({
  ...options,
  failed: (seed, problems) => void failures.push({ seed, problems }),
});
parentPort?.postMessage({ total, failures });
