import * as z from 'zod';
import { type ApiKey, keyInput, SCOPES } from '../../shared/domain/agency.ts';
import { toRfc3339 } from '../../shared/domain/time.ts';
import { createKey } from '../../shared/usecases/create-key.ts';
import { revokeKey } from '../../shared/usecases/revoke-key.ts';
import { actorSchema, instantSchema, maybeAt } from './answers.ts';
import { wholeAgency } from './permission.ts';
import { type Route, route } from './route.ts';

const keySchema = z
  .object({
    id: z.string(),
    actor: z.object({ name: z.string(), email: z.string().optional() }),
    scope: z.enum(SCOPES),
    brandIds: z.array(z.string()).optional().describe('Absent: every brand'),
    expiresAt: instantSchema.optional(),
    revokedAt: instantSchema.optional(),
    lastUsedAt: instantSchema.optional().describe('To half a day'),
    createdAt: instantSchema,
    createdBy: actorSchema,
  })
  .meta({ id: 'Key' });

const newKeySchema = keySchema
  .extend({ secret: z.string().describe('Shown only now: keep it') })
  .meta({ id: 'NewKey' });

const meSchema = z
  .object({
    agency: z.object({ id: z.string(), name: z.string() }),
    actor: actorSchema,
    scope: z.enum(SCOPES),
    brandIds: z.array(z.string()).optional().describe('Absent: every brand'),
  })
  .meta({ id: 'Me' });

const tag = 'Keys';

export const keyRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/v1/keys',
    operationId: 'createKey',
    summary: 'Give a person or a machine a key',
    description:
      'A `reader` reads, an `editor` also works with posts, deliveries, holds and reports, an `admin` also with ' +
      'brands, channels and keys. The secret is in this answer and nowhere else.',
    tag,
    scope: 'admin',
    body: keyInput.meta({
      id: 'KeyInput',
      examples: [{ actor: { name: 'Newsroom import' }, scope: 'editor' }],
    }),
    answers: { 201: newKeySchema },
    handle: async ({ caller, body }, deps) => {
      wholeAgency(caller);
      const { key, secret } = await createKey(deps, {
        agencyId: caller.agency.id,
        input: body,
        actor: caller.actor,
      });
      return { status: 201, body: { ...presentKey(key), secret } };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/keys',
    operationId: 'listKeys',
    summary: 'All keys, newest first; never their secrets',
    tag,
    scope: 'admin',
    answers: { 200: z.object({ items: z.array(keySchema) }) },
    handle: async ({ caller }, deps) => {
      wholeAgency(caller);
      const keys = await deps.agencies.keys(caller.agency.id);
      return {
        status: 200,
        body: { items: keys.toSorted((a, b) => b.createdAt - a.createdAt).map(presentKey) },
      };
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/keys/{keyId}',
    operationId: 'revokeKey',
    summary: 'Revoke a key at once',
    description: 'It stays in the list with `revokedAt`. The last admin key cannot be revoked (409).',
    tag,
    scope: 'admin',
    answers: { 204: null },
    handle: async ({ caller, params }, deps) => {
      wholeAgency(caller);
      await revokeKey(deps, { agencyId: caller.agency.id, keyId: params.keyId ?? '', actor: caller.actor });
      return { status: 204 };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/me',
    operationId: 'whoAmI',
    summary: 'Whose key this is, and what it may',
    tag,
    scope: 'reader',
    answers: { 200: meSchema },
    handle: async ({ caller: { agency, actor, scope, brandIds } }) => ({
      status: 200,
      body: {
        agency: { id: agency.id, name: agency.name },
        actor,
        scope,
        ...(brandIds === undefined ? {} : { brandIds }),
      },
    }),
  }),
];

function presentKey(key: ApiKey): z.infer<typeof keySchema> {
  const { id, actor, scope, brandIds, createdBy } = key;
  return {
    id,
    actor,
    scope,
    ...(brandIds === undefined ? {} : { brandIds: [...brandIds] }),
    ...maybeAt('expiresAt', key.expiresAt),
    ...maybeAt('revokedAt', key.revokedAt),
    ...maybeAt('lastUsedAt', key.lastUsedAt),
    createdAt: toRfc3339(key.createdAt),
    createdBy,
  };
}
