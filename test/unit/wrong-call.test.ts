import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

test.each([
  ['simulation/simulate.ts', ['--seed', 'one'], '--seed must be a whole number', 'npm run simulate -- '],
  ['safety/run.ts', ['everything'], 'Which check?', 'npm run check -- tenants|secrets|fuzz'],
  ['bench/run.ts', ['--json'], 'Which bench?', 'npm run bench -- burst|'],
  ['bench/fire.ts', ['--delivery', '20'], "Unknown option '--delivery'", 'npm run fire -- '],
])('%s, called as %j, says what is wrong and how it is called', (program, args, wrong, usage) => {
  const { status, stderr } = spawnSync(process.execPath, [`test/${program}`, ...args], { encoding: 'utf8' });
  const [first, second, ...more] = stderr.trim().split('\n');
  expect(first).toContain(wrong);
  expect(second).toContain(`usage: ${usage}`);
  expect(more).toEqual([]);
  expect(status).toBe(2);
});
