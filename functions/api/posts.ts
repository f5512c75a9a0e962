import * as z from 'zod';
import { AppError } from '../../shared/domain/app-error.ts';
import { idSchema } from '../../shared/domain/ids.ts';
import { postInput } from '../../shared/domain/post.ts';
import { POST_STATUSES } from '../../shared/domain/post-status.ts';
import { createPost } from '../../shared/usecases/create-post.ts';
import { readListed } from '../../shared/usecases/plan-post.ts';
import { validatePost } from '../../shared/usecases/validate-post.ts';
import { findingSchema, presentFinding } from './answers.ts';
import { brandsQuery, calendarQuery } from './calendar-page.ts';
import { idempotency, idempotencyHeader, replayHeader } from './idempotency.ts';
import { visibleBrand, visibleBrands, visiblePost } from './lookup.ts';
import { howManyFit, pageSchema } from './page.ts';
import { postChangeRoutes } from './post-changes.ts';
import { listPosts } from './post-list.ts';
import { postSchema, presentPost, showPost, tagged } from './post-view.ts';
import { type Route, route } from './route.ts';
import { surroundings } from './surroundings.ts';

const tag = 'Posts';
const filterQuery = {
  status: z.array(z.enum(POST_STATUSES)).optional().describe('One or more, separated by commas'),
  channel: z.array(idSchema('chn')).max(100).optional().describe('One or more, separated by commas'),
  label: z.string().max(50).optional().describe('Posts that bear it'),
  campaign: z.string().max(100).optional().describe('Posts of it'),
};

export const postRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/v1/brands/{brandId}/posts',
    operationId: 'createPost',
    summary: 'Queue a post',
    description:
      'Send an `Idempotency-Key`, and a repeated request makes no second post: it answers 201 with the post as it ' +
      'is now and `Idempotent-Replayed: true`. The same key with another body is a 422.',
    tag,
    scope: 'editor',
    body: postInput.meta({
      id: 'PostInput',
      examples: [
        {
          content: { text: 'Fresh bread from seven o’clock.', link: 'https://bakery.example/' },
          variants: { mastodon: { text: 'Fresh bread from seven o’clock. #bread' } },
          channels: ['chn_0123456789abcdefghjk'],
          dueAt: { local: '2027-01-11T07:00' },
          labels: ['bread'],
        },
      ],
    }),
    headers: idempotencyHeader,
    answers: { 201: postSchema },
    handle: async (request, deps) => {
      const { caller, body, language } = request;
      // One wait, and with the engine's batches two calls, for all that is read before anything is written.
      const [brand, listed, holds] = await Promise.all([
        visibleBrand(request, deps, request.params.brandId ?? ''),
        readListed(deps, caller.agency.id, body),
        // Only to be shown: the gate looks for itself.
        deps.holds.active(caller.agency.id, { lately: true }),
      ]);
      const { replayed, post, content, findings } = await createPost(deps, {
        agency: caller.agency,
        actor: caller.actor,
        brand,
        input: body,
        listed,
        body,
        ...idempotency(request),
      });
      const around = { brand, holds, now: deps.clock.now(), language };
      return {
        status: 201,
        headers: { location: `/v1/posts/${post.id}`, ...tagged(post), ...replayHeader(replayed) },
        body: presentPost(post, content, around, findings),
      };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/brands/{brandId}/posts',
    operationId: 'listBrandPosts',
    summary: 'Posts of one client by due time',
    description: 'A post that is due at several instants stands at the first of them that is in the range.',
    tag,
    scope: 'reader',
    query: z.strictObject({ ...calendarQuery, ...filterQuery }),
    answers: { 200: pageSchema(postSchema) },
    handle: async (request, deps) => {
      const brand = await visibleBrand(request, deps, request.params.brandId ?? '');
      return { status: 200, body: await listPosts(deps, request, [brand]) };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/posts',
    operationId: 'listPosts',
    summary: 'Posts of several clients by due time',
    tag,
    scope: 'reader',
    query: z.strictObject({ brand: brandsQuery, ...calendarQuery, ...filterQuery }),
    answers: { 200: pageSchema(postSchema) },
    handle: async (request, deps) => {
      const brands = await visibleBrands(request, deps, request.query.brand);
      return { status: 200, body: await listPosts(deps, request, brands) };
    },
  }),
  route({
    method: 'POST',
    path: '/v1/posts/validate',
    operationId: 'validatePost',
    summary: 'Try a post without queueing it',
    description:
      'The findings that queueing would give, and the text as each channel will show it, with its count.',
    tag,
    scope: 'reader',
    body: postInput.extend({ brandId: idSchema('brd') }).meta({ id: 'PostToValidate' }),
    looksUp: true,
    answers: { 200: validationSchema() },
    handle: async (request, deps) => {
      const { brandId, ...input } = request.body;
      const agencyId = request.caller.agency.id;
      const [brand, listed] = await Promise.all([
        visibleBrand(request, deps, brandId),
        readListed(deps, agencyId, input),
      ]);
      const { findings, channels } = await validatePost(deps, { agencyId, brand, input, listed });
      if (howManyFit(channels) < channels.length) {
        throw new AppError(
          'too_large',
          'The texts of all channels do not fit into one answer: ask for fewer.',
        );
      }
      const valid = findings.every(({ severity }) => severity !== 'error');
      const shown = findings.map((found) => presentFinding(found, request.language));
      return { status: 200, body: { valid, findings: shown, channels } };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/posts/{postId}',
    operationId: 'getPost',
    summary: 'One post',
    tag,
    scope: 'reader',
    answers: { 200: postSchema },
    handle: async (request, deps) => {
      const { post, brand } = await visiblePost(request, deps, request.params.postId);
      const around = await surroundings(deps, { ...request, brand });
      return { status: 200, headers: tagged(post), body: await showPost(deps, post, around) };
    },
  }),
  ...postChangeRoutes,
];

function validationSchema() {
  return z
    .object({
      valid: z.boolean().describe('No finding is an error: it could be queued'),
      findings: z.array(findingSchema),
      channels: z.array(
        z.object({
          channelId: z.string(),
          network: z.string(),
          text: z.string().describe('As this channel will show it'),
          count: z.int(),
          limit: z.int().nullable().describe('Null: no limit'),
          unit: z.string().describe('What is counted'),
          price: z
            .object({ usd: z.number(), source: z.string() })
            .optional()
            .describe('What the network will charge for it; absent where it charges nothing'),
        }),
      ),
    })
    .meta({ id: 'Validation' });
}
