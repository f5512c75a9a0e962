import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ghostSite, ghostToken } from '../../../shared/channels/ghost/api.ts';
import { ghostSlug } from '../../../shared/channels/ghost/post.ts';
import { ghost, toOutcome, toRequest } from '../../../shared/channels/ghost.ts';
import { createHttp } from '../../../shared/channels/http.ts';
import { MINUTE } from '../../../shared/domain/time.ts';
import { attempt } from '../../support/attempt.ts';
import { DUE_AT } from '../../support/builders.ts';
import { fakeGhost, GHOST_KEY } from '../../support/fake-networks/ghost.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

const NOW = DUE_AT + MINUTE;
const credential = { siteUrl: 'https://example.org/blog', adminApiKey: GHOST_KEY };

async function site() {
  const server = await fakeGhost({ now: () => NOW });
  const own = { siteUrl: server.url, adminApiKey: GHOST_KEY };
  const variant = { text: 'Fresh bread', options: { title: 'Bread' } };
  const request = aPublishRequest(own, { variant });
  const who = { credential: own, account: request.channel.account, facts: {} };
  return { ...server, request, who, [Symbol.asyncDispose]: server.close };
}

describe('the token', () => {
  test('is a JWT by HS256 for five minutes, signed with the bytes of the key’s second half', () => {
    const [head = '', payload = '', signature] = ghostToken(GHOST_KEY, NOW).split('.');
    const read = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
    expect(read(head)).toEqual({ alg: 'HS256', typ: 'JWT', kid: '0123456789abcdef01234567' });
    expect(read(payload)).toEqual({ iat: NOW / 1_000, exp: NOW / 1_000 + 300, aud: '/admin/' });
    const secret = Buffer.from('ab'.repeat(32), 'hex');
    expect(signature).toBe(createHmac('sha256', secret).update(`${head}.${payload}`).digest('base64url'));
  });

  test.each([
    ['https://example.org/', 'https://example.org'],
    ['https://example.org/blog/ghost/#/settings', 'https://example.org/blog'],
    ['https://example.org/ghost', 'https://example.org'],
    ['https://ghost.example.org/ghosts', 'https://ghost.example.org/ghosts'],
  ])('takes %s for the site %s', (siteUrl, expected) => {
    expect(ghostSite({ siteUrl })).toBe(expected);
  });

  test.each(['', 'abc', `${'0'.repeat(24)}:${'0'.repeat(63)}`, '0'.repeat(89)])(
    'is not made of “%s”',
    (key) => {
      expect(ghost.credential.safeParse({ ...credential, adminApiKey: key }).success).toBe(false);
    },
  );
});

describe('the post', () => {
  const bodyOf = (
    variant: Parameters<typeof ghost.check>[0],
    images: { url: string; alt: string }[] = [],
  ) => {
    const { body } = toRequest(aPublishRequest(credential, { variant }), images, NOW);
    return JSON.parse(String(body)).posts[0];
  };

  test('goes out as HTML in which nothing of the text is markup', () => {
    const request = toRequest(aPublishRequest(credential, { variant: { text: 'x' } }), [], NOW);
    expect(request.url).toBe('https://example.org/blog/ghost/api/admin/posts/?source=html');
    expect(
      bodyOf({ text: 'A <b>\nB\n\nsee https://a.example/?a=1&b=2', link: 'https://b.example/' }).html,
    ).toBe(
      '<p>A &lt;b&gt;<br>\nB</p>\n' +
        '<p>see <a href="https://a.example/?a=1&amp;b=2">https://a.example/?a=1&amp;b=2</a></p>\n' +
        '<p><a href="https://b.example/">https://b.example/</a></p>',
    );
  });

  test('takes its options, tags by name', () => {
    const options = { title: 'T', excerpt: 'E', tags: ['A', 'B'], visibility: 'members', featured: true };
    expect(bodyOf({ text: 'x', options })).toMatchObject({
      title: 'T',
      custom_excerpt: 'E',
      tags: [{ name: 'A' }, { name: 'B' }],
      visibility: 'members',
      featured: true,
      status: 'published',
    });
  });

  test('shows the first image on top and the others in the text, unless all are wanted there', () => {
    const images = [
      { url: 'https://e.example/1.jpg', alt: 'One' },
      { url: 'https://e.example/2.jpg', alt: 'Two "quoted"' },
    ];
    expect(bodyOf({ text: 'x' }, images)).toMatchObject({
      feature_image: 'https://e.example/1.jpg',
      feature_image_alt: 'One',
      html: '<p>x</p>\n<figure><img src="https://e.example/2.jpg" alt="Two &quot;quoted&quot;"></figure>',
    });
    const inText = bodyOf({ text: 'x', options: { featureImage: false } }, images);
    expect(inText.feature_image).toBeUndefined();
    expect(inText.html).toContain('1.jpg');
  });

  test('has a slug that is the same again for the same delivery and another for every other', () => {
    const variant = { text: 'Grüße aus der Bäckerei' };
    expect(ghostSlug(variant, 'a')).toMatch(/^gruesse-aus-der-baeckerei-[0-9a-f]{10}$/);
    expect(ghostSlug(variant, 'a')).toBe(ghostSlug(variant, 'a'));
    expect(ghostSlug(variant, 'a')).not.toBe(ghostSlug(variant, 'b'));
  });
});

describe('check', () => {
  test('warns that the first words become the title', () => {
    expect(ghost.check({ text: 'First line\nmore' }, {})).toMatchObject([
      {
        rule: 'title_from_text',
        severity: 'warning',
        path: '/options/title',
        params: { title: 'First line' },
      },
    ]);
  });

  test.each([
    [{ media: [anAttachment('a', { type: 'video/mp4' })] }, 'media_type', '/media/0'],
    [{ media: [anAttachment('a', { bytes: 20_000_001 })] }, 'media_too_large', '/media/0'],
    [{ media: [anAttachment('a', { alt: 'a'.repeat(192) })] }, 'alt_too_long', '/media/0/alt'],
    [{ thread: ['more'] }, 'thread_unsupported', '/thread'],
    [{ firstComment: 'more' }, 'first_comment_unsupported', '/firstComment'],
    [{ poll: { options: ['a', 'b'], minutes: 60 } }, 'poll_unsupported', '/poll'],
  ])('finds what Ghost cannot do: %j', (over, rule, path) => {
    const found = ghost.check({ text: 'x', options: { title: 'T' }, ...over }, {});
    expect(found).toMatchObject([{ rule, severity: 'error', path }]);
  });
});

describe('the outcome', () => {
  const outcome = (status: number, json: unknown) =>
    toOutcome({ kind: 'answered', status, headers: {}, text: '{…}', json }, NOW);
  const error = (type: string) => ({ errors: [{ type, message: 'No.', context: 'Because.' }] });

  test('is a publication where the post is public, and a refusal where it is a draft', () => {
    const post = { id: 'a1', url: 'https://example.org/bread/', status: 'published' };
    expect(outcome(201, { posts: [post] })).toEqual({
      kind: 'published',
      externalId: 'a1',
      url: 'https://example.org/bread/',
    });
    const draft = outcome(201, { posts: [{ ...post, status: 'draft' }] });
    expect(draft).toMatchObject({ kind: 'rejected', code: 'not_public' });
  });

  test.each([
    [401, error('UnauthorizedError'), 'unauthorized', undefined],
    [403, error('NoPermissionError'), 'unauthorized', undefined],
    [403, error('HostLimitError'), 'rejected', 'needs_person'],
    [422, error('ValidationError'), 'rejected', 'content_refused'],
    [400, error('BadRequestError'), 'rejected', 'content_refused'],
    [406, error('RequestNotAcceptableError'), 'rejected', 'configuration'],
    [413, error('RequestEntityTooLargeError'), 'rejected', 'media_refused'],
    [503, error('MaintenanceError'), 'unavailable', undefined],
    [500, error('ValidationError'), 'uncertain', undefined],
    [500, error('InternalServerError'), 'uncertain', undefined],
    [404, error('NotFoundError'), 'rejected', 'http_404'],
    [422, error('constructor'), 'rejected', 'http_422'],
    [422, error('__proto__'), 'rejected', 'http_422'],
    [201, { posts: [] }, 'uncertain', undefined],
  ])('of %d with %j is %s %s', (status, body, kind, code) => {
    const found = outcome(status, body);
    expect(found.kind).toBe(kind);
    if (found.kind === 'rejected') expect(found).toMatchObject({ code });
    if ('reason' in found && status > 201) expect(found.reason).toBe(`HTTP ${status}: No. Because.`);
  });
});

describe('images', () => {
  const variant = { text: 'x', options: { title: 'T' }, media: [anAttachment('loaf'), anAttachment('oven')] };

  test('are put on the site before the post that shows them', async () => {
    await using world = await site();
    const given = providerContext();
    expect((await ghost.publish({ ...world.request, variant }, given)).kind).toBe('published');
    expect(world.images.map(({ bytes }) => bytes > 300_000)).toEqual([true, true]);
    const [first, second] = world.images;
    expect(world.posts[0]).toMatchObject({ feature_image: first?.url });
    expect(world.posts[0]?.html).toContain(second?.url);
    expect(given.sends).toHaveLength(1);
  });

  test('are put there in several steps by a slow site, none of them twice, and the post has a step’s whole time', async () => {
    await using world = await site();
    let now = NOW;
    const http = createHttp({ allowLoopback: true });
    const slow = providerContext({
      now: () => now,
      http: (request) => {
        now += 6_000;
        return http(request);
      },
    });
    const media = Array.from({ length: 8 }, (_, n) => anAttachment(`image-${n}`, { alt: `Image ${n}` }));
    const request = { ...world.request, variant: { ...variant, media } };
    expect(await ghost.publish(request, slow)).toMatchObject({ kind: 'pending', checkAt: NOW + 18_000 });
    expect(slow.sends).toEqual([]);
    const { outcome } = await attempt(ghost, request, slow);
    expect(outcome.kind).toBe('published');
    // Three of the first try are left behind: nobody went on with it.
    expect(world.images).toHaveLength(3 + 8);
    expect(world.posts[0]).toMatchObject({ feature_image_alt: 'Image 0' });
    for (let n = 1; n < 8; n++) expect(world.posts[0]?.html).toContain(`alt="Image ${n}"`);
  });

  test.each([
    [
      {
        kind: 'answer',
        status: 415,
        body: { errors: [{ type: 'UnsupportedMediaTypeError', message: 'No.' }] },
      },
      'rejected',
    ],
    [{ kind: 'answer', status: 413, body: 'too large' }, 'rejected'],
    [{ kind: 'answer', status: 500, body: {} }, 'unavailable'],
    [{ kind: 'answer', status: 429, body: {} }, 'rateLimited'],
    [{ kind: 'answer', status: 401, body: {} }, 'unauthorized'],
    [{ kind: 'drop' }, 'unavailable'],
  ] as const)('that are refused by %j end in %s, and nothing is published', async (fault, kind) => {
    await using world = await site();
    world.fault(fault, ({ url }) => url.pathname.endsWith('/images/upload/'));
    const outcome = await ghost.publish({ ...world.request, variant }, providerContext());
    expect(outcome.kind).toBe(kind);
    if (outcome.kind === 'rejected') expect(outcome.code).toBe('media_refused');
    expect(world.posts).toEqual([]);
  });
});

describe('afterwards', () => {
  test('a second post of the same delivery is found by its suffix when the first is gone', async () => {
    await using world = await site();
    await ghost.publish(world.request, providerContext());
    await ghost.publish(world.request, providerContext());
    const [first = '', second] = world.published();
    world.forget(first);
    const look = { ...world.request, since: DUE_AT, excluding: new Set<string>() };
    expect(await ghost.find?.(look, providerContext())).toMatchObject({ kind: 'found', externalId: second });
  });

  test('a post that the site keeps as a draft cannot be told', async () => {
    await using world = await site();
    world.keepAs('draft');
    await ghost.publish(world.request, providerContext());
    const look = { ...world.request, since: DUE_AT, excluding: new Set<string>() };
    expect(await ghost.find?.(look, providerContext())).toMatchObject({ kind: 'cannotTell' });
  });

  test('comments are counted, and null where the site does not tell them', async () => {
    await using world = await site();
    await ghost.publish(world.request, providerContext());
    const [id = ''] = world.published();
    world.comment(id, 3);
    const read = async () => {
      const told = await ghost.metrics?.fetch({ ...world.who, externalIds: [id] }, providerContext());
      return told instanceof Map ? told.get(id) : told;
    };
    expect(await read()).toMatchObject({ replies: 3, views: null, clicks: null });
    world.fault({ kind: 'answer', status: 403, body: {} }, ({ url }) => url.pathname.includes('/comments/'));
    expect(await read()).toMatchObject({ replies: null });
  });

  test('verify says so when there is no Ghost', async () => {
    await using world = await site();
    const elsewhere = { siteUrl: `${world.url}/elsewhere`, adminApiKey: GHOST_KEY };
    expect(await ghost.verify(elsewhere, providerContext())).toEqual({
      kind: 'refused',
      reason: 'There is no Ghost Admin API at this address.',
    });
  });
});
