import type { Plugin } from 'esbuild';

/** Keeps every network out of the bundle of a function that talks to none: there, none is offered. */
export function slimNetworks(): Plugin {
  return {
    name: 'slim-networks',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]shared[\\/]channels[\\/]index\.ts$/ }, () => ({
        contents: 'export const networksFor = () => ({});\nexport const providersFor = async () => ({});',
      }));
    },
  };
}
