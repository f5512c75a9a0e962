import * as z from 'zod';
import { DAY, type Instant, toRfc3339 } from '../../shared/domain/time.ts';
import { instantSchema } from './answers.ts';
import { builtDocs, builtNetworkSchemas } from './built-docs.ts';
import { EXAMPLE_DAY, ORIGIN } from './docs-html.ts';
import { networkSchema, presentNetwork, presentRetired, retiredSchema } from './network-view.ts';
import { type Route, route } from './route.ts';

const tag = 'Service';
const HTML = { 'content-type': 'text/html; charset=utf-8' };

export const aboutRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/v1/networks',
    operationId: 'listNetworks',
    summary: 'Which networks there are, and their rules as data',
    description:
      'What each wants as `credential` and takes as `options` (JSON Schema), how long a text may be and how it is ' +
      'counted, what each metric means there, and what happens when a network does not answer.',
    tag,
    scope: 'reader',
    answers: { 200: z.object({ items: z.array(networkSchema), retired: z.array(retiredSchema) }) },
    handle: async ({ language }, deps) => {
      const providers = await deps.providers();
      const schemas = await builtNetworkSchemas(providers);
      const items = providers.map((one) =>
        presentNetwork(one, schemas[one.id] ?? { credential: {}, options: {} }),
      );
      return { status: 200, body: { items, retired: presentRetired(language) } };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/health',
    operationId: 'health',
    summary: 'Does the API answer?',
    tag,
    scope: 'public',
    answers: { 200: z.object({ status: z.literal('ok'), stage: z.string(), time: instantSchema }) },
    handle: async (_, { settings, clock }) => ({
      status: 200,
      body: { status: 'ok', stage: settings.stage, time: toRfc3339(clock.now()) },
    }),
  }),
  route({
    method: 'GET',
    path: '/v1/openapi.json',
    operationId: 'openApiDocument',
    summary: 'This API as an OpenAPI 3.1 document',
    tag,
    scope: 'public',
    answers: { 200: z.record(z.string(), z.unknown()) },
    handle: async ({ origin }) => {
      const { document } = await builtDocs();
      return { status: 200, headers: CACHED, body: { ...document, servers: [{ url: origin }] } };
    },
  }),
  route({
    method: 'GET',
    path: '/docs',
    operationId: 'docs',
    summary: 'This API as a page',
    tag,
    scope: 'public',
    answers: { 200: null },
    alsoAs: ['text/html'],
    handle: async ({ origin }, { clock }) => {
      const { html } = await builtDocs();
      // The host comes from the request, so it must not be able to write markup.
      const safe = origin.replace(/[^\w:/.[\]-]/g, '');
      const text = html.replaceAll(ORIGIN, safe).replaceAll(EXAMPLE_DAY, mondayAhead(clock.now()));
      return { status: 200, headers: { ...HTML, ...CACHED, ...PAGE }, text };
    },
  }),
  route({
    method: 'GET',
    path: '/',
    operationId: 'root',
    summary: 'Redirect to that page',
    tag,
    scope: 'public',
    answers: { 302: null },
    handle: async () => ({ status: 302, headers: { location: '/docs' } }),
  }),
];

/** The date of a Monday four to five weeks on. */
function mondayAhead(now: Instant): string {
  const soon = now + 28 * DAY;
  return toRfc3339(soon + ((8 - new Date(soon).getUTCDay()) % 7) * DAY).slice(0, 10);
}

const CACHED = { 'cache-control': 'public, max-age=300', vary: 'host' };
const PAGE = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};
