import { burst } from './burst.ts';
import { type Judged, startNetwork } from './network.ts';
import { onBullMq } from './peers-bullmq.ts';
import { installPeers } from './peers-install.ts';
import type { PeerLoad } from './peers-load.ts';
import { onPgBoss } from './peers-pg-boss.ts';

export type PeerResult = {
  readonly name: string;
  readonly version: string;
  readonly startedP50Ms: number;
  readonly startedMaxMs: number;
  readonly early: number;
  readonly lost: number;
  readonly duplicate: number;
};
export type PeersResult = {
  readonly n: number;
  readonly networkMs: number;
  readonly atOnce: number;
  readonly peers: readonly PeerResult[];
  /** Ours over theirs, of the last one started: below 1 we were sooner. */
  readonly ratios: Readonly<Record<string, number>>;
  /** What is not on this machine, and so was not run. */
  readonly missing: readonly string[];
};

const NETWORK_MS = 50;
const AT_ONCE = 50;

/**
 * `n` jobs due in one second, a network of 50 ms, 50 at a time: BullMQ on Redis, pg-boss on PostgreSQL, and ours on a
 * map in memory and on the laptop's database, one after the other in this process. Theirs are bare jobs, one request
 * each; ours are whole posts with claim, gate and settlement.
 */
export async function peers(n: number): Promise<PeersResult> {
  const installed = installPeers();
  const done: PeerResult[] = [];
  const run = async (
    name: string,
    version: string,
    peer: (load: PeerLoad) => Promise<Judged>,
  ): Promise<void> => {
    const network = await startNetwork(NETWORK_MS);
    try {
      done.push(told(name, version, await peer({ n, atOnce: AT_ONCE, network })));
    } finally {
      await network.stop();
    }
  };
  if (installed.redis) await run('bullmq', installed.versions.bullmq, onBullMq);
  if (installed.postgres) await run('pg-boss', installed.versions['pg-boss'], onPgBoss);
  for (const state of ['memory', 'dynalite'] as const) {
    done.push(told(`sendeplan (${state})`, '', await burst({ tenants: 1, postsEach: n, state })));
  }
  const [memory, dynalite] = done.slice(-2);
  const ratios = done
    .slice(0, -2)
    .flatMap(({ name, startedMaxMs }) => [
      [`sendeplan (memory) / ${name}`, ratio(memory?.startedMaxMs, startedMaxMs)] as const,
      [`sendeplan (dynalite) / ${name}`, ratio(dynalite?.startedMaxMs, startedMaxMs)] as const,
    ]);
  return {
    n,
    networkMs: NETWORK_MS,
    atOnce: AT_ONCE,
    peers: done,
    ratios: Object.fromEntries(ratios),
    missing: [
      ...(installed.redis ? [] : ['redis-server']),
      ...(installed.postgres ? [] : ['postgres and initdb']),
    ],
  };
}

function told(
  name: string,
  version: string,
  { startedP50Ms, startedMaxMs, early, lost, duplicate }: Judged,
): PeerResult {
  return { name, version, startedP50Ms, startedMaxMs, early, lost, duplicate };
}

const ratio = (ours = Number.NaN, theirs: number): number => Math.round((ours / theirs) * 100) / 100;
