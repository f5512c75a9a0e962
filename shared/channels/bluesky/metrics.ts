import * as z from 'zod';
import { type Metrics, told } from '../../domain/metrics.ts';
import type { Context, Measuring } from '../provider.ts';
import { type BlueskyCredential, callAs } from './session.ts';
import { parseAtUri } from './tid.ts';
import { bearer, readRecord, toFailure, xrpc } from './xrpc.ts';

/** Counts come from the app view, which the account's own server asks for us. */
export const blueskyMetrics: Measuring<BlueskyCredential> = {
  told: { reactions: 'likes', replies: 'replies', shares: 'reposts and quotes', saves: 'bookmarks' },
  batch: 25,

  async fetch({ credential, account, externalIds }, context) {
    const uris = externalIds.map((uri) => ['uris', uri] as const);
    const answer = await callAs(credential, account.id, context, (session) => ({
      method: 'GET',
      url: xrpc(session.pds, 'app.bsky.feed.getPosts', uris),
      headers: bearer(session.accessJwt),
    }));
    if (answer.kind !== 'answered') return answer;
    const posts = postViews.safeParse(answer.json).data?.posts;
    if (answer.status !== 200 || posts === undefined) return toFailure(answer, context.now());
    const measured = new Map<string, Metrics | 'removed'>(posts.map((post) => [post.uri, toMetrics(post)]));
    // The app view leaves out what it hides or has not indexed yet; only the repository knows what is gone.
    const missing = externalIds.filter((uri) => !measured.has(uri));
    await Promise.all(
      missing.map(async (uri) => {
        if (await isGone(uri, answer.pds, context)) measured.set(uri, 'removed');
      }),
    );
    return measured;
  },

  async followers({ credential, account }, context) {
    const answer = await callAs(credential, account.id, context, (session) => ({
      method: 'GET',
      url: xrpc(session.pds, 'app.bsky.actor.getProfile', [['actor', account.id]]),
      headers: bearer(session.accessJwt),
    }));
    if (answer.kind !== 'answered') return answer;
    if (answer.status !== 200) return toFailure(answer, context.now());
    return z.object({ followersCount: count }).safeParse(answer.json).data?.followersCount ?? null;
  },
};

const count = z.int().nonnegative().optional();
const postView = z.object({
  uri: z.string(),
  likeCount: count,
  replyCount: count,
  repostCount: count,
  quoteCount: count,
  bookmarkCount: count,
});
const postViews = z.object({ posts: z.array(postView) });

/** Metrics of one `app.bsky.feed.defs#postView`; what it does not tell stays null. */
export function toMetrics(view: z.infer<typeof postView>): Metrics {
  const shares = view.repostCount === undefined ? null : view.repostCount + (view.quoteCount ?? 0);
  return told({
    reactions: view.likeCount ?? null,
    replies: view.replyCount ?? null,
    shares,
    saves: view.bookmarkCount ?? null,
  });
}

async function isGone(uri: string, pds: string, context: Context): Promise<boolean> {
  const at = parseAtUri(uri);
  return at !== undefined && (await readRecord(pds, at, context)).kind === 'absent';
}
