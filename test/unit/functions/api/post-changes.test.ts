import { describe, expect, test } from 'vitest';
import { postRoutes } from '../../../../functions/api/posts.ts';
import { MINUTE } from '../../../../shared/domain/time.ts';
import { givenChannel, rules } from '../../../support/api-steps.ts';
import { aDelivery, anId, aPost, MADE_AT } from '../../../support/builders.ts';
import { DUE, postWorld } from '../../../support/post-world.ts';

describe('changing a post', () => {
  test('a patch changes what it names, as a new revision', async () => {
    const { world, create } = await postWorld(postRoutes);
    const { body: post } = await create({ labels: ['bread'] });
    const reply = await world.request('PATCH', `/v1/posts/${post.id}`, {
      key: 'editor',
      body: { content: { text: 'Fresh cake.' } },
      headers: { 'if-match': '"1"', 'content-type': 'application/merge-patch+json' },
    });
    expect(reply.status).toBe(200);
    expect(reply.headers.etag).toBe('"2"');
    expect(reply.body).toMatchObject({
      revision: 2,
      content: { text: 'Fresh cake.' },
      labels: ['bread'],
      deliveries: [{ dueAt: '2026-11-30T08:00:00Z', state: 'scheduled' }],
    });
    expect(reply.body.contentHash).not.toBe(post.contentHash);
    const read = await world.request('GET', `/v1/posts/${post.id}`);
    expect(read.body.content).toEqual({ text: 'Fresh cake.' });
  });

  test('null takes away the time that a channel was given, where no sibling shares its network', async () => {
    const { world, channel, create } = await postWorld(postRoutes);
    const own = { variants: { [channel.id]: { dueAt: '2026-12-01T09:00:00Z' } } };
    const { body: post } = await create(own);
    expect(post.deliveries[0].dueAt).toBe('2026-12-01T09:00:00Z');
    const taken = await world.request('PATCH', `/v1/posts/${post.id}`, {
      body: { variants: { [channel.id]: { dueAt: null } } },
    });
    expect(taken.body.deliveries[0].dueAt).toBe('2026-11-30T08:00:00Z');
    await world.request('PATCH', `/v1/posts/${post.id}`, { body: own });
    const dropped = await world.request('PATCH', `/v1/posts/${post.id}`, {
      body: { variants: { [channel.id]: null } },
    });
    expect(dropped.body.deliveries[0].dueAt).toBe('2026-11-30T08:00:00Z');
  });

  test('the words have the hash that they had when only a time of one channel moves', async () => {
    const { world, channel, create } = await postWorld(postRoutes);
    const { body: post } = await create();
    const moved = await world.request('PATCH', `/v1/posts/${post.id}`, {
      body: { variants: { [channel.id]: { dueAt: '2026-12-01T09:00:00Z' } } },
    });
    expect([moved.body.revision, moved.body.contentHash]).toEqual([2, post.contentHash]);
    expect(moved.body.variants).toEqual({});
  });

  test('a late policy without an end can be given by a patch, where null takes other fields away', async () => {
    const { world, create } = await postWorld(postRoutes);
    const { body: post } = await create();
    const patch = async (latePolicy: object | null) =>
      (await world.request('PATCH', `/v1/posts/${post.id}`, { body: { latePolicy } })).body;
    const endless = { maxLate: null, otherwise: 'hold' };
    expect((await patch(endless)).latePolicy).toEqual(endless);
    expect((await patch(null)).latePolicy).toBeUndefined();
  });

  test('null for what a variant did not say itself is answered with a warning: the post’s own is shown', async () => {
    const { world, create } = await postWorld(postRoutes);
    const link = 'https://bakery.example/';
    const { body: post } = await create({
      content: { text: 'Fresh bread.', link },
      variants: { fakenet: { link: null } },
    });
    const patch = (variant: object) =>
      world.request('PATCH', `/v1/posts/${post.id}`, { body: { variants: { fakenet: variant } } });
    const shown = await patch({ link: null });
    expect([shown.status, shown.body.variants]).toEqual([200, {}]);
    expect(rules(shown)).toEqual([['base_still_shown', '/variants/fakenet/link']]);
    expect(rules(await patch({ link: 'https://bakery.example/other' }))).toEqual([]);
    expect(rules(await patch({ link: null }))).toEqual([]);
    expect(rules(await patch({ poll: null }))).toEqual([]);
  });

  test('a channel that was deleted after its delivery was out keeps nobody from editing the rest', async () => {
    const { world, brand, channel, create } = await postWorld(postRoutes);
    const other = await givenChannel(world, {
      id: anId('chn', 'other'),
      brandId: brand.id,
      account: { id: 'other', handle: '@other', url: 'https://other/' },
    });
    const { body: post } = await create({
      channels: [channel.id, other.id],
      variants: { [channel.id]: { text: 'Only here.' } },
    });
    const ref = { agencyId: world.agency.id, postId: post.id, n: 1 };
    const head = await world.deps.posts.get(world.agency.id, post.id);
    const out = { ...aDelivery(head?.deliveries[0]), state: 'published' as const, fence: 1 };
    await world.deps.posts.swapDelivery(ref, { fence: 0, states: ['scheduled'] }, out);
    await world.deps.channels.delete(channel);
    const edited = await world.request('PATCH', `/v1/posts/${post.id}`, {
      body: { content: { text: 'Fresh cake.' } },
    });
    expect([edited.status, edited.body.revision]).toEqual([200, 2]);
    expect(edited.body.variants).toEqual({ [channel.id]: { text: 'Only here.' } });
    expect(edited.body.deliveries.map(({ state }: { state: string }) => state)).toEqual([
      'published',
      'scheduled',
    ]);
    const revived = await world.request('PATCH', `/v1/posts/${post.id}`, { body: { channels: [other.id] } });
    expect(revived.status).toBe(200);
    const stray = await world.request('PATCH', `/v1/posts/${post.id}`, {
      body: { channels: [anId('chn', 'stray')] },
    });
    expect(rules(stray)).toEqual([['unknown_channel', '/channels/0']]);
  });

  test('a draft whose time has passed may be edited, but is not queued for it', async () => {
    const { world, create } = await postWorld(postRoutes);
    const { body: draft } = await create({ draft: true });
    world.time.now = Date.parse(DUE) + 2 * MINUTE;
    const patch = (body: object) => world.request('PATCH', `/v1/posts/${draft.id}`, { body });
    expect((await patch({ content: { text: 'Fresh cake.' } })).status).toBe(200);
    const late = await patch({ draft: false });
    expect([late.status, rules(late)]).toEqual([422, [['time_past', '/dueAt']]]);
    const now = await patch({ draft: false, dueAt: 'now' });
    expect([now.status, now.body.status]).toEqual([200, 'scheduled']);
  });

  test('a stale tag, an unknown field and a wrong scope are refused', async () => {
    const { world, create } = await postWorld(postRoutes);
    const { body: post } = await create();
    const patch = (body: object, options: object = {}) =>
      world.request('PATCH', `/v1/posts/${post.id}`, { body, ...options });
    const stale = await patch({ labels: [] }, { headers: { 'if-match': '"7"' } });
    expect([stale.status, stale.body.code]).toEqual([412, 'stale']);
    const unknown = await patch({ colour: 'red' });
    expect([unknown.status, rules(unknown)]).toEqual([422, [['unknown_field', '/colour']]]);
    expect((await patch({ labels: [] }, { key: 'reader' })).status).toBe(403);
  });

  test('the tag is the author’s revision: what deliveries do does not change it', async () => {
    const { world, create } = await postWorld(postRoutes);
    const { body: post } = await create();
    const head = await world.deps.posts.get(world.agency.id, post.id);
    const [delivery] = head?.deliveries ?? [];
    const ref = { agencyId: world.agency.id, postId: post.id, n: 1 };
    const failed = { ...aDelivery(delivery), state: 'failed' as const, fence: 1 };
    await world.deps.posts.swapDelivery(ref, { fence: 0, states: ['scheduled'] }, failed);
    const read = await world.request('GET', `/v1/posts/${post.id}`);
    expect([read.headers.etag, read.body.deliveries[0].state]).toEqual(['"1"', 'failed']);
  });

  test('what has begun is named instead of changed', async () => {
    const { world, create } = await postWorld(postRoutes);
    const { body: post } = await create();
    const ref = { agencyId: world.agency.id, postId: post.id, n: 1 };
    const head = await world.deps.posts.get(world.agency.id, post.id);
    const begun = { ...aDelivery(head?.deliveries[0]), state: 'publishing' as const, fence: 1 };
    await world.deps.posts.swapDelivery(ref, { fence: 0, states: ['scheduled'] }, begun);
    const edited = await world.request('PATCH', `/v1/posts/${post.id}`, {
      body: { content: { text: 'New' } },
    });
    expect([edited.status, edited.body.deliveries]).toEqual([409, [post.deliveries[0].id]]);
    const cancelled = await world.request('POST', `/v1/posts/${post.id}/cancel`);
    expect([cancelled.status, cancelled.body.deliveries]).toEqual([409, [post.deliveries[0].id]]);
    const deleted = await world.request('DELETE', `/v1/posts/${post.id}`);
    expect(deleted).toMatchObject({
      status: 409,
      body: { detail: 'Some deliveries are going out, or may be out already; all others are cancelled.' },
    });
  });

  test('a post whose content has expired cannot be edited any more', async () => {
    const { world } = await postWorld(postRoutes);
    const old = aPost({ createdAt: MADE_AT });
    await world.deps.posts.create(old);
    const reply = await world.request('PATCH', `/v1/posts/${old.id}`, { body: { labels: ['x'] } });
    expect(reply.status).toBe(409);
  });

  test('cancelling stops what is unsent; deleting forgets the post', async () => {
    const { world, create } = await postWorld(postRoutes);
    const { body: post } = await create();
    const cancelled = await world.request('POST', `/v1/posts/${post.id}/cancel`, { key: 'editor' });
    expect([cancelled.status, cancelled.body.status]).toEqual([200, 'cancelled']);
    expect((await world.request('DELETE', `/v1/posts/${post.id}`, { key: 'reader' })).status).toBe(403);
    expect((await world.request('DELETE', `/v1/posts/${post.id}`)).status).toBe(204);
    expect((await world.request('DELETE', `/v1/posts/${post.id}`)).status).toBe(404);
  });
});
