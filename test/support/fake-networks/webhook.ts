import { Webhook } from 'standardwebhooks';
import { type FakeNetwork, type Received, type Reply, startServer } from './server.ts';

export type FakeReceiver = FakeNetwork & {
  /** What it took, by `webhook-id`. */
  readonly taken: ReadonlyMap<string, unknown>;
};

/**
 * A receiver that keeps its part of the contract: it checks the signature with the reference library, takes a
 * `webhook-id` once and answers a repetition like the first.
 */
export async function fakeWebhook({
  secret,
  tells = true,
}: {
  readonly secret: string;
  /** Whether its answers hold `externalId` and `url`. */
  readonly tells?: boolean;
}): Promise<FakeReceiver> {
  const taken = new Map<string, unknown>();
  const ids = new Map<string, string>();
  const server = await startServer((request) => respond(request));

  function respond({ method, headers, body, json }: Received): Reply {
    const id = String(headers['webhook-id']);
    if (!isSigned(secret, headers, body)) return { status: 401, body: { error: 'the signature is wrong' } };
    if (method === 'HEAD') return { status: 204 };
    if (!taken.has(id)) {
      taken.set(id, json);
      ids.set(id, tells ? `entry-${taken.size}` : id);
    }
    const externalId = ids.get(id);
    return tells
      ? { status: 200, body: { externalId, url: `${server.url}/${externalId}` } }
      : { status: 202 };
  }

  return {
    ...server,
    taken,
    isPublish: ({ json }) => (json as { type?: unknown } | undefined)?.type === 'post.publish',
    published: () => [...ids.values()],
    forget: (externalId) => {
      for (const [id, known] of ids) if (known === externalId) ids.delete(id);
    },
  };
}

/**
 * The library compares the signed time with the machine's clock, which stands elsewhere than a test's; so it is
 * asked for the signature rather than for a verdict.
 */
function isSigned(secret: string, headers: Received['headers'], body: string): boolean {
  const reader = secret.startsWith('whsec_') ? new Webhook(secret) : new Webhook(secret, { format: 'raw' });
  const at = new Date(Number(headers['webhook-timestamp']) * 1_000);
  return reader.sign(String(headers['webhook-id']), at, body) === headers['webhook-signature'];
}
