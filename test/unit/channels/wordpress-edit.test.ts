import { describe, expect, test } from 'vitest';
import { wordpress } from '../../../shared/channels/wordpress.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { type FakeSiteOptions, fakeWordpress } from '../../support/fake-networks/wordpress.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

const login = { username: 'eva', applicationPassword: 'abcd EFGH 1234 ijkl' };
const was: Variant = {
  text: 'Bread\n\nFrom six.',
  link: 'https://bakery.example/',
  media: [anAttachment('loaf'), anAttachment('oven', { alt: 'An "open" [oven]' })],
  options: { title: 'Bread', tags: ['News'] },
};

/** A post that is out on a site, and how to edit it. */
async function site(over: Partial<FakeSiteOptions> = {}, published = was) {
  const server = await fakeWordpress({ ...login, ...over });
  const credential = { ...login, siteUrl: server.url };
  const facts = { queryRoutes: over.prettyPermalinks === false };
  const { channel, ...rest } = aPublishRequest(credential, { variant: published });
  await wordpress.publish({ ...rest, channel: { ...channel, facts } }, providerContext());
  const who = { credential, account: channel.account, facts, externalId: '1', was: published };
  const edit = (change: Partial<Variant>) =>
    wordpress.edit?.({ ...who, variant: { ...published, ...change } }, providerContext());
  return { ...server, edit, [Symbol.asyncDispose]: server.close };
}

describe('An edit', () => {
  test.each([true, false])(
    'says words, link, title, excerpt and terms anew, around the images (pretty addresses: %s)',
    async (prettyPermalinks) => {
      const categories = [{ id: 4, name: 'Bread & Rolls' }];
      await using world = await site({ prettyPermalinks, categories });
      const before = { ...world.posts[0] };
      const [, block] = before.content?.split(/\n(?=<!-- wp:image)/) ?? [];
      expect(block).toContain('An &quot;open&quot; &#091;oven&#093;');
      const options = {
        title: 'Rolls',
        tags: ['News', 'Rolls'],
        categories: ['bread & rolls'],
        excerpt: 'A & B',
      };
      const edited = await world.edit({ text: 'Rolls <now>', link: 'https://rolls.example/', options });
      expect(edited).toEqual({ kind: 'edited' });
      expect(world.posts).toEqual([
        {
          ...before,
          title: 'Rolls',
          excerpt: 'A &amp; B',
          tags: [501, 502],
          categories: [4],
          content: `<p>Rolls &lt;now&gt;</p>\n<p><a href="https://rolls.example/">https://rolls.example/</a></p>\n${block}`,
        },
      ]);
      expect(world.library.images).toHaveLength(2);
    },
  );

  test('sends what changes and nothing else', async () => {
    await using world = await site();
    await world.edit({ text: 'Rolls', options: { ...was.options, sticky: true, commentStatus: 'closed' } });
    const { json } = world.requests.at(-1) ?? {};
    expect(Object.keys(json as object).sort()).toEqual([
      'comment_status',
      'content',
      'sticky',
      'tags',
      'title',
    ]);
  });

  test('after another keeps the images as they are', async () => {
    await using world = await site();
    await world.edit({ text: 'Rolls' });
    const first = world.posts[0]?.content;
    await world.edit({ text: 'Rolls' });
    expect(world.posts[0]?.content).toBe(first);
  });

  test('makes a new title of a new text where the author says none', async () => {
    await using world = await site({}, { text: 'Bread' });
    await world.edit({ text: 'Rolls' });
    expect(world.posts[0]).toMatchObject({ title: 'Rolls', content: '<p>Rolls</p>' });
  });

  test('keeps images that people have put there since, in blocks and without', async () => {
    await using world = await site();
    const [post] = world.posts;
    if (post === undefined) return expect.fail('no post');
    const block =
      '<!-- wp:image -->\n<figure><img src="https://a.example/a.jpg"/></figure>\n<!-- /wp:image -->';
    const bare = '<img class="alignleft" src="https://a.example/b.jpg" alt="B">';
    const gallery = `<!-- wp:gallery -->\n<figure>${block}</figure>\n<!-- /wp:gallery -->`;
    post.content = `<p>Bread</p>\n<p>${bare}And more.</p>\n${gallery}\n<!-- wp:image broken`;
    await world.edit({ text: 'Rolls', link: undefined });
    expect(post.content).toBe(`<p>Rolls</p>\n${bare}\n${block}`);
  });

  test.each([
    ['slug', 'rolls'],
    ['featuredImage', false],
  ])('cannot change the option %s', async (name, value) => {
    await using world = await site();
    const asked = world.requests.length;
    expect(await world.edit({ options: { ...was.options, [name]: value } })).toEqual({
      kind: 'rejected',
      code: 'not_editable',
      reason: `WordPress cannot change /options/${name} any more`,
    });
    expect(world.requests).toHaveLength(asked);
  });
});

describe('An edit that fails', () => {
  const GONE = { kind: 'rejected', code: 'gone', reason: 'the site has no such post any more' };
  const changing = (method: string) => (request: { method: string; url: URL }) =>
    request.method === method && /posts\/1$/.test(request.url.pathname);

  test('because the post is deleted, or in the trash, says so', async () => {
    await using world = await site();
    const [post] = world.posts;
    if (post === undefined) return expect.fail('no post');
    post.status = 'trash';
    expect(await world.edit({ text: 'Rolls' })).toEqual(GONE);
    world.forget('1');
    expect(await world.edit({ text: 'Rolls' })).toEqual(GONE);
    expect(world.requests.filter(changing('POST'))).toEqual([]);
  });

  test('because the site has no such category changes nothing', async () => {
    await using world = await site();
    const before = { ...world.posts[0] };
    const edited = await world.edit({ text: 'Rolls', options: { ...was.options, categories: ['Nwes'] } });
    expect(edited).toMatchObject({ kind: 'rejected', code: 'configuration' });
    expect(world.posts[0]).toEqual(before);
  });

  test.each([
    ['GET', 401, 'incorrect_password', { kind: 'unauthorized' }],
    // What a site says to a wrong password here: the post may be read without any.
    ['GET', 401, 'rest_forbidden_context', { kind: 'unauthorized' }],
    ['GET', 403, 'rest_forbidden_context', { kind: 'rejected', code: 'rest_forbidden_context' }],
    ['GET', 503, undefined, { kind: 'unavailable' }],
    ['POST', 403, 'rest_cannot_edit', { kind: 'rejected', code: 'rest_cannot_edit' }],
    ['POST', 404, 'rest_post_invalid_id', GONE],
    ['POST', 400, 'rest_invalid_param', { kind: 'rejected', code: 'rest_invalid_param' }],
    ['POST', 429, undefined, { kind: 'rateLimited' }],
    ['POST', 500, 'internal_server_error', { kind: 'unavailable' }],
  ])('at %s by status %i %s', async (method, status, code, expected) => {
    await using world = await site();
    const before = { ...world.posts[0] };
    world.fault({ kind: 'answer', status, body: code && { code, message: code } }, changing(method));
    expect(await world.edit({ text: 'Rolls' })).toMatchObject(expected);
    expect(world.posts[0]).toEqual(before);
  });

  test('because the answer was lost can be asked for again', async () => {
    await using world = await site();
    world.fault({ kind: 'drop' }, changing('POST'));
    expect(await world.edit({ text: 'Rolls' })).toMatchObject({ kind: 'unavailable' });
    expect(await world.edit({ text: 'Rolls' })).toEqual({ kind: 'edited' });
    expect(world.posts).toHaveLength(1);
  });
});
