import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, inSeconds, type Stage, stage } from '../support/stage.ts';
import type { BlueskyNetwork } from './bluesky-network.ts';
import { blueskyFan, wordPressFan } from './fans.ts';
import type { WordPressSite } from './wordpress-site.ts';

const { bluesky, wordpress } = JSON.parse(process.env.NETWORKS ?? '{}') as {
  bluesky: BlueskyNetwork;
  wordpress: WordPressSite;
};

let it: Stage;
let brandId: string;
const channels: Record<'bluesky' | 'wordpress', string> = { bluesky: '', wordpress: '' };
const CLIENT = `owner-${crypto.randomUUID()}@bakery.example`;
const AGENCY = `desk-${crypto.randomUUID()}@agency.example`;

beforeAll(async () => {
  it = await stage();
  const brand = await it.call('POST', '/v1/brands', {
    body: {
      name: 'Bakery Krume',
      timeZone: 'Europe/Berlin',
      locale: 'de',
      report: {
        weekday: 'monday',
        time: '08:00',
        recipients: [
          { email: CLIENT, audience: 'client' },
          { email: AGENCY, audience: 'agency' },
        ],
      },
    },
  });
  brandId = brand.body.id;
});
afterAll(() => it?.stop());

const connect = (network: string, credential: Record<string, string>) =>
  it.call('POST', `/v1/brands/${brandId}/channels`, {
    body: { network, name: `Krume on ${network}`, credential },
  });

const published = async (body: Record<string, unknown>) => {
  const created = await it.call('POST', `/v1/brands/${brandId}/posts`, { body });
  expect(
    created.body.findings?.filter(({ severity }: { severity: string }) => severity === 'error') ?? [],
  ).toEqual([]);
  expect(created.status).toBe(201);
  return eventually(
    'published',
    async () => {
      const { body: post } = await it.call('GET', `/v1/posts/${created.body.id}`);
      return post.status === 'published' ? post : undefined;
    },
    30_000,
  );
};

const snapshotsOf = async (postId: string) =>
  (await it.call('POST', `/v1/posts/${postId}/metrics`)).body.items;

describe('connecting', () => {
  test('reads whose account it is from the network', async () => {
    const { author } = bluesky;
    const one = await connect('bluesky', {
      serviceUrl: bluesky.serviceUrl,
      identifier: author.handle,
      appPassword: author.appPassword,
    });
    expect(one.status).toBe(201);
    expect(one.body.account).toMatchObject({ id: author.did, handle: author.handle });
    const two = await connect('wordpress', { siteUrl: wordpress.siteUrl, ...wordpress.author });
    expect(two.status).toBe(201);
    expect(two.body.account.handle).toContain(wordpress.author.username);
    Object.assign(channels, { bluesky: one.body.id, wordpress: two.body.id });
  });

  test('says that a wrong password is refused, and that a reader may not publish', async () => {
    const wrong = await connect('bluesky', {
      serviceUrl: bluesky.serviceUrl,
      identifier: bluesky.author.handle,
      appPassword: 'wrong-wrong',
    });
    expect(wrong.status).toBe(422);
    expect(wrong.body.findings[0].rule).toBe('credential_refused');
    const reader = await connect('wordpress', { siteUrl: wordpress.siteUrl, ...wordpress.fan });
    expect(reader.status).toBe(422);
    expect(reader.body.findings[0].rule).toBe('credential_refused');
  });
});

describe('a post', () => {
  test('goes out on both, on the second, and what others do with it comes back and stands in the report', async () => {
    const text = `Frisches Brot ab sieben 🥖 #brot https://bakery.example/heute`;
    const post = await published({
      content: { text },
      variants: { wordpress: { options: { title: 'Frisches Brot' } } },
      channels: [channels.bluesky, channels.wordpress],
      dueAt: inSeconds(6),
    });
    const of = (network: string) =>
      post.deliveries.find((one: { network: string }) => one.network === network);
    for (const { latenessMs } of post.deliveries) {
      expect(latenessMs).toBeGreaterThanOrEqual(0);
      expect(latenessMs).toBeLessThanOrEqual(2_000);
    }

    const fan = await blueskyFan(bluesky);
    const uri = of('bluesky').externalId;
    const record = await fan.read(uri);
    expect(record.text).toBe(text);
    expect((record.facets as unknown[]).length).toBe(2);
    const reader = wordPressFan(wordpress);
    const page = (await reader.posts()).find(({ id }) => String(id) === of('wordpress').externalId);
    expect(page?.title.rendered).toBe('Frisches Brot');
    expect(page?.content.rendered).toContain('<a href="https://bakery.example/heute"');

    await fan.like(uri);
    await fan.repost(uri);
    await fan.reply(uri, 'Komme vorbei!');
    await reader.comment(of('wordpress').externalId, 'Wie lecker!');
    const counted = await eventually(
      'counted',
      async () => {
        const items = await snapshotsOf(post.id);
        const bsky = items.find(({ deliveryId }: { deliveryId: string }) => deliveryId === of('bluesky').id);
        return bsky?.interactions === 3 ? items : undefined;
      },
      60_000,
    );
    const metrics = (id: string) =>
      counted.find(({ deliveryId }: { deliveryId: string }) => deliveryId === id);
    expect(metrics(of('bluesky').id).metrics).toMatchObject({
      reactions: 1,
      shares: 1,
      replies: 1,
      reach: null,
      impressions: null,
    });
    expect(metrics(of('wordpress').id).metrics).toMatchObject({ replies: 1, reactions: null, views: null });

    const report = await it.call('POST', `/v1/brands/${brandId}/reports`, { body: { send: true } });
    expect(report.status).toBe(201);
    const told = JSON.stringify(report.body);
    expect(told).toContain('"interactions":3');
    expect(told).toContain('"interactions":1');
    const { mailsTo } = it;
    if (mailsTo) {
      const [mail] = await eventually('mailed', async () => {
        const mails = await mailsTo(CLIENT);
        return mails.length > 0 ? mails : undefined;
      });
      expect(mail?.subject).toContain('2 von 2');
      expect(mail?.subject).toContain('2 Interaktionen pro Beitrag');
      expect(mail?.html).toContain('Krume on bluesky');
    }
  });

  test('too long by the network’s own count is refused before anything is stored', async () => {
    const reply = await it.call('POST', `/v1/brands/${brandId}/posts`, {
      body: { content: { text: '👨‍👩‍👧'.repeat(301) }, channels: [channels.bluesky], dueAt: inSeconds(60) },
    });
    expect(reply.status).toBe(422);
    expect(reply.body.findings[0]).toMatchObject({
      rule: 'text_too_long',
      params: { count: 301, limit: 300 },
    });
  });

  test('of fifty at one time is there once each, in full', async () => {
    const dueAt = inSeconds(8);
    const posts: string[] = [];
    for (let n = 1; n <= 25; n++) {
      const { body } = await it.call('POST', `/v1/brands/${brandId}/posts`, {
        body: {
          content: { text: `Burst ${n}` },
          variants: { wordpress: { options: { title: `Burst ${n}` } } },
          channels: [channels.bluesky, channels.wordpress],
          dueAt,
        },
      });
      posts.push(body.id);
    }
    for (const id of posts) {
      await eventually(
        'published',
        async () => {
          const { body } = await it.call('GET', `/v1/posts/${id}`);
          return body.status === 'published' ? true : undefined;
        },
        60_000,
      );
    }
    const titles = (await wordPressFan(wordpress).posts())
      .map(({ title }) => title.rendered)
      .filter((title) => title.startsWith('Burst'));
    expect(titles.sort()).toEqual(Array.from({ length: 25 }, (_, index) => `Burst ${index + 1}`).sort());
  });

  test('taken off the networks is gone there', async () => {
    const post = await published({
      content: { text: 'Nur kurz.' },
      variants: { wordpress: { options: { title: 'Nur kurz' } } },
      channels: [channels.bluesky, channels.wordpress],
      dueAt: 'now',
    });
    for (const { id } of post.deliveries)
      expect((await it.call('POST', `/v1/deliveries/${id}/remove`)).status).toBe(200);
    const titles = (await wordPressFan(wordpress).posts()).map(({ title }) => title.rendered);
    expect(titles).not.toContain('Nur kurz');
  });
});
