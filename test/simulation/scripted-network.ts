import * as z from 'zod';
import type { HttpAnswer, Provider, Safety } from '../../shared/channels/provider.ts';
import { graphemes } from '../../shared/domain/text-count.ts';
import type { Http } from '../../shared/ports.ts';

/** What the network does with the next irreversible request. */
export type Behaviour =
  | 'accept'
  | 'refuse'
  | 'acceptThenDrop'
  | 'unreachable'
  | 'busy'
  | 'unauthorized'
  | 'brokenGateway';

export type Accepted = {
  readonly id: string;
  readonly key: string;
  readonly text: string;
  readonly at: number;
};

export type ScriptedNetwork = {
  readonly provider: Provider<{ token: string }>;
  readonly http: Http;
  /** Everything that is live on this network. */
  readonly accepted: Accepted[];
  /** Behaviours of the next sends, first to last; then `accept`. */
  readonly script: Behaviour[];
  /** Headers of the answers to the next sends, first to last; then none. */
  readonly headers: Record<string, string>[];
  /** May `find` be answered? */
  findable: boolean;
};

/** A network whose every answer a test decides, behind a provider as plain as can be. */
export function scriptedNetwork(id: string, safety: Safety, now: () => number): ScriptedNetwork {
  const accepted: Accepted[] = [];
  const script: Behaviour[] = [];
  const headers: Record<string, string>[] = [];
  const accept = (key: string, text: string): Accepted => {
    const known = safety.kind === 'idempotent' ? accepted.find((one) => one.key === key) : undefined;
    if (known) return known;
    const one = { id: `${id}-${accepted.length + 1}`, key, text, at: now() };
    accepted.push(one);
    return one;
  };
  const http: Http = async (request, beforeSend) => {
    const url = new URL(request.url);
    if (url.pathname === '/find') {
      if (!network.findable) return { kind: 'unanswered', reason: 'timeout' };
      const found = accepted.filter((one) => one.key === url.searchParams.get('key'));
      return answered(200, { found });
    }
    const behaviour = script.shift() ?? 'accept';
    if (behaviour === 'unreachable') return { kind: 'unreachable', reason: 'connection refused' };
    if (beforeSend && !(await beforeSend()))
      return { kind: 'unreachable', reason: 'given up before sending' };
    const told = headers.shift();
    const { key, text } = JSON.parse(String(request.body)) as { key: string; text: string };
    switch (behaviour) {
      case 'refuse':
        return answered(422, { error: 'no' }, told);
      case 'busy':
        return answered(429, {}, told);
      case 'unauthorized':
        return answered(401, {}, told);
      case 'brokenGateway':
        accept(key, text);
        return answered(502, {}, told);
      case 'acceptThenDrop':
        accept(key, text);
        return { kind: 'unanswered', reason: 'connection reset' };
      default:
        return answered(201, accept(key, text), told);
    }
  };
  const network: ScriptedNetwork = {
    provider: providerOf(id, safety),
    http,
    accepted,
    script,
    headers,
    findable: true,
  };
  return network;
}

function providerOf(id: string, safety: Safety): Provider<{ token: string }> {
  return {
    id,
    name: id,
    limits: { text: 500, unit: 'graphemes' },
    countText: (text) => graphemes(text),
    credential: z.strictObject({ token: z.string() }),
    options: z.strictObject({}),
    render: ({ text }) => text,
    check: () => [],
    verify: async () => ({
      kind: 'verified',
      account: { id, handle: id, url: `https://${id}.example` },
      facts: {},
    }),
    safety,
    publish: async (request, context) => {
      const body = JSON.stringify({ key: request.delivery.key, text: request.variant.text });
      const answer = await context.send({ method: 'POST', url: `https://${id}.example/posts`, body });
      if (answer.kind === 'unreachable') return { kind: 'unavailable', reason: answer.reason };
      if (answer.kind === 'unanswered') return { kind: 'uncertain', reason: answer.reason };
      if (answer.status === 429) return { kind: 'rateLimited', retryAt: context.now() + 60_000 };
      if (answer.status === 401) return { kind: 'unauthorized', reason: 'token refused' };
      if (answer.status === 422) return { kind: 'rejected', code: 'refused', reason: 'not here' };
      if (answer.status !== 201) return { kind: 'uncertain', reason: `answered ${answer.status}` };
      const { id: externalId } = answer.json as Accepted;
      return { kind: 'published', externalId, url: `https://${id}.example/${externalId}` };
    },
    ...(safety.kind === 'findable'
      ? {
          find: async (request, context) => {
            const url = `https://${id}.example/find?key=${request.delivery.key}`;
            const answer = await context.http({ method: 'GET', url });
            if (answer.kind !== 'answered') return { kind: 'cannotTell', reason: answer.reason };
            const { found } = answer.json as { found: Accepted[] };
            const own = found.find((one) => !request.excluding.has(one.id));
            return own
              ? { kind: 'found', externalId: own.id, url: `https://${id}.example/${own.id}` }
              : { kind: 'absent' };
          },
        }
      : {}),
  };
}

const answered = (status: number, json: unknown, headers: Record<string, string> = {}): HttpAnswer => ({
  kind: 'answered',
  status,
  headers,
  text: JSON.stringify(json),
  json,
});
