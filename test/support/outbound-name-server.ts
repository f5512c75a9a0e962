import * as udp from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import * as net from 'node:net';
import type { Lookup } from '../../shared/channels/http.ts';
import { decodeQuestion, encodeAnswer, type NameAnswer } from './outbound-dns-wire.ts';

/** What a name stands for: an answer, or no answer at all. */
export type Round = NameAnswer | 'silence';

export type NameServer = {
  /** From now on `name` has these answers, one a question; the last one stays. */
  readonly set: (name: string, ...rounds: readonly Round[]) => void;
  /** How often its IPv4 addresses were asked for. */
  readonly asked: (name: string) => number;
  /** Questions that came by TCP, because the answer by UDP was too long. */
  readonly overTcp: () => number;
  /** Asks this server and nobody else: no hosts file, no cache. */
  readonly lookup: Lookup;
  readonly close: () => Promise<void>;
};

/** A name server on loopback, by UDP and TCP (RFC 1035). Every answer has TTL 0; what nobody has set is 127.0.0.1. */
export async function startNameServer(): Promise<NameServer> {
  const rounds = new Map<string, readonly Round[]>();
  const questions = new Map<string, number>();
  let overTcp = 0;
  const answer = (query: Buffer, byUdp: boolean): Buffer | undefined => {
    const question = decodeQuestion(query);
    const key = `${question.type} ${question.name}`;
    const n = questions.get(key) ?? 0;
    const all = rounds.get(question.name) ?? [{ addresses: ['127.0.0.1'] }];
    const round = all[Math.min(n, all.length - 1)];
    if (round === undefined || round === 'silence') return undefined;
    const whole = encodeAnswer(query, question, round);
    if (byUdp && whole.length > LONGEST_BY_UDP) return encodeAnswer(query, question, round, { cut: true });
    questions.set(key, n + 1);
    return whole;
  };

  const tcp = net.createServer((socket) => {
    let received = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
        const end = 2 + received.readUInt16BE(0);
        const reply = answer(received.subarray(2, end), false);
        received = received.subarray(end);
        overTcp += 1;
        if (reply === undefined) continue;
        const length = Buffer.alloc(2);
        length.writeUInt16BE(reply.length);
        socket.write(Buffer.concat([length, reply]));
      }
    });
  });
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
  const { port } = tcp.address() as net.AddressInfo;
  const datagrams = udp.createSocket('udp4', (query, from) => {
    const reply = answer(query, true);
    if (reply !== undefined) datagrams.send(reply, from.port, from.address);
  });
  await new Promise<void>((resolve) => datagrams.bind(port, '127.0.0.1', resolve));

  return {
    set: (name, ...answers) => {
      rounds.set(name, answers);
      for (const type of ['A', 'AAAA']) questions.delete(`${type} ${name}`);
    },
    asked: (name) => questions.get(`A ${name}`) ?? 0,
    overTcp: () => overTcp,
    lookup: lookupAt(`127.0.0.1:${port}`),
    close: async () => {
      datagrams.close();
      await new Promise((resolve) => tcp.close(resolve));
    },
  };
}

const LONGEST_BY_UDP = 512;

function lookupAt(server: string): Lookup {
  const resolver = new Resolver({ timeout: 3_000, tries: 1 });
  resolver.setServers([server]);
  return (hostname, _options, callback) => {
    const name = hostname.replace(/\.$/, '');
    void Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]).then(([four, six]) => {
      const addresses = [
        ...(four.status === 'fulfilled' ? four.value.map((address) => ({ address, family: 4 })) : []),
        ...(six.status === 'fulfilled' ? six.value.map((address) => ({ address, family: 6 })) : []),
      ];
      if (addresses.length > 0) return callback(null, addresses);
      callback(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), []);
    });
  };
}
