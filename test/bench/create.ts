import { Agent, request } from 'node:http';
import { startLaptop } from '../support/laptop.ts';
import { aClient, speaker } from '../support/stage.ts';
import { percentile } from './network.ts';

export type CreateResult = {
  readonly connections: number;
  readonly n: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly state: 'laptop';
  readonly holds: boolean;
};

const CHANNELS = 3;
const WARM_UP = 300;
/** One key may ask 50 times a second. */
const KEYS = 40;
const DAY_MS = 86_400_000;
/** Ten times what Postiz 2.11 did with 50 connections; for one call alone, what a person does not notice. */
const BARS = { requestsPerSecond: 167, p50Ms: 15 };

/**
 * How fast are posts queued over HTTP? Each on three channels, a month ahead, through the laptop's server, the API
 * function's handler and the database on disk, by so many connections that stay open.
 */
export async function create(n: number, connections: readonly number[]): Promise<readonly CreateResult[]> {
  const laptop = await startLaptop();
  try {
    const stage = { ...speaker(laptop.apiUrl, laptop.apiKey), mailsTo: undefined, stop: laptop.stop };
    const { brandId, channels } = await aClient(stage, CHANNELS);
    const keys: string[] = [];
    for (let key = 0; key < KEYS; key += 1) {
      const body = { actor: { name: `Editor ${key}` }, scope: 'editor' };
      keys.push((await stage.call('POST', '/v1/keys', { body })).body.secret as string);
    }
    const post = (number: number, agent: Agent): Promise<number> => {
      const body = {
        content: { text: `Number ${number}: fresh bread.` },
        channels,
        dueAt: new Date(Date.now() + 30 * DAY_MS).toISOString(),
      };
      const key = keys[number % KEYS] ?? '';
      return created(`${laptop.apiUrl}/v1/brands/${brandId}/posts`, { agent, key, body });
    };
    await load(WARM_UP, 10, post);
    const results: CreateResult[] = [];
    for (const width of connections) {
      // One alone is slower; the rate is the same question.
      const count = width === 1 ? Math.ceil(n / 5) : n;
      results.push(judge(width, count, await load(count, width, post)));
    }
    return results;
  } finally {
    await laptop.stop();
  }
}

type Load = { readonly tookMs: number; readonly each: readonly number[] };

async function load(
  n: number,
  width: number,
  post: (number: number, agent: Agent) => Promise<number>,
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: width });
  const each: number[] = [];
  let begun = 0;
  const connection = async (): Promise<void> => {
    while (begun < n) {
      begun += 1;
      each.push(await post(begun, agent));
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: width }, connection));
  const tookMs = performance.now() - startedAt;
  agent.destroy();
  return { tookMs, each };
}

/** @returns how long it took, ms */
function created(url: string, { agent, key, body }: { agent: Agent; key: string; body: unknown }) {
  const startedAt = performance.now();
  return new Promise<number>((resolve, reject) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const asked = request(url, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => {
        if (response.statusCode === 201) resolve(performance.now() - startedAt);
        else reject(new Error(`${response.statusCode}: ${text}`));
      });
    });
    asked.on('error', reject);
    asked.end(JSON.stringify(body));
  });
}

function judge(connections: number, n: number, { tookMs, each }: Load): CreateResult {
  const sorted = each.toSorted((a, b) => a - b);
  const requestsPerSecond = Math.round((n / tookMs) * 10_000) / 10;
  const [p50Ms, p99Ms] = [0.5, 0.99].map((part) => Math.round(percentile(sorted, part) * 10) / 10);
  return {
    connections,
    n,
    requestsPerSecond,
    p50Ms: p50Ms ?? Number.NaN,
    p99Ms: p99Ms ?? Number.NaN,
    state: 'laptop',
    holds: connections === 1 ? (p50Ms ?? 0) <= BARS.p50Ms : requestsPerSecond >= BARS.requestsPerSecond,
  };
}
