import { describe, expect, test } from 'vitest';
import { HOUR, MINUTE, toRfc3339 } from '../../../../shared/domain/time.ts';
import { ANNA, assistedWorld, POSTED, PROFILE } from '../../../support/assisted-world.ts';
import { DUE_AT } from '../../../support/builders.ts';

const BROWSER = { accept: 'text/html,*/*;q=0.8', 'accept-language': 'de' };

describe('the page behind the link', () => {
  test('shows what to publish and decides nothing, however often it is opened', async () => {
    const it = await assistedWorld();
    const { postId, link } = await it.asked({ text: 'Fresh <bread>', link: 'https://bakery.example/' });
    for (const method of ['GET', 'HEAD', 'GET']) {
      const reply = await it.request(method, link, { key: null });
      expect(reply.status).toBe(200);
      expect(reply.headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'content-security-policy': expect.stringContaining("default-src 'none'"),
      });
    }
    const { text } = await it.open(link);
    expect(text).toContain('Fresh &lt;bread&gt;\n\nhttps://bakery.example/</textarea>');
    expect(text).toContain('https://www.xing.com/spi/shares/new?url=https%3A%2F%2Fbakery.example%2F');
    expect(text).toContain('Bread &amp; Butter · Anna on XING · due');
    expect(text).toContain('name="viewport"');
    expect(text).not.toMatch(/<script|\son\w+=|https?:\/\/[^"]*\.(css|js|png)/);
    expect((await it.delivery(postId)).state).toBe('pending');
  });

  test('speaks the language of the brand', async () => {
    const it = await assistedWorld({ locale: 'de-AT' });
    const { link } = await it.asked();
    expect((await it.open(link)).text).toContain('Ist veröffentlicht');
    expect(it.mails[0]?.subject).toBe('Bread & Butter: bitte jetzt veröffentlichen auf XING');
  });

  test('that is forged, or of a post that is gone, says so to a person and to a program', async () => {
    const it = await assistedWorld();
    const { link } = await it.asked();
    const dead = [`${link.slice(0, -8)}AAAAAAAA`, '/v1/assist/x'];
    for (const path of dead) {
      const page = await it.open(path, BROWSER);
      expect(page.status).toBe(404);
      expect(page.text).toContain('Dieser Link gilt nicht');
      expect((await it.open(path)).body).toMatchObject({ code: 'not_found' });
      expect((await it.press(path, { decision: 'published' })).status).toBe(404);
    }
  });

  test('leaves no trace of its token in the log when something fails', async () => {
    const it = await assistedWorld();
    const { link } = await it.asked();
    Object.assign(it.deps.posts, {
      get: async () => {
        throw new Error('no table');
      },
    });
    for (const path of [link, `${link}/media/1`]) expect((await it.open(path)).status).toBe(500);
    expect(it.seen.errors).toMatchObject([
      { fields: { path: '/v1/assist/…' } },
      { fields: { path: '/v1/assist/…' } },
    ]);
    expect(JSON.stringify(it.seen.errors)).not.toContain(link.slice('/v1/assist/'.length));
  });

  test('is no good any more for whoever is no longer in charge', async () => {
    const it = await assistedWorld();
    const { postId, link } = await it.asked();
    const credential = { responsible: 'ben@agency.example', profileUrl: PROFILE };
    const patched = await it.request('PATCH', `/v1/channels/${it.channelId}`, {
      body: { credential },
      headers: { 'content-type': 'application/merge-patch+json' },
    });
    expect(patched.status, patched.text).toBe(200);
    expect((await it.press(link, { decision: 'published' })).status).toBe(404);
    await it.wakeUp(postId);
    await it.mailOut();
    expect(it.mails.at(-1)?.to).toBe('ben@agency.example');
    expect((await it.press(it.linkIn(it.mails.at(-1)), { decision: 'published' })).status).toBe(200);
  });

  test('is no good for another delivery', async () => {
    const it = await assistedWorld();
    const { link, id } = await it.asked();
    const [agencyId, , ...sealed] = Buffer.from(link.split('/').at(-1) ?? '', 'base64url')
      .toString()
      .split('.');
    const other = `${id.slice(0, -2)}02`;
    const forged = Buffer.from([agencyId, other, ...sealed].join('.')).toString('base64url');
    expect((await it.open(`/v1/assist/${forged}`)).status).toBe(404);
  });
});

describe('“it is published”', () => {
  test('publishes at this moment, with the address, and is told like any other', async () => {
    const it = await assistedWorld();
    const { postId, id, link } = await it.asked();
    it.pass(45 * MINUTE);
    const reply = await it.press(link, { decision: 'published', url: ' www.xing.com/discover/1#top ' });
    expect(reply.status).toBe(200);
    expect(reply.text).toContain('Thank you.');
    expect((await it.request('GET', `/v1/deliveries/${id}`)).body).toMatchObject({
      state: 'published',
      url: 'https://www.xing.com/discover/1#top',
      externalId: 'xing.com/discover/1',
      askedAt: toRfc3339(DUE_AT),
      startedAt: toRfc3339(it.time.now),
      publishedAt: toRfc3339(it.time.now),
      latenessMs: 45 * MINUTE,
    });
    expect((await it.request('GET', `/v1/posts/${postId}`)).body.status).toBe('published');
    expect(it.seen.audit.at(-1)).toMatchObject({
      act: 'delivery.published_by_hand',
      target: id,
      actor: { name: ANNA },
    });
    expect((await it.request('GET', '/v1/attention')).body.items).toEqual([]);
  });

  test('without an address counts, too, under an id of its own', async () => {
    const it = await assistedWorld();
    const { id, link } = await it.asked();
    expect((await it.press(link, { decision: 'published', url: '' })).status).toBe(200);
    const { body } = await it.request('GET', `/v1/deliveries/${id}`);
    expect(body).toMatchObject({ state: 'published', externalId: `by-hand:${id}` });
    expect(body).not.toHaveProperty('url');
  });

  test('said twice changes nothing and says so', async () => {
    const it = await assistedWorld();
    const { postId, link } = await it.asked();
    await it.press(link, { decision: 'published', url: POSTED });
    const before = await it.delivery(postId);
    it.pass(HOUR);
    for (const form of [{ decision: 'published', url: `${POSTED}0` }, { decision: 'not_published' }]) {
      const again = await it.press(link, form);
      expect(again.status).toBe(409);
      expect(again.text).toContain('This had already been settled');
      expect(again.text).toContain(POSTED);
    }
    expect(await it.delivery(postId)).toEqual(before);
  });

  test.each([
    ['not an address', 422, 'must be a web address'],
    ['javascript:alert(1)', 422, 'must be a web address'],
    [`${PROFILE}/`, 422, 'must be the address of the post, not of the profile'],
  ])('with %s is asked for again', async (url, status, words) => {
    const it = await assistedWorld();
    const { postId, link } = await it.asked();
    const reply = await it.press(link, { decision: 'published', url });
    expect(reply.status).toBe(status);
    expect(reply.text).toContain(words);
    expect(reply.text).toContain('name="decision"');
    expect((await it.delivery(postId)).state).toBe('pending');
  });

  test('with the address of another publication is asked for again', async () => {
    const it = await assistedWorld();
    const [one, two] = [await it.asked(), await it.asked({ text: 'Other words' })];
    await it.press(one.link, { decision: 'published', url: POSTED });
    const reply = await it.press(two.link, { decision: 'published', url: POSTED.replace('www.', '') });
    expect(reply.status).toBe(409);
    expect(reply.text).toContain('belongs to another publication');
    expect((await it.delivery(two.postId)).state).toBe('pending');
  });

  test('anything else in the form is refused', async () => {
    const it = await assistedWorld();
    const { link } = await it.asked();
    expect((await it.press(link, {})).status).toBe(422);
    expect((await it.press(link, { decision: 'perhaps' })).status).toBe(422);
  });

  test('while a worker looks at it, waits for that', async () => {
    const naps: number[] = [];
    const it = await assistedWorld({
      deps: { clock: { now: () => DUE_AT, monotonic: () => 0, sleep: async (ms) => void naps.push(ms) } },
    });
    const { postId, link } = await it.asked();
    const delivery = await it.delivery(postId);
    const ref = { agencyId: it.agency.id, postId, n: 1 };
    const claimed = { ...delivery, state: 'publishing', fence: delivery.fence + 1 } as const;
    await it.deps.posts.swapDelivery(ref, { fence: delivery.fence, states: ['pending'] }, claimed);
    const busy = await it.press(link, { decision: 'published' });
    expect(busy.status).toBe(409);
    expect(busy.text).toContain('try again in a minute');
    expect(naps.length).toBeGreaterThan(3);
    await it.deps.posts.swapDelivery(
      ref,
      { fence: claimed.fence, states: ['publishing'] },
      { ...delivery, fence: claimed.fence },
    );
    expect((await it.press(link, { decision: 'published' })).status).toBe(200);
  });
});

describe('a post that is called off', () => {
  test('says so on the page, and takes no word any more', async () => {
    const it = await assistedWorld();
    const { postId, id, link } = await it.asked();
    const busy = await it.request('POST', `/v1/posts/${postId}/cancel`);
    expect(busy.status).toBe(409);
    const resolution = { outcome: 'not_published', then: 'fail' };
    await it.request('POST', `/v1/deliveries/${id}/resolve`, { key: 'editor', body: resolution });
    await it.request('DELETE', `/v1/posts/${postId}`);
    expect((await it.open(link)).text).toContain('was called off');
    const reply = await it.press(link, { decision: 'published', url: POSTED });
    expect(reply.status).toBe(409);
    expect((await it.delivery(postId)).state).not.toBe('published');
  });
});
