import { createHmac } from 'node:crypto';
import * as z from 'zod';
import { sha256 } from '../domain/ids.ts';
import { codePoints } from '../domain/text-count.ts';
import { type Instant, SECOND, toRfc3339 } from '../domain/time.ts';
import { checkContent, withLink } from './check-content.ts';
import { defaultOutcome, reasonOf } from './outcome.ts';
import type { HttpAnswer, HttpRequest, Outcome, Provider, PublishRequest } from './provider.ts';

export const webhookCredential = z.strictObject({
  /** Where posts are delivered. Its path may be a secret, so only its host is ever shown. */
  url: z.url({ protocol: /^https?$/ }).max(2_048),
  /** `whsec_` and 8 to 64 bytes in base64 (24 and more are advised), or at least 8 printable ASCII characters, which are the key as they are. */
  secret: z
    .string()
    .max(200)
    .refine(isSecret, 'must be whsec_<base64 of 8 to 64 bytes> or at least 8 printable characters'),
});
export type WebhookCredential = z.infer<typeof webhookCredential>;

/** Whatever the receiver understands. */
const options = z.record(
  z.string().min(1).max(100),
  z.union([z.string().max(10_000), z.number(), z.boolean()]),
);
const DAY_MINUTES = 1_440;

/**
 * A post as a signed request to an address of the client's own, by Standard Webhooks
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
 *
 * The receiver's part of the contract: answer 2xx when the post is taken, with `{externalId?, url?}` if there is
 * something to tell; take a `webhook-id` (the same value is in `idempotency-key`) only once within 24 hours and
 * answer a repetition like the first. Connecting sends one signed HEAD; 401, 403 or 410 to it refuse the channel.
 */
export const webhook: Provider<WebhookCredential, z.infer<typeof options>> = {
  id: 'webhook',
  name: 'Webhook',
  limits: { text: null, unit: 'characters' },
  countText: codePoints,
  credential: webhookCredential,
  options,
  render: withLink,
  check: (variant) => checkContent(webhook, variant),

  // A HEAD, because many receivers start a workflow at any POST. It is signed, so that one that cares may refuse.
  async verify(credential, context) {
    const now = context.now();
    const answer = await context.http(
      signed(credential, { method: 'HEAD', id: `verify.${now}`, body: '' }, now),
    );
    if (answer.kind !== 'answered') return { kind: 'unreachable', reason: answer.reason };
    if ([401, 403, 410].includes(answer.status)) return { kind: 'refused', reason: reasonOf(answer) };
    return { kind: 'verified', account: accountOf(credential), facts: {} };
  },

  safety: { kind: 'idempotent', forMinutes: DAY_MINUTES },

  async publish(request, context) {
    const now = context.now();
    const answer = await context.send(toRequest(request, now));
    return toOutcome(answer, { id: request.delivery.key, credential: request.credential }, context.now());
  },
};

/**
 * Id and body are the same for every send of a delivery: `timestamp` in the body is the promised time. The
 * header's timestamp and so the signature are the attempt's: receivers refuse old ones as replays (5 minutes by
 * the reference libraries), and deduplicate by `webhook-id`, which is what makes sending again safe.
 */
export function toRequest(
  { variant, credential, channel, delivery }: PublishRequest<WebhookCredential>,
  now: Instant,
): HttpRequest {
  const dueAt = toRfc3339(delivery.dueAt);
  const body = {
    type: 'post.publish',
    timestamp: dueAt,
    data: {
      deliveryId: delivery.id,
      channelId: channel.id,
      text: variant.text,
      link: variant.link,
      options: variant.options,
      dueAt,
    },
  };
  return signed(credential, { method: 'POST', id: delivery.key, body: JSON.stringify(body) }, now);
}

/** `id`: stands in for the publication's own id where the receiver tells none. */
export function toOutcome(
  answer: HttpAnswer,
  { id, credential }: { id: string; credential: Pick<WebhookCredential, 'url'> },
  now: Instant,
): Outcome {
  if (answer.kind !== 'answered') return defaultOutcome(answer, now);
  const { status } = answer;
  if (status >= 200 && status < 300) {
    const said = publication.safeParse(answer.json).data ?? {};
    return {
      kind: 'published',
      externalId: said.externalId ?? id,
      url: said.url ?? `${new URL(credential.url).origin}/`,
    };
  }
  if (status === 410)
    return { kind: 'unauthorized', reason: 'the endpoint says that it is gone for good (410)' };
  if (status === 403) return { kind: 'unauthorized', reason: reasonOf(answer) };
  return defaultOutcome(answer, now);
}

/** What the receiver may tell; an odd value is as good as none, for 2xx is what counts. */
const publication = z.object({
  externalId: z
    .union([z.string().min(1).max(200), z.int().transform(String)])
    .optional()
    .catch(undefined),
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_048)
    .optional()
    .catch(undefined),
});

function signed(
  credential: WebhookCredential,
  { method, id, body }: { method: 'HEAD' | 'POST'; id: string; body: string },
  now: Instant,
): HttpRequest {
  const timestamp = Math.floor(now / SECOND);
  const signature = createHmac('sha256', keyOf(credential.secret))
    .update(`${id}.${timestamp}.${body}`)
    .digest('base64');
  return {
    method,
    url: credential.url,
    headers: {
      'content-type': 'application/json',
      'idempotency-key': id,
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': `v1,${signature}`,
    },
    body,
  };
}

const PREFIX = 'whsec_';

function keyOf(secret: string): Buffer {
  return secret.startsWith(PREFIX)
    ? Buffer.from(secret.slice(PREFIX.length), 'base64')
    : Buffer.from(secret, 'ascii');
}

function isSecret(secret: string): boolean {
  if (!secret.startsWith(PREFIX)) return /^[\x21-\x7e]{8,}$/.test(secret);
  const bytes = keyOf(secret).length;
  return /^[A-Za-z0-9+/]+={0,2}$/.test(secret.slice(PREFIX.length)) && bytes >= 8 && bytes <= 64;
}

function accountOf({ url }: WebhookCredential) {
  const { host, origin } = new URL(url);
  return { id: sha256(url).slice(0, 24), handle: host, url: `${origin}/` };
}
