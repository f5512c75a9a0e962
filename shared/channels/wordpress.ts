import * as z from 'zod';
import { finding } from '../domain/finding.ts';
import { codePoints } from '../domain/text-count.ts';
import type { Instant } from '../domain/time.ts';
import { checkContent, withLink } from './check-content.ts';
import { defaultOutcome, measureFailure, reasonOf } from './outcome.ts';
import type { Found, HttpAnswer, HttpRequest, Outcome, Provider, PublishRequest } from './provider.ts';
import {
  call,
  errorCode,
  failureReason,
  ok,
  usesQueryRoutes,
  type WordpressCredential,
  wordpressCredential,
} from './wordpress-api.ts';
import { readComments, readStatuses } from './wordpress-metrics.ts';
import {
  optionsOf,
  slugFor,
  titleFor,
  toPost,
  type WordpressOptions,
  wordpressOptions,
} from './wordpress-post.ts';
import { verifySite } from './wordpress-verify.ts';

/** A WordPress site of one's own, by its REST API and an application password. */
export const wordpress: Provider<WordpressCredential, WordpressOptions> = {
  id: 'wordpress',
  name: 'WordPress',
  limits: { text: null, unit: 'characters' },
  countText: codePoints,
  credential: wordpressCredential,
  options: wordpressOptions,
  render: withLink,
  check: (variant) => [
    ...checkContent(wordpress, variant),
    ...(optionsOf(variant).title === undefined
      ? [
          finding('warning', 'title_from_text', '/options/title', {
            network: wordpress.name,
            title: titleFor(variant),
          }),
        ]
      : []),
  ],
  verify: verifySite,

  // A request that the site has read is carried out though nobody listens any more: PHP notices a closed connection
  // only when it writes (ignore_user_abort), and WordPress writes its answer after the post stands. That takes parts
  // of a second as a rule, and 30 s of its own work are all that PHP grants a request (max_execution_time): what is
  // absent then was not carried out. A site that had us wait for an answer is given five times that wait (settle).
  // https://www.php.net/manual/en/features.connection-handling.php
  safety: { kind: 'findable', findAfterSeconds: 30, marked: true },

  async publish(request, context) {
    return toOutcome(await context.send(toRequest(request)), context.now());
  },

  async find(request, context) {
    const { credential, channel, variant, delivery } = request;
    const slug = slugFor(variant, delivery.key);
    const answer = await context.http(
      call(credential, usesQueryRoutes(channel.facts), 'GET', '/posts', {
        query: {
          slug: siblings(slug).join(','),
          status: 'publish,future,draft,pending,private,trash',
          context: 'edit',
          orderby: 'id',
          order: 'asc',
        },
      }),
    );
    const posts = ok(answer, z.array(postSchema));
    if (posts === undefined) return { kind: 'cannotTell', reason: failureReason(answer, context.now()) };
    return toFound(posts.filter(({ id }) => !request.excluding.has(String(id))));
  },

  metrics: {
    told: { replies: 'approved comments' },
    batch: 20,
    async fetch({ credential, facts, externalIds }, context) {
      const ids = externalIds.filter((id) => /^\d+$/.test(id));
      if (ids.length === 0) return new Map();
      const get = (route: string, query: Readonly<Record<string, string>>): Promise<HttpAnswer> =>
        context.http(call(credential, usesQueryRoutes(facts), 'GET', route, { query }));
      const statuses = await readStatuses(ids, get, context.now());
      if (!(statuses instanceof Map)) return statuses;
      return readComments(ids, statuses, get, context.now());
    },
    followers: async () => null,
  },

  async remove({ credential, facts, externalId }, context) {
    const route = `/posts/${encodeURIComponent(externalId)}`;
    const answer = await context.http(call(credential, usesQueryRoutes(facts), 'DELETE', route));
    if (ok(answer, z.object({ id: z.int() }))) return { kind: 'removed' };
    const code = errorCode(answer);
    if (code === 'rest_post_invalid_id' || code === 'rest_already_trashed') return { kind: 'absent' };
    // 501 where a site keeps no trash: deleting for good is nothing to do on the side.
    if (answer.kind === 'answered' && (answer.status === 403 || answer.status === 501)) {
      return { kind: 'rejected', code: code ?? `http_${answer.status}`, reason: reasonOf(answer) };
    }
    return measureFailure(answer, context.now());
  },
};

export function toRequest({
  variant,
  credential,
  channel,
  delivery,
}: PublishRequest<WordpressCredential>): HttpRequest {
  const body = toPost(variant, delivery.key);
  return call(credential, usesQueryRoutes(channel.facts), 'POST', '/posts', { body });
}

export function toOutcome(answer: HttpAnswer, now: Instant): Outcome {
  const post = ok(answer, postSchema);
  if (post?.status === 'publish') return { kind: 'published', externalId: String(post.id), url: post.link };
  if (post) return { kind: 'rejected', code: 'not_public', reason: standsAs(post) };
  const code = errorCode(answer);
  if (code !== undefined && answer.kind === 'answered' && answer.status < 500) {
    if (ROLE_LOST.has(code)) return { kind: 'unauthorized', reason: reasonOf(answer) };
    const outcome = defaultOutcome(answer, now);
    return outcome.kind === 'rejected' ? { ...outcome, code } : outcome;
  }
  return defaultOutcome(answer, now);
}

/** The user is known and may not, or may no more: also with 403, and nothing that another text would change. */
const ROLE_LOST = new Set([
  'rest_cannot_create',
  'rest_cannot_publish',
  'rest_forbidden',
  'incorrect_password',
  'invalid_username',
  'application_passwords_disabled',
  'application_passwords_disabled_for_user',
]);

const postSchema = z.object({ id: z.int(), link: z.url(), status: z.string().default('publish') });
type Post = z.infer<typeof postSchema>;

/**
 * WordPress never refuses a slug that is taken, it makes `slug-2` of it. Ours is taken only by this delivery
 * itself: when a first request was carried out after we had looked and sent again, or when the first post went to
 * the trash, where its slug gets a suffix. The oldest of them is the one that people may have seen.
 */
const siblings = (slug: string): string[] => [slug, `${slug}__trashed`, `${slug}-2`, `${slug}-2__trashed`];

function toFound(posts: readonly Post[]): Found {
  // In the trash: it was out, and somebody took it off since. Sending it again would undo that.
  const post = posts.find(({ status }) => status === 'publish' || status === 'trash');
  if (post) return { kind: 'found', externalId: String(post.id), url: post.link };
  const [hidden] = posts;
  return hidden ? { kind: 'cannotTell', reason: standsAs(hidden) } : { kind: 'absent' };
}

const standsAs = ({ id, status }: Post): string =>
  `The site keeps post ${id} as “${status}”, so it is not public.`.slice(0, 200);
