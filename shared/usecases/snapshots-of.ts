import type { Age, Snapshot } from '../domain/metrics.ts';
import { sweptWithin } from '../domain/open-age.ts';
import type { Post } from '../domain/post.ts';
import { joined } from '../domain/sweep-looks.ts';
import type { Deps } from '../ports.ts';

/**
 * What is known of some posts of a brand, in their order; of each delivery and age once, the newest. Sweeps store
 * by brand and time, so all that was stored when these had their ages is read. `ages`: only of these, and not what a
 * person asked for in between.
 */
export async function snapshotsOf(
  deps: Pick<Deps, 'posts'>,
  brand: { readonly agencyId: string; readonly id: string },
  posts: readonly Post[],
  ages?: readonly Age[],
): Promise<(readonly Snapshot[])[]> {
  const ids = posts.map(({ id }) => id);
  const ranges = posts.flatMap(({ deliveries }) =>
    deliveries.flatMap(({ publishedAt }) =>
      publishedAt === undefined ? [] : sweptWithin(publishedAt, ages),
    ),
  );
  const asked = async () => {
    if (ages !== undefined) return [];
    const [id, ...more] = ids;
    if (id === undefined || more.length > 0) return deps.posts.askedLately(brand.agencyId, ids);
    return [await deps.posts.asked(brand.agencyId, id)];
  };
  const [byPerson, ...swept] = await Promise.all([
    asked(),
    ...joined(ranges).map((range) => deps.posts.swept(brand.agencyId, brand.id, range)),
  ]);
  const byPost = Map.groupBy(swept.flat(), ({ postId }) => postId);
  return ids.map((id, index) => {
    const own = (byPost.get(id) ?? []).map(({ postId: _, ...snapshot }) => snapshot);
    return newest([...own, ...(byPerson[index] ?? [])]);
  });
}

/** By delivery, oldest first. */
function newest(snapshots: readonly Snapshot[]): Snapshot[] {
  const sorted = snapshots.toSorted((a, b) => a.n - b.n || a.at - b.at);
  return [...Map.groupBy(sorted, ({ n, age }) => `${n}@${age}`).values()]
    .flatMap((same) => same.at(-1) ?? [])
    .sort((a, b) => a.n - b.n || a.at - b.at);
}
