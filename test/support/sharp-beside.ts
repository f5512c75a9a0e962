import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Lets the built media function find sharp: where it is deployed, binaries for Lambda stand there; here, this machine's. */
export async function sharpBeside(outDir: string): Promise<void> {
  const installed = fileURLToPath(new URL('../../node_modules', import.meta.url));
  await symlink(installed, join(outDir, 'media/node_modules'), 'junction');
}
