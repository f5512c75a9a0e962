import { expect, test } from 'vitest';
import { ghost } from '../../../shared/channels/ghost.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { MINUTE } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../../support/builders.ts';
import { fakeGhost, GHOST_KEY } from '../../support/fake-networks/ghost.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

const was: Variant = {
  text: 'Bread\n\nFrom six.',
  link: 'https://bakery.example/',
  media: [anAttachment('loaf'), anAttachment('oven', { alt: 'An "open" oven' })],
  options: { title: 'Bread', tags: ['News'] },
};

async function site() {
  const server = await fakeGhost({ now: () => DUE_AT + MINUTE });
  const credential = { siteUrl: server.url, adminApiKey: GHOST_KEY };
  const request = aPublishRequest(credential, { variant: was });
  await ghost.publish(request, providerContext());
  const [externalId = ''] = server.published();
  const who = { credential, account: request.channel.account, facts: {}, externalId, was };
  const edit = (change: Partial<Variant>) =>
    ghost.edit?.({ ...who, variant: { ...was, ...change } }, providerContext());
  return { ...server, edit, [Symbol.asyncDispose]: server.close };
}

test('An edit says words, link, title and tags anew, and leaves images and address', async () => {
  await using world = await site();
  const before = { ...world.posts[0] };
  const options = { ...was.options, title: 'Rolls', tags: ['News', 'Rolls'], excerpt: 'Short' };
  const edited = await world.edit({ text: 'Rolls <now>', link: 'https://rolls.example/', options });
  expect(edited).toEqual({ kind: 'edited' });
  expect(world.posts[0]).toMatchObject({
    title: 'Rolls',
    tags: [{ name: 'News' }, { name: 'Rolls' }],
    custom_excerpt: 'Short',
    slug: before.slug,
    feature_image: before.feature_image,
    html:
      '<p>Rolls &lt;now&gt;</p>\n' +
      '<p><a href="https://rolls.example/">https://rolls.example/</a></p>\n' +
      `<figure><img src="${world.images[1]?.url}" alt="An &quot;open&quot; oven"></figure>`,
  });
});

test('An edit after another keeps the images as they are', async () => {
  await using world = await site();
  await world.edit({ text: 'Rolls' });
  const first = world.posts[0]?.html;
  await world.edit({ text: 'Rolls' });
  expect(world.posts[0]?.html).toBe(first);
  expect(world.images).toHaveLength(2);
});

test('An edit is done at once, whatever a site has as its post', async () => {
  await using world = await site();
  const [post] = world.posts;
  if (post) post.html = '<img '.repeat(190_000);
  const started = performance.now();
  await world.edit({ text: 'Rolls' });
  expect(performance.now() - started).toBeLessThan(2_000);
});

test.each([
  ['slug', 'rolls'],
  ['featureImage', false],
])('The option %s stays as it went out', async (name, value) => {
  await using world = await site();
  const edited = await world.edit({ options: { ...was.options, [name]: value } });
  expect(edited).toEqual({
    kind: 'rejected',
    code: 'not_editable',
    reason: `Ghost cannot change /options/${name} any more`,
  });
});

test('A post that somebody else saves meanwhile is not overwritten, and may be edited later', async () => {
  await using world = await site();
  const collision = { errors: [{ type: 'UpdateCollisionError', message: 'Saving failed!' }] };
  world.fault({ kind: 'answer', status: 409, body: collision }, ({ method }) => method === 'PUT');
  expect(await world.edit({ text: 'Rolls' })).toMatchObject({ kind: 'unavailable' });
  expect(await world.edit({ text: 'Rolls' })).toEqual({ kind: 'edited' });
});

test.each([
  ['GET', 401, 'UnauthorizedError', { kind: 'unauthorized' }],
  ['GET', 404, 'NotFoundError', { kind: 'rejected', code: 'gone' }],
  ['PUT', 404, 'NotFoundError', { kind: 'rejected', code: 'gone' }],
  ['PUT', 422, 'ValidationError', { kind: 'rejected', code: 'content_refused' }],
  ['PUT', 403, 'NoPermissionError', { kind: 'unauthorized' }],
  ['PUT', 500, 'InternalServerError', { kind: 'unavailable' }],
])('A %s that is answered %i %s ends in %j', async (method, status, type, expected) => {
  await using world = await site();
  const body = { errors: [{ type, message: 'No.' }] };
  world.fault({ kind: 'answer', status, body }, (request) => request.method === method);
  expect(await world.edit({ text: 'Rolls' })).toMatchObject(expected);
});
