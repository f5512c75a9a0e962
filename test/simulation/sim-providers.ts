import * as z from 'zod';
import { retryAfter } from '../../shared/channels/outcome.ts';
import type {
  Context,
  Found,
  HttpAnswer,
  HttpRequest,
  Outcome,
  Provider,
} from '../../shared/channels/provider.ts';
import { graphemes } from '../../shared/domain/text-count.ts';
import { NETWORK_IDS, type NetworkId, partOf, SAFETY } from './sim-networks.ts';

type Credential = { token: string };
type SimProvider = Provider<Credential>;

/** How the world's clocks may differ from a network's: a search looks so much further back. */
const CLOCK_TOLERANCE = 10_000;

/** A plain adapter to each simulated network. */
export function simProviders(): Readonly<Record<NetworkId, SimProvider>> {
  return Object.fromEntries(NETWORK_IDS.map((id) => [id, providerOf(id)])) as Record<NetworkId, SimProvider>;
}

function providerOf(id: NetworkId): SimProvider {
  const url = (path: string): string => `https://${id}.example${path}`;
  const request = (path: string, body: Record<string, string>) =>
    ({ method: 'POST', url: url(path), body: JSON.stringify(body) }) as const;
  const plain: SimProvider = {
    id,
    name: id,
    limits: { text: 500, unit: 'graphemes' },
    countText: (text) => graphemes(text),
    credential: z.strictObject({ token: z.string() }),
    options: z.strictObject({}),
    render: ({ text }) => text,
    check: () => [],
    verify: async ({ token }) => ({
      kind: 'verified',
      account: { id: token.split(':')[0] ?? '', handle: id, url: url('/') },
      facts: {},
    }),
    safety: SAFETY[id],
    publish: async ({ delivery, channel, credential, variant }, context) => {
      const { token } = credential;
      const body = { key: delivery.key, channelId: channel.id, token, text: variant.text };
      return outcomeOf(id, await context.send(request('/posts', body)), context);
    },
  };
  if (SAFETY[id].kind !== 'findable') return plain;
  const found: SimProvider = {
    ...plain,
    find: async ({ variant, channel, credential, since, excluding }, context) => {
      const body = {
        channelId: channel.id,
        token: credential.token,
        text: variant.text,
        since: String(since - CLOCK_TOLERANCE),
      };
      return foundOf(id, await context.http(request('/find', body)), excluding);
    },
  };
  if (id === 'thread') return threaded(found, request);
  if (id !== 'steps') return found;
  return {
    ...found,
    publish: async ({ delivery, channel, credential, variant }, context) => {
      const { token } = credential;
      const body = { key: delivery.key, channelId: channel.id, token, text: variant.text };
      const answer = await context.http(request('/containers', body));
      if (answer.kind === 'answered' && answer.status === 201) {
        const { handle } = answer.json as { handle: string };
        // Networks count as they like: an eighth of two minutes and a millisecond, say.
        return { kind: 'pending', handle, checkAt: context.now() + 15_000.125 };
      }
      return harmless(answer, context);
    },
    poll: async ({ delivery, channel, credential }, context) => {
      const { token } = credential;
      const body = { handle: delivery.handle ?? '', channelId: channel.id, token, key: delivery.key };
      const state = await context.http(request('/container', body));
      if (state.kind !== 'answered' || state.status !== 200) return harmless(state, context);
      if (!(state.json as { ready: boolean }).ready) {
        return { kind: 'pending', handle: body.handle, checkAt: context.now() + 15_000 };
      }
      return outcomeOf(id, await context.send(request('/publish', body)), context);
    },
  };
}

const progress = z.object({ root: z.string(), part: z.string().optional() });

/** Posts a second one after the first; the handle has the ids of what is out. */
function threaded(
  plain: SimProvider,
  request: (path: string, body: Record<string, string>) => HttpRequest,
): SimProvider {
  const { id } = plain;
  const urlOf = (externalId: string): string => `https://${id}.example/${externalId}`;
  return {
    ...plain,
    publish: async (asked, context) => {
      const outcome = await plain.publish(asked, context);
      if (outcome.kind !== 'published') return outcome;
      const { externalId, url } = outcome;
      const handle = JSON.stringify({ root: externalId });
      return { kind: 'pending', handle, checkAt: context.now(), out: { externalId, url } };
    },
    poll: async ({ delivery, channel, credential, variant }, context) => {
      const { root, part } = progress.parse(JSON.parse(delivery.handle ?? '{}'));
      const whole = { kind: 'published', externalId: root, url: urlOf(root) } as const;
      if (part !== undefined) return { ...whole, parts: [part] };
      const { token } = credential;
      const text = partOf(variant.text);
      const body = { key: delivery.key, channelId: channel.id, token, text };
      const outcome = outcomeOf('thread', await context.send(request('/posts', body)), context);
      if (outcome.kind === 'published') return { ...whole, parts: [outcome.externalId] };
      return outcome.kind === 'rejected' ? { ...whole, missing: outcome.reason } : outcome;
    },
    find: async (asked, context) => {
      const { handle } = asked.delivery;
      const known = handle === undefined ? undefined : progress.parse(JSON.parse(handle));
      const text = known === undefined ? asked.variant.text : partOf(asked.variant.text);
      const found = (await plain.find?.({ ...asked, variant: { ...asked.variant, text } }, context)) ?? {
        kind: 'absent',
      };
      if (found.kind !== 'found') return found;
      const next = known === undefined ? { root: found.externalId } : { ...known, part: found.externalId };
      return { ...found, then: JSON.stringify(next) };
    },
  };
}

/** Of the irreversible request. */
function outcomeOf(id: NetworkId, answer: HttpAnswer, context: Context): Outcome {
  if (answer.kind === 'unreachable') return { kind: 'unavailable', reason: answer.reason };
  if (answer.kind === 'unanswered') return { kind: 'uncertain', reason: answer.reason };
  switch (answer.status) {
    case 201: {
      const { id: externalId } = answer.json as { id: string };
      return { kind: 'published', externalId, url: `https://${id}.example/${externalId}` };
    }
    case 401:
      return { kind: 'unauthorized', reason: 'token refused' };
    case 422:
      return { kind: 'rejected', code: 'refused', reason: 'against the rules' };
    case 429:
      return {
        kind: 'rateLimited',
        retryAt: retryAfter(answer.headers, context.now()) ?? context.now() + 60_000,
      };
    default:
      return { kind: 'uncertain', reason: `answered ${answer.status}` };
  }
}

/** Of a request that makes nothing public: whatever went wrong, it was certainly not sent. */
function harmless(answer: HttpAnswer, context: Context): Outcome {
  const outcome = outcomeOf('steps', answer, context);
  return outcome.kind === 'uncertain' ? { kind: 'unavailable', reason: outcome.reason } : outcome;
}

function foundOf(id: NetworkId, answer: HttpAnswer, excluding: ReadonlySet<string>): Found {
  if (answer.kind !== 'answered') return { kind: 'cannotTell', reason: answer.reason };
  if (answer.status !== 200) return { kind: 'cannotTell', reason: `answered ${answer.status}` };
  const { found } = answer.json as { found: string[] };
  const own = found.find((externalId) => !excluding.has(externalId));
  return own ? { kind: 'found', externalId: own, url: `https://${id}.example/${own}` } : { kind: 'absent' };
}
