import type { speaker } from './stage.ts';

type Call = ReturnType<typeof speaker>['call'];

/** One key may ask 50 times a second, so several people queue. */
const EDITORS = 16;

/**
 * Makes a brand with one WordPress channel and queues a post for each title, due at its instant, by as many people as
 * the limit per key asks for. @returns the brand, and the keys of those people
 */
export async function queueOverHttp(
  call: Call,
  credential: Readonly<Record<string, string>>,
  due: ReadonlyMap<string, number>,
): Promise<{ brandId: string; keys: readonly string[] }> {
  const keys = await Promise.all(
    Array.from({ length: EDITORS }, async (_, n) => {
      const body = { actor: { name: `Editor ${n + 1}` }, scope: 'editor' };
      return (await expect201(call('POST', '/v1/keys', { body }))).secret as string;
    }),
  );
  const brand = await expect201(
    call('POST', '/v1/brands', { body: { name: 'Bakery', timeZone: 'Europe/Berlin', locale: 'de' } }),
  );
  const channel = await expect201(
    call('POST', `/v1/brands/${brand.id}/channels`, {
      body: { network: 'wordpress', name: 'Blog', credential },
    }),
  );
  const waiting = [...due];
  const editor = async (key: string): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [title, dueAt] = next;
      const body = {
        content: { text: title, options: { title } },
        channels: [channel.id],
        dueAt: new Date(dueAt).toISOString(),
      };
      const headers = { 'idempotency-key': title };
      await expect201(call('POST', `/v1/brands/${brand.id}/posts`, { key, headers, body }));
    }
  };
  await Promise.all(keys.map(editor));
  return { brandId: brand.id, keys };
}

async function expect201(replying: ReturnType<Call>) {
  const reply = await replying;
  if (reply.status !== 201) throw new Error(`${reply.status}: ${JSON.stringify(reply.body)}`);
  return reply.body;
}
