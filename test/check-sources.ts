import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The first half of `npm test`: format, lint and types, all at once; each tells what it found when it has ended. */
const CHECKS = [
  ['@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'],
  // One checker does less work in all than two that each look at what both need.
  ['typescript/bin/tsc', '-p', '.', '--checkers', '1'],
] as const;

const ROOT = new URL('../', import.meta.url);
const good = await Promise.all(CHECKS.map(([program, ...args]) => check(program, args)));
process.exitCode = good.every(Boolean) ? 0 : 1;

async function check(program: string, args: readonly string[]): Promise<boolean> {
  const file = fileURLToPath(new URL(`node_modules/${program}`, ROOT));
  const child = spawn(process.execPath, [file, ...args], {
    cwd: fileURLToPath(ROOT),
    stdio: ['ignore', 'pipe', 'pipe'],
    // The compiler is a Go program, and a third of its time went into collecting what soon ends with it.
    env: { GOGC: '400', ...process.env },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const status = await new Promise((ended) => {
    child.once('error', (error) => ended(error));
    child.once('close', (code) => ended(code));
  });
  process.stdout.write(said);
  if (status !== 0)
    console.error(`${[program.replace(/^.*\//, ''), ...args].join(' ')} ended with ${status}`);
  return status === 0;
}
