import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';
import type { OptionalClient } from './functions.ts';

/**
 * Parts of the SDK that it loads by `import()` and that are never reached in Lambda, whose credentials stand in the
 * environment: the sources of credentials on other machines, and the protocol of streamed answers.
 */
export const NEVER_LOADED = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-login',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/core/event-streams',
  '@smithy/credential-provider-imds',
];

/** Keeps out of a bundle what it carries of the AWS SDK for nothing: about a third of it. */
export function slimSdk(without: readonly OptionalClient[]): Plugin {
  return {
    name: 'slim-sdk',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^@aws-sdk\/client-/ }, ({ path }) =>
        without.some((client) => client === path) ? { path, namespace: 'absent' } : undefined,
      );
      onLoad({ filter: /.*/, namespace: 'absent' }, ({ path }) => ({ contents: absent(path) }));
      onLoad({ filter: /[\\/]@aws-sdk[\\/]client-[^\\/]+[\\/]package\.json$/ }, async ({ path }) => {
        const { version } = JSON.parse(await readFile(path, 'utf8'));
        return { contents: JSON.stringify({ version }), loader: 'json' };
      });
      onLoad({ filter: /[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]/ }, async ({ path }) => ({
        contents: withPlainKeys(await readFile(path, 'utf8')),
      }));
    },
  };
}

/**
 * A client that complains when one is made of it. The named imports of a bundle are looked up along the prototype
 * of what `module.exports` holds, so any name is found.
 */
function absent(client: string): string {
  const complaint = JSON.stringify(`${client} is not part of this function, which has no rights to it`);
  return `module.exports = Object.create(new Proxy({}, {
    get: (_, name) => name === '__esModule' ? true : class { constructor() { throw new Error(${complaint}); } },
  }));`;
}

/**
 * `{ [_e]: … }` becomes `{ "error": … }` where the file says `const _e = "error"`: a computed key counts as a side
 * effect, for which the bundler would keep the schemas of every operation of the service.
 */
function withPlainKeys(schemas: string): string {
  const constants = new Map(
    [...schemas.matchAll(/^const (\w+) = ("[^"\\]*");$/gm)].map(([, name = '', text = '']) => [name, text]),
  );
  return schemas.replace(/\[(\w+)\]:/g, (whole, name: string) => {
    const text = constants.get(name);
    return text === undefined ? whole : `${text}:`;
  });
}
