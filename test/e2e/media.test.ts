import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clearPng, jpeg, video } from '../support/media-bytes.ts';
import { aClient, eventually, inSeconds, type Stage, stage } from '../support/stage.ts';

let it: Stage;
beforeAll(async () => {
  it = await stage();
});
afterAll(() => it?.stop());

const announce = (brandId: string, bytes: Uint8Array, type: string) =>
  it.call('POST', `/v1/brands/${brandId}/media`, {
    body: {
      fileName: 'bread',
      type,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    },
  });

const send = (upload: { method: string; url: string; headers: Record<string, string> }, bytes: Uint8Array) =>
  fetch(upload.url, {
    method: upload.method,
    headers: upload.headers,
    body: new Uint8Array(bytes),
  });

const inspect = (brandId: string, mediaId: string) =>
  it.call('POST', `/v1/brands/${brandId}/media/${mediaId}/inspect`);

/** A file that may be posted. */
async function ready(brandId: string, bytes: Uint8Array, type: string) {
  const { body } = await announce(brandId, bytes, type);
  expect((await send(body.upload, bytes)).status).toBe(200);
  const inspected = await inspect(brandId, body.id);
  expect(inspected.status, JSON.stringify(inspected.body)).toBe(200);
  return inspected.body;
}

const withMedia = (mediaId: string, channels: readonly string[], seconds = 2) => ({
  content: { text: 'Fresh from the oven.', media: [{ mediaId, alt: 'A loaf of bread' }] },
  channels,
  dueAt: inSeconds(seconds),
});

describe.concurrent('media', () => {
  test('an image is announced, sent, looked at, and shown where the post is published', async () => {
    const client = await aClient(it);
    const photo = await jpeg({ width: 3_400, height: 2_400, turned: true });
    const media = await ready(client.brandId, photo, 'image/jpeg');
    expect(media).toMatchObject({ state: 'ready', width: 2_400, height: 3_400, bytes: photo.length });
    expect(media.files.map(({ name }: { name: string }) => name)).toEqual(['original', 'large', 'small']);

    const created = await it.call('POST', `/v1/brands/${client.brandId}/posts`, {
      body: withMedia(media.id, client.channels),
    });
    expect(created.status, JSON.stringify(created.body)).toBe(201);
    await eventually('published', async () => {
      const { body } = await it.call('GET', `/v1/posts/${created.body.id}`);
      return body.status === 'published' ? body : undefined;
    });
    const live = await it.call('GET', `/sandbox/api/posts?account=${client.name}-1`, { key: null });
    expect(live.body[0].media).toMatchObject([{ alt: 'A loaf of bread' }]);
    const shown = await fetch(live.body[0].media[0].url);
    expect(shown.headers.get('content-type')).toBe('image/jpeg');
    // The original is too large for this network, so it was given the next one.
    expect(photo.length).toBeGreaterThan(5_000_000);
    expect((await shown.arrayBuffer()).byteLength).toBe(media.files[1].bytes);
    const page = await it.call('GET', `/sandbox/${client.name}-1`, { key: null });
    expect(page.body).toContain('alt="A loaf of bread"');
  });

  test('a video is measured', async () => {
    const client = await aClient(it);
    const media = await ready(client.brandId, await video('mp4', { seconds: 3 }), 'video/mp4');
    expect(media).toMatchObject({ durationMs: 3_000, width: 320, height: 180, videoCodec: 'avc' });
  });

  test('other bytes than were announced are not taken', async () => {
    const client = await aClient(it);
    const { body } = await announce(client.brandId, await jpeg(), 'image/jpeg');
    const wrong = (await jpeg()).fill(7, 500, 600);
    expect((await send(body.upload, wrong)).status).toBe(400);
    const early = await inspect(client.brandId, body.id);
    expect(early).toMatchObject({ status: 409, body: { code: 'conflict' } });
    const post = await it.call('POST', `/v1/brands/${client.brandId}/posts`, {
      body: withMedia(body.id, client.channels),
    });
    expect(post.status).toBe(422);
  });

  test('what is not what it was said to be is refused, and says what it is', async () => {
    const client = await aClient(it);
    const bytes = await clearPng();
    const { body } = await announce(client.brandId, bytes, 'image/jpeg');
    expect((await send(body.upload, bytes)).status).toBe(200);
    const refused = await inspect(client.brandId, body.id);
    expect(refused.status).toBe(422);
    expect(refused.body.findings).toMatchObject([
      { rule: 'media_refused', message: expect.stringContaining('image/png, not image/jpeg') },
    ]);
  });

  test('a post with an unknown file, or with another client’s, is refused where it names it', async () => {
    const [client, other] = [await aClient(it), await aClient(it)];
    const theirs = await ready(other.brandId, await clearPng({ width: 50, height: 50 }), 'image/png');
    for (const mediaId of ['med_00000000000000000000', theirs.id]) {
      const post = await it.call('POST', `/v1/brands/${client.brandId}/posts`, {
        body: withMedia(mediaId, client.channels, 600),
      });
      expect(post.status).toBe(422);
      expect(post.body.findings).toMatchObject([{ rule: 'unknown_media', path: '/content/media/0/mediaId' }]);
    }
  });

  test('a file is not deleted under a post that is still to go out, and can be after it', async () => {
    const client = await aClient(it);
    const media = await ready(client.brandId, await clearPng({ width: 60, height: 60 }), 'image/png');
    const path = `/v1/brands/${client.brandId}/media/${media.id}`;
    const post = await it.call('POST', `/v1/brands/${client.brandId}/posts`, {
      body: withMedia(media.id, client.channels, 600),
    });
    const refused = await it.call('DELETE', path);
    expect(refused).toMatchObject({ status: 409, body: { deliveries: [post.body.deliveries[0].id] } });
    await it.call('POST', `/v1/posts/${post.body.id}/cancel`);
    expect((await it.call('DELETE', path)).status).toBe(204);
    expect((await it.call('GET', path)).status).toBe(404);
  });
});
