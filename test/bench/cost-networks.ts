import type { HttpAnswer, HttpRequest } from '../../shared/channels/provider.ts';
import type { Http } from '../../shared/ports.ts';
import type { VirtualClock } from '../simulation/virtual-clock.ts';
import type { Meter } from './cost-meter.ts';
import { HANDSHAKE_BYTES, TIMES } from './cost-prices.ts';

/**
 * Any number of Mastodon servers that answer after 300 ms, in virtual time. What goes out to them is billed as
 * egress: request line, headers, body, and TLS for a connection of its own.
 */
export function meteredNetworks(clock: VirtualClock, meter: Meter): Http {
  const statuses = new Map<string, { id: string; created_at: string; content: string; url: string }>();
  return async (request, beforeSend) => {
    meter.called();
    if (beforeSend && !(await beforeSend())) return { kind: 'unreachable', reason: 'called off' };
    const { method, pathname, searchParams, origin } = read(request);
    meter.bill(
      `${method} ${pathname.replace(/\d+/g, '…')}`,
      'egress.byte',
      bytesOf(request) + HANDSHAKE_BYTES,
    );
    await clock.sleep(TIMES.networkMs);
    const created_at = new Date(clock.now()).toISOString();
    if (method === 'POST') {
      const id = String(statuses.size + 1);
      const { status } = JSON.parse(String(request.body)) as { status: string };
      const made = { id, created_at, content: `<p>${status}</p>`, url: `${origin}/@bakery/${id}` };
      statuses.set(id, made);
      return answered({ ...made, ...COUNTS });
    }
    if (pathname === '/api/v1/statuses') {
      const found = searchParams.getAll('id[]').flatMap((id) => statuses.get(id) ?? []);
      return answered(found.map((status) => ({ ...status, ...COUNTS })));
    }
    return answered({ id: '1', username: 'bakery', followers_count: 84 });
  };
}

const COUNTS = { favourites_count: 127, reblogs_count: 31, replies_count: 12 };

function read({ method, url }: HttpRequest) {
  const { pathname, searchParams, origin } = new URL(url);
  return { method, pathname, searchParams, origin };
}

function bytesOf({ method, url, headers = {}, body = '' }: HttpRequest): number {
  const head = Object.entries({ host: new URL(url).host, ...headers, 'content-length': '1234' });
  const lines = [
    `${method} ${new URL(url).pathname} HTTP/1.1`,
    ...head.map(([name, value]) => `${name}: ${value}`),
  ];
  const said =
    typeof body === 'string' ? Buffer.byteLength(body) : 'bytes' in body ? body.bytes : body.length;
  return lines.reduce((sum, line) => sum + line.length + 2, 2) + new URL(url).search.length + said;
}

function answered(json: unknown): HttpAnswer {
  return { kind: 'answered', status: 200, headers: {}, text: JSON.stringify(json), json };
}
