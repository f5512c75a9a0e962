import * as z from 'zod';
import type { Brand } from '../../shared/domain/brand.ts';
import { type Content, contentSchema, variantSchema } from '../../shared/domain/content.ts';
import type { Finding } from '../../shared/domain/finding.ts';
import type { Hold } from '../../shared/domain/hold.ts';
import { latePolicySchema } from '../../shared/domain/late-policy.ts';
import type { Post } from '../../shared/domain/post.ts';
import { POST_STATUSES, postStatus } from '../../shared/domain/post-status.ts';
import { type Instant, toRfc3339 } from '../../shared/domain/time.ts';
import type { Deps } from '../../shared/ports.ts';
import {
  actorSchema,
  findingSchema,
  instantSchema,
  type Language,
  maybeAt,
  presentFinding,
} from './answers.ts';
import { deliverySchema, presentDelivery } from './delivery-view.ts';
import { etag } from './revision.ts';

export const postSchema = z
  .object({
    id: z.string(),
    brandId: z.string(),
    status: z.enum(POST_STATUSES).describe('Derived from the deliveries'),
    revision: z.int().describe('Counts edits; the ETag'),
    contentHash: z.string(),
    content: contentSchema.nullable().describe('Null once it has expired, 400 days on'),
    variants: z.record(z.string(), variantSchema),
    labels: z.array(z.string()),
    campaign: z.string().optional(),
    latePolicy: latePolicySchema.optional(),
    draft: z.boolean(),
    dueAt: instantSchema.optional().describe('Of a draft that has no deliveries yet'),
    createdAt: instantSchema,
    createdBy: actorSchema,
    deliveries: z.array(deliverySchema),
    findings: z.array(findingSchema).optional().describe('With the answer to a create or an edit'),
  })
  .meta({ id: 'Post' });
export type PostAnswer = z.infer<typeof postSchema>;

/** The author's revision: what deliveries do does not change it. */
export const tagged = (post: Post) => ({ etag: etag(post.revision) });

/** What a presenter must know beside the post. */
export type Surroundings = {
  readonly brand: Brand;
  /** Holds in force in the agency: a delivery that is still scheduled shows those that would stop it. */
  readonly holds: readonly Hold[];
  readonly now: Instant;
  readonly language: Language;
};

export function presentPost(
  post: Post,
  content: Content | undefined,
  around: Surroundings,
  findings?: readonly Finding[],
): PostAnswer {
  return {
    id: post.id,
    brandId: post.brandId,
    status: postStatus(post),
    revision: post.revision,
    contentHash: post.contentHash,
    content: content?.base ?? null,
    variants: { ...content?.variants },
    labels: [...post.labels],
    ...(post.campaign === undefined ? {} : { campaign: post.campaign }),
    ...(post.latePolicy === undefined ? {} : { latePolicy: post.latePolicy }),
    draft: post.draft,
    ...(post.deliveries.length === 0 ? maybeAt('dueAt', post.dueAt) : {}),
    createdAt: toRfc3339(post.createdAt),
    createdBy: post.createdBy,
    deliveries: post.deliveries.map((delivery) => presentDelivery(post, delivery, around)),
    ...(findings ? { findings: findings.map((found) => presentFinding(found, around.language)) } : {}),
  };
}

/** The post as it stands, with its content read from the store. */
export async function showPost(
  deps: Pick<Deps, 'posts'>,
  post: Post,
  around: Surroundings,
): Promise<PostAnswer> {
  const content = await deps.posts.content(post.agencyId, post.id, post.revision, post.contentHash);
  return presentPost(post, content, around);
}
