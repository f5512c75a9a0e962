import * as z from 'zod';
import { MINUTE, SECOND } from '../../domain/time.ts';
import type { Context, FindRequest, Found } from '../provider.ts';
import { blogPath, call, ok, type TumblrCredential, wordsOf } from './api.ts';
import { paragraphs } from './blocks.ts';
import { optionsOf, slugFor } from './post.ts';

/** Looks for the delivery's post among the newest of the blog. */
export async function findPost(
  api: string,
  request: FindRequest<TumblrCredential>,
  context: Context,
): Promise<Found> {
  const { credential, channel } = request;
  const query = { npf: 'true', limit: String(PAGE) };
  const answer = await context.http(
    call(api, credential, 'GET', blogPath(channel.account.id, '/posts'), { query }),
  );
  const page = ok(answer, z.object({ posts: z.array(postEntity) }));
  if (page === undefined) {
    return { kind: 'cannotTell', reason: answer.kind === 'answered' ? wordsOf(answer) : answer.reason };
  }
  return findAmong(page.posts, request);
}

/** Tumblr gives at most 20 at once. */
const PAGE = 20;
/** How far Tumblr's clock may be behind ours. */
const CLOCK_TOLERANCE_MS = MINUTE;

const postEntity = z.object({
  id_string: z.string(),
  post_url: z.url(),
  timestamp: z.number(),
  slug: z.string().catch(''),
  content: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })).catch([]),
});

/** The delivery among a blog's newest posts: by its slug, or by its text where Tumblr made another one. */
function findAmong(
  posts: readonly z.infer<typeof postEntity>[],
  {
    variant,
    delivery,
    since,
    excluding,
  }: Pick<FindRequest<TumblrCredential>, 'variant' | 'delivery' | 'since' | 'excluding'>,
): Found {
  const recent = posts.filter(({ timestamp }) => timestamp * SECOND >= since - CLOCK_TOLERANCE_MS);
  const free = recent.filter(({ id_string }) => !excluding.has(id_string));
  const title = optionsOf(variant)?.title;
  const slug = slugFor(title ?? variant.text, delivery.key);
  const text = [...(title === undefined ? [] : [title]), ...paragraphs(variant.text)].map(plain).join(' ');
  const unmarked = free.filter((post) => !OUR_MARK.test(post.slug));
  const match =
    free.find((post) => post.slug === slug) ??
    unmarked.findLast(({ content }) => text !== '' && textOf(content) === text);
  if (match !== undefined) return { kind: 'found', externalId: match.id_string, url: match.post_url };
  if (text === '' && unmarked.length > 0) {
    return { kind: 'cannotTell', reason: 'there are new posts, and no text to tell them by' };
  }
  if (recent.length === PAGE) return { kind: 'cannotTell', reason: `${PAGE} newer posts stand before it` };
  return { kind: 'absent' };
}

/** What every slug of ours ends in: such a post, under another slug than this delivery's, is another delivery's. */
const OUR_MARK = /-[0-9a-f]{10}$/;

const textOf = (content: z.infer<typeof postEntity>['content']): string =>
  content
    .flatMap(({ type, text = '' }) => (type === 'text' ? [plain(text)] : []))
    .filter((text) => text !== '')
    .join(' ');

const plain = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim();
