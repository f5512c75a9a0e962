import * as z from 'zod';
import type { ChannelFacts } from '../domain/channel.ts';
import {
  accountEntity,
  get,
  isShutOut,
  type MastodonCredential,
  toFailure,
  withHost,
} from './mastodon-api.ts';
import { DEFAULT_LIMITS } from './mastodon-status.ts';
import { reasonOf } from './outcome.ts';
import type { Context, HttpAnswer, Verified } from './provider.ts';

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
const instanceEntity = z.object({
  /** In the older description it is called `uri`, and some servers give an address there. */
  domain: z.hostname().optional().catch(undefined),
  configuration: z
    .object({
      statuses: z
        .object({ max_characters: limit, characters_reserved_per_url: limit })
        .optional()
        .catch(undefined),
      polls: z.object({ max_options: limit, max_characters_per_option: limit }).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});

/** Domain and limits out of an instance's own description, https://docs.joinmastodon.org/entities/Instance/ */
export function toInstance(json: unknown): { domain?: string; facts: ChannelFacts } {
  const { domain, configuration } = instanceEntity.safeParse(json).data ?? {};
  return {
    ...(domain === undefined ? {} : { domain }),
    facts: {
      maxCharacters: configuration?.statuses?.max_characters ?? DEFAULT_LIMITS.maxCharacters,
      urlCharacters: configuration?.statuses?.characters_reserved_per_url ?? DEFAULT_LIMITS.urlCharacters,
      pollOptions: configuration?.polls?.max_options ?? DEFAULT_LIMITS.pollOptions,
      pollCharacters: configuration?.polls?.max_characters_per_option ?? DEFAULT_LIMITS.pollCharacters,
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
