import type { LocalJson } from './laptop.ts';

export type DemoDelivery = {
  readonly id: string;
  readonly channelId: string;
  readonly network: string;
  readonly state: string;
  readonly latenessMs?: number;
  readonly url?: string;
};
type DemoPost = {
  readonly id: string;
  readonly status: string;
  readonly deliveries: readonly DemoDelivery[];
};
type Measured = { deliveryId: string; interactions: number | null; views: number | null };

/** The calls of the demo, each one request to the HTTP API as any client would make it. */
export function demoApi({ apiUrl, apiKey, inboxUrl }: LocalJson) {
  const call = async <Answer>(
    method: string,
    path: string,
    body?: unknown,
    headers = {},
  ): Promise<Answer> => {
    const answer = await fetch(`${apiUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    return JSON.parse(text) as Answer;
  };

  return {
    brand: (name: string, recipients: readonly string[]) => {
      const [client = '', agency = ''] = recipients;
      return call<{ id: string }>('POST', '/v1/brands', {
        name,
        timeZone: 'Europe/Berlin',
        locale: 'en-GB',
        alerts: { recipients: [agency] },
        report: {
          weekday: 'monday',
          time: '08:00',
          recipients: [
            { email: client, audience: 'client' },
            { email: agency, audience: 'agency', locale: 'de-DE' },
          ],
        },
      });
    },
    channel: (brandId: string, network: string, name: string, credential: Record<string, string>) =>
      call<{ id: string; name: string }>('POST', `/v1/brands/${brandId}/channels`, {
        network,
        name,
        credential,
      }),
    queue: (brandId: string, key: string, body: unknown) =>
      call<DemoPost>('POST', `/v1/brands/${brandId}/posts`, body, { 'idempotency-key': key }),
    post: (postId: string) => call<DemoPost>('GET', `/v1/posts/${postId}`),
    measure: async (postId: string): Promise<readonly Measured[]> => {
      const { items } = await call<{
        items: readonly {
          deliveryId: string;
          interactions: number | null;
          metrics: { views: number | null } | null;
        }[];
      }>('POST', `/v1/posts/${postId}/metrics`);
      return items.map(({ deliveryId, interactions, metrics }) => ({
        deliveryId,
        interactions,
        views: metrics?.views ?? null,
      }));
    },
    report: (brandId: string) =>
      call<{ id: string }>('POST', `/v1/brands/${brandId}/reports`, { send: true }),
    inbox: async (): Promise<readonly { to: string; subject: string }[]> => {
      const answer = await fetch(inboxUrl, { headers: { accept: 'application/json' } });
      return (await answer.json()) as { to: string; subject: string }[];
    },
  };
}
