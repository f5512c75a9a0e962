import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Rules, use cases and contracts keep nothing outside their own worlds, so their files may share a worker. */
const SHARING = ['test/{unit,contract}/**/*.test.ts'];
/** These start processes, set the environment, or measure. */
const ALONE = ['test/{infra,e2e,simulation,safety}/**/*.test.ts'];

export default defineConfig({
  test: {
    // End-to-end tests wait most of their time; on two cores one worker at a time would wait for each in turn.
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // The laptop and the commands are started dozens of times; each start but the first finds its code compiled.
    env: { NODE_COMPILE_CACHE: resolve(import.meta.dirname, 'node_modules/.cache/compiled') },
    projects: [
      { extends: true, test: { name: 'sharing', include: SHARING, isolate: false } },
      { extends: true, test: { name: 'alone', include: ALONE } },
    ],
  },
});
