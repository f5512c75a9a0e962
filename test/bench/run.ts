import { parseArgs } from 'node:util';
import { orRefuse, refuse } from '../support/wrong-call.ts';
import { bundles } from './bundles.ts';
import { burst } from './burst.ts';
import { BAR_USD, cost, costInWords } from './cost.ts';
import { create } from './create.ts';
import { lateness } from './lateness.ts';
import { peers } from './peers.ts';
import { report } from './report.ts';
import { steady } from './steady.ts';

/**
 * `npm run bench -- burst --json`: one question per name. Each prints its answers as lines of JSON, or in words, and
 * ends with 1 when a bar does not hold. Where a database shares the machine, bars count for the state in memory
 * only; the engine is shown beside it.
 */
const USAGE =
  'npm run bench -- burst|lateness|create|report|cost|bundles|peers [--posts N] [--tenants N] [--seconds N] [--most USD] [--state memory|dynalite|laptop] [--json]';
const { values, positionals } = orRefuse(
  () =>
    parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        most: { type: 'string' },
        posts: { type: 'string' },
        seconds: { type: 'string' },
        state: { type: 'string', multiple: true },
        tenants: { type: 'string' },
      },
    }),
  USAGE,
);

const BENCHES: Readonly<Record<string, () => Promise<void>>> = {
  bundles: async () => tell(await bundles(), true),
  burst: async () => {
    const tenants = whole('--tenants', values.tenants ?? '1', 500);
    const postsEach = whole('--posts', values.posts ?? String(Math.ceil(10_000 / tenants)), 20_000 / tenants);
    for (const state of states(['memory', 'dynalite'])) {
      tell(await burst({ tenants, postsEach, state }), state === 'memory');
    }
  },
  cost: async () => {
    const posts = whole('--posts', values.posts ?? '100', 1_000);
    const result = await cost(
      posts,
      values.most === undefined ? BAR_USD : whole('--most', values.most, 1_000),
    );
    tell(result, true, costInWords(result));
  },
  create: async () => {
    const n = whole('--posts', values.posts ?? '2000', 20_000);
    for (const result of await create(n, [1, 50])) tell(result, true);
  },
  lateness: async () => {
    for (const state of states(['memory', 'dynalite', 'laptop'])) {
      const [posts, seconds] = state === 'laptop' ? ['1000', '10'] : ['10000', '30'];
      const n = whole('--posts', values.posts ?? posts, 10_000);
      const over = whole('--seconds', values.seconds ?? seconds, 600, 0);
      if (state === 'laptop') tell(await lateness(n, over), true);
      else tell(await steady(n, over, state), state === 'memory');
    }
  },
  peers: async () => tell(await peers(whole('--posts', values.posts ?? '2000', 10_000)), false),
  report: async () => tell(await report([500, 5_000]), true),
};

const [name = ''] = positionals;
const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
if (!bench) refuse('Which bench?', USAGE);
await bench();
// Some engines leave connections open.
process.exit();

function tell<Result extends object>(
  result: Result & { readonly holds?: boolean },
  hasBar: boolean,
  inWords?: string,
): void {
  if (hasBar && !result.holds) process.exitCode = 1;
  const { holds, ...figures } = result;
  const words = Object.entries(figures).map(([what, value]) => `${what} ${worded(value)}`);
  const verdict = hasBar ? (holds ? 'holds' : 'DOES NOT HOLD') : 'no bar';
  process.stdout.write(
    values.json
      ? `${JSON.stringify(hasBar ? result : figures)}\n`
      : `${name}: ${inWords ?? words.join(' · ')} · ${verdict}\n`,
  );
}

function worded(value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => `\n  ${worded(one)}`).join('');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([what, inner]) => `${what} ${worded(inner)}`)
    .join(', ');
}

/** Those that this bench has, as far as they are wanted. */
function states<State extends string>(known: readonly State[]): State[] {
  const unknown = values.state?.find((state) => !known.some((one) => one === state));
  if (unknown !== undefined) refuse(`--state must be one of: ${known.join(', ')}`, USAGE);
  return known.filter((state) => values.state?.includes(state) ?? true);
}

function whole(option: string, text: string, most: number, least = 1): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  return refuse(`${option} must be a whole number from ${least} to ${most}`, USAGE);
}
