import type { Content } from '../../domain/content.ts';
import type { Post } from '../../domain/post.ts';
import { DAY, type Instant } from '../../domain/time.ts';
import type { PostStore } from '../../post-ports.ts';
import { expiry, keys } from './keys.ts';
import { pack, unpack } from './packed.ts';
import { PRESENT, type Table } from './table.ts';

/** What each revision of a post says. It expires 400 days after it was stored, or after the last due time if that is far off. */
export function postContents(table: Table, now: () => Instant) {
  const putContent: PostStore['putContent'] = async (agencyId, postId, revision, hash, content) => {
    await table.put({
      ...keys.content(agencyId, postId, revision, hash),
      doc: pack(content),
      ttl: expiry(now()),
    });
  };

  const content: PostStore['content'] = async (agencyId, postId, revision, hash) => {
    const key = keys.content(agencyId, postId, revision, hash);
    // It never changes, so what is found at half the price is right; only what is missing may have come just now.
    const [lately] = await table.getLately([key]);
    const item = lately ?? (await table.get(key));
    return item && (unpack(item.doc) as Content);
  };

  const contentsLately: PostStore['contentsLately'] = async (posts) => {
    const items = await table.getLately(
      posts.map((post) => keys.content(post.agencyId, post.id, post.revision, post.contentHash)),
    );
    return items.map((item) => item && (unpack(item.doc) as Content));
  };

  return {
    putContent,
    content,
    contentsLately,
    /** Before the head is written: content of a draft, or of a post due in more than 30 days, must outlive the usual time. */
    async keepFor(post: Post): Promise<void> {
      if (post.deletedAt !== undefined) return;
      const due = post.deliveries.map(({ dueAt }) => dueAt);
      const last = due.length > 0 && !post.draft ? Math.max(...due) : undefined;
      if (last !== undefined && last < now() + 30 * DAY) return;
      const key = keys.content(post.agencyId, post.id, post.revision, post.contentHash);
      const change =
        last === undefined ? { remove: [['ttl']] as const } : { set: [[['ttl'], expiry(last)]] as const };
      await table.update(key, change, PRESENT);
    },
  };
}
