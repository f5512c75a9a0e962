import type { Age, PostSnapshot } from '../../domain/metrics.ts';
import type { PostStore } from '../../post-ports.ts';
import { expiry, keys, pad } from './keys.ts';
import { pack, unpack } from './packed.ts';
import { fromValue, type SnapshotValue, toValue } from './snapshot-values.ts';
import { ABSENT, everything, type Table } from './table.ts';

/**
 * What sweeps measured, by brand and time: all of one turn in one item, which is never changed again. An item per
 * post would cost six writes a post, this costs less than two; who looks for a post knows when its ages were.
 */
export function sweptSnapshots(table: Table): Pick<PostStore, 'addSwept' | 'swept'> {
  return {
    async addSwept(agencyId, brandId, at, snapshots) {
      let free = at;
      for (let start = 0; start < snapshots.length; start += MOST) {
        const doc = pack(toDocument(snapshots.slice(start, start + MOST)));
        // Another turn may have ended in the same millisecond.
        const put = () =>
          table.put({ ...keys.swept(agencyId, brandId, free++), doc, ttl: expiry(at) }, ABSENT);
        while (!(await put()));
      }
    },
    async swept(agencyId, brandId, { from, to }) {
      const range = { low: pad(from), high: pad(to - 1) };
      const items = await everything(table, keys.sweptOf(agencyId, brandId), range);
      return items.flatMap(({ doc }) => readSwept(doc));
    },
  };
}

/** So many in one item keep it far below 400 KB. */
const MOST = 1_000;

type Document = Readonly<Record<string, readonly (readonly [n: number, age: Age, ...SnapshotValue])[]>>;

function toDocument(snapshots: readonly PostSnapshot[]): Document {
  const byPost = [...Map.groupBy(snapshots, ({ postId }) => postId)];
  return Object.fromEntries(
    byPost.map(([postId, own]) => [
      postId,
      own.map((snapshot) => [snapshot.n, snapshot.age as Age, ...toValue(snapshot)] as const),
    ]),
  );
}

/** What an item with a turn's snapshots says. */
export function readSwept(doc: unknown): PostSnapshot[] {
  return Object.entries(unpack(doc) as Document).flatMap(([postId, own]) =>
    own.map(([n, age, ...value]) => ({ postId, n, age, ...fromValue(value) })),
  );
}
