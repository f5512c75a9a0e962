import { parseArgs } from 'node:util';
import { burst } from './burst.ts';
import { lateness } from './lateness.ts';

/**
 * `npm run bench -- burst --json`: one question per name. Each prints its answers as lines of JSON, or in words, and
 * ends with 1 when a bar does not hold. Bars count for the state in memory only; the engine is shown beside it.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    posts: { type: 'string' },
    seconds: { type: 'string', default: '10' },
    state: { type: 'string', multiple: true, default: ['memory', 'dynalite'] },
  },
});

const BENCHES: Readonly<Record<string, () => Promise<void>>> = {
  burst: async () => {
    const n = whole('--posts', values.posts ?? '10000', 20_000);
    for (const state of ['memory', 'dynalite'] as const) {
      if (values.state.includes(state)) tell(await burst(n, state), state === 'memory');
    }
  },
  lateness: async () => {
    const n = whole('--posts', values.posts ?? '1000', 10_000);
    tell(await lateness(n, whole('--seconds', values.seconds, 600, 0)), true);
  },
};

const [name = ''] = positionals;
const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
if (!bench) throw new RangeError(`Which bench? One of: ${Object.keys(BENCHES).join(', ')}`);
await bench();

function tell(result: { readonly holds: boolean }, hasBar: boolean): void {
  if (hasBar && !result.holds) process.exitCode = 1;
  const { holds, ...figures } = result;
  const words = Object.entries(figures).map(([what, value]) => `${what} ${value}`);
  const verdict = hasBar ? (holds ? 'holds' : 'DOES NOT HOLD') : 'no bar';
  process.stdout.write(
    values.json
      ? `${JSON.stringify(hasBar ? result : figures)}\n`
      : `${name}: ${words.join(' · ')} · ${verdict}\n`,
  );
}

function whole(option: string, text: string, most: number, least = 1): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(`${option} must be a whole number from ${least} to ${most}`);
}
