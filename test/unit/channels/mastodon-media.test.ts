import { describe, expect, test } from 'vitest';
import { mastodon } from '../../../shared/channels/mastodon.ts';
import { SECOND } from '../../../shared/domain/time.ts';
import { attempt } from '../../support/attempt.ts';
import { DUE_AT } from '../../support/builders.ts';
import { mastodonWorld } from '../../support/mastodon-world.ts';
import { anAttachment } from '../../support/media.ts';

const IMAGES = {
  text: '',
  media: [anAttachment('loaf', { alt: 'Ein Laib – "frisch"' }), anAttachment('oven', { alt: '' })],
};
const VIDEO = { text: 'At work', media: [anAttachment('film', { type: 'video/mp4' })] };

describe('images', () => {
  test('stand in the status in their order, with their words', async () => {
    await using world = await mastodonWorld(IMAGES);
    const { outcome } = await attempt(mastodon, world.request(), world.context());
    expect(outcome.kind).toBe('published');
    expect(world.statuses()[0]).toMatchObject({
      text: '',
      media_attachments: [{ description: 'Ein Laib – "frisch"' }, { description: null }],
    });
    expect(world.looks()).toEqual([]);
  });

  test('are uploaded once, and the second send is the same', async () => {
    await using world = await mastodonWorld(IMAGES);
    world.network.fault({ kind: 'lose' }, world.network.isPublish);
    const doubted = await attempt(mastodon, world.request(), world.context());
    expect(doubted.outcome.kind).toBe('uncertain');
    const again = await attempt(mastodon, doubted.request, world.context());
    expect(again.outcome.kind).toBe('published');
    expect(world.uploads()).toHaveLength(2);
    const [one, two] = world.network.requests.filter(world.network.isPublish);
    expect(two?.body).toBe(one?.body);
  });

  test('that were in a status whose answer was lost make no second one', async () => {
    await using world = await mastodonWorld(IMAGES);
    world.network.fault({ kind: 'drop' }, world.network.isPublish);
    const doubted = await attempt(mastodon, world.request(), world.context());
    expect((await attempt(mastodon, doubted.request, world.context())).outcome.kind).toBe('published');
    expect(world.statuses()).toHaveLength(1);
  });

  test('find the status that shows them after the key is forgotten', async () => {
    await using world = await mastodonWorld(IMAGES);
    world.network.fault({ kind: 'drop' }, world.network.isPublish);
    const doubted = await attempt(mastodon, world.request(), world.context());
    const look = { since: DUE_AT, excluding: new Set<string>() };
    expect(await mastodon.find?.({ ...doubted.request, ...look }, world.context())).toMatchObject({
      kind: 'found',
      externalId: world.network.published()[0],
    });
  });

  test.each([
    [
      422,
      { error: 'Validation failed: File content type is invalid' },
      { kind: 'rejected', code: 'media_refused' },
    ],
    [413, '<h1>Too large</h1>', { kind: 'rejected', code: 'media_refused' }],
    [401, { error: 'The access token is invalid' }, { kind: 'unauthorized' }],
    [403, { error: 'This action is outside the authorized scopes' }, { kind: 'unauthorized' }],
    [429, { error: 'Too many requests' }, { kind: 'rateLimited' }],
    [500, { error: 'Error processing thumbnail for uploaded media' }, { kind: 'unavailable' }],
    [200, { nothing: true }, { kind: 'unavailable' }],
  ])('that are answered with %i %j are never a publication', async (status, body, expected) => {
    await using world = await mastodonWorld(IMAGES);
    world.network.fault({ kind: 'answer', status, body }, ({ url }) => url.pathname === '/api/v2/media');
    const context = world.context();
    expect(await mastodon.publish(world.request(), context)).toMatchObject(expected);
    expect(context.sends).toEqual([]);
  });
});

describe('a video', () => {
  test('is waited for until it is processed, and then not asked for again', async () => {
    await using world = await mastodonWorld(VIDEO, { media: { looks: 2 } });
    const sent = await mastodon.publish(world.request(), world.context());
    expect(sent).toEqual({
      kind: 'pending',
      handle: '{"media":["900000"]}',
      checkAt: DUE_AT + 2 * SECOND,
    });
    const { outcome, request } = await attempt(
      mastodon,
      world.request('{"media":["900000"]}'),
      world.context(),
    );
    expect(outcome.kind).toBe('published');
    expect(world.looks()).toHaveLength(3);
    expect(request.delivery.handle).toBe('{"media":["900000"],"ready":true}');
  });

  test('that cannot be processed is refused', async () => {
    await using world = await mastodonWorld(VIDEO, { media: { broken: true } });
    expect((await attempt(mastodon, world.request(), world.context())).outcome).toEqual({
      kind: 'rejected',
      code: 'media_refused',
      reason: 'HTTP 422: Error processing thumbnail for uploaded media',
    });
  });

  test('that the server has cleared away is uploaded again, but not for ever', async () => {
    await using world = await mastodonWorld(VIDEO);
    await mastodon.publish(world.request(), world.context());
    world.network.clearMedia();
    const lost = world.request('{"media":["900000"]}');
    expect((await attempt(mastodon, lost, world.context())).outcome.kind).toBe('published');
    expect(world.uploads()).toHaveLength(2);
    const hopeless = world.request('{"media":["900009"],"again":2}');
    expect(await mastodon.poll?.(hopeless, world.context())).toMatchObject({ kind: 'rejected' });
  });

  test('is looked after again while the server does not answer', async () => {
    await using world = await mastodonWorld(VIDEO);
    await mastodon.publish(world.request(), world.context());
    world.network.fault({ kind: 'drop' });
    expect(await mastodon.poll?.(world.request('{"media":["900000"]}'), world.context())).toMatchObject({
      kind: 'unavailable',
    });
  });
});
