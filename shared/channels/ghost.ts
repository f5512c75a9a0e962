import * as z from 'zod';
import { finding } from '../domain/finding.ts';
import { codePoints } from '../domain/text-count.ts';
import type { Instant } from '../domain/time.ts';
import { checkContent, withLink } from './check-content.ts';
import {
  type GhostCredential,
  ghostCall,
  ghostCredential,
  ghostFailure,
  ghostReadFailure,
  isGhostNotFound,
} from './ghost/api.ts';
import { editOnGhost } from './ghost/edit.ts';
import { GHOST_IMAGE, uploadGhostImages } from './ghost/images.ts';
import { ghostMetrics } from './ghost/metrics.ts';
import {
  type GhostImage,
  type GhostOptions,
  ghostOptions,
  ghostOptionsOf,
  ghostSlug,
  ghostTitle,
  toGhostPost,
} from './ghost/post.ts';
import { verifyGhost } from './ghost/verify.ts';
import { handles } from './handle.ts';
import { ok } from './outcome.ts';
import type {
  Context,
  Found,
  HttpAnswer,
  HttpRequest,
  Outcome,
  Provider,
  PublishRequest,
} from './provider.ts';

/** A Ghost site of one's own, by its Admin API: https://docs.ghost.org/admin-api/ */
export const ghost: Provider<GhostCredential, GhostOptions> = {
  id: 'ghost',
  name: 'Ghost',
  limits: {
    text: null,
    unit: 'characters',
    // 191: what `feature_image_alt` holds.
    media: { least: 0, most: 20, alt: 191, image: GHOST_IMAGE },
  },
  countText: codePoints,
  credential: ghostCredential,
  options: ghostOptions,
  render: withLink,
  check: (variant) => [
    ...checkContent(ghost, variant),
    ...(ghostOptionsOf(variant).title === undefined
      ? [
          finding('warning', 'title_from_text', '/options/title', {
            network: ghost.name,
            title: ghostTitle(variant),
          }),
        ]
      : []),
  ],
  verify: verifyGhost,

  // Ghost carries a request out though nobody listens any more, in parts of a second; a busy site is granted 30 s.
  safety: { kind: 'findable', findAfterSeconds: 30, marked: true },

  publish: nextStep,
  poll: nextStep,

  async find({ credential, variant, delivery, excluding }, context) {
    const slug = ghostSlug(variant, delivery.key);
    // Ghost makes `slug-2` of a slug that is taken, and ours is taken by nobody but this delivery.
    const query = {
      filter: `slug:[${slug},${slug}-2]`,
      fields: 'id,slug,url,status',
      order: 'created_at asc',
    };
    const answer = await context.http(ghostCall(credential, context.now(), 'GET', '/posts/', { query }));
    const posts = ok(answer, postsSchema)?.posts;
    if (posts !== undefined) return toFound(posts.filter(({ id }) => !excluding.has(id)));
    const failure = ghostReadFailure(answer, context.now());
    return {
      kind: 'cannotTell',
      reason: failure.kind === 'rateLimited' ? 'too many requests' : failure.reason,
    };
  },

  metrics: ghostMetrics,
  edit: editOnGhost,

  async remove({ credential, externalId }, context) {
    const route = `/posts/${encodeURIComponent(externalId)}/`;
    const answer = await context.http(ghostCall(credential, context.now(), 'DELETE', route));
    if (answer.kind === 'answered' && answer.status === 204) return { kind: 'removed' };
    if (isGhostNotFound(answer)) return { kind: 'absent' };
    const failure = ghostFailure(answer, context.now());
    return failure.kind === 'rejected' ? failure : ghostReadFailure(answer, context.now());
  },
};

/** Addresses of the images that are on the site already. */
const { handleOf, pending } = handles(z.strictObject({ images: z.array(z.string()).optional() }));

/** One step: images that the site has not got yet, or the post. */
async function nextStep(request: PublishRequest<GhostCredential>, context: Context): Promise<Outcome> {
  const { images = [] } = handleOf(request.delivery);
  const brought = await uploadGhostImages(request, images, context);
  if ('kind' in brought) return brought;
  const { uploads, goOn } = brought;
  if (goOn) return pending({ images: [...uploads] }, context.now());
  const shown = uploads.map((url, n) => ({ url, alt: request.variant.media?.[n]?.alt ?? '' }));
  return toOutcome(await context.send(toRequest(request, shown, context.now())), context.now());
}

/** The request that makes the post public. */
export function toRequest(
  { variant, credential, delivery }: PublishRequest<GhostCredential>,
  images: readonly GhostImage[],
  now: Instant,
): HttpRequest {
  const body = { posts: [toGhostPost(variant, delivery.key, images)] };
  return ghostCall(credential, now, 'POST', '/posts/', { query: { source: 'html' }, body });
}

export function toOutcome(answer: HttpAnswer, now: Instant): Outcome {
  const post = ok(answer, postsSchema)?.posts[0];
  if (post === undefined) return ghostFailure(answer, now);
  if (post.status === 'published') return { kind: 'published', externalId: post.id, url: post.url };
  return { kind: 'rejected', code: 'not_public', reason: standsAs(post) };
}

const postSchema = z.object({ id: z.string().min(1), url: z.url(), status: z.string() });
const postsSchema = z.object({ posts: z.array(postSchema) });
type Post = z.infer<typeof postSchema>;

function toFound(posts: readonly Post[]): Found {
  const post = posts.find(({ status }) => status === 'published');
  if (post) return { kind: 'found', externalId: post.id, url: post.url };
  const [hidden] = posts;
  return hidden ? { kind: 'cannotTell', reason: standsAs(hidden) } : { kind: 'absent' };
}

const standsAs = ({ id, status }: Post): string =>
  `The site keeps post ${id} as “${status}”, so it is not public.`.slice(0, 200);
