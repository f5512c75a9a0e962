import { parseArgs } from 'node:util';
import { fire } from '../e2e/fire.ts';
import { orRefuse, refuse } from '../support/wrong-call.ts';

/** `npm run fire -- --deliveries 2000 --runs 3 --json`: see `test/e2e/fire.ts`. Ends with 1 when a run does not hold. */
const USAGE = 'npm run fire -- [--deliveries N] [--runs N] [--json]';
const { values } = orRefuse(
  () =>
    parseArgs({
      options: {
        deliveries: { type: 'string', default: '300' },
        runs: { type: 'string', default: '1' },
        json: { type: 'boolean', default: false },
      },
    }),
  USAGE,
);
const deliveries = Number(values.deliveries);
const runs = Number(values.runs);
if (!(Number.isInteger(deliveries) && deliveries >= 2 && deliveries <= 10_000)) {
  refuse('--deliveries must be a whole number from 2 to 10000', USAGE);
}
if (!(Number.isInteger(runs) && runs >= 1 && runs <= 10)) {
  refuse('--runs must be a whole number from 1 to 10', USAGE);
}

/** Done within a minute of the restart. */
const BAR_MS = 60_000;
for (let run = 1; run <= runs; run++) {
  const result = await fire(deliveries);
  const { lost, duplicate, early, notPublished, doneAfterMs, ...rest } = result;
  const holds = lost + duplicate + early + notPublished === 0 && doneAfterMs <= BAR_MS;
  if (!holds) process.exitCode = 1;
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ run, holds, ...result })}\n`
      : `run ${run}: ${rest.outAtKill} of ${deliveries} out at the kill; lost ${lost}, twice ${duplicate}, early ${early}, ` +
          `not final ${notPublished}; all done ${doneAfterMs / 1_000} s after the restart: ${holds ? 'holds' : 'DOES NOT HOLD'}\n`,
  );
}
