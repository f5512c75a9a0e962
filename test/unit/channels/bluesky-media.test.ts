import { describe, expect, test } from 'vitest';
import { bluesky } from '../../../shared/channels/bluesky.ts';
import type { Attachment } from '../../../shared/domain/media.ts';
import { attempt } from '../../support/attempt.ts';
import { blueskyWorld } from '../../support/bluesky-world.ts';
import { anAttachment } from '../../support/media.ts';

const files = new Map([
  ['media/loaf', new Uint8Array(300_000).fill(1)],
  ['media/oven', new Uint8Array(200_000).fill(2)],
]);
const loaf = anAttachment('loaf', { alt: 'A loaf' });
const oven = anAttachment('oven', { type: 'image/png', bytes: 200_000, width: 600, height: 800, alt: '' });

describe('images', () => {
  test('stand in the post in their order, with words and shape', async () => {
    await using world = await blueskyWorld({ text: 'Fresh', media: [loaf, oven] });
    const { outcome } = await attempt(world.provider, world.request(), world.context({ files }));
    expect(outcome.kind).toBe('published');
    expect(world.records()[0]?.embed).toEqual({
      $type: 'app.bsky.embed.images',
      images: [
        {
          image: { $type: 'blob', ref: expect.anything(), mimeType: 'image/jpeg', size: 300_000 },
          alt: 'A loaf',
          aspectRatio: { width: 1_200, height: 900 },
        },
        {
          image: { $type: 'blob', ref: expect.anything(), mimeType: 'image/png', size: 200_000 },
          alt: '',
          aspectRatio: { width: 600, height: 800 },
        },
      ],
    });
  });

  test('take the smaller file where the original is too large', async () => {
    const small = { name: 'small', path: 'media/small', type: 'image/jpeg', bytes: 900_000 } as const;
    const large = anAttachment('large', { bytes: 5_000_000 });
    const media = [{ ...large, files: [...large.files, small] }];
    await using world = await blueskyWorld({ text: 'Fresh', media });
    expect((await attempt(world.provider, world.request(), world.context())).outcome.kind).toBe('published');
    expect(world.network.calls('com.atproto.repo.uploadBlob').map(({ bytes }) => bytes.length)).toEqual([
      900_000,
    ]);
  });

  test('may not move: Bluesky would show the first picture only', () => {
    const webp = anAttachment('wave', { type: 'image/webp' });
    const moving = { ...webp, files: webp.files.map((file) => ({ ...file, frames: 12 })) };
    const rules = (media: readonly Attachment[]) =>
      bluesky()
        .check({ text: 'Fresh', media }, {})
        .map(({ rule, path, params }) => `${rule} ${path} ${params.limit}`);
    expect(rules([webp])).toEqual([]);
    expect(rules([moving])).toEqual(['media_frames /media/0 1']);
  });

  test('that lie on their side go as the JPEG that stands upright: Bluesky would show them lying', async () => {
    const upright = { name: 'large', path: 'media/upright', type: 'image/jpeg', bytes: 200_000 } as const;
    const [original] = loaf.files;
    const turned = original ? [{ ...original, turned: true as const }, upright] : [];
    await using world = await blueskyWorld({ text: 'Fresh', media: [{ ...loaf, files: turned }] });
    expect((await attempt(world.provider, world.request(), world.context())).outcome.kind).toBe('published');
    const [upload] = world.network.calls('com.atproto.repo.uploadBlob');
    expect(upload?.bytes.length).toBe(200_000);
  });

  test('leave no room for a card: the link goes below the text, where it can be clicked', async () => {
    await using world = await blueskyWorld({
      text: 'Fresh',
      link: 'https://bakery.example/b',
      media: [loaf],
    });
    await attempt(world.provider, world.request(), world.context({ files }));
    const [record] = world.records();
    expect(record).toMatchObject({ text: 'Fresh\n\nhttps://bakery.example/b' });
    expect(JSON.stringify(record)).toContain('"uri":"https://bakery.example/b"');
    expect(record).toMatchObject({ embed: { $type: 'app.bsky.embed.images' } });
  });

  test('can be the picture of the card instead', async () => {
    const options = { cardImage: true, cardTitle: 'Bread' };
    await using world = await blueskyWorld({
      text: 'Fresh',
      link: 'https://bakery.example/b',
      media: [loaf],
      options,
    });
    await attempt(world.provider, world.request(), world.context({ files }));
    expect(world.records()[0]).toMatchObject({
      text: 'Fresh',
      embed: {
        external: {
          uri: 'https://bakery.example/b',
          title: 'Bread',
          thumb: { mimeType: 'image/jpeg', size: 300_000 },
        },
      },
    });
  });

  test('are the same in a second send, also when the server has cleared the first ones away', async () => {
    await using world = await blueskyWorld({ text: 'Fresh', media: [loaf, oven] });
    world.network.fault({ kind: 'lose' }, world.network.isPublish);
    const context = world.context({ files });
    expect((await attempt(world.provider, world.request(), context)).outcome.kind).toBe('uncertain');
    world.network.clearBlobs();
    expect((await attempt(world.provider, world.request(), context)).outcome.kind).toBe('published');
    const [first, second] = world.network.requests.filter(world.network.isPublish);
    expect(second?.body).toBe(first?.body);
  });

  test('that are cleared away before the post names them are a reason to try again', async () => {
    await using world = await blueskyWorld({ text: 'Fresh', media: [loaf] });
    const blobNotFound = { error: 'BlobNotFound', message: 'Could not find blob' };
    world.network.fault({ kind: 'answer', status: 400, body: blobNotFound }, world.network.isPublish);
    expect(await world.provider.publish(world.request(), world.context({ files }))).toEqual({
      kind: 'unavailable',
      reason: 'HTTP 400: Could not find blob',
    });
  });

  test.each([
    [413, { error: 'PayloadTooLarge', message: 'Too large' }, { kind: 'rejected', code: 'media_refused' }],
    [400, { error: 'BlobTooLarge', message: 'Too large' }, { kind: 'rejected', code: 'media_refused' }],
    [400, { error: 'ExpiredToken' }, { kind: 'unavailable' }],
    [400, { error: 'AccountTakedown' }, { kind: 'unauthorized' }],
    [429, { error: 'RateLimitExceeded' }, { kind: 'rateLimited' }],
    [502, {}, { kind: 'unavailable' }],
  ])('that are answered with %i %j are never a publication', async (status, body, expected) => {
    await using world = await blueskyWorld({ text: 'Fresh', media: [loaf] });
    const isUpload = ({ url }: { url: URL }) => url.pathname.endsWith('uploadBlob');
    world.network.fault({ kind: 'answer', status, body }, isUpload);
    const context = world.context({ files });
    expect(await world.provider.publish(world.request(), context)).toMatchObject(expected);
    expect(context.sends).toEqual([]);
  });
});
