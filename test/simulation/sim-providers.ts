import * as z from 'zod';
import type { Context, Found, HttpAnswer, Outcome, Provider } from '../../shared/channels/provider.ts';
import { graphemes } from '../../shared/domain/text-count.ts';
import { NETWORK_IDS, type NetworkId, SAFETY } from './sim-networks.ts';

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
  if (id !== 'steps') return found;
  return {
    ...found,
    publish: async ({ delivery, channel, credential, variant }, context) => {
      const { token } = credential;
      const body = { key: delivery.key, channelId: channel.id, token, text: variant.text };
      const answer = await context.http(request('/containers', body));
      if (answer.kind === 'answered' && answer.status === 201) {
        const { handle } = answer.json as { handle: string };
        return { kind: 'pending', handle, checkAt: context.now() + 15_000 };
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
      return { kind: 'rateLimited', retryAt: context.now() + 60_000 };
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
