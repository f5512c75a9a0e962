import { parseArgs } from 'node:util';
import { makeDocs } from '../../functions/api/build-docs.ts';
import { orRefuse, refuse } from '../support/wrong-call.ts';
import { fuzz } from './fuzz.ts';
import { checkSecrets } from './secrets.ts';
import { checkTenants } from './tenants.ts';

/**
 * `npm run check -- tenants --json`: one question per name. Requests are made from the OpenAPI document by `--seed`,
 * so the same seed and number of requests are the same run; `secrets` has neither. Ends with 1 when something does not
 * hold.
 */
const USAGE = 'npm run check -- tenants|secrets|fuzz [--requests N] [--seed S] [--json]';
const { values, positionals } = orRefuse(
  () =>
    parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        requests: { type: 'string' },
        seed: { type: 'string', default: '1' },
      },
    }),
  USAGE,
);

type Result = { readonly holds: boolean; readonly examples: readonly string[] };

const CHECKS: Readonly<Record<string, () => Promise<Result>>> = {
  tenants: () => checkTenants(makeDocs().document, asked(100_000)),
  secrets: () => checkSecrets(),
  fuzz: () => fuzz(makeDocs().document, asked(50_000)),
};

const [name = ''] = positionals;
const check = Object.hasOwn(CHECKS, name) ? CHECKS[name] : undefined;
if (!check) refuse('Which check?', USAGE);
tell(await check());

function asked(requests: number): { requests: number; seed: number } {
  return {
    requests: whole('--requests', values.requests ?? String(requests), 10_000_000),
    seed: whole('--seed', values.seed, Number.MAX_SAFE_INTEGER),
  };
}

function tell(result: Result): void {
  if (!result.holds) process.exitCode = 1;
  const { holds, examples, ...counts } = result;
  if (values.json) process.stdout.write(`${JSON.stringify({ ...counts, examples, holds })}\n`);
  else {
    const words = Object.entries(counts).map(([what, value]) => `${what} ${JSON.stringify(value)}`);
    const verdict = holds ? 'holds' : 'DOES NOT HOLD';
    process.stdout.write(`${[...examples, `${name}: ${words.join(' · ')} · ${verdict}`].join('\n')}\n`);
  }
}

function whole(option: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  return refuse(`${option} must be a whole number from 1 to ${most}`, USAGE);
}
