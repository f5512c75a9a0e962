import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { buildDocs, type Docs, makeDocs } from '../../../../functions/api/build-docs.ts';
import { example } from '../../../../functions/api/docs-example.ts';
import type { JsonSchema } from '../../../../functions/api/json-schemas.ts';
import { routes } from '../../../../functions/api/routes.ts';
import { providersFor } from '../../../../shared/channels/index.ts';
import { fakeProvider } from '../../../support/api-world.ts';

let docs: Docs;
beforeAll(() => {
  docs = makeDocs();
});

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const result = await new Validator().validate(JSON.parse(JSON.stringify(docs.document)));
    expect(result.errors).toBeUndefined();
    expect(result.valid).toBe(true);
  });

  it('tells of every route, each under a name of its own', () => {
    const told = Object.entries(docs.document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => [method.toUpperCase(), path, operationId]),
    );
    expect(told.sort()).toEqual(
      routes.map(({ method, path, operationId }) => [method, path, operationId]).sort(),
    );
    expect(new Set(told.map(([, , operationId]) => operationId)).size).toBe(routes.length);
  });

  it('refers to nothing that it does not hold', () => {
    const { components } = docs.document;
    const names = [...JSON.stringify(docs.document).matchAll(/"#\/components\/(\w+)\/([^"]+)"/g)];
    expect(names.length).toBeGreaterThan(20);
    for (const [, kind, name = ''] of names) {
      expect(Object.keys(kind === 'schemas' ? components.schemas : components.responses), name).toContain(
        name,
      );
    }
  });

  it('asks for a key everywhere but on the public routes', () => {
    for (const route of routes) {
      const operation = docs.document.paths[route.path]?.[route.method.toLowerCase()];
      expect(operation?.security, route.operationId).toEqual(route.scope === 'public' ? [] : undefined);
    }
  });

  it('shows only requests that would be understood', () => {
    const shown = routes.flatMap(({ operationId, body }) => {
      const examples = body && (z.globalRegistry.get(body)?.examples as unknown[] | undefined);
      return (examples ?? []).map((example) => ({ operationId, body, example }));
    });
    expect(shown.length).toBeGreaterThan(8);
    for (const { operationId, body, example } of shown) {
      expect(body?.safeParse(example).error?.issues, operationId).toBeUndefined();
    }
  });

  it('says that a request can name what there is not, in its path or in its body', () => {
    const told = (path: string, method = 'post') =>
      Object.keys(docs.document.paths[path]?.[method]?.responses ?? {});
    for (const path of ['/v1/holds', '/v1/posts/validate', '/v1/brands/{brandId}/posts'])
      expect(told(path), path).toContain('404');
    expect(told('/v1/brands')).not.toContain('404');
  });

  it('shows examples that are understood also where none was written, and logs in where that can be done', async () => {
    const refused = routes.flatMap(({ operationId, body, path, method }) => {
      const request = docs.document.paths[path]?.[method.toLowerCase()]?.requestBody;
      const [media] = Object.values(request?.content ?? {});
      if (body === undefined || media === undefined) return [];
      const shown = example(docs.document, media.schema, '');
      return body.safeParse(shown).success ? [] : [`${operationId} ${JSON.stringify(shown)}`];
    });
    expect(refused).toEqual([]);
    const network = example(docs.document, { type: 'string' }, 'network');
    expect((await providersFor())[String(network)]?.login, `a login at ${String(network)}`).toBeDefined();
    expect(docs.html).toContain(`/v1/apps/${String(network)}`);
  });

  it('allows answers to grow, and no unknown field in a request', () => {
    const { schemas } = docs.document.components;
    expect((schemas.Brand as JsonSchema).additionalProperties).toBeUndefined();
    expect((schemas.BrandInput as JsonSchema).additionalProperties).toBe(false);
  });
});

describe('the page', () => {
  it('tells of every route with its path, and links to it', () => {
    for (const { operationId, path } of routes) {
      expect(docs.html).toContain(`<article id="${operationId}">`);
      expect(docs.html).toContain(`href="#${operationId}"`);
      expect(docs.html).toContain(`<code>${path.replace(/\{(\w+)\}/g, '<i>{$1}</i>')}</code>`);
    }
  });

  it('needs nothing from elsewhere and runs no script', () => {
    expect(docs.html).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\son\w+=/i);
    expect(docs.html).not.toMatch(/(src|href)="https?:/);
  });

  it('explains every code that a problem links to', () => {
    for (const code of ['invalid', 'conflict', 'stale', 'not_found', 'internal', 'unavailable']) {
      expect(docs.html).toContain(`id="problem-${code}"`);
    }
  });

  it('has no two things of one name, and no link to nowhere', () => {
    const ids = [...docs.html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of docs.html.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
  });

  it('is small enough for a phone', () => {
    expect(Buffer.byteLength(docs.html)).toBeLessThan(400_000);
  });
});

describe('the files beside the function', () => {
  it('hold the document, the page and what each network wants', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sendeplan-docs-'));
    try {
      await buildDocs(folder, [fakeProvider()]);
      expect(JSON.parse(await readFile(join(folder, 'openapi.json'), 'utf8'))).toEqual(
        JSON.parse(JSON.stringify(docs.document)),
      );
      expect(await readFile(join(folder, 'docs.html'), 'utf8')).toBe(docs.html);
      expect(JSON.parse(await readFile(join(folder, 'networks.json'), 'utf8'))).toMatchObject({
        fakenet: { credential: { required: ['host', 'token'] }, options: { type: 'object' } },
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
