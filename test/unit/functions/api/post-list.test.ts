import { describe, expect, test } from 'vitest';
import { postRoutes } from '../../../../functions/api/posts.ts';
import type { Post } from '../../../../shared/domain/post.ts';
import { HOUR } from '../../../../shared/domain/time.ts';
import { everyPage, givenBrand, strayId } from '../../../support/api-steps.ts';
import { apiWorld } from '../../../support/api-world.ts';
import { aDelivery, anId, aPost, DUE_AT } from '../../../support/builders.ts';

const setup = async () => {
  const world = await apiWorld({ routes: postRoutes });
  const brand = await givenBrand(world);
  const other = await givenBrand(world, {
    id: anId('brd', 'other'),
    name: 'Other',
    timeZone: 'America/New_York',
  });
  const queue = async (name: string, at: number | readonly number[], over: Partial<Post> = {}) => {
    const deliveries = [at].flat().map((dueAt, index) => aDelivery({ n: index + 1, dueAt }));
    const { post } = await world.deps.posts.create(aPost({ id: anId('post', name), deliveries, ...over }));
    return post;
  };
  return { world, brand, other, queue };
};

const ids = (items: readonly { id: string }[]): string[] => items.map(({ id }) => id);

describe('listing posts', () => {
  test('gives them by due time, each once, whatever the size of the pages', async () => {
    const { world, brand, queue } = await setup();
    const made: Post[] = [];
    for (let n = 0; n < 11; n++) made.push(await queue(`p${n}`, DUE_AT + ((n * 7) % 11) * HOUR));
    const expected = made.toSorted((a, b) => (a.deliveries[0]?.dueAt ?? 0) - (b.deliveries[0]?.dueAt ?? 0));
    for (const limit of [1, 3, 50]) {
      const { items } = await everyPage(world, `/v1/brands/${brand.id}/posts?limit=${limit}`, 'reader');
      expect(ids(items)).toEqual(ids(expected));
    }
  });

  test('merges several brands into one order, also where many share an instant', async () => {
    const { world, brand, other, queue } = await setup();
    for (let n = 0; n < 9; n++) {
      const at = DUE_AT + Math.floor(n / 5) * HOUR;
      await queue(`a${n}`, at);
      await queue(`b${n}`, at, { brandId: other.id });
    }
    const whole = await everyPage(world, '/v1/posts?limit=100');
    const dueTimes = whole.items.map(({ deliveries }) => deliveries[0].dueAt);
    expect(whole.items).toHaveLength(18);
    expect(dueTimes).toEqual(dueTimes.toSorted());
    for (const limit of [1, 4, 7]) {
      const { items } = await everyPage(world, `/v1/posts?brand=${other.id},${brand.id}&limit=${limit}`);
      expect(ids(items)).toEqual(ids(whole.items));
    }
    const one = await everyPage(world, `/v1/posts?brand=${other.id}&limit=2`);
    expect(new Set(one.items.map(({ brandId }) => brandId))).toEqual(new Set([other.id]));
    expect(one.items[0].deliveries[0].dueLocal).toBe('2026-11-30T03:00:00-05:00');
  });

  test('shows a post of several instants at its first in the range', async () => {
    const { world, brand, queue } = await setup();
    const several = await queue('several', [DUE_AT, DUE_AT + 2 * HOUR, DUE_AT + 4 * HOUR]);
    const between = await queue('between', DUE_AT + HOUR);
    const all = await everyPage(world, `/v1/brands/${brand.id}/posts?limit=1`);
    expect(ids(all.items)).toEqual([several.id, between.id]);
    const from = new Date(DUE_AT + HOUR).toISOString();
    const later = await everyPage(world, `/v1/brands/${brand.id}/posts?limit=1&from=${from}`);
    expect(ids(later.items)).toEqual([between.id, several.id]);
  });

  test('ends a page of long posts before it is more than Lambda can answer', async () => {
    const { world, brand, queue } = await setup();
    const text = '"'.repeat(100_000);
    const made: Post[] = [];
    for (let n = 0; n < 30; n++) {
      const post = await queue(`p${n}`, DUE_AT + n * HOUR);
      made.push(post);
      const { agencyId, id, revision, contentHash } = post;
      await world.deps.posts.putContent(agencyId, id, revision, contentHash, {
        base: { text },
        variants: {},
      });
    }
    const { pages, items } = await everyPage(world, `/v1/brands/${brand.id}/posts?limit=100`, 'reader');
    expect(ids(items)).toEqual(ids(made));
    const sizes = pages.map((page) => JSON.stringify(JSON.stringify(page)).length);
    expect(Math.max(...sizes)).toBeLessThan(6_000_000);
    expect(pages.length).toBeLessThan(5);
  });

  test('the range takes its beginning and not its end', async () => {
    const { world, brand, queue } = await setup();
    const first = await queue('first', DUE_AT);
    await queue('second', DUE_AT + HOUR);
    const [from, to] = [new Date(DUE_AT).toISOString(), new Date(DUE_AT + HOUR).toISOString()];
    const reply = await world.request('GET', `/v1/brands/${brand.id}/posts?from=${from}&to=${to}`);
    expect(ids(reply.body.items)).toEqual([first.id]);
    const turned = await world.request('GET', `/v1/brands/${brand.id}/posts?from=${to}&to=${from}`);
    expect([turned.status, turned.body.findings[0].path]).toEqual([422, '/from']);
  });

  test('filters by status, channel, label and campaign', async () => {
    const { world, brand, queue } = await setup();
    const plain = await queue('plain', DUE_AT);
    const marked = await queue('marked', DUE_AT + 1, { labels: ['bread'], campaign: 'autumn' });
    const failed = await queue('failed', DUE_AT + 2, {
      deliveries: [aDelivery({ state: 'failed', dueAt: DUE_AT + 2, channelId: anId('chn', 'two') })],
    });
    const list = async (query: string) =>
      ids((await world.request('GET', `/v1/brands/${brand.id}/posts?${query}`)).body.items);
    expect(await list('status=scheduled')).toEqual([plain.id, marked.id]);
    expect(await list('status=scheduled,failed')).toEqual([plain.id, marked.id, failed.id]);
    expect(await list(`channel=${anId('chn', 'two')}`)).toEqual([failed.id]);
    expect(await list('label=bread')).toEqual([marked.id]);
    expect(await list('campaign=autumn')).toEqual([marked.id]);
    expect((await world.request('GET', `/v1/brands/${brand.id}/posts?status=late`)).status).toBe(422);
  });

  test('leaves out deleted posts, and has drafts without a time where an end is open', async () => {
    const { world, brand, queue } = await setup();
    await queue('gone', DUE_AT, { deletedAt: DUE_AT });
    const draft = await queue('draft', [], { draft: true });
    const all = await world.request('GET', `/v1/brands/${brand.id}/posts`);
    expect(ids(all.body.items)).toEqual([draft.id]);
    const to = new Date(DUE_AT).toISOString();
    const bounded = await world.request('GET', `/v1/brands/${brand.id}/posts?to=${to}`);
    expect(bounded.body.items).toEqual([]);
  });

  test('refuses too large a page, a foreign cursor, unknown parameters and unknown brands', async () => {
    const { world } = await setup();
    const refusals = await Promise.all(
      [
        'limit=101',
        'limit=0',
        'cursor=abc',
        `cursor=${Buffer.from('1 2 3').toString('base64url')}`,
        'colour=red',
        'from=yesterday',
        `brand=${strayId('brd')}`,
      ].map((query) => world.request('GET', `/v1/posts?${query}`)),
    );
    expect(refusals.map(({ status, body }) => [status, body.findings[0].path])).toEqual([
      [422, '/limit'],
      [422, '/limit'],
      [422, '/cursor'],
      [422, '/cursor'],
      [422, '/colour'],
      [422, '/from'],
      [422, '/brand'],
    ]);
  });

  test('a key for some brands sees only theirs', async () => {
    const { world, brand, other, queue } = await setup();
    await queue('ours', DUE_AT);
    const theirs = await queue('theirs', DUE_AT, { brandId: other.id });
    await world.addKey('theirs', { scope: 'reader', brandIds: [other.id] });
    const all = await world.request('GET', '/v1/posts', { key: 'theirs' });
    expect(ids(all.body.items)).toEqual([theirs.id]);
    expect((await world.request('GET', `/v1/posts?brand=${brand.id}`, { key: 'theirs' })).status).toBe(422);
    expect((await world.request('GET', `/v1/brands/${brand.id}/posts`, { key: 'theirs' })).status).toBe(404);
  });
});
