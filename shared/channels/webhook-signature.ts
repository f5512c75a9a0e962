import { createHmac } from 'node:crypto';
import * as z from 'zod';
import { type Instant, SECOND } from '../domain/time.ts';
import type { HttpRequest } from './provider.ts';

const secretSchema = z
  .string()
  .max(200)
  .refine(isSecret, 'must be whsec_<base64 of 8 to 64 bytes> or at least 8 printable characters');

export const webhookCredential = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_048)
    .describe('Where posts are delivered. Its path may be a secret, so only its host is ever shown'),
  secret: secretSchema.describe(
    '`whsec_` and 8 to 64 bytes in base64 (24 and more are advised), or at least 8 printable ASCII characters, which are the key as they are',
  ),
  formerSecret: secretSchema
    .optional()
    .describe('The one before, while the receiver goes over to the new one: every request is signed by both'),
});
export type WebhookCredential = z.infer<typeof webhookCredential>;

/**
 * A request signed by Standard Webhooks:
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signed(
  credential: WebhookCredential,
  { method, id, body }: { method: 'HEAD' | 'POST'; id: string; body: string },
  now: Instant,
): HttpRequest {
  const timestamp = Math.floor(now / SECOND);
  const { secret, formerSecret } = credential;
  const signatures = [secret, ...(formerSecret === undefined ? [] : [formerSecret])].map((one) =>
    createHmac('sha256', keyOf(one)).update(`${id}.${timestamp}.${body}`).digest('base64'),
  );
  return {
    method,
    url: credential.url,
    headers: {
      'content-type': 'application/json',
      'idempotency-key': id,
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatures.map((signature) => `v1,${signature}`).join(' '),
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
