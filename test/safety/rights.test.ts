import { describe, expect, test } from 'vitest';
import { makeDocs } from '../../functions/api/build-docs.ts';
import type { Scope } from '../../shared/domain/agency.ts';
import { MADE_AT } from '../support/builders.ts';
import { type Asked, buildRequest, type Endpoint, endpointsOf } from './crossed-requests.ts';
import { RIGHTS } from './rights-table.ts';
import { type TwoTenants, twoTenants } from './two-tenants.ts';

const { document } = makeDocs();
/** Deletions last, the brand's at the very end, so that one world does for all acts of a key. */
const endpoints = endpointsOf(document).toSorted((a, b) => lastness(a) - lastness(b));

function lastness({ method, path }: Endpoint): number {
  if (method !== 'DELETE') return 0;
  return ['/media/', '/posts/', '/channels/', '/brands/'].findIndex((part) => path.includes(part)) + 1;
}

type Kind = {
  readonly key: string | null;
  /** Absent: no key at all, or one that is none any more. */
  readonly scope?: Scope;
  readonly sees: 'everything' | 'its brand' | 'another brand';
};
const KEY_KINDS: readonly Kind[] = [
  { key: null, sees: 'everything' },
  { key: 'nobody-s-key', sees: 'everything' },
  { key: 'expired', sees: 'everything' },
  { key: 'revoked', sees: 'everything' },
  { key: 'reader', scope: 'reader', sees: 'everything' },
  { key: 'editor', scope: 'editor', sees: 'everything' },
  { key: 'admin', scope: 'admin', sees: 'everything' },
  { key: 'limited-reader', scope: 'reader', sees: 'its brand' },
  { key: 'limited-editor', scope: 'editor', sees: 'its brand' },
  { key: 'limited-admin', scope: 'admin', sees: 'its brand' },
  { key: 'hidden', scope: 'admin', sees: 'another brand' },
];
const SCOPES: readonly Scope[] = ['reader', 'editor', 'admin'];

/** What a cell of the table expects: a status, or that neither key nor brand stands in the way. */
function expected(operationId: string, { scope, sees }: Kind): 401 | 403 | 404 | 'through' {
  const [needed, reach] = RIGHTS[operationId] ?? ['admin', 'agency'];
  if (needed === 'public') return 'through';
  if (scope === undefined) return 401;
  if (SCOPES.indexOf(scope) < SCOPES.indexOf(needed)) return 403;
  if (sees === 'everything' || reach === 'any') return 'through';
  if (reach === 'agency') return 403;
  return sees === 'its brand' ? 'through' : 404;
}

async function tenantsWithDeadKeys(): Promise<TwoTenants> {
  const tenants = await twoTenants();
  await tenants.world.addKey('expired', { expiresAt: MADE_AT });
  await tenants.world.addKey('revoked', { revokedAt: MADE_AT - 1 });
  return tenants;
}

/** A request of the brand's own things that the document allows; of a hold, one on the brand. */
function ownRequest(endpoint: Endpoint, { own }: TwoTenants): Asked {
  const asked = buildRequest(document, endpoint, 1, (kind) => own[kind][0] ?? 'none');
  const scope = { brandId: own.brandId[0] };
  return endpoint.operation.operationId === 'placeHold'
    ? { ...asked, body: { scope, reason: 'Silence.' } }
    : asked;
}

test('every act has its row', () => {
  expect(Object.keys(RIGHTS).sort()).toEqual(endpoints.map(({ operation }) => operation.operationId).sort());
});

test.each(KEY_KINDS)(
  'a key of kind $key that sees $sees may do what the table says, on every route',
  async (kind) => {
    const tenants = await tenantsWithDeadKeys();
    const wrong: string[] = [];
    for (const endpoint of endpoints) {
      const { operationId } = endpoint.operation;
      const { method, path, headers, body } = ownRequest(endpoint, tenants);
      const { status, text } = await tenants.world.request(method, path, { key: kind.key, headers, body });
      const wanted = expected(operationId, kind);
      // A token that is nobody's is a public 404; whoever may look at uploads has a function of its own.
      const mayMiss = endpoint.operation['x-scope'] === 'public' || operationId === 'inspectMedia';
      const isThrough = status !== 401 && status !== 403 && (status !== 404 || mayMiss) && status < 500;
      if (wanted === 'through' ? !isThrough : status !== wanted) {
        wrong.push(`${operationId}: ${wanted}, but ${status} ${text.slice(0, 200)}`);
      }
    }
    expect(wrong).toEqual([]);
  },
);

test('missing, unknown, expired and revoked keys get one and the same answer', async () => {
  const { world } = await tenantsWithDeadKeys();
  const answers = await Promise.all(
    [null, 'nobody-s-key', 'expired', 'revoked'].map((key) => world.request('GET', '/v1/me', { key })),
  );
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
});

describe('limits', () => {
  const bodied = endpoints.filter(({ operation }) => operation.requestBody !== undefined);

  test('a body of more than 256 KB is refused on every route that takes one', async () => {
    const tenants = await twoTenants();
    for (const endpoint of bodied) {
      const { method, path, headers } = ownRequest(endpoint, tenants);
      const body = JSON.stringify({ pad: 'ü'.repeat(128 * 1024) });
      const { status } = await tenants.world.request(method, path, { headers, body });
      expect([endpoint.operation.operationId, status]).toEqual([endpoint.operation.operationId, 413]);
    }
    expect(bodied.length).toBeGreaterThan(15);
  });

  test('a key that asks too much in a second is told when to come back, and others go on', async () => {
    const { world } = await twoTenants({ standing: true });
    const statuses: number[] = [];
    for (let n = 0; n < 230; n++)
      statuses.push((await world.request('GET', '/v1/me', { key: 'editor' })).status);
    expect(statuses.lastIndexOf(200)).toBe(199);
    expect(statuses[200]).toBe(429);
    const refused = await world.request('GET', '/v1/brands', { key: 'editor' });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect((await world.request('GET', '/v1/me', { key: 'reader' })).status).toBe(200);
    // Guessing keys is refused before any bucket is asked.
    expect((await world.request('GET', '/v1/me', { key: 'guess' })).status).toBe(401);
  });
});
