import * as z from 'zod';
import { type Metrics, told } from '../domain/metrics.ts';
import { codePoints } from '../domain/text-count.ts';
import type { Instant } from '../domain/time.ts';
import { API_VERSIONS } from './api-versions.ts';
import { withLink } from './check-content.ts';
import {
  DISCORD_API,
  type DiscordCredential,
  discordCredential,
  isGone,
  messageRequest,
  ok,
  toFailure,
  toRefusal,
  webhookUrl,
} from './discord/api.ts';
import { editOnDiscord } from './discord/edit.ts';
import { checkMessage, DISCORD_LIMITS, filesOf, toRequest } from './discord/message.ts';
import { type DiscordOptions, discordOptions, optionsOf } from './discord/options.ts';
import { unverified } from './outcome.ts';
import type {
  Context,
  HttpAnswer,
  Measuring,
  Outcome,
  Provider,
  PublishRequest,
  Verified,
} from './provider.ts';

/** A channel of a Discord server, by a webhook. https://docs.discord.com/developers/resources/webhook */
export function discord(api = DISCORD_API): Provider<DiscordCredential, DiscordOptions> {
  const provider: Provider<DiscordCredential, DiscordOptions> = {
    id: 'discord',
    name: 'Discord',
    limits: DISCORD_LIMITS,
    countText: codePoints,
    credential: discordCredential,
    options: discordOptions,
    render: withLink,
    check: (variant) => checkMessage(provider, variant),
    verify: (credential, context) => verifyDiscord(api, credential, context),
    // A webhook reads a message by its id, and lists none; there is no key that makes a second send harmless.
    safety: { kind: 'blind' },

    async publish({ variant, credential, channel, delivery }, context) {
      const options = optionsOf(variant);
      if (options === undefined) {
        return { kind: 'rejected', code: 'option_invalid', reason: 'an option has no valid value' };
      }
      const files = filesOf(variant);
      if (files === undefined) {
        return { kind: 'rejected', code: 'media_refused', reason: 'a file is not one that Discord takes' };
      }
      const { key } = delivery;
      const answer = await context.send(
        toRequest({ api, credential }, { variant, key }, options, { files, context }),
      );
      return toOutcome(answer, channel, context.now());
    },

    metrics: discordMetrics(api),
    api: API_VERSIONS.discord,
    edit: (request, context) => editOnDiscord({ api, credential: request.credential }, request, context),

    async remove({ credential, account, externalId }, context) {
      const answer = await context.http(
        messageRequest({ api, credential }, 'DELETE', externalId, account.id),
      );
      if (answer.kind === 'answered' && answer.status === 204) return { kind: 'removed' };
      if (isGone(answer)) return { kind: 'absent' };
      const outcome = toRefusal(answer, context.now());
      return outcome.kind === 'rejected' ? outcome : toFailure(answer, context.now());
    },
  };
  return provider;
}

const snowflake = z.string().regex(/^\d+$/);
const message = z.object({ id: snowflake, channel_id: snowflake });

/** What became of a message that was sent. In a thread, `channel_id` is the thread's. */
export function toOutcome(
  answer: HttpAnswer,
  { facts }: Pick<PublishRequest<unknown>['channel'], 'facts'>,
  now: Instant,
): Outcome {
  const sent = ok(answer, message);
  if (sent === undefined) return toRefusal(answer, now);
  return {
    kind: 'published',
    externalId: `${sent.channel_id}/${sent.id}`,
    url: `https://discord.com/channels/${facts.guildId ?? '@me'}/${sent.channel_id}/${sent.id}`,
  };
}

const INCOMING = 1;
const webhookEntity = z.object({
  type: z.int(),
  name: z.string().nullish(),
  channel_id: snowflake,
  guild_id: snowflake.nullish(),
});

/** The account is the channel, not the webhook: one that is made anew for the same channel goes on in its place. */
async function verifyDiscord(
  api: string,
  credential: DiscordCredential,
  context: Context,
): Promise<Verified> {
  const answer = await context.http({ method: 'GET', url: webhookUrl({ api, credential }) });
  const webhook = ok(answer, webhookEntity);
  if (webhook === undefined) return unverified(toRefusal(answer, context.now()));
  if (webhook.type !== INCOMING) return { kind: 'refused', reason: 'this webhook takes no posts' };
  const guildId = webhook.guild_id ?? '@me';
  return {
    kind: 'verified',
    account: {
      id: webhook.channel_id,
      handle: webhook.name ?? webhook.channel_id,
      url: `https://discord.com/channels/${guildId}/${webhook.channel_id}`,
    },
    facts: { guildId },
  };
}

const measured = z.object({
  reactions: z.array(z.object({ count: z.int().nonnegative() })).default([]),
});

/** One request a message; a webhook may ask about five in two seconds. */
const discordMetrics = (api: string): Measuring<DiscordCredential> => ({
  told: { reactions: 'reactions, each emoji of each person' },
  batch: 5,
  async fetch({ credential, account, externalIds }, context) {
    const found = new Map<string, Metrics | 'removed'>();
    for (const id of externalIds) {
      const answer = await context.http(messageRequest({ api, credential }, 'GET', id, account.id));
      const seen = ok(answer, measured);
      if (isGone(answer)) found.set(id, 'removed');
      else if (seen === undefined) return toFailure(answer, context.now());
      else found.set(id, told({ reactions: seen.reactions.reduce((sum, { count }) => sum + count, 0) }));
    }
    return found;
  },
  followers: async () => null,
});
