import type { Post } from '../domain/post.ts';
import { joined } from '../domain/sweep-looks.ts';
import type { Instant } from '../domain/time.ts';
import type { Deps } from '../ports.ts';

const PAGE = 100;

/** Every post of a brand with an entry in `from <= at < to`, each once, by page of the calendar. */
export async function* brandPosts(
  deps: Pick<Deps, 'posts'>,
  agencyId: string,
  brandId: string,
  range: { from: Instant; to: Instant },
): AsyncGenerator<Post> {
  const seen = new Set<string>();
  let after: string | undefined;
  do {
    const page = await deps.posts.calendar(agencyId, brandId, range, {
      limit: PAGE,
      ...(after ? { after } : {}),
    });
    const fresh = [...new Set(page.items.map(({ postId }) => postId))].filter((postId) => !seen.has(postId));
    for (const postId of fresh) seen.add(postId);
    const heads = await Promise.all(fresh.map((postId) => deps.posts.get(agencyId, postId)));
    for (const head of heads) if (head && head.deletedAt === undefined) yield head;
    after = page.next;
  } while (after !== undefined);
}

/**
 * Posts of a brand with an entry in one of some ranges, `from <= at < to`, each once, as they stood a second ago or
 * stand now. Ranges that lie near each other are read by one query.
 */
export async function brandPostsLately(
  deps: Pick<Deps, 'posts'>,
  agencyId: string,
  brandId: string,
  ranges: readonly { from: Instant; to: Instant }[],
): Promise<Post[]> {
  const ids = new Set<string>();
  for (const range of joined(ranges)) {
    let after: string | undefined;
    do {
      const page = await deps.posts.calendar(agencyId, brandId, range, {
        limit: PAGE,
        ...(after ? { after } : {}),
      });
      for (const { postId, at } of page.items) {
        if (ranges.some(({ from, to }) => from <= at && at < to)) ids.add(postId);
      }
      after = page.next;
    } while (after !== undefined);
  }
  const heads = ids.size === 0 ? [] : await deps.posts.getLately(agencyId, [...ids]);
  return heads.filter(({ deletedAt }) => deletedAt === undefined);
}

/** Every post of an agency that a person must look at, oldest first. */
export async function* attentionPosts(deps: Pick<Deps, 'posts'>, agencyId: string): AsyncGenerator<Post> {
  let after: string | undefined;
  do {
    const page = await deps.posts.attention(agencyId, { limit: PAGE, ...(after ? { after } : {}) });
    const heads = await Promise.all(page.items.map(({ postId }) => deps.posts.get(agencyId, postId)));
    for (const head of heads) if (head && head.deletedAt === undefined) yield head;
    after = page.next;
  } while (after !== undefined);
}
