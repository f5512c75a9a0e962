import * as z from 'zod';
import { DELIVERY_STATES } from '../../shared/domain/delivery.ts';
import { idSchema } from '../../shared/domain/ids.ts';
import type { Post } from '../../shared/domain/post.ts';
import type { Deps } from '../../shared/ports.ts';
import { editPublication, publicationChange } from '../../shared/usecases/edit-publication.ts';
import {
  type ByHand,
  releaseDelivery,
  removeDelivery,
  resolveDelivery,
  retryDelivery,
} from '../../shared/usecases/settle-by-hand.ts';
import { brandsQuery, calendarQuery } from './calendar-page.ts';
import { listDeliveries } from './delivery-list.ts';
import { lonelyDeliverySchema, presentLonelyDelivery } from './delivery-view.ts';
import { visibleBrands, visibleDelivery } from './lookup.ts';
import { pageSchema } from './page.ts';
import type { ApiAnswer, ApiRequest } from './route.ts';
import { type Route, route } from './route.ts';
import { surroundings } from './surroundings.ts';

const tag = 'Deliveries';

const resolution = z
  .discriminatedUnion('outcome', [
    z.strictObject({
      outcome: z.literal('published'),
      url: z
        .url({ protocol: /^https?$/ })
        .max(2_048)
        .optional(),
    }),
    z.strictObject({ outcome: z.literal('not_published'), then: z.enum(['send', 'fail']) }),
  ])
  .meta({
    id: 'Resolution',
    examples: [{ outcome: 'published', url: 'https://mastodon.example/@bakery/1' }],
  });

export const deliveryRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/v1/deliveries',
    operationId: 'listDeliveries',
    summary: 'Deliveries by due time',
    description: 'Of queued posts; drafts have none yet.',
    tag,
    scope: 'reader',
    query: z.strictObject({
      state: z.array(z.enum(DELIVERY_STATES)).optional().describe('One or more, separated by commas'),
      brand: brandsQuery,
      channel: z.array(idSchema('chn')).max(100).optional().describe('One or more, separated by commas'),
      ...calendarQuery,
    }),
    answers: { 200: pageSchema(lonelyDeliverySchema) },
    handle: async (request, deps) => {
      const brands = await visibleBrands(request, deps, request.query.brand);
      return { status: 200, body: await listDeliveries(deps, request, brands) };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/deliveries/{deliveryId}',
    operationId: 'getDelivery',
    summary: 'One delivery',
    tag,
    scope: 'reader',
    answers: { 200: lonelyDeliverySchema },
    handle: (request, deps) => show(request, deps),
  }),
  route({
    method: 'POST',
    path: '/v1/deliveries/{deliveryId}/retry',
    operationId: 'retryDelivery',
    summary: 'Send again what failed, was missed or is held',
    description: 'Never an `uncertain` one: it may be out. Look on the network, then say so with `resolve`.',
    tag,
    scope: 'editor',
    answers: { 200: lonelyDeliverySchema },
    handle: (request, deps) => show(request, deps, (act) => retryDelivery(deps, act)),
  }),
  route({
    method: 'POST',
    path: '/v1/deliveries/{deliveryId}/resolve',
    operationId: 'resolveDelivery',
    summary: 'Say what became of an uncertain delivery, or of one that a person was asked to publish',
    description:
      '`published`: it is out, `url` says where. `not_published`: you have looked and it is not; `then` says ' +
      'whether to send it now or to leave it failed; while a person is being asked, only to leave it failed.',
    tag,
    scope: 'editor',
    body: resolution,
    answers: { 200: lonelyDeliverySchema },
    handle: (request, deps) =>
      show(request, deps, (act) => resolveDelivery(deps, { ...act, resolution: request.body })),
  }),
  route({
    method: 'POST',
    path: '/v1/deliveries/{deliveryId}/release',
    operationId: 'releaseDelivery',
    summary: 'Let one held delivery go',
    tag,
    scope: 'editor',
    answers: { 200: lonelyDeliverySchema },
    handle: (request, deps) => show(request, deps, (act) => releaseDelivery(deps, act)),
  }),
  route({
    method: 'POST',
    path: '/v1/deliveries/{deliveryId}/edit',
    operationId: 'editPublication',
    summary: 'Edit a publication in place, on its network',
    description:
      'Text, link or options of what is published, where the network has editing (capability `edit`); media, thread ' +
      'and poll stay as they went out. The post gets a new revision in which this channel has a variant of its own.',
    tag,
    scope: 'editor',
    body: publicationChange.meta({
      id: 'PublicationChange',
      examples: [{ text: 'Fresh bread from eight o’clock.' }],
    }),
    answers: { 200: lonelyDeliverySchema },
    handle: (request, deps) =>
      show(request, deps, (act) => editPublication(deps, { ...act, change: request.body })),
  }),
  route({
    method: 'POST',
    path: '/v1/deliveries/{deliveryId}/remove',
    operationId: 'removeDelivery',
    summary: 'Take a publication off its network',
    tag,
    scope: 'editor',
    answers: { 200: lonelyDeliverySchema },
    handle: (request, deps) => show(request, deps, (act) => removeDelivery(deps, act)),
  }),
];

/** Does something with the delivery that the path names, and answers it as it then stands. */
async function show(
  request: Pick<ApiRequest, 'caller' | 'params' | 'language'>,
  deps: Deps,
  act?: (act: ByHand) => Promise<Post>,
): Promise<ApiAnswer> {
  const { caller, params, language } = request;
  const { post, brand, delivery } = await visibleDelivery(request, deps, params.deliveryId);
  const { n } = delivery;
  const after = act ? await act({ agency: caller.agency, actor: caller.actor, post, n }) : post;
  const shown = after.deliveries.find((one) => one.n === n) ?? delivery;
  const around = await surroundings(deps, { caller, brand, language });
  return { status: 200, body: presentLonelyDelivery(after, shown, around) };
}
