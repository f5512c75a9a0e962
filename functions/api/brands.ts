import * as z from 'zod';
import { type Brand, brandInput } from '../../shared/domain/brand.ts';
import { toRfc3339 } from '../../shared/domain/time.ts';
import { createBrand } from '../../shared/usecases/create-brand.ts';
import { deleteBrand } from '../../shared/usecases/delete-brand.ts';
import { updateBrand } from '../../shared/usecases/update-brand.ts';
import { actorSchema, instantSchema } from './answers.ts';
import { idempotency, idempotencyHeader, replayHeader } from './idempotency.ts';
import { visibleBrand } from './lookup.ts';
import { checkPatched } from './parse.ts';
import { seesBrand, wholeAgency } from './permission.ts';
import { etag, ifMatch } from './revision.ts';
import { type Route, route } from './route.ts';

const brandSchema = z
  .object({
    id: z.string(),
    ...brandInput.shape,
    version: z.int().describe('The ETag, as a number'),
    createdAt: instantSchema,
    createdBy: actorSchema,
  })
  .meta({ id: 'Brand' });

/** A brand as answers show it. */
function presentBrand(stored: Brand): z.infer<typeof brandSchema> {
  const { agencyId: _agency, requestHash: _hash, createdAt, ...brand } = stored;
  return { ...brand, createdAt: toRfc3339(createdAt) };
}

const tag = 'Brands';

export const brandRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/v1/brands',
    operationId: 'createBrand',
    summary: 'Add a client',
    description:
      'The weekly report goes out at `report.weekday` and `report.time` in the brand’s own time zone, ' +
      'from the first week on. An `Idempotency-Key` works as it does for posts.',
    tag,
    scope: 'admin',
    body: brandInput.meta({
      id: 'BrandInput',
      examples: [
        {
          name: 'Bakery Sunrise',
          timeZone: 'Europe/Berlin',
          locale: 'de',
          latePolicy: { maxLate: 'PT1H', otherwise: 'hold' },
          alerts: { recipients: ['team@agency.example'] },
          report: {
            weekday: 'monday',
            time: '08:00',
            recipients: [{ email: 'client@bakery.example' }],
            replyTo: 'eva@agency.example',
          },
        },
      ],
    }),
    headers: idempotencyHeader,
    answers: { 201: brandSchema },
    handle: async (request, deps) => {
      const { caller, body } = request;
      wholeAgency(caller);
      const { brand, replayed } = await createBrand(deps, {
        agencyId: caller.agency.id,
        input: body,
        actor: caller.actor,
        ...idempotency(request),
      });
      return {
        status: 201,
        headers: { location: `/v1/brands/${brand.id}`, ...tagged(brand), ...replayHeader(replayed) },
        body: presentBrand(brand),
      };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/brands',
    operationId: 'listBrands',
    summary: 'All clients, by name',
    tag,
    scope: 'reader',
    answers: { 200: z.object({ items: z.array(brandSchema) }) },
    handle: async ({ caller }, deps) => {
      const brands = await deps.brands.list(caller.agency.id);
      const items = brands.filter(({ id }) => seesBrand(caller, id)).map(presentBrand);
      return { status: 200, body: { items: items.sort((a, b) => a.name.localeCompare(b.name)) } };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/brands/{brandId}',
    operationId: 'getBrand',
    summary: 'One client',
    tag,
    scope: 'reader',
    answers: { 200: brandSchema },
    handle: async (request, deps) => {
      const brand = await visibleBrand(request, deps, request.params.brandId ?? '');
      return { status: 200, headers: tagged(brand), body: presentBrand(brand) };
    },
  }),
  route({
    method: 'PATCH',
    path: '/v1/brands/{brandId}',
    operationId: 'updateBrand',
    summary: 'Change a client',
    description:
      'A merge patch (RFC 7396): what is not named stays, `null` takes a field away, but a `maxLate` of `null` is ' +
      'taken as said. Another `timeZone` while posts are queued in local time needs `reslot`; without it the answer is a 409 that lists them in `posts`. ' +
      '`keep-local` is a 422 that lists those whose local time is none, is two, or has passed in the new zone.',
    tag,
    scope: 'admin',
    query: z.strictObject({
      reslot: z
        .enum(['keep-instant', 'keep-local'])
        .optional()
        .describe('What stays when the time zone changes: the instant of queued posts, or their local time'),
    }),
    body: z.record(z.string(), z.unknown()).meta({
      id: 'BrandPatch',
      description: 'Any part of what `POST /v1/brands` takes',
      examples: [{ report: { weekday: 'friday', time: '07:30' } }],
    }),
    bodyType: 'application/merge-patch+json',
    headers: { 'If-Match': 'ETag of the version that you read; 412 when it was changed since' },
    answers: { 200: brandSchema },
    handle: async (request, deps) => {
      const brand = await visibleBrand(request, deps, request.params.brandId ?? '');
      ifMatch(request, brand.version);
      const input = checkPatched(brandInput, inputOf(brand), request.body);
      const { reslot } = request.query;
      const stored = await updateBrand(deps, {
        brand,
        input,
        actor: request.caller.actor,
        ...(reslot === undefined ? {} : { reslot }),
      });
      return { status: 200, headers: tagged(stored), body: presentBrand(stored) };
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/brands/{brandId}',
    operationId: 'deleteBrand',
    summary: 'Remove a client, with its channels',
    description:
      'What is published stays on its networks. While deliveries are open the answer is a 409 that lists them in ' +
      '`deliveries`; `cancel=true` cancels them first.',
    tag,
    scope: 'admin',
    query: z.strictObject({ cancel: z.boolean().default(false).describe('Cancel what is still open') }),
    answers: { 204: null },
    handle: async (request, deps) => {
      const brand = await visibleBrand(request, deps, request.params.brandId ?? '');
      await deleteBrand(deps, { brand, cancel: request.query.cancel, actor: request.caller.actor });
      return { status: 204 };
    },
  }),
];

/** What a patch is merged into: everything that a caller may say. */
function inputOf(brand: Brand): unknown {
  return Object.fromEntries(Object.keys(brandInput.shape).map((name) => [name, brand[name as keyof Brand]]));
}

const tagged = (brand: Brand) => ({ etag: etag(brand.version) });
