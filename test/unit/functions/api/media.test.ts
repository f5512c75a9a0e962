import { describe, expect, it } from 'vitest';
import type { ZodType } from 'zod';
import { mediaRoutes } from '../../../../functions/api/media.ts';
import { postRoutes } from '../../../../functions/api/posts.ts';
import { fileOf, router } from '../../../../functions/api/router.ts';
import { contentHash } from '../../../../shared/domain/content.ts';
import type { Inspected, Inspector } from '../../../../shared/ports.ts';
import { givenBrand, strayId } from '../../../support/api-steps.ts';
import { apiWorld } from '../../../support/api-world.ts';
import { aDelivery, anId, aPost } from '../../../support/builders.ts';
import { memoryBucket } from '../../../support/memory-bucket.ts';

const bread = { fileName: 'bread.png', type: 'image/png', bytes: 3, sha256: 'a'.repeat(64) } as const;

/** An API with one brand; the inspector finds what `found` says, else an image of 30 by 20. */
async function setup(found?: Inspected) {
  const bucket = memoryBucket();
  const inspector: Inspector = {
    inspect: async (_media, original) => found ?? { files: [{ ...original, width: 30, height: 20 }] },
  };
  const world = await apiWorld({ routes: [...mediaRoutes, ...postRoutes], deps: { bucket, inspector } });
  const brand = await givenBrand(world);
  const path = `/v1/brands/${brand.id}/media`;
  const announce = (over = {}) => world.request('POST', path, { body: { ...bread, ...over }, key: 'editor' });
  /** Announced and sent. */
  const sent = async () => {
    const { body } = await announce();
    const original = `${world.agency.id}/${brand.id}/${body.id}/original.png`;
    await bucket.put(original, { type: 'image/png', bytes: new Uint8Array(3) });
    return { id: body.id as string, original, at: `${path}/${body.id}` };
  };
  return { ...world, bucket, brand, path, announce, sent };
}

describe('a file', () => {
  it('is announced, sent, looked at, and then ready', async () => {
    const { request, sent, seen, announce } = await setup();
    const { at, id } = await sent();
    expect((await request('GET', at)).body).toMatchObject({ state: 'waiting', type: 'image/png', files: [] });
    const inspected = await request('POST', `${at}/inspect`, { key: 'editor' });
    expect(inspected).toMatchObject({
      status: 200,
      body: { id, state: 'ready', type: 'image/png', bytes: 3, width: 30, height: 20 },
    });
    expect(inspected.body.files).toEqual([
      { name: 'original', type: 'image/png', bytes: 3, width: 30, height: 20 },
    ]);
    expect((await request('GET', at)).body).toEqual(inspected.body);
    expect((await announce()).body).not.toHaveProperty('upload');
    expect(seen.audit.map(({ act, target }) => [act, target])).toEqual([
      ['media.upload', id],
      ['media.ready', id],
    ]);
  });

  it('announced twice is one, and may be sent as either says', async () => {
    const { announce, request, path, seen } = await setup();
    const first = await announce();
    const again = await announce({ fileName: 'other.png' });
    expect(first.status).toBe(201);
    expect(first.headers.location).toBe(`${path}/${first.body.id}`);
    expect(first.body.upload).toMatchObject({ method: 'PUT', url: expect.stringContaining(first.body.id) });
    expect(again.body).toMatchObject({ id: first.body.id, fileName: 'bread.png' });
    expect(again.body.upload).toEqual(first.body.upload);
    expect((await request('GET', path)).body.items).toHaveLength(1);
    expect(seen.audit).toHaveLength(1);
  });

  it('announced with another length is expected with that', async () => {
    const { announce, request, path } = await setup();
    const { id } = (await announce({ bytes: 4 })).body;
    await announce();
    expect((await request('GET', `${path}/${id}`)).body.bytes).toBe(3);
  });

  it('of the same bytes is another one in another brand, and as another type', async () => {
    const { announce, request, ...world } = await setup();
    const other = await givenBrand({ request, ...world }, { id: anId('brd', 'other') });
    const ids = [
      (await announce()).body.id,
      (await announce({ type: 'image/gif' })).body.id,
      (await request('POST', `/v1/brands/${other.id}/media`, { body: bread })).body.id,
    ];
    expect(new Set(ids).size).toBe(3);
  });

  it('cannot be looked at before it is there', async () => {
    const { announce, request, path } = await setup();
    const { id } = (await announce()).body;
    const early = await request('POST', `${path}/${id}/inspect`);
    expect(early).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(early.body.detail).toContain('Nothing has been uploaded yet');
  });

  it('that is not what it was said to be is refused in the reader’s language, and its bytes are gone', async () => {
    const { request, sent, bucket, seen } = await setup({
      refused: 'the bytes are image/gif, not image/png',
    });
    const { at, original } = await sent();
    const refused = await request('POST', `${at}/inspect`, { headers: { 'accept-language': 'de' } });
    expect(refused.status).toBe(422);
    expect(refused.body.findings).toMatchObject([
      {
        rule: 'media_refused',
        message: 'Diese Datei wird nicht angenommen: Ihr Inhalt ist image/gif, nicht image/png.',
      },
    ]);
    expect(bucket.files.has(original)).toBe(false);
    expect((await request('POST', `${at}/inspect`)).status).toBe(409);
    expect(seen.audit.at(-1)).toMatchObject({ act: 'media.refused' });
  });

  it.each([
    ['type', 'image/tiff'],
    ['bytes', 0],
    ['bytes', 65 * 1024 * 1024],
    ['sha256', 'A'.repeat(64)],
    ['fileName', ''],
  ])('with the %s %s is refused at once', async (field, value) => {
    const { announce } = await setup();
    const reply = await announce({ [field]: value });
    expect(reply.status).toBe(422);
    expect(reply.body.findings).toMatchObject([{ path: `/${field}` }]);
  });

  it('of a video may be longer than an image', async () => {
    const { announce } = await setup();
    expect((await announce({ type: 'video/mp4', bytes: 900 * 1024 * 1024 })).status).toBe(201);
  });

  it('is not there for others: another brand, a key without the brand, a stray id', async () => {
    const { request, sent, addKey, path, ...world } = await setup();
    const { at, id } = await sent();
    await addKey('elsewhere', { brandIds: [anId('brd', 'other')] });
    const other = await givenBrand({ request, addKey, ...world }, { id: anId('brd', 'other') });
    expect((await request('GET', at, { key: 'elsewhere' })).status).toBe(404);
    for (const place of [
      `/v1/brands/${other.id}/media/${id}`,
      `${path}/${strayId('med')}`,
      `${path}/nothing`,
    ]) {
      expect((await request('GET', place)).status, place).toBe(404);
      expect((await request('POST', `${place}/inspect`)).status, place).toBe(404);
      expect((await request('DELETE', place)).status, place).toBe(404);
    }
    expect((await request('POST', `${at}/inspect`, { key: 'reader' })).status).toBe(403);
    expect((await request('DELETE', at, { key: 'reader' })).status).toBe(403);
  });

  it('cannot be looked at by a function that has nothing to look with', async () => {
    const world = await apiWorld({ routes: mediaRoutes });
    const brand = await givenBrand(world);
    const reply = await world.request('POST', `/v1/brands/${brand.id}/media/${anId('med')}/inspect`);
    expect(reply.status).toBe(404);
  });
});

describe('deleting a file', () => {
  it('takes its bytes and all that was made of it away', async () => {
    const { request, sent, bucket, seen } = await setup();
    const { at, id } = await sent();
    await request('POST', `${at}/inspect`);
    expect((await request('DELETE', at)).status).toBe(204);
    expect(bucket.files.size).toBe(0);
    expect((await request('GET', at)).status).toBe(404);
    expect((await request('DELETE', at)).status).toBe(404);
    expect(seen.audit.at(-1)).toMatchObject({ act: 'media.delete', target: id });
  });

  it('takes away what was sent and never looked at', async () => {
    const { request, sent, bucket } = await setup();
    const { at } = await sent();
    expect((await request('DELETE', at)).status).toBe(204);
    expect(bucket.files.size).toBe(0);
  });

  it.each(['base', 'variant'])('is refused while the %s of an open post shows it', async (where) => {
    const { request, sent, deps, agency, brand } = await setup();
    const { at, id } = await sent();
    await request('POST', `${at}/inspect`);
    const media = [{ mediaId: id, alt: '' }];
    const content = {
      base: { text: 'Bread', ...(where === 'base' ? { media } : {}) },
      variants: where === 'base' ? {} : { fakenet: { media } },
    };
    const hash = contentHash(content);
    const post = aPost({ brandId: brand.id, contentHash: hash, deliveries: [aDelivery()] });
    await deps.posts.putContent(agency.id, post.id, post.revision, hash, content);
    await deps.posts.create(post);
    const refused = await request('DELETE', at);
    expect(refused).toMatchObject({ status: 409, body: { deliveries: [`dlv_${post.id.slice(5)}_01`] } });
    expect((await request('GET', at)).body.state).toBe('ready');
  });
});

it('every answer is exactly what its route promises', async () => {
  const { request, sent, path } = await setup({
    files: [],
    durationMs: 1,
    videoCodec: 'avc',
    audioCodec: 'aac',
  });
  const { at } = await sent();
  const find = router([fileOf(mediaRoutes)]);
  for (const [method, place, body] of [
    ['POST', path, bread],
    ['POST', path, { ...bread, sha256: 'b'.repeat(64) }],
    ['POST', `${at}/inspect`, undefined],
    ['GET', at, undefined],
    ['GET', `${path}?limit=1`, undefined],
    ['DELETE', at, undefined],
  ] as const) {
    const reply = await request(method, place, body ? { body } : {});
    const match = await find(method, place.split('?')[0] ?? '');
    const promised: ZodType | null | undefined =
      match.kind === 'found' ? match.route.answers[reply.status] : undefined;
    expect(promised, `${method} ${place}: ${reply.status}`).toBeDefined();
    if (promised) expect(promised.parse(reply.body)).toEqual(reply.body);
  }
});
