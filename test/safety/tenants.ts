import type { OpenApi } from '../../functions/api/openapi.ts';
import { prng } from '../simulation/prng.ts';
import type { ApiReply } from '../support/api-world.ts';
import { ANY_ID, type Belongings, CANARY, type Kind, nobodys } from './belongings.ts';
import { type Asked, buildRequest, type Endpoint, endpointsOf } from './crossed-requests.ts';
import { KEYS, type Spoil, type TwoTenants, twoTenants } from './two-tenants.ts';

export type TenantsResult = {
  /** Requests that name something of somebody else's, each sent once more with a stranger's name instead. */
  readonly requests: number;
  readonly routes: number;
  readonly leaks: number;
  readonly differences: number;
  readonly touches: number;
  readonly faults: number;
  /** Answers of requests that went through, because what they named there was no matter of theirs. */
  readonly byStatus: Readonly<Record<string, number>>;
  readonly examples: readonly string[];
  readonly seconds: number;
  readonly holds: boolean;
};

/** Requests that one pair of worlds sees before it is made anew. */
const IN_ONE_WORLD = 1_000;

/**
 * T15. Sends requests that name another's things, and the same with names of nothing at all into a twin of the world:
 * no byte of the other's may come back, and both must answer alike. Neither may touch the other agency's partitions.
 */
export async function checkTenants(
  document: OpenApi,
  options: { requests: number; seed: number; spoil?: Spoil },
): Promise<TenantsResult> {
  const started = performance.now();
  const count = { requests: 0, leaks: 0, differences: 0, touches: 0, faults: 0 };
  const byStatus: Record<string, number> = {};
  const examples: string[] = [];
  const routes = new Set<string>();
  const note = (what: 'leaks' | 'differences' | 'touches' | 'faults', words: string): void => {
    count[what]++;
    if (examples.length < 20) examples.push(`${what}: ${words}`);
  };
  const endpoints = endpointsOf(document);
  while (count.requests < options.requests) {
    const [real, twin] = await Promise.all([
      twoTenants({ spoil: options.spoil }),
      twoTenants({ spoil: options.spoil }),
    ]);
    const foreign = foreignTo(real);
    const brought = new Set<string>();
    const own = new Set(JSON.stringify(real.own).match(ANY_ID) ?? []);
    for (let n = 0; n < IN_ONE_WORLD && count.requests < options.requests; n++) {
      const seed = options.seed + count.requests++;
      const endpoint = endpoints[seed % endpoints.length];
      if (endpoint === undefined) throw new Error('the document has no endpoint');
      const pair = crossed(document, endpoint, seed, real);
      routes.add(endpoint.operation.operationId);
      const here = `seed ${seed} ${pair.key} ${pair.theirs.method} ${pair.theirs.path}`;
      const [reply, expected] = [
        await send(real, pair.theirs, pair.key),
        await send(twin, pair.nobodys, pair.key),
      ];
      byStatus[reply.status] = (byStatus[reply.status] ?? 0) + 1;
      for (const { theirs } of pair.planted) brought.add(theirs);
      for (const leak of leaksIn(reply, pair, { foreign, brought })) note('leaks', `${here}: ${leak}`);
      if (reply.status >= 500) note('faults', `${here}: ${JSON.stringify(real.world.seen.errors.at(-1))}`);
      const [one, other] = [comparable(reply, pair, own), comparable(expected, pair, own)];
      if (one !== other)
        note('differences', `${here} ${JSON.stringify(pair.theirs.body)}\n  ${one}\n  ${other}`);
      for (const { how, partition } of real.touched.splice(0)) {
        // A public address names its agency itself, and nothing there is told without its secret.
        const isForeign = partition.startsWith(`A#${real.otherAgencyId}`);
        if (isForeign && endpoint.operation['x-scope'] !== 'public')
          note('touches', `${here}: ${how} ${partition}`);
      }
    }
    for (const id of sideEffects(real, foreign)) note('touches', `seed ${options.seed}: ${id} in a message`);
  }
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  const holds = count.leaks + count.differences + count.touches + count.faults === 0;
  return { ...count, routes: routes.size, byStatus, examples, seconds, holds };
}

type Pair = {
  readonly key: string;
  readonly theirs: Asked;
  readonly nobodys: Asked;
  /** What stands in the one where the other has something else. */
  readonly planted: readonly { readonly kind: Kind; readonly theirs: string; readonly nobodys: string }[];
};

/** One place at least, and some of the others by chance, name what is not the caller's. */
function crossed(document: OpenApi, endpoint: Endpoint, seed: number, { own, others }: TwoTenants): Pair {
  const random = prng(seed, 'crossing');
  const whose = random.pick(['agency', 'agency', 'brand'] as const);
  const key = random.pick(whose === 'brand' ? KEYS.limited : [...KEYS.whole, ...KEYS.limited]);
  const from = others[whose];
  let places = 0;
  buildRequest(document, endpoint, seed, () => `place-${places++}`);
  const forced = random.int(0, Math.max(0, places - 1));
  const turns = Array.from({ length: places }, (_, n) => ({
    isTheirs: n === forced || random.chance(0.3),
    pick: random.int(0, 1_000_000),
  }));
  const planted: { kind: Kind; theirs: string; nobodys: string }[] = [];
  const build = (as: 'theirs' | 'nobodys'): Asked => {
    let place = 0;
    return buildRequest(document, endpoint, seed, (kind) => {
      const { isTheirs, pick } = turns[place++] ?? { isTheirs: false, pick: 0 };
      const theirs = isTheirs ? at(from, kind, pick) : undefined;
      if (theirs === undefined) return at(own, kind, pick) ?? `none-of-mine-${pick}`;
      const names = { kind, theirs, nobodys: nobodys(kind, theirs) };
      planted.push(names);
      return names[as];
    });
  };
  return { key, theirs: build('theirs'), nobodys: build('nobodys'), planted };
}

function at(all: Belongings, kind: Kind, pick: number): string | undefined {
  return all[kind][pick % Math.max(1, all[kind].length)];
}

function send({ world }: TwoTenants, { method, path, headers, body }: Asked, key: string): Promise<ApiReply> {
  return world.request(method, path, { key, headers, ...(body === undefined ? {} : { body }) });
}

/** Everything by which another's things could be recognised, but for its texts, which carry their own mark. */
function foreignTo({ others, otherAgencyId }: TwoTenants): Record<'agency' | 'brand', ReadonlySet<string>> {
  const idsOf = (all: Belongings): string[] => JSON.stringify(all).match(ANY_ID) ?? [];
  const agency = [otherAgencyId, ...idsOf(others.agency)];
  return { agency: new Set(agency), brand: new Set([...agency, ...idsOf(others.brand)]) };
}

/**
 * Marked texts and ids in an answer that did not stand in its request, nor in an earlier one that may have been kept.
 * A key for all brands may see all brands.
 */
function leaksIn(
  reply: ApiReply,
  pair: Pair,
  { foreign, brought }: { foreign: ReturnType<typeof foreignTo>; brought: ReadonlySet<string> },
): string[] {
  const isLimited = pair.key.startsWith('limited');
  const cursor = Buffer.from(reply.body?.cursor ?? '', 'base64url').toString('utf8');
  const told = `${JSON.stringify(reply.headers)}${reply.text}${cursor}`;
  const texts = (told.match(CANARY) ?? []).filter((text) => isLimited || !text.startsWith('canary-hidden'));
  const ids = told.match(ANY_ID) ?? [];
  const known = foreign[isLimited ? 'brand' : 'agency'];
  return [...texts, ...ids.filter((id) => known.has(id))].filter(
    (found) => ![...brought].some((text) => text.includes(found)),
  );
}

/**
 * An answer without what may differ between the worlds: the names that this request or an earlier one brought, and ids
 * that are none of the caller's own or were made of such a name.
 */
function comparable(reply: ApiReply, { planted }: Pair, own: ReadonlySet<string>): string {
  const whole = JSON.stringify([reply.status, reply.headers, reply.text]).replace(
    /(\\"cursor\\":\\")([\w-]+)/g,
    (_, before: string, cursor: string) => before + Buffer.from(cursor, 'base64url').toString('utf8'),
  );
  return planted
    .reduce((text, one) => text.replaceAll(one.theirs, '<named>').replaceAll(one.nobodys, '<named>'), whole)
    .replace(/\b[0-9a-f]{64}\b/g, '<hash>')
    .replace(/\b(canary|nobody)-/g, 'somebody-')
    .replace(/\b(othernet|thirdnet)\b/g, '<network>')
    .replace(ANY_ID, (id) => (own.has(id) ? id : '<id>'))
    .replace(/\bdlv_([0-9a-z]{20})_/g, (id, body: string) => (own.has(`post_${body}`) ? id : '<id>_'));
}

function sideEffects({ world }: TwoTenants, { agency }: ReturnType<typeof foreignTo>): string[] {
  const { armed, disarmed, publishMessages, measureMessages, reportMessages, events, mails } = world.seen;
  const all = JSON.stringify([
    armed,
    disarmed,
    publishMessages,
    measureMessages,
    reportMessages,
    events,
    mails,
  ]);
  return [...new Set(all.match(ANY_ID) ?? [])].filter((id) => agency.has(id));
}
