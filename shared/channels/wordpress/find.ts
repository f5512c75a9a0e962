import * as z from 'zod';
import { ok } from '../outcome.ts';
import type { Context, FindRequest, Found } from '../provider.ts';
import { call, failureReason, usesQueryRoutes, type WordpressCredential } from './api.ts';
import { slugFor } from './post.ts';
import { addressOf, type Post, postSchema, standsAs } from './steps.ts';

/**
 * Looks for a delivery's post by its slug: first by that alone, which every site understands, and only where that
 * finds nothing by the other forms that it may have taken, in a list.
 */
export async function findOnSite(
  request: FindRequest<WordpressCredential>,
  context: Context,
): Promise<Found> {
  const { credential, channel, variant, delivery } = request;
  const slug = slugFor(variant, delivery.key);
  for (const slugs of [[slug], siblings(slug)]) {
    const query = {
      slug: slugs.join(','),
      status: 'publish,future,draft,pending,private,trash',
      context: 'edit',
      orderby: 'id',
      order: 'asc',
    };
    const answer = await context.http(
      call(credential, usesQueryRoutes(channel.facts), 'GET', '/posts', { query }),
    );
    const posts = ok(answer, z.array(postSchema));
    if (posts === undefined) return { kind: 'cannotTell', reason: failureReason(answer, context.now()) };
    const own = posts.filter((post) => post.slug === undefined || slugs.includes(post.slug));
    if (own.length < posts.length && own.length === 0) {
      return { kind: 'cannotTell', reason: 'the site shows other posts than those that were asked for' };
    }
    const found = toFound(
      own.filter(({ id }) => !request.excluding.has(String(id))),
      credential,
    );
    if (found.kind !== 'absent') return found;
  }
  return { kind: 'absent' };
}

/**
 * WordPress never refuses a slug that is taken, it makes `slug-2` of it. Ours is taken only by this delivery
 * itself: when a first request was carried out after we had looked and sent again, or when the first post went to
 * the trash, where its slug gets a suffix. The oldest of them is the one that people may have seen.
 */
const siblings = (slug: string): string[] => [slug, `${slug}__trashed`, `${slug}-2`, `${slug}-2__trashed`];

function toFound(posts: readonly Post[], credential: WordpressCredential): Found {
  // In the trash: it was out, and somebody took it off since. Sending it again would undo that.
  const post = posts.find(({ status }) => status === 'publish' || status === 'trash');
  if (post) return { kind: 'found', externalId: String(post.id), url: addressOf(post, credential) };
  const [hidden] = posts;
  return hidden ? { kind: 'cannotTell', reason: standsAs(hidden) } : { kind: 'absent' };
}
