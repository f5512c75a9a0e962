import { describe, expect, test } from 'vitest';
import { wordpress } from '../../../shared/channels/wordpress.ts';
import { MINUTE, SECOND } from '../../../shared/domain/time.ts';
import { attempt } from '../../support/attempt.ts';
import { DUE_AT } from '../../support/builders.ts';
import type { Received } from '../../support/fake-networks/server.ts';
import { type FakeSiteOptions, fakeWordpress } from '../../support/fake-networks/wordpress.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

const LOGIN = { username: 'eva', applicationPassword: 'abcd EFGH 1234 ijkl' };
const loaf = anAttachment('Frischer Laib', { alt: 'A loaf' });
const oven = anAttachment('oven', { type: 'image/png', alt: 'The\n"old" oven ' });
const VARIANT = { text: 'Fresh', media: [loaf, oven], options: { title: 'Bread' } };

async function site(variant: typeof VARIANT | object = {}, over: Partial<FakeSiteOptions> = {}) {
  const server = await fakeWordpress({ ...LOGIN, ...over });
  const request = aPublishRequest(
    { ...LOGIN, siteUrl: server.url },
    { variant: { ...VARIANT, ...variant }, ...(over.prettyPermalinks === false ? QUERY_ROUTES : {}) },
  );
  const uploads = () => server.requests.filter(isUpload);
  return { ...server, request, uploads, [Symbol.asyncDispose]: server.close };
}
const QUERY_ROUTES = {
  channel: {
    id: 'chn_a',
    account: { id: 'a', handle: 'a', url: 'https://a.example/' },
    facts: { queryRoutes: true },
  },
};
const isUpload = ({ method, url, headers }: Received): boolean =>
  method === 'POST' && url.href.includes('media') && headers['content-disposition'] !== undefined;

describe('images of a post', () => {
  test.each([true, false])(
    'stand in the library with their words (pretty addresses: %s)',
    async (prettyPermalinks) => {
      await using world = await site({}, { prettyPermalinks });
      const { outcome } = await attempt(wordpress, world.request, providerContext());
      expect(outcome.kind).toBe('published');
      expect(world.library.images).toMatchObject(
        [
          { alt_text: 'A loaf', mime_type: 'image/jpeg', slug: /^frischer-laib-[0-9a-f]{10}$/ },
          { alt_text: 'The "old" oven', mime_type: 'image/png', slug: /^oven-[0-9a-f]{10}$/ },
        ].map(({ slug, ...rest }) => ({ ...rest, slug: expect.stringMatching(slug) })),
      );
      const [post] = world.posts;
      expect(post?.featured_media).toBe(101);
      expect(post?.content).toContain('class="wp-image-102"');
    },
  );

  test('are uploaded once, whatever becomes of the post', async () => {
    await using world = await site();
    world.fault({ kind: 'lose' }, world.isPublish);
    expect((await attempt(wordpress, world.request, providerContext())).outcome.kind).toBe('uncertain');
    expect((await attempt(wordpress, world.request, providerContext())).outcome.kind).toBe('published');
    expect(world.uploads()).toHaveLength(2);
    expect(world.posts).toHaveLength(1);
  });

  test('whose upload was carried out and not answered leave no copy behind', async () => {
    await using world = await site();
    world.fault({ kind: 'drop' }, isUpload);
    expect(await wordpress.publish(world.request, providerContext())).toMatchObject({ kind: 'unavailable' });
    expect((await attempt(wordpress, world.request, providerContext())).outcome.kind).toBe('published');
    expect(world.library.images).toHaveLength(2);
    expect(world.library.images[0]?.alt_text).toBe('A loaf');
  });

  test('that got their file but not their words get them later', async () => {
    await using world = await site();
    const isWords = ({ json }: Received) => json !== undefined && 'alt_text' in (json as object);
    world.fault({ kind: 'lose' }, isWords);
    expect((await wordpress.publish(world.request, providerContext())).kind).toBe('unavailable');
    await attempt(wordpress, world.request, providerContext());
    expect(world.library.images.map(({ alt_text }) => alt_text)).toEqual(['A loaf', 'The "old" oven']);
  });

  test('of another delivery are others, also of the same file', async () => {
    await using world = await site();
    await attempt(wordpress, world.request, providerContext());
    const delivery = { ...world.request.delivery, key: 'dlv_two.hash' };
    await attempt(wordpress, { ...world.request, delivery }, providerContext());
    expect(new Set(world.library.images.map(({ slug }) => slug)).size).toBe(4);
  });

  test('that take longer than a step go on in the next', async () => {
    await using world = await site({ media: [loaf, oven, anAttachment('table')] });
    let now = DUE_AT;
    const given = providerContext({ now: () => now });
    const slow = {
      ...given,
      http: async (request: Parameters<typeof given.http>[0]) => {
        const { headers = {} } = request;
        if (headers['content-disposition'] !== undefined) now += 16 * SECOND;
        return given.http(request);
      },
    };
    const first = await wordpress.publish(world.request, slow);
    expect(first).toMatchObject({ kind: 'pending', checkAt: DUE_AT + 16 * SECOND });
    expect(world.uploads()).toHaveLength(1);
    const { outcome } = await attempt(wordpress, world.request, slow);
    expect(outcome.kind).toBe('published');
    expect(world.uploads()).toHaveLength(3);
    expect(now).toBe(DUE_AT + 48 * SECOND);
  });

  test('give way to a smaller file where the host refuses their size', async () => {
    const small = { name: 'small', path: 'media/small', type: 'image/jpeg', bytes: 900_000 } as const;
    const large = anAttachment('large', { type: 'image/png', bytes: 5_000_000 });
    const media = [{ ...large, files: [...large.files, small] }];
    await using world = await site({ media }, { maxUploadBytes: 2_000_000 });
    expect((await attempt(wordpress, world.request, providerContext())).outcome.kind).toBe('published');
    expect(world.library.images).toMatchObject([{ bytes: 900_000, mime_type: 'image/jpeg' }]);
  });

  test('that are too large in every size are refused, and nothing is posted', async () => {
    await using world = await site({}, { maxUploadBytes: 1_000 });
    expect(await wordpress.publish(world.request, providerContext())).toEqual({
      kind: 'rejected',
      code: 'media_refused',
      reason: 'HTTP 413',
    });
    expect(world.posts).toEqual([]);
  });

  test.each([
    [403, { code: 'rest_cannot_create', message: 'You may not' }, { kind: 'unauthorized' }],
    [500, { code: 'rest_upload_sideload_error' }, { kind: 'rejected', code: 'media_refused' }],
    [500, { code: 'rest_upload_file_error' }, { kind: 'unavailable' }],
    [400, { code: 'rest_upload_no_data' }, { kind: 'rejected', code: 'media_refused' }],
    [429, {}, { kind: 'rateLimited' }],
    [503, '<h1>Maintenance</h1>', { kind: 'unavailable' }],
    [200, '<h1>Hello</h1>', { kind: 'unavailable' }],
  ])('that are answered with %i %j are never a publication', async (status, body, expected) => {
    await using world = await site();
    world.fault({ kind: 'answer', status, body }, isUpload);
    const given = providerContext();
    expect(await wordpress.publish(world.request, given)).toMatchObject(expected);
    expect(given.sends).toEqual([]);
  });

  test('stay in the library when the post is taken off', async () => {
    await using world = await site();
    await attempt(wordpress, world.request, providerContext());
    const { credential, channel } = world.request;
    const what = { credential, account: channel.account, facts: channel.facts, externalId: '1' };
    expect(await wordpress.remove?.(what, providerContext())).toEqual({ kind: 'removed' });
    expect(world.library.images).toHaveLength(2);
  });
});

describe('categories and tags', () => {
  const categories = [
    { id: 1, name: 'Bread' },
    { id: 2, name: 'Bread & Rolls' },
  ];
  const words = (options: object) => ({ media: [], options: { title: 'Bread', ...options } });

  test('are found by their names', async () => {
    await using world = await site(words({ categories: ['bread & rolls', 9], tags: ['Rye', 4] }), {
      categories,
    });
    await wordpress.publish(world.request, providerContext());
    expect(world.posts[0]).toMatchObject({ categories: [2, 9], tags: [501, 4] });
  });

  test('that are tags are made once, and found by every later post', async () => {
    await using world = await site(words({ tags: ['Rye', 'rye', 'Spelt'] }));
    await wordpress.publish(world.request, providerContext());
    const delivery = { ...world.request.delivery, key: 'dlv_two.hash' };
    await wordpress.publish({ ...world.request, delivery }, providerContext());
    expect(world.library.tags.map(({ name }) => name)).toEqual(['Rye', 'Spelt']);
    expect(world.posts.map(({ tags }) => tags)).toEqual([
      [501, 502],
      [501, 502],
    ]);
  });

  test('that are categories are not made: the name is told', async () => {
    await using world = await site(words({ categories: ['Bred'] }), { categories });
    const given = providerContext({ now: () => DUE_AT + MINUTE });
    expect(await wordpress.publish(world.request, given)).toEqual({
      kind: 'rejected',
      code: 'configuration',
      reason: 'the site has no category “Bred”',
    });
    expect(given.sends).toEqual([]);
  });

  test('that cannot be asked for now are a reason to try again', async () => {
    await using world = await site(words({ categories: ['Bread'] }), { categories });
    world.fault({ kind: 'answer', status: 503, body: 'busy' });
    expect((await wordpress.publish(world.request, providerContext())).kind).toBe('unavailable');
  });
});
