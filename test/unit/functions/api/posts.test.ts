import { describe, expect, test } from 'vitest';
import { postHistoryRoutes } from '../../../../functions/api/post-history.ts';
import { postRoutes } from '../../../../functions/api/posts.ts';
import { givenChannel, rules, strayId } from '../../../support/api-steps.ts';
import { aDelivery, aHold, anId, aPost, DUE_AT } from '../../../support/builders.ts';
import { postWorld } from '../../../support/post-world.ts';

const setup = () => postWorld([...postRoutes, ...postHistoryRoutes]);

describe('queueing a post', () => {
  test('answers the post with its deliveries, promises in the brand’s own time', async () => {
    const { brand, channel, create } = await setup();
    const reply = await create({ labels: ['bread'], campaign: 'autumn' }, { key: 'editor' });
    expect(reply.status).toBe(201);
    expect(reply.headers).toMatchObject({ location: `/v1/posts/${reply.body.id}`, etag: '"1"' });
    expect(reply.headers['idempotent-replayed']).toBeUndefined();
    expect(reply.body).toMatchObject({
      brandId: brand.id,
      status: 'scheduled',
      revision: 1,
      content: { text: 'Fresh bread.' },
      variants: {},
      labels: ['bread'],
      campaign: 'autumn',
      draft: false,
      createdAt: '2026-11-29T12:00:00Z',
      createdBy: { name: 'editor' },
      findings: [],
    });
    expect(reply.body.deliveries).toEqual([
      {
        id: `dlv_${reply.body.id.slice(5)}_01`,
        channelId: channel.id,
        network: 'fakenet',
        state: 'scheduled',
        dueAt: '2026-11-30T08:00:00Z',
        dueLocal: '2026-11-30T09:00:00+01:00',
        nextAttemptAt: '2026-11-30T08:00:00Z',
        attempts: 0,
        holds: [],
      },
    ]);
  });

  test('a repeated request makes no second post, also after its time has passed', async () => {
    const { world, create } = await setup();
    const headers = { 'idempotency-key': 'monday-1' };
    const first = await create({}, { headers });
    world.time.now = DUE_AT + 7 * 86_400_000;
    const second = await create({}, { headers });
    expect(second.status).toBe(201);
    expect(second.headers['idempotent-replayed']).toBe('true');
    expect(second.body.id).toBe(first.body.id);
    const other = await create({ content: { text: 'Cake.' } }, { headers });
    expect([other.status, other.body.code]).toEqual([422, 'key_reused']);
  });

  test('refuses an idempotency key that is too long or not plain ASCII', async () => {
    const { create } = await setup();
    const tooLong = await create({}, { headers: { 'idempotency-key': 'x'.repeat(256) } });
    expect([tooLong.status, rules(tooLong)]).toEqual([422, [['invalid_value', '/Idempotency-Key']]]);
    expect((await create({}, { headers: { 'idempotency-key': 'montag-ä' } })).status).toBe(422);
    expect((await create({}, { headers: { 'idempotency-key': 'x'.repeat(255) } })).status).toBe(201);
  });

  test('names everything that is wrong by path', async () => {
    const { create } = await setup();
    expect(rules(await create({ colour: 'red' }))).toEqual([['unknown_field', '/colour']]);
    const wrong = await create({
      content: { text: 'x'.repeat(101) },
      channels: [strayId('chn')],
      dueAt: '2020-01-01T00:00:00Z',
    });
    expect(wrong.status).toBe(422);
    expect(rules(wrong)).toEqual(
      expect.arrayContaining([
        ['unknown_channel', '/channels/0'],
        ['time_past', '/dueAt'],
      ]),
    );
    const tooLong = await create({ content: { text: 'x'.repeat(101) } });
    expect(tooLong.body.findings).toMatchObject([
      {
        rule: 'text_too_long',
        path: '/content/text',
        message: 'Fakenet counts 101 characters, the limit is 100.',
      },
    ]);
  });

  test('says so in German when asked', async () => {
    const { create } = await setup();
    const reply = await create({ channels: [] }, { headers: { 'accept-language': 'de' } });
    expect(reply.body.findings[0].message).toBe('Mindestens ein Kanal ist nötig.');
  });

  test('needs an editor, and a brand that the key may see', async () => {
    const { world, create } = await setup();
    expect((await create({}, { key: 'reader' })).status).toBe(403);
    expect((await create({}, { brandId: strayId('brd') })).status).toBe(404);
    await world.addKey('elsewhere', { scope: 'editor', brandIds: [strayId('brd')] });
    expect((await create({}, { key: 'elsewhere' })).status).toBe(404);
  });
});

describe('trying a post', () => {
  test('answers findings and the text as each channel shows it, and stores nothing', async () => {
    const { world, brand, channel, body } = await setup();
    const reply = await world.request('POST', '/v1/posts/validate', {
      key: 'reader',
      body: { ...body({ content: { text: 'Bread', link: 'https://bakery.example/' } }), brandId: brand.id },
    });
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({
      valid: true,
      findings: [],
      channels: [
        {
          channelId: channel.id,
          network: 'fakenet',
          text: 'Bread\nhttps://bakery.example/',
          count: 29,
          limit: 100,
          unit: 'characters',
        },
      ],
    });
    const wrong = await world.request('POST', '/v1/posts/validate', {
      body: { ...body({ dueAt: undefined }), brandId: brand.id },
    });
    expect([wrong.status, wrong.body.valid, rules(wrong)]).toEqual([
      200,
      false,
      [['time_required', '/dueAt']],
    ]);
    expect(world.seen.armed).toEqual([]);
    const stray = await world.request('POST', '/v1/posts/validate', {
      body: { ...body(), brandId: strayId('brd') },
    });
    expect(stray.status).toBe(404);
  });

  test('is refused where the texts of all channels are more than Lambda can answer', async () => {
    const { world, brand, body } = await setup();
    const channels: string[] = [];
    for (let n = 1; n <= 25; n += 1) {
      const account = { id: `bakery ${n}`, handle: '@bakery', url: 'https://bakery/' };
      channels.push(
        (await givenChannel(world, { id: anId('chn', String(n)), brandId: brand.id, account })).id,
      );
    }
    const tried = (some: readonly string[]) =>
      world.request('POST', '/v1/posts/validate', {
        body: { ...body({ content: { text: '"'.repeat(100_000) }, channels: some }), brandId: brand.id },
      });
    expect((await tried(channels)).status).toBe(413);
    const fewer = await tried(channels.slice(0, 10));
    expect([fewer.status, fewer.body.channels.length]).toEqual([200, 10]);
  });

  test('warns of a character that was lost on its way to us', async () => {
    const { create } = await setup();
    const reply = await create({ content: { text: 'B\u{fffd}ckerei' } });
    expect([reply.status, rules(reply)]).toEqual([201, [['text_garbled', '/content/text']]]);
  });
});

describe('reading a post', () => {
  test('answers unknown, malformed, deleted and invisible ids alike', async () => {
    const { world, create } = await setup();
    const { body: kept } = await create();
    const { body: gone } = await create({ content: { text: 'Cake.' } });
    await world.request('DELETE', `/v1/posts/${gone.id}`);
    await world.addKey('elsewhere', { scope: 'admin', brandIds: [strayId('brd')] });
    const paths = [
      ['GET', `/v1/posts/${strayId('post')}`],
      ['GET', '/v1/posts/post_1%23'],
      ['GET', `/v1/posts/${gone.id}`],
      ['GET', `/v1/posts/${gone.id}/attempts`],
      ['POST', `/v1/posts/${gone.id}/cancel`],
      ['PATCH', `/v1/posts/${gone.id}`],
    ] as const;
    for (const [method, path] of paths) expect((await world.request(method, path)).status).toBe(404);
    const hidden = await world.request('GET', `/v1/posts/${kept.id}`, { key: 'elsewhere' });
    expect([hidden.status, hidden.body.detail]).toEqual([404, 'There is no such post.']);
    expect((await world.request('GET', `/v1/posts/${kept.id}`, { key: 'reader' })).body.id).toBe(kept.id);
  });

  test('shows lateness, address and reason of what has happened', async () => {
    const { world } = await setup();
    const post = aPost({
      deliveries: [
        aDelivery({
          state: 'published',
          startedAt: DUE_AT + 120,
          publishedAt: DUE_AT + 900,
          externalId: '42',
          url: 'https://fakenet.example/42',
        }),
        aDelivery({
          n: 2,
          channelId: anId('chn', 'two'),
          state: 'failed',
          code: 'rejected',
          reason: 'Too long.',
        }),
      ],
    });
    await world.deps.posts.create(post);
    const { body } = await world.request('GET', `/v1/posts/${post.id}`);
    expect(body.status).toBe('partly_published');
    expect(body.content).toBeNull();
    expect(body.deliveries[0]).toMatchObject({
      startedAt: '2026-11-30T08:00:00.120Z',
      publishedAt: '2026-11-30T08:00:00.900Z',
      latenessMs: 120,
      externalId: '42',
      url: 'https://fakenet.example/42',
    });
    expect(body.deliveries[1]).toMatchObject({ state: 'failed', code: 'rejected', reason: 'Too long.' });
    expect(body.deliveries[1].latenessMs).toBeUndefined();
  });

  test('a scheduled delivery shows the hold that would stop it, a published one does not', async () => {
    const { world } = await setup();
    await world.deps.holds.put(aHold());
    const post = aPost({
      deliveries: [
        aDelivery(),
        aDelivery({ n: 2, channelId: anId('chn', 'two'), state: 'published', publishedAt: DUE_AT }),
      ],
    });
    await world.deps.posts.create(post);
    const { body } = await world.request('GET', `/v1/posts/${post.id}`);
    expect(body.deliveries[0].holds).toEqual([
      { code: 'brand_held', by: 'Editor', since: '2026-11-30T07:00:00Z' },
    ]);
    expect(body.deliveries[1].holds).toEqual([]);
  });

  test('a draft that names no time shows none', async () => {
    const { create } = await setup();
    const { body } = await create({ draft: true, dueAt: undefined });
    expect(body.status).toBe('draft');
    expect(body.deliveries[0].dueAt).toBeUndefined();
    expect(body.deliveries[0].dueLocal).toBeUndefined();
  });

  test('lists tries by time and measurements by delivery, with null where nobody told', async () => {
    const { world, create } = await setup();
    const { body: post } = await create();
    const ref = { agencyId: world.agency.id, postId: post.id, n: 1 };
    await world.deps.posts.addAttempt(ref, { n: 1, attempt: 2, at: DUE_AT + 10_000, outcome: 'published' });
    await world.deps.posts.addAttempt(ref, {
      n: 1,
      attempt: 1,
      at: DUE_AT,
      outcome: 'unavailable',
      reason: 'no route',
    });
    const attempts = await world.request('GET', `/v1/posts/${post.id}/attempts`);
    expect(attempts.body.items).toMatchObject([
      { attempt: 1, outcome: 'unavailable', reason: 'no route', at: '2026-11-30T08:00:00Z' },
      { attempt: 2, outcome: 'published' },
    ]);
    const none = { impressions: null, views: null, reach: null, saves: null, clicks: null, videoViews: null };
    await world.deps.posts.putAsked(world.agency.id, post.id, [
      { n: 1, age: '24h', at: DUE_AT + 2, metrics: 'removed' },
      { n: 1, age: '1h', at: DUE_AT + 1, metrics: { ...none, reactions: 3, replies: null, shares: 2 } },
    ]);
    const metrics = await world.request('GET', `/v1/posts/${post.id}/metrics`);
    expect(metrics.body.items[0].about).toEqual({
      form: 'text',
      length: 12,
      weekday: 'monday',
      hour: 9,
      labels: [],
      author: 'admin',
    });
    expect(metrics.body.items).toMatchObject([
      { age: '1h', removed: false, interactions: 5, metrics: { reactions: 3, replies: null, views: null } },
      { age: '24h', removed: true, interactions: null, metrics: null },
    ]);
    expect((await world.request('POST', `/v1/posts/${post.id}/metrics`, { key: 'reader' })).status).toBe(403);
  });
});
