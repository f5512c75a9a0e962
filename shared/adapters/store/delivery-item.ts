import type { Delivery, DeliveryState } from '../../domain/delivery.ts';
import { FORMS, type Form } from '../../domain/delivery-facts.ts';
import type { DeliveryHold } from '../../domain/hold.ts';
import type { Instant } from '../../domain/time.ts';
import { lengthen, shorten, unless, type Whole, whole } from './compact.ts';

export type StoredDelivery = {
  c: string;
  k: string;
  s: string;
  t: Instant;
  w?: [local: string, timeZone: string];
  a?: Instant;
  f: number;
  b?: string;
  i?: Instant;
  l?: Instant;
  g?: boolean;
  q?: Instant;
  h?: string;
  d?: Instant;
  m?: number;
  r?: number;
  o?: StoredHold[];
  z?: Instant;
  p?: Instant;
  x?: string;
  u?: string;
  e?: string;
  y?: string;
  j?: boolean;
  v?: string[];
  n?: string;
};

/** Name of a delivery in the head's map. */
export const slot = (n: number): string => String(n).padStart(2, '0');
export const stateCode = (state: DeliveryState): string => STATES[state];

/**
 * A delivery as it stands in its slot of the head's map `d`, and back:
 *
 * c channel · k network · s state · t due · w wall clock · a next attempt · f fence · b claimed by ·
 * i claimed at · l lease until · g sending · q doubt since · h handle · d asked at · m attempts (1 where it failed, else 0) · r rescues (0) ·
 * o holds (none) · z started · p published · x external id · u url · e code · y reason ·
 * j by hand · v parts · n shape: a letter of its form, and its length.
 */
export function toSlot(delivery: Delivery): Whole<StoredDelivery> {
  return {
    c: shorten('chn', delivery.channelId),
    k: delivery.network,
    s: stateCode(delivery.state),
    t: delivery.dueAt,
    w: delivery.wall && [delivery.wall.local, delivery.wall.timeZone],
    a: delivery.nextAttemptAt,
    f: delivery.fence,
    b: delivery.claimedBy,
    i: delivery.claimedAt,
    l: delivery.leaseUntil,
    g: delivery.sending,
    q: delivery.doubtSince,
    h: delivery.handle,
    d: delivery.askedAt,
    m: unless(usualAttempts(delivery.state), delivery.attempts),
    r: unless(0, delivery.rescues),
    o: delivery.holds.length > 0 ? delivery.holds.map(toHold) : undefined,
    z: delivery.startedAt,
    p: delivery.publishedAt,
    x: delivery.externalId,
    u: delivery.url,
    e: delivery.code,
    y: delivery.reason,
    j: delivery.byHand,
    v: delivery.parts && [...delivery.parts],
    n: delivery.shape && `${FORM_CODES[delivery.shape.form]}${delivery.shape.length}`,
  };
}

/** What fails is mostly refused at its first try; saying so each time would lengthen the head. */
const usualAttempts = (state: DeliveryState): number => (state === 'failed' ? 1 : 0);

export function fromSlot(n: number, stored: Whole<StoredDelivery>): Delivery {
  return whole<Delivery>({
    n,
    channelId: lengthen('chn', stored.c),
    network: stored.k,
    state: stateOf(stored.s),
    dueAt: stored.t,
    wall: stored.w && { local: stored.w[0], timeZone: stored.w[1] },
    nextAttemptAt: stored.a,
    fence: stored.f,
    claimedBy: stored.b,
    claimedAt: stored.i,
    leaseUntil: stored.l,
    sending: stored.g,
    doubtSince: stored.q,
    handle: stored.h,
    askedAt: stored.d,
    attempts: stored.m ?? usualAttempts(stateOf(stored.s)),
    rescues: stored.r ?? 0,
    holds: (stored.o ?? []).map(fromHold),
    startedAt: stored.z,
    publishedAt: stored.p,
    externalId: stored.x,
    url: stored.u,
    code: stored.e,
    reason: stored.y,
    byHand: stored.j,
    parts: stored.v,
    shape: stored.n === undefined ? undefined : toShape(stored.n),
  });
}

type StoredHold = [code: DeliveryHold['code'], by: string, since: Instant, until?: Instant];

const toHold = ({ code, by, since, until }: DeliveryHold): StoredHold =>
  until === undefined ? [code, by, since] : [code, by, since, until];
const fromHold = ([code, by, since, until]: StoredHold): DeliveryHold =>
  whole<DeliveryHold>({ code, by, since, until });

const FORM_CODES = {
  text: 't',
  link: 'l',
  image: 'i',
  carousel: 'c',
  video: 'v',
  poll: 'p',
} as const satisfies Record<Form, string>;

function toShape(stored: string): NonNullable<Delivery['shape']> {
  const form = FORMS.find((one) => FORM_CODES[one] === stored[0]);
  if (!form) throw new Error(`The stored form ${stored} is unknown to this version.`);
  return { form, length: Number(stored.slice(1)) };
}

const STATES = {
  scheduled: 's',
  publishing: 'g',
  pending: 'n',
  retrying: 'r',
  held: 'h',
  published: 'p',
  failed: 'f',
  missed: 'm',
  uncertain: 'u',
  cancelled: 'c',
  removed: 'x',
} as const satisfies Record<DeliveryState, string>;
const CODES = Object.fromEntries(
  Object.entries(STATES).map(([state, code]) => [code, state as DeliveryState]),
);

function stateOf(code: string): DeliveryState {
  const state = CODES[code];
  if (!state) throw new Error(`The stored delivery state ${code} is unknown to this version.`);
  return state;
}
