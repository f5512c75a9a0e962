import { describe, expect, test } from 'vitest';
import { instagram } from '../../../../shared/channels/instagram.ts';
import { xing } from '../../../../shared/channels/xing.ts';
import { HOUR, toRfc3339 } from '../../../../shared/domain/time.ts';
import { aMediaIn } from '../../../support/assisted-media.ts';
import { ANNA, assistedWorld, POSTED } from '../../../support/assisted-world.ts';
import { DUE_AT } from '../../../support/builders.ts';

describe('an editor with a key', () => {
  test('sees what waits for a person, and what to do', async () => {
    const it = await assistedWorld();
    const { postId, id } = await it.asked();
    const { body } = await it.request('GET', '/v1/attention', { key: 'reader' });
    expect(body.items).toMatchObject([{ code: 'assist', postId, deliveryId: id }]);
    expect(body.items[0].todo).toContain('asked by mail');
  });

  test('may say what became of it instead', async () => {
    const it = await assistedWorld();
    const { id, link } = await it.asked();
    const resolve = (body: object) =>
      it.request('POST', `/v1/deliveries/${id}/resolve`, { key: 'editor', body });
    const again = await resolve({ outcome: 'not_published', then: 'send' });
    expect(again).toMatchObject({ status: 409, body: { code: 'conflict' } });
    it.pass(HOUR);
    const resolved = await resolve({ outcome: 'published', url: POSTED });
    expect(resolved.body).toMatchObject({ state: 'published', url: POSTED, latenessMs: HOUR });
    expect((await it.open(link)).text).toContain('It is recorded as published');
  });
});

describe('files', () => {
  test('are led to by addresses that live as long as the link', async () => {
    const it = await assistedWorld();
    const media = await aMediaIn(it, 'loaf');
    const { link } = await it.asked({ text: 'Bread', media: [{ mediaId: media.id, alt: 'A loaf' }] });
    expect(it.mails[0]?.html).toContain(`${link}/media/1`);
    expect((await it.open(link)).text).toContain(`${link}/media/1`);
    it.pass(30 * HOUR);
    const led = await it.open(`${link}/media/1`);
    expect(led.status).toBe(302);
    expect(led.headers.location).toBe(await it.deps.bucket.readUrl(media.files[0]?.path ?? ''));
    await it.press(link, { decision: 'not_published' });
    expect((await it.open(`${link}/media/1`)).status).toBe(404);
    for (const number of ['0', '2', 'x', '-1']) {
      expect((await it.open(`${link}/media/${number}`)).status, number).toBe(404);
    }
  });
});

describe('any other network by hand', () => {
  const setup = async () => {
    const it = await assistedWorld({ providers: [xing, instagram()] });
    const connect = (body: object) => it.request('POST', `/v1/brands/${it.brand.id}/channels`, { body });
    const instagramByHand = {
      network: 'instagram',
      name: 'Bakery on Instagram',
      assisted: true,
      credential: { responsible: ANNA, profileUrl: 'https://www.instagram.com/bakery/' },
    };
    return { it, connect, instagramByHand };
  };

  test('is connected without asking it, keeps its rules, and asks people', async () => {
    const { it, connect, instagramByHand } = await setup();
    const channel = (await connect(instagramByHand)).body;
    expect(channel).toMatchObject({ network: 'instagram', assisted: true, account: { handle: 'bakery' } });
    const post = (content: object) =>
      it.request('POST', `/v1/brands/${it.brand.id}/posts`, {
        body: { content, channels: [channel.id], dueAt: toRfc3339(DUE_AT) },
      });
    expect((await post({ text: 'No picture' })).body.findings).toMatchObject([{ rule: 'media_too_few' }]);
    const media = await aMediaIn(it, 'loaf');
    const queued = await post({ text: 'Bread', media: [{ mediaId: media.id, alt: 'A loaf' }] });
    expect(queued.status, queued.text).toBe(201);
    await it.wakeUp(queued.body.id);
    await it.mailOut();
    expect(it.mails.at(-1)?.subject).toContain('on Instagram');
    const link = it.linkIn(it.mails.at(-1));
    await it.press(link, { decision: 'published', url: 'https://www.instagram.com/p/AbC/' });
    const { id } = queued.body.deliveries[0];
    expect((await it.request('GET', `/v1/deliveries/${id}`)).body).toMatchObject({ state: 'published' });
    // Measuring, editing and removing would need the API.
    const measured = await it.request('POST', `/v1/posts/${queued.body.id}/metrics`);
    expect(measured.status).toBe(200);
    const removed = await it.request('POST', `/v1/deliveries/${id}/remove`);
    expect(removed).toMatchObject({ status: 409, body: { detail: expect.stringContaining('by hand') } });
    expect((await it.request('POST', `/v1/channels/${channel.id}/verify`)).body.result).toBe('verified');
  });

  test('takes the credential of people, and no other; without `assisted` it is the other way round', async () => {
    const { connect, instagramByHand } = await setup();
    const token = { ...instagramByHand, credential: { accessToken: 'IGAA' } };
    expect((await connect(token)).status).toBe(422);
    expect((await connect({ ...instagramByHand, assisted: false })).status).toBe(422);
  });

  test('may change who is in charge, not whose profile it is', async () => {
    const { it, connect, instagramByHand } = await setup();
    const { id } = (await connect(instagramByHand)).body;
    const patch = (credential: object) =>
      it.request('PATCH', `/v1/channels/${id}`, {
        body: { credential },
        headers: { 'content-type': 'application/merge-patch+json' },
      });
    const { profileUrl } = instagramByHand.credential;
    expect((await patch({ responsible: 'ben@agency.example', profileUrl })).status).toBe(200);
    const other = { responsible: ANNA, profileUrl: 'https://www.instagram.com/other/' };
    expect((await patch(other)).status).toBe(409);
  });
});
