import { describe, expect, test } from 'vitest';
import { deliveryRoutes } from '../../../../functions/api/deliveries.ts';
import { postRoutes } from '../../../../functions/api/posts.ts';
import type { Delivery } from '../../../../shared/domain/delivery.ts';
import type { AnyProvider } from '../../../../shared/ports.ts';
import { givenBrand, givenChannel, rules } from '../../../support/api-steps.ts';
import { apiWorld, fakeProvider } from '../../../support/api-world.ts';

type Edit = NonNullable<AnyProvider['edit']>;

/** A post that is out on a network which edits as `edit` says. */
async function setup(edit: Edit | undefined, state: Delivery['state'] = 'published') {
  const asked: Parameters<Edit>[0][] = [];
  const provider = fakeProvider(
    edit && {
      edit: async (request, context) => {
        asked.push(request);
        return edit(request, context);
      },
    },
  );
  const world = await apiWorld({ routes: [...postRoutes, ...deliveryRoutes], providers: [provider] });
  const brand = await givenBrand(world);
  const channel = await givenChannel(world);
  const { body: post } = await world.request('POST', `/v1/brands/${brand.id}/posts`, {
    body: {
      content: { text: 'Bread', link: 'https://bakery.example/', options: { visibility: 'public' } },
      channels: [channel.id],
      dueAt: '2026-11-30T09:00:00+01:00',
    },
  });
  const stored = await world.deps.posts.get(world.agency.id, post.id);
  if (!stored) throw new Error('no post');
  const out = {
    state,
    publishedAt: stored.createdAt,
    startedAt: stored.createdAt,
    externalId: '42',
    parts: ['43'],
  };
  await world.deps.posts.replace({
    ...stored,
    deliveries: stored.deliveries.map((one) => ({ ...one, ...out })),
  });
  const [{ id }] = post.deliveries as [{ id: string }];
  const change = (body: object, key = 'editor') =>
    world.request('POST', `/v1/deliveries/${id}/edit`, { body, key });
  return { world, channel, post, asked, change };
}

describe('editing a publication', () => {
  test('tells the network what is out, for what of it never changes', async () => {
    const { asked, change } = await setup(async () => ({ kind: 'edited' }));
    await change({ text: 'Cake', link: null, options: { visibility: 'quiet' } });
    await change({ text: 'Rolls' });
    const quiet = { visibility: 'quiet' };
    expect(asked).toMatchObject([
      { was: { text: 'Bread', link: 'https://bakery.example/', options: { visibility: 'public' } } },
      { was: { text: 'Cake', options: quiet }, variant: { text: 'Rolls', options: quiet } },
    ]);
    expect(asked.map(({ parts }) => parts)).toEqual([['43'], ['43']]);
  });

  test('asks the network for the whole variant, and keeps the new words as a revision of that channel', async () => {
    const { world, channel, post, asked, change } = await setup(async () => ({ kind: 'edited' }));
    const reply = await change({ text: 'Cake', options: { visibility: 'quiet' } });
    expect(reply).toMatchObject({ status: 200, body: { state: 'published' } });
    expect(asked).toMatchObject([
      {
        externalId: '42',
        credential: { token: 'good-1' },
        variant: { text: 'Cake', link: 'https://bakery.example/', options: { visibility: 'quiet' } },
      },
    ]);
    const { body } = await world.request('GET', `/v1/posts/${post.id}`);
    expect(body).toMatchObject({
      revision: 2,
      content: { text: 'Bread' },
      variants: { [channel.id]: { text: 'Cake', options: { visibility: 'quiet' } } },
    });
    expect(world.seen.audit.at(-1)).toMatchObject({ act: 'delivery.edit', data: { revision: 2 } });
  });

  test('can be repeated, and can take the link away', async () => {
    const { world, post, asked, change } = await setup(async () => ({ kind: 'edited' }));
    await change({ link: null });
    expect((await change({ link: null })).status).toBe(200);
    expect(asked.map(({ variant }) => variant.link)).toEqual([undefined, undefined]);
    expect((await world.request('GET', `/v1/posts/${post.id}`)).body.revision).toBe(3);
  });

  test.each([
    [{ kind: 'rejected', code: 'too_old', reason: 'after an hour' }, 409, 'after an hour'],
    [{ kind: 'unavailable', reason: 'no answer' }, 503, 'no answer'],
    [{ kind: 'unauthorized', reason: 'token' }, 409, 'reconnected'],
  ] as const)('that the network answers with %j changes nothing here', async (answer, status, words) => {
    const { world, post, change } = await setup(async () => answer);
    const reply = await change({ text: 'Cake' });
    expect(reply.status).toBe(status);
    expect(reply.text).toContain(words);
    expect((await world.request('GET', `/v1/posts/${post.id}`)).body).toMatchObject({
      revision: 1,
      content: { text: 'Bread' },
    });
  });

  test('is refused before the network is asked when a rule is broken', async () => {
    const { asked, change } = await setup(async () => ({ kind: 'edited' }));
    expect(rules(await change({ text: 'x'.repeat(101) }))).toEqual([['text_too_long', '/text']]);
    expect(rules(await change({ options: { visibility: 'loud' } }))).toEqual([
      ['option_invalid', '/options/visibility'],
    ]);
    expect((await change({})).status).toBe(422);
    expect((await change({ media: [] })).status).toBe(422);
    expect((await change({ text: 'Cake' }, 'reader')).status).toBe(403);
    expect(asked).toEqual([]);
  });

  test('needs a network that can, and something that is out', async () => {
    const none = await setup(undefined);
    expect(await none.change({ text: 'Cake' })).toMatchObject({ status: 409 });
    const failed = await setup(async () => ({ kind: 'edited' }), 'failed');
    expect(await failed.change({ text: 'Cake' })).toMatchObject({ status: 409, body: { state: 'failed' } });
    expect(failed.asked).toEqual([]);
  });
});
