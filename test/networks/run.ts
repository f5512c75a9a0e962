import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { startBluesky } from './bluesky-network.ts';
import { startWordPress } from './wordpress-site.ts';

/**
 * `npm run test:networks`: starts real networks on loopback, installing what they need, and runs the suite against
 * them. Everything is stopped again, whatever happens. The first run takes a few minutes, later ones half a minute.
 */
const started: { stop: () => Promise<void> }[] = [];
let code = 1;
try {
  const wordpress = await startWordPress();
  started.push(wordpress);
  process.stdout.write(`WordPress at ${wordpress.siteUrl}\n`);
  const bluesky = await startBluesky();
  started.push(bluesky);
  process.stdout.write(`Bluesky at ${bluesky.serviceUrl}\n`);
  code = await vitest({ wordpress, bluesky });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
} finally {
  for (const network of started.reverse()) await network.stop();
}
process.exit(code);

async function vitest(networks: unknown): Promise<number> {
  const child = spawn('vitest', ['run', '--config', resolve(import.meta.dirname, 'vitest.config.ts')], {
    stdio: 'inherit',
    env: { ...process.env, NETWORKS: JSON.stringify(networks) },
  });
  return new Promise((done) => child.once('exit', (status) => done(status ?? 1)));
}
