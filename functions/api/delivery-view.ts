import * as z from 'zod';
import type { Brand } from '../../shared/domain/brand.ts';
import { DELIVERY_STATES, type Delivery, triesOf } from '../../shared/domain/delivery.ts';
import { activeHolds } from '../../shared/domain/gate.ts';
import { type DeliveryHold, HOLD_CODES, type Hold } from '../../shared/domain/hold.ts';
import { deliveryId } from '../../shared/domain/ids.ts';
import type { Post } from '../../shared/domain/post.ts';
import { type Instant, toRfc3339 } from '../../shared/domain/time.ts';
import { toLocal } from '../../shared/domain/wall-clock.ts';
import { instantSchema, maybeAt } from './answers.ts';

const shape = {
  id: z.string(),
  channelId: z.string(),
  network: z.string(),
  state: z.enum(DELIVERY_STATES),
  dueAt: instantSchema
    .optional()
    .describe('The promise; never moves because of a retry. Absent while a draft has no time'),
  dueLocal: z.string().optional().describe('`dueAt` in the zone it was promised in, else the brand’s'),
  nextAttemptAt: instantSchema.optional(),
  askedAt: instantSchema
    .optional()
    .describe('When a person was last asked to publish it by hand; they answer on the page in their mail'),
  startedAt: instantSchema.optional().describe('When the request that made it public began'),
  publishedAt: instantSchema.optional().describe('When the network accepted it'),
  latenessMs: z.int().optional().describe('`startedAt` − `dueAt`, milliseconds'),
  url: z.string().optional(),
  externalId: z.string().optional(),
  code: z.string().optional().describe('Why it stands as it stands; stable'),
  reason: z.string().optional().describe('The same in words'),
  attempts: z
    .int()
    .describe(
      'How often it was tried, the try that went well or is under way included; a person’s retry begins anew. A network’s wish to wait, or for a new login, is none',
    ),
  holds: z
    .array(
      z.object({
        code: z.enum(HOLD_CODES),
        by: z.string(),
        since: instantSchema,
        until: instantSchema.optional(),
      }),
    )
    .describe('What holds it, or would stop it at its time'),
};

export const deliverySchema = z.object(shape).meta({ id: 'Delivery' });
/** A delivery shown by itself says whose it is. */
export const lonelyDeliverySchema = z
  .object({ ...shape, postId: z.string(), brandId: z.string() })
  .meta({ id: 'DeliveryOfPost' });
export type DeliveryAnswer = z.infer<typeof deliverySchema>;

type Around = { readonly brand: Brand; readonly holds: readonly Hold[]; readonly now: Instant };

export function presentDelivery(post: Post, delivery: Delivery, around: Around): DeliveryAnswer {
  const { startedAt, url, externalId, code, reason } = delivery;
  return {
    id: deliveryId(post.id, delivery.n),
    channelId: delivery.channelId,
    network: delivery.network,
    state: delivery.state,
    ...due(delivery, around.brand),
    ...(post.draft ? {} : maybeAt('nextAttemptAt', delivery.nextAttemptAt)),
    ...maybeAt('askedAt', delivery.askedAt),
    ...maybeAt('startedAt', startedAt),
    ...maybeAt('publishedAt', delivery.publishedAt),
    ...(startedAt === undefined ? {} : { latenessMs: startedAt - delivery.dueAt }),
    ...(url === undefined ? {} : { url }),
    ...(externalId === undefined ? {} : { externalId }),
    ...(code === undefined ? {} : { code }),
    ...(reason === undefined ? {} : { reason }),
    attempts: triesOf(delivery),
    holds: holdsOn(post, delivery, around).map(({ code, by, since, until }) => ({
      code,
      by,
      since: toRfc3339(since),
      ...maybeAt('until', until),
    })),
  };
}

export function presentLonelyDelivery(
  post: Post,
  delivery: Delivery,
  around: Around,
): z.infer<typeof lonelyDeliverySchema> {
  return { ...presentDelivery(post, delivery, around), postId: post.id, brandId: post.brandId };
}

/** A draft's delivery that waits for its time stands at 0. */
function due({ dueAt, wall }: Delivery, brand: Brand): { dueAt?: string; dueLocal?: string } {
  if (dueAt === 0) return {};
  return { dueAt: toRfc3339(dueAt), dueLocal: toLocal(dueAt, wall?.timeZone ?? brand.timeZone) };
}

/** What stands on it, and what is in force now and will stop it when its time comes. */
function holdsOn(post: Post, delivery: Delivery, { holds, now }: Around): readonly DeliveryHold[] {
  if (post.draft || !['scheduled', 'retrying', 'held'].includes(delivery.state)) return delivery.holds;
  const where = { brandId: post.brandId, channelId: delivery.channelId };
  const known = new Set(delivery.holds.map(keyOf));
  const all = [
    ...delivery.holds,
    ...activeHolds(holds, where, now).filter((hold) => !known.has(keyOf(hold))),
  ];
  // What has ended by itself stands until the delivery is looked at again, which another hold may put off.
  const inForce = all.filter(({ until }) => until === undefined || until > now);
  return inForce.length > 0 ? inForce : all;
}

const keyOf = ({ code, by, since }: DeliveryHold): string => `${code} ${since} ${by}`;
