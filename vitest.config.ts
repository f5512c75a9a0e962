import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** These keep nothing outside their own worlds and processes, so their files may share a worker. */
const SHARING = ['test/{unit,contract,safety,simulation,e2e}/**/*.test.ts'];
/** These set the environment, or load what fills a worker. */
const ALONE = ['test/infra/**/*.test.ts', 'test/safety/secrets*.test.ts'];

/** Short files that run long, the longest first: begun last, each would keep one worker busy while the others are done. */
const LONG = [/\/simulation\/simulate\./, /\/e2e\//, /\/simulation\//];

/** Without the durations of an earlier run, as in a fresh clone, Vitest begins with the largest files. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const found = LONG.findIndex((one) => one.test(moduleId));
      return found === -1 ? LONG.length : found;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    // End-to-end tests wait most of their time; on two cores one worker at a time would wait for each in turn.
    maxWorkers: 3,
    sequence: { sequencer: LongFirst },
    // The programs that tests start are compiled once and not each time: half of what their start costs.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url)) },
    // Against what hangs; how quick something is, its own test judges. A busy machine takes three times as long.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    projects: [
      { extends: true, test: { name: 'sharing', include: SHARING, exclude: ALONE, isolate: false } },
      { extends: true, test: { name: 'alone', include: ALONE } },
    ],
  },
});
