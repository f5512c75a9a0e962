import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: resolve(import.meta.dirname, '../..'),
    include: ['test/e2e/**/*.test.ts', 'test/deploy/**/*.test.ts'],
    // One after the other: each function runs in processes of its own, and a machine has few processors.
    fileParallelism: false,
    // Functions start cold, and rescue comes by the minute.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
