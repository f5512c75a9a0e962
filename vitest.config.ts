import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{unit,contract,infra,e2e,simulation,safety}/**/*.test.ts'],
    // End-to-end tests wait most of their time; on two cores one worker at a time would wait for each in turn.
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
