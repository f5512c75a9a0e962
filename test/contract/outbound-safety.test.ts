import { readdirSync, readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHttp } from '../../shared/channels/http.ts';
import type { Http } from '../../shared/ports.ts';
import { FORBIDDEN_ADDRESSES, PUBLIC_ADDRESSES } from '../support/outbound-addresses.ts';
import { DISGUISES, DISGUISES_6 } from '../support/outbound-disguises.ts';
import { testLimits } from '../support/outbound-limits-suite.ts';
import { blocks, MUTANTS, mutated } from '../support/outbound-mutants.ts';
import {
  FORBIDDEN_LOCATIONS,
  FORBIDDEN_URLS,
  INSIDE_NAMES,
  MISLEADING,
  PUBLIC_HOSTS,
} from '../support/outbound-urls.ts';
import { nothingBut, problemsOf, tryAddress, tryLocation, tryUrl } from '../support/outbound-ways.ts';
import {
  type OutboundWorld,
  outboundWorld,
  PUBLIC,
  REDIRECTING,
  redirectTo,
} from '../support/outbound-world.ts';

const nameOf = (host: string): string => new URL(`https://${host}/`).hostname.replace(/\.$/, '');
const literal = (address: string): string => `https://${isIPv6(address) ? `[${address}]` : address}/`;

const ADDRESSES = Object.values(FORBIDDEN_ADDRESSES).flat();
const DISGUISED = Object.entries({ ...DISGUISES, ...DISGUISES_6 });
const URLS = [
  ...Object.values(FORBIDDEN_URLS).flat(),
  ...MISLEADING,
  ...INSIDE_NAMES.map((name) => `https://${name}/`),
];
const DISGUISED_URLS = DISGUISED.flatMap(([, hosts]) => hosts.map((host) => `https://${host}/`));
const CASES = new Set([...URLS, ...DISGUISED_URLS, ...FORBIDDEN_LOCATIONS, ...ADDRESSES.map(literal)]).size;

describe('a host that a user gives', () => {
  let world: OutboundWorld;
  let http: Http;
  beforeAll(async () => {
    world = await outboundWorld(PUBLIC_ADDRESSES, PUBLIC_HOSTS.map(nameOf));
    http = deployed();
  });
  afterAll(() => world.close());

  const deployed = (create = createHttp): Http =>
    create({ allowLoopback: false, timeoutMs: 5_000, lookup: world.names.lookup });
  const get = (subject: Http, url: string) => world.call(subject, { method: 'GET', url });

  /** Every way of each nth case; each way that is not as it must be is a line. */
  async function* sweep(subject: Http, nth = 1): AsyncGenerator<string> {
    const some = <T>(cases: readonly T[]) => [...cases.entries()].filter(([n]) => n % nth === 0);
    for (const [n, url] of some(URLS)) yield* problemsOf(url, await tryUrl(world, subject, url, n));
    for (const [n, address] of some(ADDRESSES)) {
      yield* problemsOf(address, await tryUrl(world, subject, literal(address), n));
      yield* problemsOf(address, await tryAddress(world, subject, address, n));
    }
    for (const [n, url] of some(DISGUISED_URLS)) {
      yield* problemsOf(url, await tryUrl(world, subject, url, n));
    }
    for (const [n, to] of some(FORBIDDEN_LOCATIONS)) {
      yield* problemsOf(to, await tryLocation(world, subject, to, n));
    }
  }

  test(`leads to no connection inside from a deployed stage, in ${CASES} cases by every way (T16)`, async () => {
    expect(CASES).toBeGreaterThanOrEqual(300);
    const [calls, inside, outside] = [world.calls(), world.inside.connections(), world.outside.connections()];
    const problems: string[] = [];
    for await (const line of sweep(http)) problems.push(line);
    expect(problems).toEqual([]);
    const inner = world.inside.connections() - inside;
    const outer = world.outside.connections() - outside;
    console.log(
      `T16: ${CASES} cases, ${world.calls() - calls} calls, ${inner} connections inside, ${outer} to what is public`,
    );
    expect(inner).toBe(0);
    expect(outer).toBeGreaterThan(0);
  });

  test('leads to loopback and nowhere else inside from the laptop', async () => {
    const laptop = createHttp({ allowLoopback: true, timeoutMs: 5_000, lookup: world.names.lookup });
    const loopback = FORBIDDEN_ADDRESSES.loopback ?? [];
    for (const [n, address] of ADDRESSES.entries()) {
      world.names.set(`laptop-${n}.test`, { addresses: [address] });
      for (const url of [literal(address), `https://laptop-${n}.test/`, `http://laptop-${n}.test:8080/`]) {
        const { contacts } = await get(laptop, url);
        expect(contacts.length, `${url}, ${address}`).toBe(loopback.includes(address) ? 1 : 0);
      }
    }
  });

  test('is let through where it is public: by address, by name and by redirect', async () => {
    for (const [n, address] of PUBLIC_ADDRESSES.entries()) {
      world.names.set(`public-${n}.test`, { addresses: [address], via: ['edge.cdn.test'] });
      for (const to of [literal(address), `https://public-${n}.test/`]) {
        for (const url of [to, redirectTo(to, 307) ?? '']) {
          expect(nothingBut(await get(http, url), [address]), `${url}, ${address}`).toBeUndefined();
        }
      }
    }
    for (const host of PUBLIC_HOSTS) {
      expect(nothingBut(await get(http, `https://${host}/`), [PUBLIC]), host).toBeUndefined();
    }
    expect((await get(http, `https://${REDIRECTING}/`)).answer).toMatchObject({
      kind: 'answered',
      status: 200,
    });
  });

  test('leads nowhere inside at the end of a chain of redirects, whatever its status', async () => {
    for (const status of [301, 302, 303, 307, 308]) {
      for (const to of [
        'https://127.0.0.1/',
        '//inside.test/',
        'http://public.test/',
        'https://[fd00:ec2::254]/',
      ]) {
        const twice = redirectTo(redirectTo(to, status) ?? '', status) ?? '';
        const { answer, contacts } = await get(http, twice);
        expect(answer.kind, `${status} ${to}`).toBe('unreachable');
        expect(contacts, `${status} ${to}`).toEqual([]);
      }
    }
  });

  describe('whose name server changes its mind', () => {
    const inside = { addresses: ['127.0.0.1', '::1', '169.254.169.254'] };

    test('is asked once a call, and is let in no more once it points inside', async () => {
      const good = { addresses: [PUBLIC] };
      world.names.set('rebind.test', good, good, good, inside);
      for (const n of [1, 2, 3]) {
        expect(nothingBut(await get(http, 'https://rebind.test/'), [PUBLIC])).toBeUndefined();
        expect(world.names.asked('rebind.test')).toBe(n);
      }
      for (const _ of [1, 2, 3]) expect((await get(http, 'https://rebind.test/')).contacts).toEqual([]);
    });

    // `localhost` is the name that the redirecting host has a certificate for; here it is a name like any other.
    test('is judged again at each redirect of one call', async () => {
      world.names.set('localhost', { addresses: [REDIRECTING] }, inside);
      const self = `https://localhost/?status=302&to=${encodeURIComponent('https://localhost/again')}`;
      const { answer, contacts } = await get(http, self);
      expect(world.names.asked('localhost')).toBe(2);
      expect(contacts).toEqual([]);
      expect(answer).toEqual({ kind: 'unreachable', reason: 'localhost has no public address' });
    });

    test('leads nowhere inside among many calls at once', async () => {
      const turns = Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? { addresses: [PUBLIC] } : inside));
      world.names.set('turns.test', ...turns);
      const before = world.inside.connections();
      const answers = await Promise.all(turns.map(() => http({ method: 'GET', url: 'https://turns.test/' })));
      expect(answers.map(({ kind }) => kind)).toEqual(turns.map(() => 'unreachable'));
      expect(world.inside.connections()).toBe(before);
    });

    test('is judged by all of a long answer, which comes by TCP', async () => {
      const many = Array.from({ length: 60 }, (_, n) => `10.1.2.${n}`);
      world.names.set('long.test', { addresses: [...many, PUBLIC] });
      const before = world.names.overTcp();
      expect(nothingBut(await get(http, 'https://long.test/'), [PUBLIC])).toBeUndefined();
      expect(world.names.overTcp()).toBeGreaterThan(before);
    });

    test('is given up at the hard end when it says nothing', async () => {
      world.names.set('silent.test', 'silence');
      const hasty = createHttp({ allowLoopback: false, timeoutMs: 200, lookup: world.names.lookup });
      const { answer, contacts } = await get(hasty, 'https://silent.test/');
      expect(answer).toEqual({ kind: 'unreachable', reason: 'silent.test: no answer within 0.2 s' });
      expect(contacts).toEqual([]);
    });
  });

  test('is looked up by the system where nobody else is named, and judged the same', async () => {
    const { answer, contacts } = await get(createHttp({ allowLoopback: false }), 'https://localhost/');
    expect(answer).toEqual({ kind: 'unreachable', reason: 'localhost has no public address' });
    expect(contacts).toEqual([]);
  });

  describe('shows that the cases can fail', () => {
    test.each(Object.entries(MUTANTS))('by a fetch that %s', async (_name, { shows, changes }) => {
      const mutant = deployed((await mutated(...changes)).createHttp);
      let shown: string | undefined;
      for await (const line of sweep(mutant, 2)) {
        shown = shows.test(line) ? line : undefined;
        if (shown !== undefined) break;
      }
      expect(shown).toBeDefined();
    });

    test('by a fetch that judges nothing: every address, disguise and inside name is a connection', async () => {
      const open = deployed((await mutated(...(MUTANTS['judges nothing']?.changes ?? []))).createHttp);
      const before = world.inside.connections();
      const targets = new Map([
        ...DISGUISED.flatMap(([address, hosts]) =>
          hosts.map((host) => [`https://${host}/`, address] as const),
        ),
        ...INSIDE_NAMES.map((name) => [`https://${name}/`, '127.0.0.1'] as const),
        ...ADDRESSES.map((address) => [literal(address), new URL(literal(address)).hostname] as const),
      ]);
      for (const [url, address] of targets) {
        const { contacts } = await get(open, url);
        expect(contacts, url).toEqual([{ address: address.replace(/^\[|\]$/g, ''), port: 443 }]);
      }
      console.log(`T16, judging nothing: ${world.inside.connections() - before} connections inside`);
      expect(world.inside.connections() - before).toBe(targets.size);
    });

    test('by a guard that lacks any one of its blocks', async () => {
      const lines = await blocks();
      expect(lines.length).toBeGreaterThan(15);
      for (const line of lines) {
        const { isAllowedAddress } = await mutated(['address-guard', line, '']);
        const passed = ADDRESSES.filter((address) => isAllowedAddress(address, { allowLoopback: false }));
        expect(passed, line).not.toEqual([]);
      }
    });
  });
});

describe('a server that a user names', () => testLimits());

test('there is no other way out: nothing else opens connections, but to our own bucket and inbox', () => {
  const root = resolve(import.meta.dirname, '../..');
  const files = ['shared', 'functions'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  );
  const opens =
    /(await|return|=>|=|\() *fetch\(|from 'node:(http|https|http2|tls|dgram|child_process)'|new (WebSocket|EventSource)\(/;
  const found = files.filter(
    (file) => file.endsWith('.ts') && opens.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(found.sort()).toEqual([
    'shared/adapters/aws/bucket.ts',
    'shared/adapters/aws/inbox-look-up.ts',
    'shared/channels/http.ts',
  ]);
});
