import * as z from 'zod';
import { type FileLimits, fileFor } from '../domain/media.ts';
import { told } from '../domain/metrics.ts';
import { graphemes } from '../domain/text-count.ts';
import type { Instant } from '../domain/time.ts';
import { checkContent, withLink } from './check-content.ts';
import { defaultOutcome, measureFailure, ok, reasonOf } from './outcome.ts';
import type { Context, HttpAnswer, HttpRequest, Outcome, Provider, PublishRequest } from './provider.ts';

export const sandboxCredential = z.strictObject({
  account: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'must be 1 to 40 of a–z, 0–9 and -')
    .default('demo')
    .describe('Any name makes an account; `expired-…` stands for one whose login has ended'),
});
export type SandboxCredential = z.infer<typeof sandboxCredential>;

const options = z.strictObject({});
const DAY_MINUTES = 1_440;
const IMAGES: FileLimits = {
  types: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'],
  maxBytes: 5_000_000,
};
const NOT_TAKEN = 'It takes images of at most 5 MB only.';
type Image = { readonly url: string; readonly alt: string };

/** The laptop's own network, to try everything out without an account anywhere. `serviceUrl`: where it listens. */
export function sandbox(serviceUrl: string): Provider<SandboxCredential, z.infer<typeof options>> {
  const base = serviceUrl.replace(/\/+$/, '');
  const provider: Provider<SandboxCredential, z.infer<typeof options>> = {
    id: 'sandbox',
    name: 'Sandbox (try-out network)',
    limits: {
      text: 500,
      unit: 'graphemes',
      media: {
        least: 0,
        most: 4,
        alt: 1_500,
        image: IMAGES,
      },
    },
    countText: graphemes,
    credential: sandboxCredential,
    options,
    render: withLink,
    check: (variant) => checkContent(provider, variant),

    async verify(credential, context) {
      const answer = await context.http(readAccount(base, credential));
      const account = ok(answer, accountSchema);
      if (account !== undefined) {
        const { id, handle, url } = account;
        return { kind: 'verified', account: { id, handle, url }, facts: {} };
      }
      if (answer.kind === 'answered' && [401, 403, 404].includes(answer.status)) {
        return { kind: 'refused', reason: reasonOf(answer) };
      }
      return { kind: 'unreachable', reason: reasonOfFailure(answer, context) };
    },

    // It keeps its keys for good; a day is longer than any delivery is in doubt.
    safety: { kind: 'idempotent', forMinutes: DAY_MINUTES },

    async publish(request, context) {
      const images: Image[] = [];
      for (const attachment of request.variant.media ?? []) {
        const file = fileFor(attachment, IMAGES);
        if (typeof file === 'string') return { kind: 'rejected', code: file, reason: NOT_TAKEN };
        // It fetches them by itself, before it answers.
        images.push({ url: await context.media.url(file), alt: attachment.alt });
      }
      return toOutcome(await context.send(toRequest(base, request, images)), context.now());
    },

    async find({ credential, delivery, excluding }, context) {
      const answer = await context.http(get(base, `/api/posts?account=${credential.account}`, credential));
      const posts = ok(answer, z.array(postSchema.extend({ key: z.string() })));
      if (posts === undefined) return { kind: 'cannotTell', reason: reasonOfFailure(answer, context) };
      const post = posts.find(({ id, key }) => key === delivery.key && !excluding.has(id));
      return post ? { kind: 'found', externalId: post.id, url: post.url } : { kind: 'absent' };
    },

    metrics: {
      told: { views: 'views', reactions: 'likes', replies: 'replies', shares: 'shares' },
      batch: 50,
      async fetch({ credential, externalIds }, context) {
        const ids = externalIds.map(encodeURIComponent).join(',');
        const answer = await context.http(get(base, `/api/posts/metrics?ids=${ids}`, credential));
        const counts = ok(answer, metricsSchema);
        if (counts === undefined) return measureFailure(answer, context.now());
        return new Map(
          Object.entries(counts).map(
            ([id, count]) => [id, count === null ? 'removed' : told(count)] as const,
          ),
        );
      },
      async followers({ credential }, context) {
        const answer = await context.http(readAccount(base, credential));
        return ok(answer, accountSchema)?.followers ?? measureFailure(answer, context.now());
      },
    },

    async remove({ credential, externalId }, context) {
      const answer = await context.http({
        method: 'DELETE',
        url: `${base}/api/posts/${encodeURIComponent(externalId)}`,
        headers: bearer(credential),
      });
      if (answer.kind === 'answered' && answer.status === 404) return { kind: 'absent' };
      if (answer.kind === 'answered' && answer.status < 300) return { kind: 'removed' };
      return measureFailure(answer, context.now());
    },
  };
  return provider;
}

export function toRequest(
  base: string,
  { variant, credential, delivery }: PublishRequest<SandboxCredential>,
  images: readonly Image[] = [],
): HttpRequest {
  const link = variant.link === undefined ? {} : { link: variant.link };
  const media = images.length === 0 ? {} : { media: images };
  return {
    method: 'POST',
    url: `${base}/api/posts`,
    headers: {
      ...bearer(credential),
      'content-type': 'application/json',
      'idempotency-key': delivery.key,
    },
    // It takes no empty text without an image; a link alone is said by both.
    body: JSON.stringify({
      text: variant.text.trim() === '' ? withLink(variant) : variant.text,
      ...link,
      ...media,
    }),
  };
}

export function toOutcome(answer: HttpAnswer, now: Instant): Outcome {
  const post = ok(answer, postSchema);
  return post ? { kind: 'published', externalId: post.id, url: post.url } : defaultOutcome(answer, now);
}

const accountSchema = z.object({ id: z.string(), handle: z.string(), url: z.url(), followers: z.int() });
const postSchema = z.object({ id: z.string().min(1), url: z.url() });
const count = z.int().nullable().default(null);
const metricsSchema = z.record(
  z.string(),
  z.object({ views: count, reactions: count, replies: count, shares: count }).nullable(),
);

const bearer = ({ account }: SandboxCredential): Record<string, string> => ({
  authorization: `Bearer ${account}`,
});
const get = (base: string, path: string, credential: SandboxCredential): HttpRequest => ({
  method: 'GET',
  url: `${base}${path}`,
  headers: bearer(credential),
});
const readAccount = (base: string, credential: SandboxCredential): HttpRequest =>
  get(base, `/api/accounts/${credential.account}`, credential);

function reasonOfFailure(answer: HttpAnswer, context: Pick<Context, 'now'>): string {
  const failure = measureFailure(answer, context.now());
  return failure.kind === 'rateLimited' ? 'too many requests' : failure.reason;
}
