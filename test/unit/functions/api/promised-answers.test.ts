import { expect, test } from 'vitest';
import type { ZodType } from 'zod';
import { attentionRoutes } from '../../../../functions/api/attention.ts';
import { channelRoutes } from '../../../../functions/api/channels.ts';
import { deliveryRoutes } from '../../../../functions/api/deliveries.ts';
import { holdRoutes } from '../../../../functions/api/holds.ts';
import { metricRoutes } from '../../../../functions/api/metrics.ts';
import { postHistoryRoutes } from '../../../../functions/api/post-history.ts';
import { postRoutes } from '../../../../functions/api/posts.ts';
import { fileOf, router } from '../../../../functions/api/router.ts';
import { told } from '../../../../shared/domain/metrics.ts';
import { HOUR } from '../../../../shared/domain/time.ts';
import { givenBrand, givenChannel } from '../../../support/api-steps.ts';
import { apiWorld, fakeProvider } from '../../../support/api-world.ts';
import { aDelivery, anId, aPost, DUE_AT } from '../../../support/builders.ts';

const routes = [
  ...attentionRoutes,
  ...channelRoutes,
  ...deliveryRoutes,
  ...holdRoutes,
  ...metricRoutes,
  ...postHistoryRoutes,
  ...postRoutes,
];

/** A world whose requests fail when an answer is not exactly what its route promises, no field more or less. */
const setup = async () => {
  const network = fakeProvider({
    edit: async () => ({ kind: 'edited' }),
    remove: async () => ({ kind: 'removed' }),
  });
  const world = await apiWorld({ routes, now: DUE_AT - HOUR, providers: [network] });
  const find = router([fileOf(routes)]);
  const asked = new Set<string>();
  const call = async (method: string, path: string, body?: unknown) => {
    const reply = await world.request(method, path, body === undefined ? {} : { body });
    const match = await find(method, path.split('?')[0] ?? '');
    if (match.kind !== 'found') throw new Error(`no route: ${method} ${path}`);
    const promised: ZodType | null | undefined = match.route.answers[reply.status];
    if (promised === undefined) throw new Error(`${match.route.operationId}: ${reply.status} ${reply.text}`);
    if (promised === null) expect(reply.text).toBe('');
    else expect(promised.parse(reply.body)).toEqual(reply.body);
    asked.add(match.route.operationId);
    return reply;
  };
  return { world, call, asked };
};

test('every answer is exactly what its route promises', async () => {
  const { world, call, asked } = await setup();
  const brand = await givenBrand(world);
  const channel = (
    await call('POST', `/v1/brands/${brand.id}/channels`, {
      network: 'fakenet',
      name: 'Bakery',
      credential: { host: 'bakery', token: 'good-1' },
    })
  ).body;
  const expired = await givenChannel(world, {
    id: anId('chn', 'expired'),
    account: { id: 'old', handle: '@old', url: 'https://old/' },
    health: 'expired',
    healthReason: 'revoked',
  });
  await call('GET', `/v1/brands/${brand.id}/channels`);
  await call('GET', `/v1/channels/${channel.id}`);
  await call('PATCH', `/v1/channels/${channel.id}`, { name: 'Renamed' });
  await call('POST', `/v1/channels/${channel.id}/verify`);

  const input = {
    content: { text: 'Fresh bread.', link: 'https://bakery.example/' },
    variants: { fakenet: { text: 'Bread.', dueAt: { local: '2026-11-30T10:00' } } },
    channels: [channel.id],
    dueAt: '2026-11-30T09:00:00+01:00',
    latePolicy: { maxLate: 'PT2H', otherwise: 'hold' },
    labels: ['bread'],
    campaign: 'autumn',
  };
  await call('POST', '/v1/posts/validate', { ...input, brandId: brand.id });
  const post = (await call('POST', `/v1/brands/${brand.id}/posts`, input)).body;
  const done = aPost({
    deliveries: [
      aDelivery({
        channelId: channel.id,
        network: 'fakenet',
        state: 'published',
        startedAt: DUE_AT - 1,
        publishedAt: DUE_AT,
        dueAt: DUE_AT - HOUR,
        externalId: '7',
        url: 'https://fakenet.example/7',
        shape: { form: 'link', length: 40 },
      }),
      aDelivery({
        n: 2,
        channelId: expired.id,
        state: 'uncertain',
        reason: 'No answer.',
        doubtSince: DUE_AT,
      }),
      aDelivery({
        n: 3,
        channelId: anId('chn', 'three'),
        state: 'held',
        holds: [{ code: 'late', by: 'system', since: DUE_AT }],
      }),
      aDelivery({ n: 4, channelId: anId('chn', 'four'), state: 'failed', code: 'rejected' }),
    ],
    attentionAt: DUE_AT,
  });
  await world.deps.posts.create(done);
  const content = { base: { text: 'Fresh bread.' }, variants: {} };
  await world.deps.posts.putContent(world.agency.id, done.id, done.revision, done.contentHash, content);
  const ref = { agencyId: world.agency.id, postId: done.id, n: 1 };
  await world.deps.posts.addAttempt(ref, {
    n: 1,
    attempt: 1,
    at: DUE_AT,
    outcome: 'unavailable',
    code: 'unavailable',
    reason: 'no route',
  });
  await world.deps.posts.addSwept(world.agency.id, brand.id, DUE_AT + HOUR, [
    { postId: done.id, n: 1, age: '1h', at: DUE_AT + HOUR, metrics: told({ reactions: 3 }) },
  ]);
  world.time.now = DUE_AT + HOUR / 2;
  await call('GET', `/v1/brands/${brand.id}/posts`);
  await call('GET', '/v1/posts?limit=1');
  await call('GET', `/v1/posts/${post.id}`);
  await call('GET', `/v1/posts/${done.id}/attempts`);
  await call('GET', `/v1/posts/${done.id}/metrics`);
  await call('POST', `/v1/posts/${post.id}/metrics`);
  await call('GET', `/v1/brands/${brand.id}/metrics?by=day,channel`);

  const id = (n: number) => `dlv_${done.id.slice(5)}_0${n}`;
  await call('GET', '/v1/deliveries?limit=2');
  await call('GET', `/v1/deliveries/${id(1)}`);
  await call('GET', '/v1/attention?limit=1');
  await call('POST', `/v1/deliveries/${id(2)}/resolve`, { outcome: 'published' });
  await call('POST', `/v1/deliveries/${id(3)}/release`);
  await call('POST', `/v1/deliveries/${id(4)}/retry`);
  await call('POST', `/v1/deliveries/${id(1)}/edit`, { text: 'Fresher bread.' });
  await call('POST', `/v1/deliveries/${id(1)}/remove`);

  const hold = (
    await call('POST', '/v1/holds', {
      scope: { agency: true },
      reason: 'Silence.',
      until: '2026-12-02T00:00:00Z',
    })
  ).body;
  await call('GET', '/v1/holds');
  await call('GET', `/v1/posts/${post.id}`);
  await call('POST', `/v1/holds/${hold.id}/release`);
  await call('GET', `/v1/holds/${hold.id}`);

  await call('PATCH', `/v1/posts/${post.id}`, { content: { text: 'Cake.' } });
  await call('POST', `/v1/posts/${post.id}/cancel`);
  await call('DELETE', `/v1/posts/${post.id}`);
  await call('DELETE', `/v1/channels/${channel.id}?cancel=true`);

  const left = routes.map(({ operationId }) => operationId).filter((name) => !asked.has(name));
  expect(left).toEqual([]);
});
