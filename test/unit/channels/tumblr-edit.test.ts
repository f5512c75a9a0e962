import { describe, expect, test } from 'vitest';
import { tumblr } from '../../../shared/channels/tumblr.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { ACCESS_TOKEN, BLOG, fakeTumblr } from '../../support/fake-networks/tumblr.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

const was: Variant = {
  text: 'Fresh bread\n\nFrom six.',
  link: 'https://bakery.example/',
  media: [anAttachment('loaf'), anAttachment('oven', { type: 'video/mp4', alt: '' })],
  poll: { question: 'Rye or wheat?', options: ['Rye', 'Wheat'], minutes: 1_440 },
  options: { title: 'Bread', tags: ['bread'] },
};

async function blog(variant: Variant = was) {
  const network = await fakeTumblr();
  const provider = tumblr(network.url);
  const account = { id: BLOG.uuid, handle: BLOG.name, url: BLOG.url };
  const credential = { accessToken: ACCESS_TOKEN, blog: BLOG.name };
  const channel = { id: 'chn_a', account, facts: {} };
  await provider.publish(aPublishRequest(credential, { variant, channel }), providerContext());
  const [externalId = ''] = network.published();
  const post = network.posts.get(externalId) ?? expect.fail();
  const edit = (change: Partial<Variant>) =>
    provider.edit?.(
      { credential, account, facts: {}, externalId, was: variant, variant: { ...variant, ...change } },
      providerContext(),
    );
  return { network, edit, post, externalId, [Symbol.asyncDispose]: network.close };
}

describe('an edit', () => {
  test('says title, text, link and tags anew around the media and the poll', async () => {
    await using world = await blog();
    const [image, video] = world.post.content.filter(({ type }) => ['image', 'video'].includes(type));
    const poll = world.post.content.find(({ type }) => type === 'poll');
    const edited = await world.edit({
      text: 'Rolls 🥐 on https://rolls.example/',
      link: 'https://other.example/',
      options: { title: 'Rolls', tags: ['rolls', 'good morning'] },
    });
    expect(edited).toEqual({ kind: 'edited' });
    expect(world.post.tags).toEqual(['rolls', 'good morning']);
    expect(world.post.content).toEqual([
      { type: 'text', subtype: 'heading1', text: 'Rolls' },
      image,
      video,
      {
        type: 'text',
        text: 'Rolls 🥐 on https://rolls.example/',
        formatting: [{ start: 11, end: 33, type: 'link', url: 'https://rolls.example/' }],
      },
      poll,
      { type: 'link', url: 'https://other.example/' },
    ]);
  });

  test('keeps the tags that the blog’s owner has set where no option says any', async () => {
    await using world = await blog({ text: 'Bread' });
    world.post.tags = ['theirs', 'too'];
    await world.edit({ text: 'Rolls' });
    expect(world.post).toMatchObject({ tags: ['theirs', 'too'], content: [{ text: 'Rolls' }] });
  });

  test('does not publish what was made private since', async () => {
    await using world = await blog({ text: 'Bread' });
    world.post.state = 'private';
    expect(await world.edit({ text: 'Rolls' })).toEqual({ kind: 'edited' });
    expect(world.post.state).toBe('private');
  });

  test('of a post that waits in the queue is refused', async () => {
    await using world = await blog({ text: 'Bread' });
    world.post.state = 'queued';
    expect(await world.edit({ text: 'Rolls' })).toMatchObject({ kind: 'rejected', code: 'not_editable' });
    expect(world.post.content).toEqual([{ type: 'text', text: 'Bread' }]);
  });

  test('of a post that is gone says so', async () => {
    await using world = await blog();
    world.network.forget(world.externalId);
    expect(await world.edit({ text: 'Rolls' })).toMatchObject({ kind: 'rejected', code: 'gone' });
  });

  test.each([
    [400, 8001, { kind: 'rejected', code: 'content_refused' }],
    [401, 0, { kind: 'unauthorized' }],
    [403, 0, { kind: 'rejected', code: 'configuration' }],
    [404, 0, { kind: 'rejected', code: 'gone' }],
    [429, 0, { kind: 'rateLimited' }],
    [500, 0, { kind: 'unavailable' }],
    [503, 0, { kind: 'unavailable' }],
  ])('that is answered %i with %i ends in %j', async (status, code, expected) => {
    await using world = await blog({ text: 'Bread' });
    const body = { meta: { status, msg: 'No' }, errors: [{ title: 'No', code }] };
    world.network.fault({ kind: 'answer', status, body }, ({ method }) => method === 'PUT');
    expect(await world.edit({ text: 'Rolls' })).toMatchObject(expected);
  });
});
