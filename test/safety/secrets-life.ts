import { setTimeout as sleep } from 'node:timers/promises';
import type { FakeServer } from '../support/fake-networks/server.ts';
import { canary, type Secret } from './canaries.ts';
import { APP, type CanaryNetwork } from './canary-network.ts';
import type { Answer, SecretsWorld } from './secrets-world.ts';

export type LifeNetworks = {
  readonly canary: CanaryNetwork;
  readonly mastodon: FakeServer;
  readonly wordpress: FakeServer;
  readonly webhook: FakeServer;
  readonly credentials: Readonly<
    Record<'mastodon' | 'wordpress' | 'webhook', Readonly<Record<string, string>>>
  >;
  readonly secrets: readonly Secret[];
  readonly close: () => Promise<void>;
};

type Life = {
  readonly brandId: string;
  readonly call: (
    method: string,
    path: string,
    status: number,
    body?: unknown,
    shows?: string[],
  ) => Promise<Answer>;
  /** The status, whatever it is. */
  readonly attempt: (method: string, path: string) => Promise<number>;
};

/** Everything that a secret can meet, once. Answers with the secrets that were made on the way. */
export async function liveThrough(
  world: SecretsWorld,
  networks: LifeNetworks,
  { key, agencyId }: { key: string; agencyId: string },
): Promise<readonly Secret[]> {
  const call: Life['call'] = async (method, path, status, body, shows = []) => {
    const answer = await world.ask(method, path, { key, shows, ...(body === undefined ? {} : { body }) });
    if (answer.status !== status) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer;
  };
  const brand = await call('POST', '/v1/brands', 201, {
    name: 'Bakery',
    timeZone: 'Europe/Berlin',
    alerts: { recipients: ['alerts@agency.example'] },
    report: { recipients: [{ email: 'client@bakery.example' }] },
  });
  const attempt: Life['attempt'] = async (method, path) => (await world.ask(method, path, { key })).status;
  const life: Life = { brandId: brand.body.id, call, attempt };
  const machine = await call('POST', '/v1/keys', 201, { actor: { name: 'Machine' }, scope: 'editor' }, [
    'secret',
  ]);
  const login = await connectByLogin(world, life);
  const channels = await connectByCredential(life, networks);
  const upload = await announceFile(life);
  const posts = await publish(life, networks, [login.channelId, ...channels]);
  await measureAndRenew(world, life, { agencyId, channelId: login.channelId, posts });
  await hold(life);
  await mistakes(world, life, key);
  await lookAndLeave(life, { posts, channels, keyId: machine.body.id });
  return [{ name: 'key of a machine', value: machine.body.secret }, ...login.secrets, ...upload];
}

async function connectByLogin(world: SecretsWorld, { call, brandId }: Life) {
  await call('PUT', '/v1/apps/canarynet', 200, APP);
  const begun = await call('POST', `/v1/brands/${brandId}/channels/connect`, 201, { network: 'canarynet' }, [
    'url',
  ]);
  const state = new URL(begun.body.url).searchParams.get('state') ?? '';
  const query = new URLSearchParams({ state, code: canary('code') });
  const page = await world.ask('GET', `/v1/connect/callback?${query}`);
  const told = await call('GET', `/v1/connect/${begun.body.id}`, 200);
  if (told.body.status !== 'connected') throw new Error(`${page.text} ${told.text}`);
  const again = await world.ask('GET', `/v1/connect/callback?${query}`);
  if (again.status !== 409) throw new Error(`a state was taken twice: ${again.status}`);
  return {
    channelId: String(told.body.channelId),
    secrets: [{ name: 'state of a login', value: state.split('.')[1] ?? '' }],
  };
}

/** First with networks that refuse and repeat, then with ones that take. */
async function connectByCredential({ call, brandId }: Life, networks: LifeNetworks): Promise<string[]> {
  const ids: string[] = [];
  for (const network of ['mastodon', 'wordpress', 'webhook'] as const) {
    const credential = networks.credentials[network];
    const path = `/v1/brands/${brandId}/channels`;
    networks[network].fault({ kind: 'answer', status: 401, body: repeating(credential) });
    await call('POST', path, 422, { network, name: network, credential });
    ids.push((await call('POST', path, 201, { network, name: network, credential })).body.id);
  }
  return ids;
}

async function announceFile({ call, brandId }: Life): Promise<Secret[]> {
  const file = { fileName: 'bread.jpg', type: 'image/jpeg', bytes: 1_000, sha256: 'ab'.repeat(32) };
  const { body } = await call('POST', `/v1/brands/${brandId}/media`, 201, file, ['url', 'headers']);
  const signature = new URL(body.upload.url).searchParams.get('X-Amz-Signature') ?? '';
  return [{ name: 'signature of an upload', value: signature }];
}

/** Once well everywhere, then wrong in each way that there is. */
async function publish(
  { call, brandId }: Life,
  networks: LifeNetworks,
  channels: string[],
): Promise<string[]> {
  const posts: string[] = [];
  const post = async (text: string): Promise<void> => {
    const body = { content: { text }, channels, dueAt: 'now' };
    posts.push((await call('POST', `/v1/brands/${brandId}/posts`, 201, body)).body.id);
    await until(async () => {
      const { deliveries } = (await call('GET', `/v1/posts/${posts.at(-1)}`, 200)).body;
      return deliveries.every(
        ({ state }: { state: string }) => state !== 'scheduled' && state !== 'publishing',
      );
    });
  };
  networks.canary.next('take');
  await post('All is well.');
  for (const [way, status] of [
    ['refuse', 422],
    ['away', 503],
    ['unauthorized', 401],
  ] as const) {
    networks.canary.next(way);
    for (const network of ['mastodon', 'wordpress', 'webhook'] as const) {
      const body = repeating(networks.credentials[network]);
      networks[network].fault({ kind: 'answer', status, body }, ({ method }) => method === 'POST');
    }
    await post(`Something is wrong: ${status}.`);
  }
  return posts;
}

/** A refusal as careless software writes it: with what it was sent. A webhook's secret only signs, and is not sent. */
function repeating({ secret: _, ...sent }: Readonly<Record<string, string>>): object {
  return { message: `Not with ${Object.values(sent).join(' and ')}` };
}

async function measureAndRenew(
  world: SecretsWorld,
  { call }: Life,
  { agencyId, channelId, posts }: { agencyId: string; channelId: string; posts: readonly string[] },
): Promise<void> {
  await world.ask('POST', `/v1/posts/${posts[0]}/metrics`);
  await world.sendRaw('measure', { kind: 'sweep' });
  const present = async () => {
    const channel = await world.deps.channels.get(agencyId, channelId);
    if (!channel) throw new Error('the channel is gone');
    return channel;
  };
  // The refusal of its last post has arrived.
  await until(async () => (await present()).health === 'expired');
  const renew = async (): Promise<string> => {
    const channel = await present();
    // Its time has come.
    const due = { ...channel, health: 'connected' as const, renewAt: Date.now() - 1 };
    const stored = await world.deps.channels.replace(due, channel.version);
    if (!stored) throw new Error('the channel was changed by others');
    await world.sendRaw('measure', { kind: 'channel', agencyId, channelId });
    await until(async () => (await present()).version > stored.version);
    return (await present()).credential;
  };
  const { credential } = await present();
  if ((await renew()) === credential) throw new Error('the credential was not renewed');
  // The second time the network refuses, and repeats the token and the app's secret.
  await renew();
  await call('POST', `/v1/channels/${channelId}/verify`, 200);
}

async function hold({ call, brandId }: Life): Promise<void> {
  const placed = await call('POST', '/v1/holds', 201, { scope: { brandId }, reason: 'Silence.' });
  await call('POST', `/v1/holds/${placed.body.id}/release`, 200, {});
  await call('POST', `/v1/brands/${brandId}/reports`, 201, { send: true });
}

/** What people and programs get wrong with a secret in their hands. */
async function mistakes(world: SecretsWorld, { call, brandId }: Life, key: string): Promise<void> {
  const typo = canary('typo');
  await call('POST', `/v1/brands/${brandId}/channels`, 422, {
    network: 'mastodon',
    name: 'Typo',
    credential: { instanceUrl: typo, accessToken: { typo }, password: typo },
  });
  await call('POST', `/v1/brands/${brandId}/channels`, 400, `{"network": "mastodon", "credential": "${typo}`);
  await world.ask('GET', '/v1/me', { key: canary('wrong key') });
  await world.ask('GET', '/v1/me', { headers: { authorization: `Basic ${key}` } });
  for (const queue of ['publish', 'measure', 'report'] as const) {
    await world.sendRaw(queue, { kind: 'of another release' });
  }
}

async function lookAndLeave(
  { call, attempt, brandId }: Life,
  { posts, channels, keyId }: { posts: readonly string[]; channels: readonly string[]; keyId: string },
): Promise<void> {
  for (const path of ['deliveries', 'attention', 'apps', 'keys', 'holds', 'networks', 'me', 'posts']) {
    await call('GET', `/v1/${path}`, 200);
  }
  for (const id of posts)
    for (const part of ['', '/attempts', '/metrics']) await call('GET', `/v1/posts/${id}${part}`, 200);
  for (const list of ['channels', 'posts', 'media', 'reports', 'metrics']) {
    await call('GET', `/v1/brands/${brandId}/${list}`, 200);
  }
  const { deliveries } = (await call('GET', `/v1/posts/${posts[0]}`, 200)).body;
  const out = deliveries.find(({ channelId }: { channelId: string }) => channelId === channels[0]);
  await call('POST', `/v1/deliveries/${out?.id}/remove`, 200);
  // What may be out, or is going out right now, is refused with 409.
  for (const id of posts) await attempt('DELETE', `/v1/posts/${id}`);
  await attempt('DELETE', `/v1/channels/${channels[2]}?cancel=true`);
  await call('DELETE', `/v1/keys/${keyId}`, 204);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 20_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error('it did not come to an end');
    await sleep(50);
  }
}
