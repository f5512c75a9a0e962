import { canonicalJson } from '../../domain/content.ts';
import type { Delivery } from '../../domain/delivery.ts';
import type { Post } from '../../domain/post.ts';
import type { Instant } from '../../domain/time.ts';
import type { DeliveryRef, PostStore, Swap } from '../../post-ports.ts';
import { slot, stateCode, toSlot } from './delivery-item.ts';
import { keys, SHARDS } from './keys.ts';
import { postCalendar } from './post-calendar.ts';
import { postContents } from './post-contents.ts';
import { attentionKeys, calendarInstants, wakeKeys } from './post-index.ts';
import { fromItem, toItem } from './post-item.ts';
import { postMeasures } from './post-measures.ts';
import { putOwn } from './put-own.ts';
import { sweptSnapshots } from './swept-snapshots.ts';
import { ABSENT, type Change, type Condition, type Path, type Table } from './table.ts';

/**
 * Posts: a head with all deliveries, and what hangs on it. A claim and a settlement are one update each, of one
 * slot under that delivery's own fence, so siblings do not fight. `now` only dates what may expire.
 */
export function postStore(table: Table, now: () => Instant = Date.now): PostStore {
  const calendar = postCalendar(table);
  const contents = postContents(table, now);
  const get = async (agencyId: string, postId: string): Promise<Post | undefined> => {
    const item = await table.get(keys.post(agencyId, postId));
    return item && fromItem(item);
  };

  /** One update; undefined when a condition failed. */
  async function write(
    ref: Pick<DeliveryRef, 'agencyId' | 'postId'>,
    swaps: readonly Swap[],
    further: readonly Condition[],
    { set = [], remove = [] }: Change = {},
  ): Promise<Post | undefined> {
    const slots = swaps.map(({ n, next }): readonly [Path, unknown] => [['d', slot(n)], toSlot(next)]);
    const change = { set: [...slots, ...set], remove, add: { v: 1 } } as const;
    const conditions = [...swaps.flatMap(isUnmoved), ...further];
    const item = await table.update(keys.post(ref.agencyId, ref.postId), change, conditions);
    return item && fromItem(item);
  }

  const swapDeliveries: PostStore['swapDeliveries'] = async (ref, swaps, wake) => {
    const written = await (wake
      ? write(ref, swaps, [isVersion(wake.version)], indexEntries(wake))
      : write(ref, swaps, []));
    if (written) return written;
    // a failed condition may be our own write, which the SDK repeated: then all stands as we want it
    const head = await get(ref.agencyId, ref.postId);
    return swaps.every((swap) => isDone(head, swap)) ? head : undefined;
  };

  return {
    ...contents,
    ...postMeasures(table),
    ...sweptSnapshots(table),
    addPointer: calendar.addPointer,
    calendar: calendar.list,
    overdue: calendar.overdue,
    attention: calendar.attention,
    shards: SHARDS,
    get,
    async getLately(agencyId, postIds) {
      const items = await table.getLately(postIds.map((id) => keys.post(agencyId, id)));
      return items.flatMap((item) => (item ? [fromItem(item)] : []));
    },

    async create(post) {
      await contents.keepFor(post);
      await calendar.enter(post, ABSENT);
      if (await putOwn(table, toItem(post), ABSENT)) return { created: true, post };
      const stored = await get(post.agencyId, post.id);
      if (!stored) throw new Error('The head of a post was there and is gone.');
      await calendar.prune(stored, calendarInstants(post));
      return { created: false, post: stored };
    },

    swapDeliveries,

    async swapDelivery(ref, expected, next, wake) {
      const swap = { n: ref.n, expected, next };
      if (typeof wake !== 'number') return swapDeliveries(ref, [swap], wake);
      // A crash between two writes would leave a delivery that nobody looks at, so both go in one; the wake that
      // it is conditioned on must be read before. Retries are rare: claims and good ends do not come here.
      for (let tries = 0; tries < 10; tries += 1) {
        const head = await get(ref.agencyId, ref.postId);
        const isLow = head?.deletedAt !== undefined || (head?.wakeAt ?? Number.POSITIVE_INFINITY) <= wake;
        if (isLow && isDone(head, swap)) return head;
        const { fence, state, sending } = deliveryOf(head, ref.n) ?? {};
        if (!head || fence !== expected.fence || !state || !expected.states.includes(state)) return undefined;
        if (expected.unmarked && sending) return undefined;
        const lowered = isLow ? {} : wakeKeys({ ...head, wakeAt: wake });
        const set = Object.entries(lowered).map(([name, value]): readonly [Path, unknown] => [[name], value]);
        const written = await write(ref, [swap], [wakesStillAt(head)], { set });
        if (written) return written;
      }
      throw new Error('The wake of a post is being moved too often at once.');
    },

    async replace(post) {
      const next = { ...post, version: post.version + 1 };
      await contents.keepFor(next);
      await calendar.enter(next);
      const item = toItem(next);
      if (!(await putOwn(table, item, [isVersion(post.version)]))) return undefined;
      await calendar.prune(next);
      return fromItem(item);
    },

    /** Leaves the version alone: it changes nothing that a holder of that version could have decided by. */
    async reindex(post) {
      const key = keys.post(post.agencyId, post.id);
      return (await table.update(key, indexEntries(post), [isVersion(post.version)])) !== undefined;
    },
  };
}

const deliveryOf = (post: Post | undefined, wanted: number): Delivery | undefined =>
  post?.deliveries.find(({ n }) => n === wanted);

const isDone = (head: Post | undefined, { n, next }: Swap): head is Post =>
  canonicalJson(deliveryOf(head, n)) === canonicalJson(next);

function isUnmoved({ n, expected }: Swap): Condition[] {
  const path = (name: string): Path => ['d', slot(n), name];
  return [
    { path: path('f'), is: 'equal', value: expected.fence },
    { path: path('s'), is: 'in', values: expected.states.map(stateCode) },
    ...(expected.unmarked ? [{ path: path('g'), is: 'absent' } as const] : []),
  ];
}

/** A change that gives a head the index entries of this one. */
function indexEntries(post: Post): Change {
  const none = { wk: undefined, ws: undefined, ak: undefined, as: undefined };
  const entries = Object.entries({ ...none, ...wakeKeys(post), ...attentionKeys(post) });
  return {
    set: entries.flatMap(([name, value]) => (value === undefined ? [] : [[[name], value] as const])),
    remove: entries.flatMap(([name, value]) => (value === undefined ? [[name] as const] : [])),
  };
}

const isVersion = (version: number): Condition => ({ path: ['v'], is: 'equal', value: version });
const wakesStillAt = (head: Post): Condition => {
  const { ws } = wakeKeys(head);
  return ws === undefined ? { path: ['ws'], is: 'absent' } : { path: ['ws'], is: 'equal', value: ws };
};
