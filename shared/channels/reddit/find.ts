import * as z from 'zod';
import { MINUTE, SECOND } from '../../domain/time.ts';
import { ok, reasonOf } from '../outcome.ts';
import type { Context, Found, HttpAnswer, PublishRequest } from '../provider.ts';
import { call, type LinkEntity, linkListing, type RedditCredential, type RedditHosts } from './api.ts';
import { optionsOf } from './submission.ts';

type Request = Pick<PublishRequest<RedditCredential>, 'variant' | 'credential' | 'channel'>;
type NotFound = Exclude<Found, { kind: 'found' }>;

const PAGE = 25;
/** How far Reddit's clock may be behind ours. */
const CLOCK_TOLERANCE_MS = MINUTE;

/** The account's newest posts with this delivery's title in its subreddit, newest first. */
export async function alikePosts(
  hosts: RedditHosts,
  { variant, credential, channel }: Request,
  since: number,
  context: Context,
): Promise<{ kind: 'listed'; posts: readonly LinkEntity[]; whole: boolean } | NotFound> {
  const path = `/user/${encodeURIComponent(channel.account.handle)}/submitted`;
  const query = `?sort=new&limit=${PAGE}&raw_json=1`;
  const answer = await context.http(call(hosts, credential, 'GET', path + query));
  const posts = ok(answer, linkListing);
  if (posts === undefined) return untold(answer);
  const recent = posts.filter(({ created_utc }) => created_utc * SECOND >= since - CLOCK_TOLERANCE_MS);
  const options = optionsOf(variant);
  const alike = recent.filter(
    ({ title, subreddit }) =>
      plain(title) === plain(options?.title ?? '') &&
      subreddit.toLowerCase() === (options?.subreddit ?? '').toLowerCase(),
  );
  return { kind: 'listed', posts: alike, whole: recent.length < PAGE };
}

/** Is the first comment under this post? */
export async function hasComment(
  hosts: RedditHosts,
  { variant, credential, channel }: Request,
  postId: string,
  context: Context,
): Promise<boolean | NotFound> {
  const path = `/user/${encodeURIComponent(channel.account.handle)}/comments`;
  const query = `?sort=new&limit=${PAGE}&raw_json=1`;
  const answer = await context.http(call(hosts, credential, 'GET', path + query));
  const listing = ok(answer, commentListing);
  if (listing === undefined) return untold(answer);
  return listing.data.children.some(
    ({ data }) => data.link_id === postId && plain(data.body) === plain(variant.firstComment ?? ''),
  );
}

const commentListing = z.object({
  data: z.object({
    children: z.array(
      z.object({ data: z.object({ link_id: z.string().catch(''), body: z.string().catch('') }) }),
    ),
  }),
});

const untold = (answer: HttpAnswer): NotFound => ({
  kind: 'cannotTell',
  reason: answer.kind === 'answered' ? reasonOf(answer) : answer.reason,
});

const plain = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim();
