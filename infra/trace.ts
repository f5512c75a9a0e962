import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { FUNCTIONS, type FunctionName } from './functions.ts';
import { faultLine } from './place.ts';
import { inSources } from './stack-trace.ts';

/**
 * `npm run trace -- FUNCTION < LINES`: tells a deployed function's stack traces in files and lines of the source. Run
 * it on the commit that was deployed: it bundles the function again, and says nothing true of another.
 */
const NAMES = Object.keys(FUNCTIONS);
const USAGE = `usage: npm run --silent trace -- ${NAMES.join('|')} < LINES, log lines or a stack trace`;

try {
  const { positionals } = parseArgs({ allowPositionals: true, options: {} });
  const [name = '', ...rest] = positionals;
  if (!isFunction(name) || rest.length > 0) throw new Error(USAGE);
  process.stdout.write(await inSources(name, await text(process.stdin)));
} catch (error) {
  process.stderr.write(`${faultLine(error)}\n`);
  process.exitCode = 1;
}

function isFunction(name: string): name is FunctionName {
  return NAMES.includes(name);
}
