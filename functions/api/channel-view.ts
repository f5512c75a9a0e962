import * as z from 'zod';
import { CHANNEL_HEALTH, type Channel } from '../../shared/domain/channel.ts';
import { toRfc3339 } from '../../shared/domain/time.ts';
import type { AnyProvider } from '../../shared/ports.ts';
import { actorSchema, instantSchema, maybeAt } from './answers.ts';
import { etag } from './revision.ts';

export const channelSchema = z
  .object({
    id: z.string(),
    brandId: z.string(),
    network: z.string(),
    name: z.string(),
    account: z
      .object({ id: z.string(), handle: z.string(), url: z.string() })
      .describe('Who the network says this is'),
    health: z.enum(CHANNEL_HEALTH),
    healthReason: z.string().optional(),
    endsAt: instantSchema
      .optional()
      .describe(
        'When the login ends by itself, unless it is renewed before; absent: nobody says that it ends',
      ),
    options: z.record(z.string(), z.unknown()),
    limits: z
      .object({ text: z.number().nullable(), unit: z.string() })
      .nullable()
      .describe(
        'Longest text here, and what is counted; text null: no limit. Null: the network is not offered now',
      ),
    shared: z.boolean(),
    assisted: z.boolean().describe('A person publishes here by hand, asked by mail'),
    version: z.int().describe('The ETag, as a number'),
    createdAt: instantSchema,
    createdBy: actorSchema,
  })
  .meta({ id: 'Channel' });

/** A channel as answers show it: never its credential. */
export function presentChannel(
  channel: Channel,
  provider: AnyProvider | undefined,
): z.infer<typeof channelSchema> {
  const { id, brandId, network, name, account, health, healthReason, shared, version, createdBy } = channel;
  return {
    id,
    brandId,
    network,
    name,
    account: { id: account.id, handle: account.handle, url: account.url },
    health,
    ...(healthReason === undefined ? {} : { healthReason }),
    ...maybeAt('endsAt', channel.ends?.at),
    options: { ...channel.options },
    limits: provider ? limitsOf(channel, provider) : null,
    shared,
    assisted: channel.assisted ?? false,
    version,
    createdAt: toRfc3339(channel.createdAt),
    createdBy,
  };
}

export const tagged = (channel: Channel) => ({ etag: etag(channel.version) });

/** What the account's own instance told goes before what is usual on the network. */
function limitsOf({ facts }: Channel, { limits }: AnyProvider): { text: number | null; unit: string } {
  const own = facts.maxCharacters;
  return { text: typeof own === 'number' ? own : limits.text, unit: limits.unit };
}
