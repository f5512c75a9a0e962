import type { HttpAnswer, HttpRequest } from '../../shared/channels/provider.ts';
import type { Http } from '../../shared/ports.ts';
import type { Chaos } from './chaos.ts';
import type { Machine } from './machine.ts';
import type { Prng } from './prng.ts';
import type { NetworkAnswer, NetworkId, Sent, SimNetworks } from './sim-networks.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** A request ends hard after this. */
const TIMEOUT = 20_000;

export type HttpWorld = {
  readonly clock: VirtualClock;
  readonly chaos: Chaos;
  readonly prng: Prng;
  readonly networks: SimNetworks;
  readonly sent: (sent: Omit<Sent, 'dueAt'>) => void;
  /** A machine has heard a network ask for a pause of this channel. */
  readonly told: (wait: { machine: number; channelId: string; at: number; until: number }) => void;
};

/** A machine's way to the networks. What has left the machine arrives, also when the machine is gone by then. */
export function simHttp({ clock, chaos, prng, networks, sent, told }: HttpWorld, machine: Machine): Http {
  return async (request, beforeSend) => {
    const network = new URL(request.url).hostname.split('.')[0] as NetworkId;
    const connected = clock.now() + connectMs(prng, chaos, clock.now());
    await new Promise<void>((resolve) => machine.resumeAt(connected, resolve));
    if (chaos.away('network', clock.now())) return { kind: 'unreachable', reason: 'connection refused' };
    if (beforeSend && !(await beforeSend())) return { kind: 'unreachable', reason: 'called off' };

    const { path, body } = read(request);
    const startedAt = clock.now();
    if (beforeSend) {
      const { channelId = '', key = '', text = '' } = body;
      const deliveryId = key.split('.')[0] ?? '';
      sent({ network, channelId, deliveryId, text, at: startedAt, machine: machine.id });
    }
    return new Promise<HttpAnswer>((resolve) => {
      const end = (at: number, answer: HttpAnswer): void =>
        machine.resumeAt(at, () => {
          const until = beforeSend && waitUntil(answer, clock.now());
          const { channelId = '' } = body;
          if (until !== undefined) told({ machine: machine.id, channelId, at: clock.now(), until });
          resolve(answer);
        });
      const slow = clock.now() < chaos.healAt && prng.chance(chaos.oddAnswers * 0.1);
      const transit = slow ? prng.int(1_000, 15_000) : prng.int(1, 30);
      clock.at(startedAt + transit, () => {
        const answer = networks.handle(network, { path, body });
        const at = answer ? clock.now() + answer.afterMs : Number.POSITIVE_INFINITY;
        if (answer && at < startedAt + TIMEOUT) end(at, answered(answer));
        else if (answer || prng.chance(0.5)) end(startedAt + TIMEOUT, unanswered('timeout'));
        else end(clock.now() + 5, unanswered('connection reset'));
      });
      // The machine may end on its way out, too.
      if (beforeSend && clock.now() < chaos.healAt && chaos.fate('network', startedAt) === 'crashAfter') {
        machine.kill('after sending');
      }
    });
  };
}

/** Until when a plain reading of the headers says to wait. */
function waitUntil(answer: HttpAnswer, now: number): number | undefined {
  if (answer.kind !== 'answered') return undefined;
  const said = answer.status === 429 ? answer.headers['retry-after'] : answer.headers['ratelimit-reset'];
  if (said !== undefined && /^\d+$/.test(said)) return now + Number(said) * 1_000;
  const date = said?.endsWith('GMT') ? Date.parse(said) : Number.NaN;
  if (!Number.isNaN(date)) return date;
  return answer.status === 429 ? now + 1_000 : undefined;
}

function connectMs(prng: Prng, chaos: Chaos, now: number): number {
  return now < chaos.healAt && prng.chance(chaos.oddAnswers * 0.05)
    ? prng.int(5_000, 19_000)
    : prng.int(1, 20);
}

function read(request: HttpRequest): { path: string; body: Record<string, string> } {
  return { path: new URL(request.url).pathname, body: JSON.parse(String(request.body)) };
}

const unanswered = (reason: string): HttpAnswer => ({ kind: 'unanswered', reason });
const answered = ({ status, json, headers }: NonNullable<NetworkAnswer>): HttpAnswer => ({
  kind: 'answered',
  status,
  headers,
  text: JSON.stringify(json),
  json,
});
