import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aClient, inSeconds, type Stage, stage } from '../support/stage.ts';

let it: Stage;
let client: Awaited<ReturnType<typeof aClient>>;
beforeAll(async () => {
  it = await stage();
  client = await aClient(it);
});
afterAll(() => it?.stop());

const good = () => ({ content: { text: 'Good.' }, channels: client.channels, dueAt: inSeconds(3_600) });
const UNKNOWN = '00000000000000000000';

describe('a post that is refused', () => {
  test.each<[string, (post: ReturnType<typeof good>) => unknown, string, string]>([
    ['an unknown field', (post) => ({ ...post, colour: 'red' }), 'unknown_field', '/colour'],
    ['a wrong type', (post) => ({ ...post, channels: 'all' }), 'wrong_type', '/channels'],
    ['a missing text', (post) => ({ ...post, content: {} }), 'required', '/content/text'],
    ['no channels', (post) => ({ ...post, channels: [] }), 'channels_empty', '/channels'],
    [
      'a channel twice',
      (post) => ({ ...post, channels: [...post.channels, ...post.channels] }),
      'channel_twice',
      '/channels/1',
    ],
    [
      'an unknown channel',
      (post) => ({ ...post, channels: [`chn_${UNKNOWN}`] }),
      'unknown_channel',
      '/channels/0',
    ],
    ['a past time', (post) => ({ ...post, dueAt: '2020-01-01T00:00:00Z' }), 'time_past', '/dueAt'],
    ['no time', ({ dueAt: _dueAt, ...post }) => post, 'time_required', '/dueAt'],
    [
      'an unknown zone',
      (post) => ({ ...post, dueAt: { local: '2027-01-01T09:00', timeZone: 'Mars/Base' } }),
      'invalid_value',
      '/dueAt/timeZone',
    ],
    [
      'a gap of the clock',
      (post) => ({ ...post, dueAt: { local: '2027-03-28T02:30' } }),
      'time_gap',
      '/dueAt/local',
    ],
    [
      'too long a text',
      (post) => ({ ...post, content: { text: 'x'.repeat(501) } }),
      'text_too_long',
      '/content/text',
    ],
    [
      'a media id that is none',
      (post) => ({ ...post, content: { text: 'a', media: [{ mediaId: 'm' }] } }),
      'invalid_value',
      '/content/media/0/mediaId',
    ],
    [
      'an unknown network',
      (post) => ({ ...post, variants: { orkut: { text: 'hi' } } }),
      'unknown_network',
      '/variants/orkut',
    ],
  ])('for %s names the rule and the field', async (_what, change, rule, path) => {
    const reply = await it.call('POST', `/v1/brands/${client.brandId}/posts`, { body: change(good()) });
    expect(reply.status).toBe(422);
    expect(reply.headers.get('content-type')).toContain('application/problem+json');
    expect(reply.body.findings).toEqual(expect.arrayContaining([expect.objectContaining({ rule, path })]));
    const listed = await it.call('GET', `/v1/brands/${client.brandId}/posts`);
    expect(listed.body.items).toEqual([]);
  });

  test('speaks German when asked to', async () => {
    const reply = await it.call('POST', `/v1/brands/${client.brandId}/posts`, {
      body: { ...good(), channels: [] },
      headers: { 'accept-language': 'de-DE,de;q=0.9' },
    });
    expect(reply.body.findings[0].message).toBe('Mindestens ein Kanal ist nötig.');
  });
});

test.each<[string, number, string, string, { body?: unknown; key?: string | null }]>([
  ['a body that is not JSON', 400, 'POST', '/v1/brands', { body: '{"name":' }],
  ['a body over 256 KB', 413, 'POST', '/v1/brands', { body: { name: 'x'.repeat(300_000) } }],
  ['no key', 401, 'GET', '/v1/brands', { key: null }],
  ['a wrong key', 401, 'GET', '/v1/brands', { key: 'sp_wrong' }],
  ['an unknown path', 404, 'GET', '/v1/nothing', {}],
  ['an unknown post', 404, 'GET', `/v1/posts/post_${UNKNOWN}`, {}],
  ['an id that is none', 404, 'GET', '/v1/posts/abc', {}],
  ['a method that is not there', 405, 'PUT', '/v1/brands', { body: {} }],
  ['too large a page', 422, 'GET', '/v1/posts?limit=101', {}],
  ['a broken cursor', 422, 'GET', '/v1/posts?cursor=%7B', {}],
  ['an unknown query parameter', 422, 'GET', '/v1/posts?colour=red', {}],
])('%s is answered with %i', async (_what, status, method, path, options) => {
  const reply = await it.call(method, path, options);
  expect(reply.status).toBe(status);
  expect(reply.headers.get('content-type')).toContain('application/problem+json');
});

test('a revoked key is refused like a wrong one', async () => {
  const made = await it.call('POST', '/v1/keys', { body: { actor: { name: 'Machine' }, scope: 'reader' } });
  const key = made.body.secret ?? made.body.key;
  expect((await it.call('GET', '/v1/me', { key })).status).toBe(200);
  expect((await it.call('POST', '/v1/brands', { key, body: { name: 'No' } })).status).toBe(403);
  await it.call('DELETE', `/v1/keys/${made.body.id}`);
  const revoked = await it.call('GET', '/v1/me', { key });
  const wrong = await it.call('GET', '/v1/me', { key: 'sp_wrong' });
  expect(revoked.status).toBe(401);
  expect(revoked.body.code).toBe(wrong.body.code);
});

test('validate says what each channel will show, and stores nothing', async () => {
  const body = {
    ...good(),
    brandId: client.brandId,
    content: { text: 'Hi 👨‍👩‍👧', link: 'https://bakery.example/' },
  };
  const reply = await it.call('POST', '/v1/posts/validate', { body });
  expect(reply.status).toBe(200);
  expect(reply.body.channels[0]).toMatchObject({ network: 'sandbox', limit: 500, unit: 'graphemes' });
  expect(reply.body.channels[0].text).toContain('https://bakery.example/');
});
