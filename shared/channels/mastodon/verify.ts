import * as z from 'zod';
import type { ChannelFacts } from '../../domain/channel.ts';
import { reasonOf } from '../outcome.ts';
import type { Context, HttpAnswer, Verified } from '../provider.ts';
import { accountEntity, get, isShutOut, type MastodonCredential, toFailure, withHost } from './api.ts';
import { DEFAULT_LIMITS, type InstanceLimits, typesFact } from './limits.ts';

/** Reads whose token it is, and what the instance allows. */
export async function verifyMastodon(credential: MastodonCredential, context: Context): Promise<Verified> {
  const answer = await context.http(get(credential, '/api/v1/accounts/verify_credentials'));
  const account = accountEntity.safeParse(successJson(answer)).data;
  if (account === undefined) return toRefusal(answer, context);
  const instance = await readInstance(credential, context);
  if (instance.kind !== 'read') return instance;
  const domain = instance.domain ?? new URL(credential.instanceUrl).host;
  return {
    kind: 'verified',
    account: {
      id: withHost(account.id, credential),
      handle: `${account.username}@${domain}`,
      url: account.url ?? `${new URL(credential.instanceUrl).origin}/@${account.username}`,
    },
    facts: instance.facts,
  };
}

type Instance =
  | { kind: 'read'; domain?: string; facts: ChannelFacts }
  | Extract<Verified, { kind: 'unreachable' }>;

/** The newer description, else the older one, else what Mastodon has out of the box. */
async function readInstance(credential: MastodonCredential, context: Context): Promise<Instance> {
  for (const path of ['/api/v2/instance', '/api/v1/instance']) {
    const answer = await context.http(get(credential, path));
    const json = successJson(answer);
    if (json !== undefined) return { kind: 'read', ...toInstance(json) };
    if (answer.kind !== 'answered' || answer.status === 429 || answer.status >= 500) {
      return { kind: 'unreachable', reason: answer.kind === 'answered' ? reasonOf(answer) : answer.reason };
    }
  }
  return { kind: 'read', ...toInstance(undefined) };
}

const limit = z.int().positive().optional().catch(undefined);
const section = <Shape extends z.ZodRawShape>(shape: Shape) => z.object(shape).optional().catch(undefined);
const instanceEntity = z.object({
  /** In the older description it is called `uri`, and some servers give an address there. */
  domain: z.hostname().optional().catch(undefined),
  configuration: section({
    statuses: section({
      max_characters: limit,
      max_media_attachments: limit,
      characters_reserved_per_url: limit,
    }),
    media_attachments: section({
      supported_mime_types: z.array(z.string()).optional().catch(undefined),
      description_limit: limit,
      image_size_limit: limit,
      image_matrix_limit: limit,
      video_size_limit: limit,
      video_matrix_limit: limit,
    }),
    polls: section({
      max_options: limit,
      max_characters_per_option: limit,
      min_expiration: limit,
      max_expiration: limit,
    }),
  }),
});

/** Domain and limits out of an instance's own description, https://docs.joinmastodon.org/entities/Instance/ */
export function toInstance(json: unknown): { domain?: string; facts: ChannelFacts } {
  const { domain, configuration } = instanceEntity.safeParse(json).data ?? {};
  const { statuses, media_attachments: media, polls } = configuration ?? {};
  const told: Readonly<Record<keyof InstanceLimits, number | undefined>> = {
    maxCharacters: statuses?.max_characters,
    urlCharacters: statuses?.characters_reserved_per_url,
    pollOptions: polls?.max_options,
    pollCharacters: polls?.max_characters_per_option,
    pollMinSeconds: polls?.min_expiration,
    pollMaxSeconds: polls?.max_expiration,
    maxMedia: statuses?.max_media_attachments,
    altCharacters: media?.description_limit,
    imageBytes: media?.image_size_limit,
    imagePixels: media?.image_matrix_limit,
    videoBytes: media?.video_size_limit,
    videoPixels: media?.video_matrix_limit,
  };
  const limits = Object.fromEntries(
    Object.entries(told).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
  const mediaTypes = typesFact(media?.supported_mime_types ?? []);
  return {
    ...(domain === undefined ? {} : { domain }),
    facts: {
      ...DEFAULT_LIMITS,
      ...limits,
      ...(mediaTypes === undefined ? {} : { mediaTypes }),
    },
  };
}

/** The body of a success; undefined for every other answer. */
const successJson = (answer: HttpAnswer): unknown =>
  answer.kind === 'answered' && answer.status === 200 ? answer.json : undefined;

function toRefusal(answer: HttpAnswer, context: Context): Exclude<Verified, { kind: 'verified' }> {
  if (answer.kind !== 'answered') return { kind: 'unreachable', reason: answer.reason };
  if (answer.status === 403 || isShutOut(answer)) return { kind: 'refused', reason: reasonOf(answer) };
  if (answer.status === 429 || answer.status >= 500) {
    const failure = toFailure(answer, context.now());
    return {
      kind: 'unreachable',
      reason: failure.kind === 'rateLimited' ? reasonOf(answer) : failure.reason,
    };
  }
  return { kind: 'refused', reason: `this server does not answer like Mastodon (HTTP ${answer.status})` };
}
