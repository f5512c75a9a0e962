import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';
import { absent } from './absent.ts';
import type { OptionalClient } from './functions.ts';

/** What the SDK loads by `import()` when an answer is a stream of events: none that we ask for is. */
export const NEVER_LOADED = ['@smithy/core/event-streams'];

/** Parts that are bundled though never reached: for machines without hashes, for browsers, for another way to retry. */
const NEVER_REACHED =
  /[\\/]@smithy[\\/]core[\\/]dist-es[\\/].*[\\/](Sha256Js|Md5Js|sdk-stream-mixin\.browser|AdaptiveRetryStrategy|getInstanceMetadataRegion)\.js$/;

/** What every client sets up for what we do not use, and what does the rest of its work. */
const REPLACED: Readonly<Record<string, string>> = {
  // DynamoDB has needed no discovery of endpoints for years.
  '@aws-sdk/endpoint-cache': 'export class EndpointCache {}',
  // No request of ours is a stream of events.
  './HeaderFormatter': 'export class HeaderFormatter {}',
  // Lambda puts credentials into the environment; what is left out looks for them on every other machine.
  '@aws-sdk/credential-provider-node':
    "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env'",
  // The event bus has one region.
  '@aws-sdk/signature-v4-multi-region':
    "export { SignatureV4 as SignatureV4MultiRegion } from '@smithy/signature-v4'",
};

/** Keeps out of a bundle what it carries of the AWS SDK for nothing: about half of it. */
export function slimSdk(without: readonly OptionalClient[]): Plugin {
  return {
    name: 'slim-sdk',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^@aws-sdk\/client-/ }, ({ path }) =>
        without.some((client) => client === path) ? { path, namespace: 'absent' } : undefined,
      );
      onLoad({ filter: /.*/, namespace: 'absent' }, ({ path }) => ({
        contents: absent(`${path} is not part of this function, which has no rights to it`),
      }));
      onResolve({ filter: /^(@aws-sdk\/|\.\/HeaderFormatter$)/ }, ({ path, resolveDir }) =>
        path in REPLACED ? { path, namespace: 'replaced', pluginData: resolveDir } : undefined,
      );
      onLoad({ filter: /.*/, namespace: 'replaced' }, ({ path, pluginData }) => ({
        contents: REPLACED[path] ?? '',
        resolveDir: String(pluginData),
      }));
      onLoad({ filter: NEVER_REACHED }, ({ path }) => ({
        contents: absent(`${path.replace(/^.*@smithy/, '@smithy')} is not part of the functions`),
      }));
      onLoad({ filter: /[\\/]@aws-sdk[\\/]client-[^\\/]+[\\/]package\.json$/ }, async ({ path }) => {
        const { version } = JSON.parse(await readFile(path, 'utf8'));
        return { contents: JSON.stringify({ version }), loader: 'json' };
      });
      onLoad({ filter: /[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]/ }, async ({ path }) => ({
        contents: withoutErrors(withPlainKeys(await readFile(path, 'utf8'))),
      }));
      onLoad({ filter: /[\\/]client-[^\\/]+[\\/]dist-es[\\/]models[\\/]errors\.js$/ }, () => ({
        contents: 'export {}',
      }));
    },
  };
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

/**
 * A client knows every error of its service by a class and a schema. Without them it answers as it does to an error
 * newer than itself: with its base class, and the error's own name, message and status. Who imports an error's
 * class is told so by the bundler, which does not find it.
 */
function withoutErrors(schemas: string): string {
  return schemas
    .replace(/^import \{[^}]*\} from "\.\.\/models\/errors";$/m, '')
    .replace(/^n\d+_registry\.registerError\(.*\);$/gm, '');
}
