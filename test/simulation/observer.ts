import { stateCode } from '../../shared/adapters/store/delivery-item.ts';
import type { Item, Key } from '../../shared/adapters/store/table.ts';
import { DELIVERY_STATES, type DeliveryState, TRANSITIONS } from '../../shared/domain/delivery.ts';
import type { OutsideEvent } from '../../shared/domain/events.ts';
import type { HoldScope } from '../../shared/domain/hold.ts';
import { deliveryId } from '../../shared/domain/ids.ts';
import type { Accepted, Sent } from './sim-networks.ts';

/** What a run must never show. Each kind is counted by itself. */
export type Problem = {
  readonly kind:
    | 'lost'
    | 'duplicate'
    | 'stuck'
    | 'early'
    | 'afterCancel'
    | 'afterHold'
    | 'illegal'
    | 'miscounted'
    | 'liveButFailed'
    | 'untold'
    | 'mixedEdit'
    | 'tooLate'
    | 'impatient'
    | 'doubleCreate'
    | 'notAllowed';
  readonly what: string;
};

/** A hold that was acknowledged: from `at` until `endsAt` nothing goes out but what `inFlight` names. */
export type HeldPromise = {
  readonly agencyId: string;
  readonly scope: HoldScope;
  readonly at: number;
  readonly inFlight: ReadonlySet<string>;
  endsAt: number;
};

/** An edit that was acknowledged: from `at` on only these texts go out, by delivery. */
export type EditPromise = { readonly at: number; readonly texts: ReadonlyMap<string, string> };

/** Everything that a run is judged by: what people were promised, and what happened. */
export type Observed = {
  readonly problems: Problem[];
  readonly sent: Sent[];
  readonly accepted: readonly Accepted[];
  readonly events: OutsideEvent[];
  readonly alerts: Set<string>;
  /** Posts that somebody asked for, by id, and whether the answer came. */
  readonly created: Map<string, { agencyId: string; brandId: string; acknowledged: boolean }>;
  readonly cancelled: Map<string, number>;
  readonly held: HeldPromise[];
  readonly edits: EditPromise[];
  /** Every text that an author ever gave a delivery. */
  readonly texts: Map<string, Set<string>>;
  /** Words of networks that asked a machine to leave a channel alone, and for how long. */
  readonly waits: { machine: number; channelId: string; at: number; until: number }[];
  /** Deliveries that a person has settled. */
  readonly byHand: Set<string>;
  /** Deliveries that were held, or tried again: their time is no more what was promised. */
  readonly putOff: Set<string>;
};

export function newObserved(accepted: readonly Accepted[]): Observed {
  return {
    problems: [],
    sent: [],
    accepted,
    events: [],
    alerts: new Set(),
    created: new Map(),
    cancelled: new Map(),
    held: [],
    edits: [],
    texts: new Map(),
    waits: [],
    byHand: new Set(),
    putOff: new Set(),
  };
}

const STATE_BY_CODE = new Map<string, DeliveryState>(
  DELIVERY_STATES.map((state) => [stateCode(state), state]),
);
type Slot = { s: string; f: number; t: number };

/** Looks at every write of a head: is the transition one that the table of transitions knows? */
export function headWatch(observed: Observed, trace: (line: string) => void) {
  const heads = new Map<string, Readonly<Record<string, Slot>>>();
  const dues = new Map<string, number>();
  const seen = (key: Key, after: Item | undefined): void => {
    if (key.sk.startsWith('P#') && typeof after?.key === 'string') observed.alerts.add(after.key);
    if (key.sk !== 'H' || !key.pk.includes('#POST#') || !after) return;
    const before = heads.get(key.pk) ?? {};
    const slots = after.d as Readonly<Record<string, Slot>>;
    heads.set(key.pk, slots);
    const postId = `post_${key.pk.split('#POST#')[1]?.replace(/^post_/, '')}`;
    for (const [n, slot] of Object.entries(slots)) {
      const was = before[n];
      if (was?.s === slot.s && was.f === slot.f) continue;
      const to = STATE_BY_CODE.get(slot.s) ?? 'removed';
      const from = was && STATE_BY_CODE.get(was.s);
      const id = deliveryId(postId, Number(n));
      dues.set(id, slot.t);
      trace(`${id} ${from ?? 'new'} -> ${to} (${slot.f})`);
      if (to === 'held' || to === 'retrying') observed.putOff.add(id);
      if (was && was.f > slot.f) observed.problems.push({ kind: 'illegal', what: `${id} fence goes back` });
      if (from && from !== to && !TRANSITIONS[from].includes(to)) {
        observed.problems.push({ kind: 'illegal', what: `${id} ${from} -> ${to}` });
      }
    }
  };
  return { seen, dueOf: (id: string): number => dues.get(id) ?? Number.POSITIVE_INFINITY };
}
