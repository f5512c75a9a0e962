import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Rules, use cases and contracts keep nothing outside their own worlds, so their files may share a worker. */
const SHARING = ['test/{unit,contract}/**/*.test.ts'];
/** These start processes, set the environment, or measure. */
const ALONE = ['test/{infra,e2e,simulation,safety}/**/*.test.ts'];

export default defineConfig({
  test: {
    // End-to-end tests wait most of their time; on two cores one worker at a time would wait for each in turn.
    maxWorkers: 3,
    // The programs that tests start are compiled once and not each time: half of what their start costs.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url)) },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'sharing', include: SHARING, isolate: false } },
      { extends: true, test: { name: 'alone', include: ALONE } },
    ],
  },
});
