import { describe, expect, test } from 'vitest';
import type { FlickrCredential } from '../../../shared/channels/flickr/api.ts';
import { flickr } from '../../../shared/channels/flickr.ts';
import type { PublishRequest } from '../../../shared/channels/provider.ts';
import { HOUR, MINUTE, SECOND } from '../../../shared/domain/time.ts';
import { attempt } from '../../support/attempt.ts';
import { DUE_AT } from '../../support/builders.ts';
import { fakeFlickr } from '../../support/fake-networks/flickr.ts';
import { FLICKR_KEYS } from '../../support/fake-networks/flickr-signature.ts';
import type { Received } from '../../support/fake-networks/server.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

const NOW = DUE_AT + MINUTE;
const media = [anAttachment('loaf'), anAttachment('oven'), anAttachment('film', { type: 'video/mp4' })];
const several = { text: 'Fresh bread', media, options: { title: 'Bread', album: 'Our bakery' } };
const one = { ...several, media: [anAttachment('loaf')] };
type Request = PublishRequest<FlickrCredential>;

async function network(variant: Request['variant'] = several) {
  const server = await fakeFlickr({ now: () => NOW });
  const provider = flickr({ api: server.url, upload: server.url });
  const asked = aPublishRequest(FLICKR_KEYS, { variant });
  const account = {
    id: '35000000000@N01',
    handle: 'Krume',
    url: 'https://www.flickr.com/photos/35000000000@N01/',
  };
  const request = { ...asked, channel: { ...asked.channel, account } };
  const find = async (wanted: Request) =>
    (await provider.find?.({ ...wanted, since: NOW, excluding: new Set() }, providerContext())) ??
    expect.fail('there is no find');
  const who = { credential: FLICKR_KEYS, account, facts: {} };
  return { ...server, provider, request, find, who, [Symbol.asyncDispose]: server.close };
}

const goingOn = (request: Request, handle: string): Request => ({
  ...request,
  delivery: { ...request.delivery, handle },
});
const uploadOf =
  (name: string) =>
  ({ url, body }: Received) =>
    url.pathname === '/services/upload/' && body.includes(`filename="${name}.`);
const callOf =
  (method: string) =>
  ({ body }: Received) =>
    body.startsWith(`method=${method}&`);

describe('several photos', () => {
  test('go up one by one and become an album', async () => {
    await using world = await network();
    const given = providerContext();
    const { outcome } = await attempt(world.provider, world.request, given);
    const ids = world.published();
    expect(outcome).toEqual({
      kind: 'published',
      externalId: ids[0],
      url: `https://www.flickr.com/photos/35000000000@N01/${ids[0]}/`,
      parts: ids.slice(1),
    });
    expect(world.albums).toMatchObject([{ title: 'Our bakery', primary: ids[0], photos: ids }]);
    // Three uploads and the album.
    expect(given.sends).toHaveLength(4);
  });

  test('go into an album that stands already where the author names it', async () => {
    await using world = await network();
    await attempt(world.provider, world.request, providerContext());
    const [album] = world.albums;
    const options = { ...several.options, albumId: album?.id, allowDuplicate: true };
    const more = { ...world.request, delivery: { ...world.request.delivery, key: 'another' } };
    const { outcome } = await attempt(
      world.provider,
      { ...more, variant: { ...one, options } },
      providerContext(),
    );
    expect(outcome).toMatchObject({ kind: 'published', externalId: world.published()[3] });
    expect(album?.photos).toHaveLength(4);
    expect(world.albums).toHaveLength(1);
  });

  test('tell of the first one as soon as it stands', async () => {
    await using world = await network();
    const first = await world.provider.publish(world.request, providerContext());
    expect(first).toMatchObject({ kind: 'pending', checkAt: NOW + 3 * SECOND });
    expect(first).not.toHaveProperty('out');
    if (first.kind !== 'pending') return;
    const request = goingOn(world.request, first.handle);
    await world.provider.poll?.(request, providerContext());
    expect(await world.provider.poll?.(request, providerContext())).toMatchObject({
      kind: 'pending',
      checkAt: NOW,
      out: { externalId: world.published()[0] },
    });
  });

  test('of which a later one is refused are published without it', async () => {
    await using world = await network();
    const refusal = '<rsp stat="fail"><err code="5" msg="Filetype was not recognised" /></rsp>';
    world.fault({ kind: 'answer', status: 200, body: refusal }, uploadOf('oven'));
    const { outcome } = await attempt(world.provider, world.request, providerContext());
    expect(outcome).toMatchObject({
      kind: 'published',
      parts: [world.published()[1]],
      missing: 'Photo 2: Flickr error 5: Filetype was not recognised',
    });
  });

  test('of which the first one is refused are refused', async () => {
    await using world = await network();
    const refusal = '<rsp stat="fail"><err code="6" msg="Upload limit reached" /></rsp>';
    world.fault({ kind: 'answer', status: 200, body: refusal }, uploadOf('loaf'));
    const { outcome } = await attempt(world.provider, world.request, providerContext());
    expect(outcome).toMatchObject({ kind: 'rejected', code: 'needs_person' });
    expect(world.photos).toEqual([]);
  });

  test('whose album is refused are published without it', async () => {
    await using world = await network();
    const refusal = { stat: 'fail', code: 3, message: 'Can’t create any more sets' };
    world.fault({ kind: 'answer', status: 200, body: refusal }, callOf('flickr.photosets.create'));
    const { outcome } = await attempt(world.provider, world.request, providerContext());
    expect(outcome).toMatchObject({
      kind: 'published',
      missing: expect.stringContaining('The album: Flickr error 3'),
    });
  });
});

describe('after a doubt', () => {
  test('a photo in the middle is found by its mark, and the rest follows', async () => {
    await using world = await network();
    world.fault({ kind: 'drop' }, uploadOf('oven'));
    const doubt = await attempt(world.provider, world.request, providerContext());
    expect(doubt.outcome.kind).toBe('uncertain');
    const found = await world.find(doubt.request);
    expect(found).toMatchObject({ kind: 'found', externalId: world.published()[1] });
    if (found.kind !== 'found') return;
    const rest = await attempt(world.provider, goingOn(doubt.request, found.then ?? ''), providerContext());
    expect(rest.outcome).toMatchObject({ kind: 'published', parts: world.published().slice(1) });
    expect(world.photos).toHaveLength(3);
  });

  test('an album is found by its first photo, and not made again', async () => {
    await using world = await network();
    world.fault({ kind: 'drop' }, callOf('flickr.photosets.create'));
    const doubt = await attempt(world.provider, world.request, providerContext());
    const found = await world.find(doubt.request);
    expect(found).toMatchObject({ kind: 'found', externalId: `album:${world.albums[0]?.id}` });
    if (found.kind !== 'found') return;
    const rest = await attempt(world.provider, goingOn(doubt.request, found.then ?? ''), providerContext());
    expect(rest.outcome.kind).toBe('published');
    expect(world.albums).toHaveLength(1);
  });

  test('an album is absent when it was not made', async () => {
    await using world = await network();
    world.fault({ kind: 'lose' }, callOf('flickr.photosets.create'));
    const doubt = await attempt(world.provider, world.request, providerContext());
    expect(await world.find(doubt.request)).toEqual({ kind: 'absent' });
  });

  test('a second upload of the same delivery is recognised as the first', async () => {
    await using world = await network(one);
    await attempt(world.provider, world.request, providerContext());
    const again = await attempt(world.provider, world.request, providerContext());
    expect(again.outcome).toMatchObject({ kind: 'published', externalId: world.published()[0] });
    expect(world.photos).toHaveLength(1);
  });

  test.each([3, 106])(
    'an upload that came through under error %d is found, and not repeated',
    async (code) => {
      await using world = await network({ ...one, options: { allowDuplicate: true } });
      const body = `<rsp stat="fail"><err code="${code}" msg="It failed" /></rsp>`;
      world.fault({ kind: 'deny', status: 200, body }, uploadOf('loaf'));
      expect((await world.provider.publish(world.request, providerContext())).kind).toBe('uncertain');
      expect(await world.find(world.request)).toMatchObject({ externalId: world.published()[0] });
    },
  );

  test('the same file in another delivery is a duplicate', async () => {
    await using world = await network(one);
    await attempt(world.provider, world.request, providerContext());
    const other = { ...world.request, delivery: { ...world.request.delivery, key: 'another' } };
    const { outcome } = await attempt(world.provider, other, providerContext());
    expect(outcome).toMatchObject({ kind: 'rejected', code: 'duplicate' });
  });
});

describe('a ticket', () => {
  const ticketed = async () => {
    const world = await network(one);
    const outcome = await world.provider.publish(world.request, providerContext());
    if (outcome.kind !== 'pending') return expect.fail(outcome.kind);
    const request = goingOn(world.request, outcome.handle);
    const poll = async (now = NOW) =>
      await world.provider.poll?.(request, providerContext({ now: () => now }));
    return { ...world, poll };
  };

  test('is looked at again, later and later, for hours at most', async () => {
    const world = await ticketed();
    world.settle(0);
    expect(await world.poll(NOW + 4 * SECOND)).toMatchObject({ kind: 'pending', checkAt: NOW + 7 * SECOND });
    expect(await world.poll(NOW + HOUR)).toMatchObject({ kind: 'pending', checkAt: NOW + HOUR + 5 * MINUTE });
    expect(await world.poll(NOW + 7 * HOUR)).toMatchObject({ kind: 'uncertain' });
    await world.close();
  });

  test('of a file that cannot be converted refuses it', async () => {
    const world = await ticketed();
    world.settle(2);
    await world.poll();
    expect(await world.poll()).toMatchObject({ kind: 'rejected', code: 'media_refused' });
    await world.close();
  });

  test('that Flickr has forgotten leaves the photo to be looked for', async () => {
    const world = await ticketed();
    world.forget(world.published()[0] ?? '');
    expect(await world.poll()).toMatchObject({ kind: 'uncertain' });
    await world.close();
  });

  test('waits while Flickr cannot be asked', async () => {
    const world = await ticketed();
    await world.close();
    expect(await world.poll()).toMatchObject({ kind: 'pending' });
  });
});

describe('afterwards', () => {
  test('views, favorites and comments are told', async () => {
    await using world = await network(one);
    await attempt(world.provider, world.request, providerContext());
    const [id = ''] = world.published();
    const told = await world.provider.metrics?.fetch({ ...world.who, externalIds: [id] }, providerContext());
    expect(told instanceof Map && told.get(id)).toMatchObject({
      views: 21,
      reactions: 5,
      replies: 2,
      shares: null,
    });
  });

  test('all photos are removed, the first one last', async () => {
    await using world = await network();
    await attempt(world.provider, world.request, providerContext());
    const [externalId = '', ...parts] = world.published();
    const remove = () => world.provider.remove?.({ ...world.who, externalId, parts }, providerContext());
    world.mayDelete(false);
    expect(await remove()).toMatchObject({ kind: 'rejected', code: 'not_permitted' });
    world.mayDelete(true);
    expect(await remove()).toEqual({ kind: 'removed' });
    expect(world.photos).toEqual([]);
    expect(await remove()).toEqual({ kind: 'absent' });
  });
});
