import * as z from 'zod';
import { type Brand, WEEKDAYS } from '../../shared/domain/brand.ts';
import type { Attempt } from '../../shared/domain/delivery.ts';
import { deliveryFacts, FORMS } from '../../shared/domain/delivery-facts.ts';
import { deliveryId } from '../../shared/domain/ids.ts';
import { AGES, interactions, METRICS, type Snapshot } from '../../shared/domain/metrics.ts';
import type { Post } from '../../shared/domain/post.ts';
import { toRfc3339 } from '../../shared/domain/time.ts';
import { measurePost } from '../../shared/usecases/measure-post.ts';
import { snapshotsOf } from '../../shared/usecases/snapshots-of.ts';
import { instantSchema } from './answers.ts';
import { visiblePost } from './lookup.ts';
import { type Route, route } from './route.ts';

/** Every metric; null where the network does not tell it. */
export const metricsSchema = z
  .object(Object.fromEntries(METRICS.map((name) => [name, z.number().nullable()])))
  .meta({ id: 'Metrics', description: 'Null: the network does not tell; never 0 for unknown' });

const attemptSchema = z
  .object({
    deliveryId: z.string(),
    attempt: z.int().describe('Which try of its delivery this was'),
    at: instantSchema,
    outcome: z.string(),
    code: z.string().optional(),
    reason: z.string().optional(),
  })
  .meta({ id: 'Attempt' });

const IN_ITS_ZONE =
  'When it was published: in the time zone that its local time was given in; of an instant in the brand’s of today';

const aboutSchema = z
  .object({
    form: z.enum(FORMS).describe('What it mostly is'),
    length: z.int().describe('Of its text, as the network counts'),
    weekday: z.enum(WEEKDAYS).describe(IN_ITS_ZONE),
    hour: z.int().min(0).max(23).describe(IN_ITS_ZONE),
    labels: z.array(z.string()),
    campaign: z.string().optional(),
    author: z.string().describe('Who queued it'),
  })
  .meta({ id: 'About' });

const snapshotSchema = z
  .object({
    deliveryId: z.string(),
    channelId: z.string(),
    network: z.string(),
    age: z.enum(['now', ...AGES.map(({ age }) => age)]).describe('`now`: measured when a person asked'),
    at: instantSchema,
    removed: z.boolean().describe('It was gone from the network'),
    metrics: metricsSchema.nullable(),
    interactions: z.number().nullable().describe('reactions + replies + shares + saves, as far as told'),
    about: aboutSchema.optional().describe('What was published, to compare by'),
  })
  .meta({ id: 'Snapshot' });

const snapshots = z.object({ items: z.array(snapshotSchema) });
const tag = 'Posts';

/** What happened to a post: tries, and what came back. */
export const postHistoryRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/v1/posts/{postId}/attempts',
    operationId: 'listAttempts',
    summary: 'Attempts of a post’s deliveries',
    description: 'Kept only where a first try did not succeed.',
    tag,
    scope: 'reader',
    answers: { 200: z.object({ items: z.array(attemptSchema) }) },
    handle: async (request, deps) => {
      const { post } = await visiblePost(request, deps, request.params.postId);
      const attempts = await deps.posts.attempts(request.caller.agency.id, post.id);
      const items = attempts
        .toSorted((a, b) => a.at - b.at || a.n - b.n)
        .map((one) => presentAttempt(post, one));
      return { status: 200, body: { items } };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/posts/{postId}/metrics',
    operationId: 'getPostMetrics',
    summary: 'Metrics of a post, by age',
    tag,
    scope: 'reader',
    answers: { 200: snapshots },
    handle: async (request, deps) => {
      const { post, brand } = await visiblePost(request, deps, request.params.postId);
      const [kept = []] = await snapshotsOf(deps, brand, [post]);
      return { status: 200, body: { items: presentSnapshots(post, brand, kept) } };
    },
  }),
  route({
    method: 'POST',
    path: '/v1/posts/{postId}/metrics',
    operationId: 'measurePost',
    summary: 'Measure now',
    description: 'Asks the networks at once and answers what they told; it is kept with the rest.',
    tag,
    scope: 'editor',
    answers: { 200: snapshots },
    handle: async (request, deps) => {
      const { post, brand } = await visiblePost(request, deps, request.params.postId);
      const measured = await measurePost(deps, { agency: request.caller.agency, brand, post });
      return { status: 200, body: { items: presentSnapshots(post, brand, measured) } };
    },
  }),
];

function presentAttempt(post: Post, { n, attempt, at, outcome, code, reason }: Attempt) {
  return {
    deliveryId: deliveryId(post.id, n),
    attempt,
    at: toRfc3339(at),
    outcome,
    ...(code === undefined ? {} : { code }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function presentSnapshots(post: Post, { timeZone }: Brand, kept: readonly Snapshot[]) {
  return kept
    .toSorted((a, b) => a.n - b.n || a.at - b.at)
    .flatMap(({ n, age, at, metrics }) => {
      const delivery = post.deliveries.find((one) => one.n === n);
      if (delivery === undefined) return [];
      const removed = metrics === 'removed';
      const about = deliveryFacts(post, delivery, timeZone);
      return [
        {
          deliveryId: deliveryId(post.id, n),
          channelId: delivery.channelId,
          network: delivery.network,
          age,
          at: toRfc3339(at),
          removed,
          metrics: removed ? null : metrics,
          interactions: removed ? null : interactions(metrics),
          ...(about === undefined ? {} : { about: { ...about, labels: [...about.labels] } }),
        },
      ];
    });
}
