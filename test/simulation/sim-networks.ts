import type { Safety } from '../../shared/channels/provider.ts';
import type { Chaos } from './chaos.ts';
import type { Prng } from './prng.ts';
import type { VirtualClock } from './virtual-clock.ts';

export type NetworkId = 'idem' | 'find' | 'blind' | 'steps' | 'thread';
export const NETWORK_IDS: readonly NetworkId[] = ['idem', 'find', 'blind', 'steps', 'thread'];

/**
 * What each network's provider says of itself. `steps` is found by its account's posts, and posts in two steps;
 * `thread` likewise, and what it posts is followed by a second post.
 */
export const SAFETY: Readonly<Record<NetworkId, Safety>> = {
  idem: { kind: 'idempotent', forMinutes: 50 },
  find: { kind: 'findable', findAfterSeconds: 120 },
  blind: { kind: 'blind' },
  steps: { kind: 'findable', findAfterSeconds: 20 },
  thread: { kind: 'findable', findAfterSeconds: 20 },
};

/** The second post of a thread, and back. */
export const partOf = (text: string): string => `${text}${PART}`;
export const isPart = (text: string): boolean => text.endsWith(PART);
export const wholeOf = (text: string): string => (isPart(text) ? text.slice(0, -PART.length) : text);
const PART = ' (2/2)';

/** The network keeps keys a little longer than its provider relies on. */
const KEYS_KEPT = 60 * 60_000;
/** A text with this in it is against the rules of every network. */
export const FORBIDDEN = 'forbidden';

/** What is live. */
export type Accepted = {
  readonly id: string;
  readonly network: NetworkId;
  readonly channelId: string;
  readonly deliveryId: string;
  readonly key: string;
  readonly text: string;
  readonly at: number;
  /** When others can see it; searches lag. */
  readonly visibleAt: number;
};

/** An irreversible request, when its first byte left the machine. */
export type Sent = {
  readonly network: NetworkId;
  readonly channelId: string;
  readonly deliveryId: string;
  readonly text: string;
  readonly at: number;
  /** When it was due, as it stood then. */
  readonly dueAt: number;
  /** The machine that sent it. */
  readonly machine: number;
};

type NetworkRequest = { path: string; body: Record<string, string> };
/** Undefined: the network took the request and said nothing. */
export type NetworkAnswer =
  | { status: number; json: unknown; afterMs: number; headers: Record<string, string> }
  | undefined;

/** The networks as they are out there: they go on whatever becomes of our machines. */
export function simNetworks(world: {
  clock: VirtualClock;
  chaos: Chaos;
  prng: Prng;
  trace: (line: string) => void;
}) {
  const { clock, chaos, prng, trace } = world;
  const accepted: Accepted[] = [];
  const containers = new Map<string, { text: string; key: string; channelId: string; readyAt: number }>();
  const revoked = new Set<string>();
  let serial = 0;
  const answer = (
    status: number,
    json: unknown = {},
    afterMs = prng.int(2, 60),
    headers: Record<string, string> = {},
  ): NetworkAnswer => ({ status, json, afterMs, headers });
  /** Asks to wait: for so long, until then, in a way that nobody can read, or without saying for how long. */
  const busy = (): NetworkAnswer => {
    const seconds = prng.int(1, 600);
    const said = prng.pick([
      String(seconds),
      new Date(clock.now() + seconds * 1_000).toUTCString(),
      prng.pick(['soon', '-5', '0', '']),
    ]);
    return answer(429, {}, undefined, prng.chance(0.7) ? { 'retry-after': said } : {});
  };
  /** With the answer the network may say that this was the last one for a while. */
  const taken = (one: Accepted): NetworkAnswer => {
    const isLast = clock.now() < chaos.healAt && prng.chance(chaos.oddAnswers * 0.1);
    const headers = { 'ratelimit-remaining': '0', 'ratelimit-reset': String(prng.int(5, 300)) };
    return answer(201, one, undefined, isLast ? headers : {});
  };
  const odd = (): boolean => clock.now() < chaos.healAt && prng.chance(chaos.oddAnswers);

  function accept(network: NetworkId, channelId: string, key: string, text: string): Accepted {
    const now = clock.now();
    const known = accepted.find(
      (one) => network === 'idem' && one.network === network && one.key === key && now < one.at + KEYS_KEPT,
    );
    if (known) return known;
    serial += 1;
    const one: Accepted = {
      id: `${network}-${serial}`,
      network,
      channelId,
      deliveryId: key.split('.')[0] ?? '',
      key,
      text,
      at: now,
      visibleAt: now + prng.int(0, network === 'find' ? 100_000 : 3_000),
    };
    accepted.push(one);
    trace(`${network} accepts ${one.deliveryId} as ${one.id}`);
    return one;
  }

  /** The request that makes a post public. */
  function post(network: NetworkId, channelId: string, key: string, text: string): NetworkAnswer {
    if (text.includes(FORBIDDEN)) return answer(422, { error: 'against the rules' });
    if (!odd()) return taken(accept(network, channelId, key, text));
    switch (prng.int(0, 5)) {
      case 0:
        return busy();
      case 1:
        accept(network, channelId, key, text);
        return undefined;
      case 2:
        accept(network, channelId, key, text);
        return answer(502);
      case 3:
        return answer(503);
      case 4:
        return undefined;
      default:
        // Very slow: the client has given up when the answer comes.
        return answer(201, accept(network, channelId, key, text), prng.int(5_000, 40_000));
    }
  }

  function handle(network: NetworkId, { path, body }: NetworkRequest): NetworkAnswer {
    const { channelId = '', token = '', key = '', text = '', handle = '' } = body;
    if (revoked.has(token)) return answer(401);
    switch (path) {
      case '/posts':
        return post(network, channelId, key, text);
      case '/find': {
        if (odd()) return prng.chance(0.5) ? answer(503) : undefined;
        const since = Number(body.since);
        const found = accepted.filter(
          (one) =>
            one.network === network &&
            one.channelId === channelId &&
            one.text === text &&
            one.visibleAt <= clock.now() &&
            one.at >= since,
        );
        return answer(200, { found: found.map(({ id }) => id) }, prng.int(2, odd() ? 5_000 : 60));
      }
      case '/containers': {
        if (odd()) return answer(prng.chance(0.5) ? 503 : 429);
        if (text.includes(FORBIDDEN)) return answer(422);
        serial += 1;
        const made = `container-${serial}`;
        containers.set(made, { text, key, channelId, readyAt: clock.now() + prng.int(0, 45_000) });
        return answer(201, { handle: made });
      }
      case '/container': {
        if (odd()) return answer(503);
        const container = containers.get(handle);
        return container ? answer(200, { ready: container.readyAt <= clock.now() }) : answer(404);
      }
      case '/publish': {
        const container = containers.get(handle);
        return container ? post(network, channelId, container.key, container.text) : answer(404);
      }
      default:
        return answer(404);
    }
  }

  return { accepted, handle, revoked };
}

export type SimNetworks = ReturnType<typeof simNetworks>;
