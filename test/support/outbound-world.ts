import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import * as tls from 'node:tls';
import type { HttpAnswer, HttpRequest } from '../../shared/channels/provider.ts';
import type { Http } from '../../shared/ports.ts';
import { loopbackCertificate } from './loopback-certificate.ts';
import { type NameServer, startNameServer } from './outbound-name-server.ts';
import { type Attempt, tapWire } from './outbound-wire.ts';
import { type RawServer, rawServer } from './raw-server.ts';

/** A public host that answers over TLS: redirects as it is told to, else 200. Its certificate is also for `localhost`. */
export const REDIRECTING = '93.184.216.34';
/** Public addresses that are there, and one at which nothing listens. */
export const PUBLIC = '93.184.215.14';
export const PUBLIC_6 = '2606:4700::1111';
export const DEAD = '9.9.9.9';

export type Call = {
  readonly answer: HttpAnswer;
  /** Where it wanted to connect to, but for the redirecting host. */
  readonly contacts: readonly Attempt[];
};

export type OutboundWorld = {
  readonly names: NameServer;
  /** Gets every connection to an address that is not known to be public, and answers none. */
  readonly inside: RawServer;
  readonly outside: RawServer;
  readonly call: (http: Http, request: HttpRequest, beforeSend?: () => boolean) => Promise<Call>;
  readonly calls: () => number;
  readonly close: () => Promise<void>;
};

/** An Internet on loopback: name server, public hosts by address and name, and an inside that nobody may come to. */
export async function outboundWorld(
  publicAddresses: readonly string[],
  publicNames: readonly string[],
): Promise<OutboundWorld> {
  const names = await startNameServer();
  for (const name of publicNames) names.set(name, { addresses: [PUBLIC] });
  const [inside, outside] = await Promise.all([hangUp(), hangUp()]);
  const nobody = await hangUp();
  await nobody.close();
  const certificate = loopbackCertificate(REDIRECTING);
  tls.setDefaultCACertificates([certificate.cert]);
  const redirecting = https.createServer(certificate, (request, response) => {
    const told = new URL(request.url ?? '/', 'https://redirecting.test').searchParams;
    const location = told.get('to');
    // A header is bytes; Node takes them one by one as characters.
    const headers = location === null ? {} : { location: Buffer.from(location).toString('latin1') };
    response.writeHead(Number(told.get('status') ?? 200), headers).end();
  });
  await new Promise<void>((resolve) => redirecting.listen(0, '127.0.0.1', resolve));
  const { port } = redirecting.address() as AddressInfo;

  const ports = new Map<string, number>([
    ...[...publicAddresses, PUBLIC, PUBLIC_6].map((address) => [address, outside.port] as const),
    [REDIRECTING, port],
    [DEAD, nobody.port],
  ]);
  const wire = tapWire(redirecting, (address) => ports.get(address) ?? inside.port);
  let calls = 0;
  return {
    names,
    inside,
    outside,
    call: async (http, request, beforeSend) => {
      calls += 1;
      wire.take();
      const answer = await http(request, beforeSend);
      return { answer, contacts: wire.take().filter(({ address }) => address !== REDIRECTING) };
    },
    calls: () => calls,
    close: async () => {
      wire.cut();
      redirecting.closeAllConnections();
      await Promise.all([
        new Promise((resolve) => redirecting.close(resolve)),
        ...[names, inside, outside].map((server) => server.close()),
      ]);
    },
  };
}

const hangUp = (): Promise<RawServer> => rawServer({ greet: (socket) => socket.destroy() });

/** Undefined for what cannot stand in a header. */
export function redirectTo(location: string, status: number): string | undefined {
  const isControl = (character: string): boolean => character < ' ' || character === '\u007f';
  if ([...location].some((character) => isControl(character) && character !== '\t')) return undefined;
  return `https://${REDIRECTING}/?status=${status}&to=${encodeURIComponent(location)}`;
}
