import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join, resolve } from 'node:path';
import { run } from '../networks/processes.ts';

/** Where this bench keeps what it installs; not in git. */
const FOLDER = resolve(import.meta.dirname, '../../.bench');
const VERSIONS = { bullmq: '6.7.0', ioredis: '6.0.0', 'pg-boss': '12.38.0' } as const;

export type Installed = {
  readonly versions: typeof VERSIONS;
  /** Paths of the programs, where they are on this machine. */
  readonly redis: string | undefined;
  readonly postgres: string | undefined;
};

/** Installs the packages from npm into `.bench/`, unless they are there, and looks for the servers they need. */
export function installPeers(): Installed {
  const wanted = JSON.stringify({ private: true, dependencies: VERSIONS });
  const manifest = join(FOLDER, 'package.json');
  const isThere = existsSync(join(FOLDER, 'node_modules')) && readFileSync(manifest, 'utf8') === wanted;
  if (!isThere) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(manifest, wanted);
    // stderr: the standard output is the answer
    process.stderr.write(`installing ${Object.keys(VERSIONS).join(', ')} into .bench\n`);
    run('npm', ['install', '--silent', '--no-audit', '--no-fund', '--no-package-lock'], { cwd: FOLDER });
    // npm may write the manifest in its own form
    writeFileSync(manifest, wanted);
  }
  return {
    versions: VERSIONS,
    redis: found('redis-server'),
    postgres: found('initdb') && found('postgres'),
  };
}

/** A package that stands in `.bench/`. */
export async function peerModule(name: keyof typeof VERSIONS): Promise<Record<string, unknown>> {
  const file = createRequire(join(FOLDER, 'package.json')).resolve(name);
  return (await import(file)) as Record<string, unknown>;
}

function found(program: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}
