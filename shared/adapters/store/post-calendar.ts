import type { Post } from '../../domain/post.ts';
import type { Instant } from '../../domain/time.ts';
import type { PostStore } from '../../post-ports.ts';
import type { Page } from '../../store-ports.ts';
import {
  between,
  indexed,
  instantOf,
  keys,
  PREFIX,
  pad,
  readPartition,
  SHARDS,
  startingWith,
} from './keys.ts';
import { calendarInstants, calendarKeys } from './post-index.ts';
import {
  type Condition,
  everything,
  type IndexEntry,
  type IndexName,
  type Item,
  type Query,
  type Table,
} from './table.ts';

/**
 * The listings of posts by the indexes, and the pointer items that put a post into the calendar at further
 * instants than its head's. All are hints: they lag, and a stale pointer is harmless, since readers read heads.
 */
export function postCalendar(table: Table) {
  async function list(index: IndexName, query: Query): Promise<Page<Listed>> {
    const { items, next } = await table.queryIndex(index, query);
    return { items: items.map(listed), ...(next === undefined ? {} : { next }) };
  }

  const calendar: PostStore['calendar'] = async (agencyId, brandId, { from, to }, { limit, after }) => {
    const partition = indexed.calendar(agencyId, brandId);
    const page = await list('calendar', { partition, range: between(from, to), limit, ...behind(after) });
    return { ...page, items: page.items.map(({ postId, at }) => ({ postId, at })) };
  };

  const attention: PostStore['attention'] = async (agencyId, { limit, after }) => {
    const partition = indexed.attention(agencyId);
    const page = await list('attention', { partition, limit, ...behind(after) });
    const items = page.items.map(({ postId, at, position }) => ({ postId, attentionAt: at, position }));
    return { ...page, items };
  };

  const overdue: PostStore['overdue'] = async (shard, until, limit) => {
    if (!(shard >= 0 && shard < SHARDS)) throw new RangeError(`There is no shard ${shard}.`);
    const { items } = await list('wake', {
      partition: indexed.wake(shard),
      range: between(0, until + 1),
      limit,
    });
    return items.map(({ agencyId, postId, at }) => ({ agencyId, postId, wakeAt: at }));
  };

  const addPointer: PostStore['addPointer'] = async (post, at) => {
    if (post.deletedAt !== undefined || calendarInstants(post).includes(at)) return;
    await table.put({ ...keys.pointer(post.agencyId, post.id, at), ...calendarKeys(post, at), kept: true });
  };

  return {
    list: calendar,
    attention,
    overdue,
    addPointer,
    /**
     * Writes a pointer for each due instant after the first, with the version of the head that wants it: who still
     * cleans up after an earlier one lets it be.
     */
    async enter(post: Post, conditions: readonly Condition[] = NOT_KEPT): Promise<void> {
      await Promise.all(
        calendarInstants(post)
          .slice(1)
          .map((at) => {
            const key = keys.pointer(post.agencyId, post.id, at);
            return table.put({ ...key, ...calendarKeys(post, at), hv: post.version }, conditions);
          }),
      );
    },
    /**
     * Removes pointers at instants that are not due any more (only those of `suspects`, if given); added ones go with a
     * tombstone. What a later head wants stays.
     */
    async prune(post: Post, suspects?: readonly Instant[]): Promise<void> {
      const [, ...due] = calendarInstants(post);
      const wanted = new Set(due.map((at) => keys.pointer(post.agencyId, post.id, at).sk));
      const suspected = suspects && new Set(suspects.map((at) => `${PREFIX.pointer}${pad(at)}`));
      if (suspected?.size === 0) return;
      const partition = keys.ofPost(post.agencyId, post.id);
      const pointers = await everything(table, partition, startingWith(PREFIX.pointer));
      const obsolete = pointers.filter(
        ({ sk, kept, hv }) =>
          !wanted.has(sk) &&
          Number(hv ?? 0) <= post.version &&
          (!suspected || suspected.has(sk)) &&
          !(kept === true && post.deletedAt === undefined),
      );
      await Promise.all(obsolete.map((pointer) => table.delete(pointer, asSeen(pointer))));
    },
  };
}

/** An added pointer at the same instant stays what it is. */
const NOT_KEPT: readonly Condition[] = [{ path: ['kept'], is: 'absent' }];

const asSeen = ({ hv }: Item): readonly Condition[] =>
  typeof hv === 'number' ? [{ path: ['hv'], is: 'equal', value: hv }] : [{ path: ['hv'], is: 'absent' }];

type Listed = {
  readonly agencyId: string;
  readonly postId: string;
  readonly at: Instant;
  readonly position: string;
};

function listed({ pk, sort }: IndexEntry): Listed {
  const { agencyId, id } = readPartition(pk);
  return { agencyId, postId: id, at: instantOf(sort), position: sort };
}
const behind = (after: string | undefined) => (after === undefined ? {} : { after });
