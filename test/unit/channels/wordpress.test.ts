import { describe, expect, test } from 'vitest';
import { siteOf } from '../../../shared/channels/wordpress/api.ts';
import { toOutcome, toRequest } from '../../../shared/channels/wordpress/steps.ts';
import { wordpress } from '../../../shared/channels/wordpress.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { DUE_AT } from '../../support/builders.ts';
import { type FakeSiteOptions, fakeWordpress } from '../../support/fake-networks/wordpress.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

const credential = {
  siteUrl: 'https://example.org/blog/',
  username: 'eva',
  applicationPassword: 'abcd EFGH 1234 ijkl',
};
const variant = { text: 'Fresh bread', options: { title: 'Bread' } };

async function site(over: Partial<FakeSiteOptions> = {}) {
  const server = await fakeWordpress({ ...credential, ...over });
  const own = { ...credential, siteUrl: server.url };
  const request = aPublishRequest(own, { variant });
  const who = { credential: own, account: request.channel.account, facts: {} };
  return { ...server, request, who, [Symbol.asyncDispose]: server.close };
}

describe('the request to WordPress', () => {
  test('is signed in and goes to the site’s own path', () => {
    const request = toRequest(aPublishRequest(credential, { variant }));
    expect(request).toMatchObject({
      method: 'POST',
      url: 'https://example.org/blog/wp-json/wp/v2/posts',
      headers: { authorization: `Basic ${btoa('eva:abcd EFGH 1234 ijkl')}` },
    });
    expect(JSON.parse(String(request.body))).toMatchObject({ title: 'Bread', status: 'publish' });
  });

  test('goes by the query where the site knows no pretty addresses', () => {
    const asked = aPublishRequest(credential, { variant });
    const { url } = toRequest({ ...asked, channel: { ...asked.channel, facts: { queryRoutes: true } } });
    expect(url).toBe('https://example.org/blog/?rest_route=%2Fwp%2Fv2%2Fposts');
  });

  test.each([
    ['https://example.org', 'https://example.org'],
    ['https://example.org/', 'https://example.org'],
    ['https://example.org/blog/?p=1#x', 'https://example.org/blog'],
    ['https://example.org/blog/wp-admin/profile.php', 'https://example.org/blog'],
    ['https://example.org/wp-json/', 'https://example.org'],
    ['https://example.org/wp-login.php', 'https://example.org'],
  ])('takes %s for the site %s', (siteUrl, expected) => {
    expect(siteOf({ siteUrl })).toBe(expected);
  });
});

describe('the outcome of WordPress', () => {
  const outcome = (status: number, json: unknown) =>
    toOutcome({ kind: 'answered', status, headers: {}, text: '{…}', json }, credential, DUE_AT);
  const post = { id: 7, link: 'https://example.org/bread', status: 'publish' };

  test('is a publication where the post is public', () => {
    expect(outcome(201, post)).toEqual({
      kind: 'published',
      externalId: '7',
      url: 'https://example.org/bread',
    });
  });

  test('leads to the post by its id where the site does not tell its address', () => {
    expect(outcome(201, { id: 7 })).toEqual({
      kind: 'published',
      externalId: '7',
      url: 'https://example.org/blog/?p=7',
    });
  });

  test.each([
    [201, { ...post, status: 'pending' }, 'rejected', 'not_public'],
    [201, { link: 'https://example.org/bread' }, 'uncertain', undefined],
    [400, { code: 'rest_invalid_param', message: 'categories' }, 'rejected', 'rest_invalid_param'],
    [403, { code: 'rest_cannot_assign_term' }, 'rejected', 'rest_cannot_assign_term'],
    [403, { code: 'rest_cannot_publish' }, 'unauthorized', undefined],
    [401, { code: 'rest_cannot_create' }, 'unauthorized', undefined],
    [401, { code: 'incorrect_password' }, 'unauthorized', undefined],
    [403, undefined, 'rejected', 'http_403'],
    [500, { code: 'rest_forbidden' }, 'uncertain', undefined],
    [429, { code: 'slow_down' }, 'rateLimited', undefined],
  ])('of %d with %j is %s %s', (status, body, kind, code) => {
    const found = outcome(status, body);
    expect(found.kind).toBe(kind);
    if (found.kind === 'rejected') expect(found.code).toBe(code);
  });
});

describe('verify', () => {
  test('refuses a user who may not publish, and says who may', async () => {
    await using world = await site({ role: 'contributor' });
    const verified = await wordpress.verify(world.who.credential, providerContext());
    expect(verified).toMatchObject({ kind: 'refused' });
    expect(verified.kind === 'refused' && verified.reason).toMatch(
      /“eva” has the role contributor .* author/,
    );
  });

  test('names the account by site and user, and learns the kind of address', async () => {
    await using world = await site({ prettyPermalinks: false });
    const host = world.url.replace('http://', '');
    expect(await wordpress.verify(world.who.credential, providerContext())).toEqual({
      kind: 'verified',
      account: { id: `${host}#7`, handle: `eva@${host}`, url: `${world.url}/` },
      facts: { queryRoutes: true },
    });
  });

  test('tells a header that was lost on the way from a wrong password', async () => {
    await using world = await site();
    world.fault({ kind: 'answer', status: 401, body: { code: 'rest_not_logged_in' } });
    const verified = await wordpress.verify(world.who.credential, providerContext());
    expect(verified).toMatchObject({ kind: 'refused' });
    expect(verified.kind === 'refused' && verified.reason).toContain('Authorization header');
  });

  test('says so when there is no WordPress', async () => {
    await using world = await site({ path: '/elsewhere' });
    expect(await wordpress.verify(world.who.credential, providerContext())).toEqual({
      kind: 'refused',
      reason: 'There is no WordPress REST API at this address.',
    });
  });
});

describe('check', () => {
  test('says which title it makes where none is said, and takes options of other networks for none of its business', () => {
    expect(wordpress.check({ text: 'Bread' }, {})).toMatchObject([
      { rule: 'title_from_text', path: '/options/title', severity: 'warning', params: { title: 'Bread' } },
    ]);
    expect(wordpress.check({ text: 'Bread', options: { title: 'Bread', langs: ['de'] } }, {})).toEqual([]);
  });

  test.each<[string, Variant, string[]]>([
    ['an image and a title', { text: '', media: [anAttachment('a')], options: { title: 'A' } }, []],
    ['an image alone', { text: '', media: [anAttachment('a')] }, ['error title_missing /options/title']],
    ['a link alone', { text: '', link: 'https://bakery.example/' }, ['warning title_missing /options/title']],
    [
      'a video',
      { text: '', media: [anAttachment('a', { type: 'video/mp4' })], options: { title: 'A' } },
      ['error media_type /media/0'],
    ],
    [
      'an image without words',
      { text: '', media: [anAttachment('a', { alt: '' })], options: { title: 'A' } },
      ['warning alt_missing /media/0/alt'],
    ],
    ['a thread', { text: 'a', thread: ['b'], options: { title: 'A' } }, ['error thread_unsupported /thread']],
  ])('finds in %s what is wrong, and no more', (_name, variant, expected) => {
    const found = wordpress.check(variant, {});
    expect(found.map(({ severity, rule, path }) => `${severity} ${rule} ${path}`)).toEqual(expected);
  });
});

describe('find', () => {
  const look = { since: DUE_AT, excluding: new Set<string>() };

  test('takes the older of two that were sent by mistake', async () => {
    await using world = await site();
    await wordpress.publish(world.request, providerContext());
    await wordpress.publish(world.request, providerContext());
    expect(world.posts.map(({ slug }) => slug)[1]).toMatch(/-2$/);
    const found = await wordpress.find?.({ ...world.request, ...look }, providerContext());
    expect(found).toMatchObject({ kind: 'found', externalId: '1' });
  });

  test('knows what was taken off meanwhile, so that it is not sent again', async () => {
    await using world = await site();
    await wordpress.publish(world.request, providerContext());
    await wordpress.remove?.({ ...world.who, externalId: '1' }, providerContext());
    const found = await wordpress.find?.({ ...world.request, ...look }, providerContext());
    expect(found).toMatchObject({ kind: 'found', externalId: '1' });
  });

  test('cannot tell of a post that waits for a moderator', async () => {
    await using world = await site();
    world.moderate('pending');
    const outcome = await wordpress.publish(world.request, providerContext());
    expect(outcome).toMatchObject({ kind: 'rejected', code: 'not_public' });
    const found = await wordpress.find?.({ ...world.request, ...look }, providerContext());
    expect(found?.kind).toBe('cannotTell');
  });
});

describe('find on a site that knows less than WordPress', () => {
  const look = { since: DUE_AT, excluding: new Set<string>() };

  test('finds the post where only one slug can be asked for', async () => {
    await using world = await site({ slugs: 'one' });
    await wordpress.publish(world.request, providerContext());
    const found = await wordpress.find?.({ ...world.request, ...look }, providerContext());
    expect(found).toMatchObject({ kind: 'found', externalId: '1' });
  });

  test('says absent there when the post is not there', async () => {
    await using world = await site({ slugs: 'one' });
    const found = await wordpress.find?.({ ...world.request, ...look }, providerContext());
    expect(found).toEqual({ kind: 'absent' });
  });

  test('takes no other post for its own where slugs are not asked for at all', async () => {
    await using world = await site({ slugs: 'none' });
    const delivery = { ...world.request.delivery, key: 'another' };
    await wordpress.publish({ ...world.request, delivery }, providerContext());
    const lost = await wordpress.find?.({ ...world.request, ...look }, providerContext());
    expect(lost?.kind).toBe('cannotTell');
    await wordpress.publish(world.request, providerContext());
    const found = await wordpress.find?.({ ...world.request, ...look }, providerContext());
    expect(found).toMatchObject({ kind: 'found', externalId: '2' });
  });
});

describe('metrics', () => {
  const publish = async (world: Awaited<ReturnType<typeof site>>, times: number) => {
    for (let n = 1; n <= times; n++) {
      const delivery = { ...world.request.delivery, key: `key-${n}` };
      await wordpress.publish({ ...world.request, delivery }, providerContext());
    }
    return world.requests.length;
  };

  test('count a batch’s comments in two requests', async () => {
    await using world = await site();
    const before = await publish(world, 3);
    world.comment(1, 3);
    world.comment(3, 97);
    await wordpress.remove?.({ ...world.who, externalId: '2' }, providerContext());
    const externalIds = ['1', '2', '3', 'no number'];
    const metrics = await wordpress.metrics?.fetch({ ...world.who, externalIds }, providerContext());
    if (!(metrics instanceof Map)) return expect.fail('no metrics');
    expect([...metrics.keys()].sort()).toEqual(['1', '2', '3']);
    expect(metrics.get('1')).toMatchObject({ replies: 3, reactions: null, views: null });
    expect(metrics.get('2')).toBe('removed');
    expect(metrics.get('3')).toMatchObject({ replies: 97 });
    expect(world.requests.length - before).toBe(1 + 2);
  });

  test('ask for each post’s total where the comments are too many to fetch', async () => {
    await using world = await site();
    await publish(world, 2);
    world.comment(1, 5_000);
    world.comment(2, 1);
    const externalIds = ['1', '2'];
    const metrics = await wordpress.metrics?.fetch({ ...world.who, externalIds }, providerContext());
    if (!(metrics instanceof Map)) return expect.fail('no metrics');
    expect(metrics.get('1')).toMatchObject({ replies: 5_000 });
    expect(metrics.get('2')).toMatchObject({ replies: 1 });
  });

  test('know no followers', async () => {
    expect(
      await wordpress.metrics?.followers(
        { credential, account: { id: '', handle: '', url: '' }, facts: {} },
        providerContext(),
      ),
    ).toBeNull();
  });
});

describe('remove', () => {
  test('does not delete for good where a site keeps no trash', async () => {
    await using world = await site();
    await wordpress.publish(world.request, providerContext());
    world.fault({
      kind: 'answer',
      status: 501,
      body: { code: 'rest_trash_not_supported', message: 'No trash.' },
    });
    expect(await wordpress.remove?.({ ...world.who, externalId: '1' }, providerContext())).toEqual({
      kind: 'rejected',
      code: 'rest_trash_not_supported',
      reason: 'HTTP 501: No trash.',
    });
    expect(world.published()).toEqual(['1']);
  });
});
