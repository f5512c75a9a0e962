import type { Plugin } from 'esbuild';
import { absent } from './absent.ts';

/**
 * Keeps out of a bundle what zod carries to turn schemas into JSON Schema: every schema could, and none does
 * there, because what is told of schemas was written when the API was built.
 */
export function slimZod(): Plugin {
  return {
    name: 'slim-zod',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]zod[\\/]v4[\\/]core[\\/](to-json-schema|json-schema-processors)\.js$/ }, () => ({
        contents: absent('no JSON Schema is made in a function: see functions/api/build-docs.ts'),
      }));
    },
  };
}
