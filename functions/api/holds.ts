import * as z from 'zod';
import { notFound } from '../../shared/domain/app-error.ts';
import { type Hold, type HoldInput, holdInput } from '../../shared/domain/hold.ts';
import { toRfc3339 } from '../../shared/domain/time.ts';
import type { Deps } from '../../shared/ports.ts';
import { placeHold, releaseHold } from '../../shared/usecases/hold.ts';
import { actorSchema, instantSchema, maybeAt } from './answers.ts';
import { isId, visibleBrand, visibleChannel } from './lookup.ts';
import { seesBrand, wholeAgency } from './permission.ts';
import { type ApiRequest, type Caller, type Route, route } from './route.ts';

const holdSchema = z
  .object({
    id: z.string(),
    scope: holdInput.shape.scope,
    reason: z.string(),
    by: actorSchema,
    since: instantSchema,
    until: instantSchema.optional(),
    releasedAt: instantSchema.optional(),
    releasedBy: actorSchema.optional(),
  })
  .meta({ id: 'Hold' });

const tag = 'Holds';

export const holdRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/v1/holds',
    operationId: 'placeHold',
    summary: 'Stop everything of the agency, a brand or a channel',
    description:
      'After this answer nothing of it goes out, but what `inFlight` names: those deliveries had begun. `held` ' +
      'counts what was due and is held now; what is due later is held when its time comes.',
    tag,
    scope: 'editor',
    body: holdInput.meta({
      id: 'HoldInput',
      examples: [{ scope: { brandId: 'brd_0123456789abcdefghjk' }, reason: 'The client asked us to wait' }],
    }),
    looksUp: true,
    answers: {
      201: holdSchema
        .extend({
          effectiveAt: instantSchema,
          held: z.int(),
          inFlight: z.array(z.string()).describe('Deliveries that had begun and may still go out'),
        })
        .meta({ id: 'PlacedHold' }),
    },
    handle: async (request, deps) => {
      const { caller, body } = request;
      await mayHold(request, deps, body.scope);
      const placed = await placeHold(deps, { agencyId: caller.agency.id, actor: caller.actor, input: body });
      return {
        status: 201,
        headers: { location: `/v1/holds/${placed.hold.id}` },
        body: {
          ...presentHold(placed.hold),
          effectiveAt: toRfc3339(placed.effectiveAt),
          held: placed.held,
          inFlight: [...placed.inFlight],
        },
      };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/holds',
    operationId: 'listHolds',
    summary: 'Holds in force, oldest first',
    tag,
    scope: 'reader',
    answers: { 200: z.object({ items: z.array(holdSchema) }) },
    handle: async ({ caller }, deps) => {
      const now = deps.clock.now();
      const active = await deps.holds.active(caller.agency.id);
      const inForce = active.filter(({ until }) => until === undefined || until > now);
      const visible = await Promise.all(inForce.map((hold) => seesHold(caller, deps, hold)));
      const items = inForce.filter((_, index) => visible[index]).toSorted((a, b) => a.since - b.since);
      return { status: 200, body: { items: items.map(presentHold) } };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/holds/{holdId}',
    operationId: 'getHold',
    summary: 'One hold, also after its release',
    tag,
    scope: 'reader',
    answers: { 200: holdSchema },
    handle: async (request, deps) => ({
      status: 200,
      body: presentHold(await visibleHold(request, deps)),
    }),
  }),
  route({
    method: 'POST',
    path: '/v1/holds/{holdId}/release',
    operationId: 'releaseHold',
    summary: 'Lift a hold',
    description:
      'What has become overdue is never sent by the release itself: its late policy decides. `overdue` lists it with ' +
      'what happens: `send`, `miss`, `hold` for a person to decide, or `stay` where another hold, or a channel that ' +
      'wants a new login, still stops it. `dryRun` only lists.',
    tag,
    scope: 'editor',
    body: z.strictObject({ dryRun: z.boolean().default(false) }).meta({ id: 'HoldRelease' }),
    answers: {
      200: holdSchema
        .extend({
          dryRun: z.boolean(),
          overdue: z.array(
            z.object({
              deliveryId: z.string(),
              dueAt: instantSchema,
              then: z.enum(['send', 'miss', 'hold', 'stay']),
            }),
          ),
        })
        .meta({ id: 'ReleasedHold' }),
    },
    handle: async (request, deps) => {
      const { caller } = request;
      const { dryRun } = request.body;
      const { id: holdId, scope } = await visibleHold(request, deps);
      await mayHold(request, deps, scope);
      const released = await releaseHold(deps, {
        agencyId: caller.agency.id,
        actor: caller.actor,
        holdId,
        dryRun,
      });
      const overdue = released.overdue.map((one) => ({ ...one, dueAt: toRfc3339(one.dueAt) }));
      return { status: 200, body: { ...presentHold(released.hold), dryRun, overdue } };
    },
  }),
];

/** 403 where a key that is limited to some brands would stop the agency; 404 for what it may not know of. */
async function mayHold(
  request: Pick<ApiRequest, 'caller'>,
  deps: Pick<Deps, 'brands' | 'channels'>,
  scope: HoldInput['scope'],
): Promise<void> {
  if ('agency' in scope) wholeAgency(request.caller);
  else if ('brandId' in scope) await visibleBrand(request, deps, scope.brandId);
  else await visibleChannel(request, deps, scope.channelId);
}

async function visibleHold(
  { caller, params }: Pick<ApiRequest, 'caller' | 'params'>,
  deps: Pick<Deps, 'holds' | 'channels'>,
): Promise<Hold> {
  const { holdId } = params;
  const hold = isId('hld', holdId) ? await deps.holds.get(caller.agency.id, holdId) : undefined;
  if (hold === undefined || !(await seesHold(caller, deps, hold))) throw notFound('hold');
  return hold;
}

/** A hold on the agency stops everybody, so everybody may see it. */
async function seesHold(caller: Caller, deps: Pick<Deps, 'channels'>, { scope }: Hold): Promise<boolean> {
  if (caller.brandIds === undefined || 'agency' in scope) return true;
  if ('brandId' in scope) return seesBrand(caller, scope.brandId);
  const channel = await deps.channels.get(caller.agency.id, scope.channelId);
  return channel !== undefined && seesBrand(caller, channel.brandId);
}

function presentHold(hold: Hold): z.infer<typeof holdSchema> {
  const { id, scope, reason, by, since, until, releasedAt, releasedBy } = hold;
  return {
    id,
    scope,
    reason,
    by,
    since: toRfc3339(since),
    ...maybeAt('until', until),
    ...maybeAt('releasedAt', releasedAt),
    ...(releasedBy === undefined ? {} : { releasedBy }),
  };
}
