import { existsSync } from 'node:fs';
import { describe } from 'vitest';

// The networks' descriptions are large and not ours; developers may have them in a folder beside the repository.
const FOLDER = new URL('../../../shared/specs/', import.meta.url);

/** A network's description of its API, or a folder of such (then with a slash at its end). */
export const vendorDescription = (name: string): URL => new URL(name, FOLDER);

/** Tests by such a description; without it they skip, and say so. */
export function describeBy(description: URL, title: string, tests: () => void): void {
  const isThere = existsSync(description);
  const name = isThere ? title : `${title} (skipped: there is no folder with the networks’ descriptions)`;
  describe.skipIf(!isThere)(name, tests);
}
