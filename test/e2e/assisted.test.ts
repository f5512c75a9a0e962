import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jpeg } from '../support/media-bytes.ts';
import { aClient, eventually, inSeconds, type Stage, stage } from '../support/stage.ts';

let it: Stage;
beforeAll(async () => {
  it = await stage();
});
afterAll(() => it?.stop());

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** A client with one channel that a person of its own serves. */
async function assistedClient(network: string, host: string) {
  const client = await aClient(it, 0);
  const responsible = `editor-${client.name}@agency.example`;
  const channel = await it.call('POST', `/v1/brands/${client.brandId}/channels`, {
    body: {
      network,
      name: `By hand ${client.name}`,
      assisted: true,
      credential: { responsible, profileUrl: `https://${host}/${client.name}` },
    },
  });
  expect(channel.status, JSON.stringify(channel.body)).toBe(201);
  const queue = (content: object) =>
    it.call('POST', `/v1/brands/${client.brandId}/posts`, {
      body: { content, channels: [channel.body.id], dueAt: inSeconds(2) },
    });
  return { ...client, responsible, channelId: channel.body.id as string, queue };
}

/** The page that the mail leads to; where no inbox can be looked into, this file has nothing to follow. */
async function pageFor(responsible: string): Promise<string> {
  const mail = await eventually('mailed', async () => (await it.mailsTo?.(responsible))?.[0]);
  const link = /"(https?:[^"]*\/v1\/assist\/[\w-]+)"/.exec(mail.html)?.[1];
  return link?.replace(/^https?:\/\/[^/]+/, '') ?? expect.fail('the mail has no link');
}

const open = (path: string) => it.call('GET', path, { key: null });
const press = (path: string, form: Record<string, string>) =>
  it.call('POST', path, { key: null, headers: FORM, body: new URLSearchParams(form).toString() });
const deliveryOf = async (postId: string) => (await it.call('GET', `/v1/posts/${postId}`)).body.deliveries[0];

async function ready(brandId: string, bytes: Uint8Array): Promise<string> {
  const announced = await it.call('POST', `/v1/brands/${brandId}/media`, {
    body: {
      fileName: 'bread.jpg',
      type: 'image/jpeg',
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    },
  });
  const { method, url, headers } = announced.body.upload;
  expect((await fetch(url, { method, headers, body: new Uint8Array(bytes) })).status).toBe(200);
  const inspected = await it.call('POST', `/v1/brands/${brandId}/media/${announced.body.id}/inspect`);
  expect(inspected.status, JSON.stringify(inspected.body)).toBe(200);
  return announced.body.id;
}

describe.concurrent('a network without an API', () => {
  test('is served by a person: a mail at the time, a page, a word, and its lateness', async (context) => {
    if (it.mailsTo === undefined) return context.skip('no inbox to look into');
    const client = await assistedClient('xing', 'www.xing.com/profile');
    const post = await client.queue({ text: 'Frisches Brot', link: 'https://bakery.example/' });
    expect(post.status, JSON.stringify(post.body)).toBe(201);
    const page = await pageFor(client.responsible);
    for (let times = 0; times < 3; times++) {
      const shown = await open(page);
      expect(shown.status).toBe(200);
      expect(shown.body).toContain('Frisches Brot');
    }
    const waiting = await eventually('asked', async () => {
      const delivery = await deliveryOf(post.body.id);
      return delivery.state === 'pending' ? delivery : undefined;
    });
    expect(waiting).not.toHaveProperty('publishedAt');
    const attention = await it.call('GET', '/v1/attention?limit=100');
    expect(attention.body.items).toContainEqual(
      expect.objectContaining({ code: 'assist', deliveryId: waiting.id }),
    );

    const url = `https://www.xing.com/discover/detail-activities/${client.name}`;
    expect((await press(page, { decision: 'published', url })).status).toBe(200);
    const published = await deliveryOf(post.body.id);
    expect(published).toMatchObject({ state: 'published', url });
    expect(published.startedAt).toBe(published.publishedAt);
    expect(published.latenessMs).toBe(Date.parse(published.startedAt) - Date.parse(published.dueAt));
    expect(published.latenessMs).toBeGreaterThan(0);

    const again = await press(page, { decision: 'not_published', reason: 'A mistake' });
    expect(again.status).toBe(409);
    expect(await deliveryOf(post.body.id)).toEqual(published);
  });

  test('fails with the person’s reason when they cannot', async (context) => {
    if (it.mailsTo === undefined) return context.skip('no inbox to look into');
    const client = await assistedClient('xing', 'www.xing.com/profile');
    const post = await client.queue({ text: 'Frische Brezeln' });
    const page = await pageFor(client.responsible);
    expect((await press(page, { decision: 'not_published', reason: 'Das Konto ist gesperrt' })).status).toBe(
      200,
    );
    expect(await deliveryOf(post.body.id)).toMatchObject({
      state: 'failed',
      code: 'declined',
      reason: 'Das Konto ist gesperrt',
    });
  });
});

describe.concurrent('a network whose gate is closed', () => {
  test('is served by a person under its own rules, with the file that it takes', async (context) => {
    if (it.mailsTo === undefined) return context.skip('no inbox to look into');
    const client = await assistedClient('instagram', 'www.instagram.com');
    const refused = await client.queue({ text: 'Ohne Bild' });
    expect(refused.status).toBe(422);
    expect(refused.body.findings).toMatchObject([{ rule: 'media_too_few' }]);

    const photo = await jpeg({ width: 1_080, height: 1_080 });
    const mediaId = await ready(client.brandId, photo);
    const post = await client.queue({ text: 'Mit Bild', media: [{ mediaId, alt: 'Ein Brot' }] });
    expect(post.status, JSON.stringify(post.body)).toBe(201);
    const page = await pageFor(client.responsible);
    const file = await fetch(`${it.apiUrl}${page}/media/1`);
    expect(file.headers.get('content-type')).toBe('image/jpeg');
    expect((await file.arrayBuffer()).byteLength).toBe(photo.length);
    expect((await press(page, { decision: 'published' })).status).toBe(200);
    expect((await deliveryOf(post.body.id)).state).toBe('published');
  });
});
