import type { Agency } from '../../shared/domain/agency.ts';
import type { Brand } from '../../shared/domain/brand.ts';
import type { Channel } from '../../shared/domain/channel.ts';
import type { LatePolicy } from '../../shared/domain/late-policy.ts';
import { HOUR, MINUTE, SECOND } from '../../shared/domain/time.ts';
import { aBrand, aChannel, anAgency, anId } from '../support/builders.ts';
import type { Prng } from './prng.ts';
import { FORBIDDEN, NETWORK_IDS } from './sim-networks.ts';

/** Who is there: drawn from the seed. */
export type Cast = {
  readonly agencies: readonly Agency[];
  readonly brands: readonly Brand[];
  readonly channels: readonly Channel[];
};

/** A post that somebody will queue. */
export type PlannedPost = {
  readonly key: string;
  readonly brand: Brand;
  readonly channels: readonly Channel[];
  readonly text: string;
  readonly createAt: number;
  readonly dueAt: number;
  /** Times of their own, by channel. */
  readonly ownDue: ReadonlyMap<string, number>;
  readonly latePolicy?: LatePolicy;
};

/** `thereAndBack`: to another time, and back to the one that it had. `withdraw`: a draft again. */
export type EditKind = 'editText' | 'editTime' | 'thereAndBack' | 'dropChannel' | 'withdraw';

/** What people do meanwhile, each at its time. */
export type Act =
  | {
      readonly kind: 'cancel' | 'delete' | EditKind;
      readonly at: number;
      readonly post: string;
    }
  | {
      readonly kind: 'hold';
      readonly at: number;
      readonly scope: 'agency' | 'brand' | 'channel';
      readonly on: Channel;
      readonly lastsMs: number;
      readonly endsByItself: boolean;
    }
  | { readonly kind: 'revoke'; readonly at: number; readonly on: Channel; readonly lastsMs: number };

export type Scenario = {
  readonly cast: Cast;
  readonly posts: readonly PlannedPost[];
  readonly acts: readonly Act[];
};

/** Everything that people want lies in the first three and a half hours. */
export const ACTIVE = 3.5 * HOUR;

export function drawScenario(prng: Prng, start: number): Scenario {
  const cast = drawCast(prng);
  const posts = drawPosts(prng, cast, start);
  return { cast, posts, acts: drawActs(prng, cast, posts) };
}

function drawCast(prng: Prng): Cast {
  const agencies = names('agency', prng.int(1, 2)).map((name) => anAgency({ id: anId('agy', name), name }));
  const brands = agencies.flatMap((agency) =>
    names(`${agency.name} brand`, prng.int(1, 2)).map((name) =>
      aBrand({ id: anId('brd', name), agencyId: agency.id, name }),
    ),
  );
  const channels = brands.flatMap((brand) =>
    NETWORK_IDS.filter(() => prng.chance(0.7)).map((network) => {
      const id = anId('chn', `${brand.name} ${network}`);
      return aChannel({
        id,
        agencyId: brand.agencyId,
        brandId: brand.id,
        network,
        name: `${brand.name} ${network}`,
        account: { id, handle: network, url: `https://${network}.example` },
        credential: JSON.stringify({ token: `${id}:1` }),
      });
    }),
  );
  return { agencies, brands, channels };
}

const POLICIES: readonly LatePolicy[] = [
  { maxLate: 'PT10M', otherwise: 'hold' },
  { maxLate: 'PT2M', otherwise: 'miss' },
  { maxLate: null, otherwise: 'miss' },
];

function drawPosts(prng: Prng, cast: Cast, start: number): PlannedPost[] {
  const popular = start + prng.int(60, 1_200) * SECOND;
  const posts: PlannedPost[] = [];
  for (const key of names('post', prng.int(5, 20))) {
    const brand = prng.some(cast.brands);
    const channels = cast.channels.filter((one) => one.brandId === brand?.id && prng.chance(0.6));
    if (!brand || channels.length === 0) continue;
    const far = prng.chance(0.25);
    const createAt = start + prng.int(1, far ? 60 : 900) * SECOND + prng.int(0, 999);
    const soon = createAt + prng.pick([0, 1_000, 10_000, 60_000, 300_000, 1_100_000]) + prng.int(0, 2_000);
    const later = start + prng.int(900, 10_800) * SECOND;
    const dueAt = far ? later : popular > createAt && prng.chance(0.5) ? popular : soon;
    const ownDue = new Map<string, number>();
    for (const channel of channels) {
      if (prng.chance(0.2)) ownDue.set(channel.id, dueAt + prng.int(0, 1_800) * SECOND);
    }
    const policy = prng.chance(0.3) ? prng.some(POLICIES) : undefined;
    const twin = prng.chance(0.1) ? posts.findLast((one) => one.brand === brand)?.text : undefined;
    posts.push({
      key,
      brand,
      channels,
      text: twin ?? (prng.chance(0.05) ? `${key} is ${FORBIDDEN}` : `${key} says hello`),
      createAt,
      dueAt,
      ownDue,
      ...(policy ? { latePolicy: policy } : {}),
    });
  }
  return posts;
}

const EDITS = [
  'cancel',
  'delete',
  'editText',
  'editTime',
  'thereAndBack',
  'dropChannel',
  'withdraw',
] as const;

function drawActs(prng: Prng, cast: Cast, posts: readonly PlannedPost[]): Act[] {
  const acts: Act[] = [];
  /** Around the instant that matters, or somewhere before it. */
  const near = ({ createAt, dueAt }: PlannedPost): number =>
    prng.chance(0.6) ? dueAt + prng.int(-1_000, 1_000) : prng.int(createAt, Math.max(createAt, dueAt));
  for (const post of posts) {
    if (!prng.chance(0.3)) continue;
    const kind = prng.pick(EDITS);
    acts.push({ kind, at: near(post), post: post.key });
  }
  let last: PlannedPost | undefined;
  for (let holds = prng.int(0, 3); holds > 0; holds--) {
    // Holds overlap.
    const post = prng.chance(0.4) ? (last ?? prng.some(posts)) : prng.some(posts);
    last = post;
    const on = prng.some(cast.channels);
    if (!post || !on) continue;
    acts.push({
      kind: 'hold',
      at: near(post),
      scope: prng.pick(['agency', 'brand', 'channel']),
      on,
      lastsMs: prng.pick([500, 5_000, 2 * MINUTE, 40 * MINUTE, 100 * MINUTE]) + prng.int(0, 1_000),
      endsByItself: prng.chance(0.3),
    });
  }
  const unlucky = prng.chance(0.3) ? prng.some(cast.channels) : undefined;
  const post = prng.some(posts);
  if (unlucky && post) {
    acts.push({ kind: 'revoke', at: near(post) - 2_000, on: unlucky, lastsMs: prng.int(1, 60) * MINUTE });
  }
  return acts;
}

const names = (what: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${what} ${index + 1}`);
