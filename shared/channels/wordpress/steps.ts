import * as z from 'zod';
import type { Instant } from '../../domain/time.ts';
import { defaultOutcome, ok, reasonOf } from '../outcome.ts';
import type { Context, HttpAnswer, HttpRequest, Outcome, PublishRequest } from '../provider.ts';
import { call, errorCode, isRoleLost, siteOf, usesQueryRoutes, type WordpressCredential } from './api.ts';
import { imagesOnSite } from './media.ts';
import { type OnSite, toPost } from './post.ts';
import { termsOnSite } from './terms.ts';

type Request = PublishRequest<WordpressCredential>;

/**
 * One step: images that the site has not got yet, or the post. How far it got is to be seen on the site itself, so
 * nothing needs to be kept between steps.
 */
export async function nextStep(request: Request, context: Context): Promise<Outcome> {
  const there = await imagesOnSite(request, context);
  if (there.kind === 'goOn') return { kind: 'pending', handle: 'images', checkAt: there.checkAt };
  if (there.kind !== 'there') return there;
  const terms = await termsOnSite(request, context);
  if ('kind' in terms) return terms;
  const answer = await context.send(toRequest(request, { ...terms, images: there.images }));
  return toOutcome(answer, request.credential, context.now());
}

export function toRequest(
  { variant, credential, channel, delivery }: Request,
  onSite: OnSite = {},
): HttpRequest {
  const body = toPost(variant, delivery.key, onSite);
  return call(credential, usesQueryRoutes(channel.facts), 'POST', '/posts', { body });
}

export function toOutcome(
  answer: HttpAnswer,
  site: Pick<WordpressCredential, 'siteUrl'>,
  now: Instant,
): Outcome {
  const post = ok(answer, postSchema);
  if (post?.status === 'publish') {
    return { kind: 'published', externalId: String(post.id), url: addressOf(post, site) };
  }
  if (post) return { kind: 'rejected', code: 'not_public', reason: standsAs(post) };
  const code = errorCode(answer);
  if (code !== undefined && answer.kind === 'answered' && answer.status < 500) {
    if (isRoleLost(answer)) return { kind: 'unauthorized', reason: reasonOf(answer) };
    const outcome = defaultOutcome(answer, now);
    return outcome.kind === 'rejected' ? { ...outcome, code } : outcome;
  }
  return defaultOutcome(answer, now);
}

export const postSchema = z.object({
  id: z.int(),
  slug: z.string().optional(),
  link: z.url().optional().catch(undefined),
  status: z.string().default('publish'),
});
export type Post = z.infer<typeof postSchema>;

/** Where a site does not tell: by its id every WordPress leads to a post. */
export const addressOf = ({ id, link }: Post, site: Pick<WordpressCredential, 'siteUrl'>): string =>
  link ?? `${siteOf(site)}/?p=${id}`;

export const standsAs = ({ id, status }: Post): string =>
  `The site keeps post ${id} as “${status}”, so it is not public.`.slice(0, 200);
