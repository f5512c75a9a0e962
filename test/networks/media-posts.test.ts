import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jpeg, webp } from '../support/media-bytes.ts';
import { eventually, inSeconds, type Stage, stage } from '../support/stage.ts';
import type { BlueskyNetwork } from './bluesky-network.ts';
import { blueskyFan, type ThreadView, wordPressFan } from './fans.ts';
import { webhookReceiver } from './webhook-receiver.ts';
import type { WordPressSite } from './wordpress-site.ts';

const { bluesky, wordpress } = JSON.parse(process.env.NETWORKS ?? '{}') as {
  bluesky: BlueskyNetwork;
  wordpress: WordPressSite;
};
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

let it: Stage;
let receiver: Awaited<ReturnType<typeof webhookReceiver>>;
let brandId: string;
const channels = { bluesky: '', wordpress: '', webhook: '' };

beforeAll(async () => {
  it = await stage();
  receiver = await webhookReceiver(SECRET);
  const brand = await it.call('POST', '/v1/brands', {
    body: { name: 'Bakery Kruste', timeZone: 'Europe/Berlin', locale: 'de' },
  });
  brandId = brand.body.id;
  const credentials = {
    bluesky: {
      serviceUrl: bluesky.serviceUrl,
      identifier: bluesky.author.handle,
      appPassword: bluesky.author.appPassword,
    },
    wordpress: { siteUrl: wordpress.siteUrl, ...wordpress.writer },
    webhook: { url: receiver.url, secret: SECRET },
  };
  for (const network of ['bluesky', 'wordpress', 'webhook'] as const) {
    const connected = await it.call('POST', `/v1/brands/${brandId}/channels`, {
      body: { network, name: network, credential: credentials[network] },
    });
    expect(connected.status, JSON.stringify(connected.body)).toBe(201);
    channels[network] = connected.body.id;
  }
});
afterAll(async () => {
  await it?.stop();
  await receiver?.stop();
});

/** A file of the brand, as an agency would bring it there. */
async function uploaded(fileName: string, type: string, bytes: Buffer): Promise<string> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const { body: media } = await it.call('POST', `/v1/brands/${brandId}/media`, {
    body: { fileName, type, bytes: bytes.length, sha256 },
  });
  // The same bytes of an earlier test are the same media.
  if (media.upload === undefined) return media.id;
  const { method, url, headers } = media.upload;
  expect((await fetch(url, { method, headers, body: new Uint8Array(bytes) })).status).toBe(200);
  const inspected = await it.call('POST', `/v1/brands/${brandId}/media/${media.id}/inspect`);
  expect(inspected.body.state, JSON.stringify(inspected.body)).toBe('ready');
  return media.id;
}

async function published(content: Record<string, unknown>, ...to: string[]) {
  const created = await it.call('POST', `/v1/brands/${brandId}/posts`, {
    body: { content, channels: to, dueAt: inSeconds(3) },
  });
  expect(created.status, JSON.stringify(created.body)).toBe(201);
  return eventually(
    'published',
    async () => {
      const { body: post } = await it.call('GET', `/v1/posts/${created.body.id}`);
      if (post.status === 'failed') throw new Error(JSON.stringify(post.deliveries));
      return post.status === 'published' ? post : undefined;
    },
    60_000,
  );
}

const sha256 = (bytes: ArrayBuffer | Buffer): string =>
  createHash('sha256').update(new Uint8Array(bytes)).digest('hex');

describe('a real Bluesky', () => {
  test('shows two images with their words and shapes, the large one as it takes it', async () => {
    const media = [
      {
        mediaId: await uploaded('loaf.jpg', 'image/jpeg', await jpeg({ width: 1_600, height: 1_200 })),
        alt: 'Ein Laib',
      },
      {
        mediaId: await uploaded('oven.webp', 'image/webp', await webp({ width: 300, height: 400 })),
        alt: '',
      },
    ];
    const post = await published({ text: 'Zwei Bilder', media }, channels.bluesky);
    const fan = await blueskyFan(bluesky);
    const [{ externalId }] = post.deliveries;
    const view = await eventually('indexed', () => fan.view(externalId), 60_000);
    expect(view.post.embed).toMatchObject({
      $type: 'app.bsky.embed.images#view',
      images: [
        { alt: 'Ein Laib', aspectRatio: { width: 1_440, height: 1_080 } },
        { alt: '', aspectRatio: { width: 300, height: 400 } },
      ],
    });
  });

  test('shows a thread of three with a first comment in its order, and takes it off as a whole', async () => {
    const post = await published(
      { text: 'Eins', thread: ['Zwei #brot', 'Drei'], firstComment: 'Mehr: https://bakery.example/' },
      channels.bluesky,
    );
    const [{ id, externalId, url }] = post.deliveries;
    expect(url).toContain(externalId.split('/').at(-1));
    const fan = await blueskyFan(bluesky);
    const thread = await eventually(
      'indexed',
      async () => {
        const view = await fan.view(externalId);
        return view !== undefined && wordsOf(view).length === 4 ? view : undefined;
      },
      60_000,
    );
    const answers = (thread.replies ?? []).map(wordsOf).sort();
    expect(thread.post.record.text).toBe('Eins');
    expect(answers).toEqual([['Mehr: https://bakery.example/'], ['Zwei #brot', 'Drei']]);
    const uris = urisOf(thread);
    expect((await it.call('POST', `/v1/deliveries/${id}/remove`)).status).toBe(200);
    for (const uri of uris) expect(await fan.read(uri)).toBeUndefined();
  });

  test('takes an image as the picture of a link card', async () => {
    const mediaId = await uploaded('card.jpg', 'image/jpeg', await jpeg({ width: 600, height: 315 }));
    const post = await published(
      {
        text: 'Karte',
        link: 'https://bakery.example/',
        media: [{ mediaId, alt: 'Der Laden' }],
        options: { cardImage: true, cardTitle: 'Unser Laden' },
      },
      channels.bluesky,
    );
    const record = await (await blueskyFan(bluesky)).read(post.deliveries[0].externalId);
    expect(record).toMatchObject({
      text: 'Karte',
      embed: { external: { title: 'Unser Laden', thumb: { mimeType: 'image/jpeg' } } },
    });
  });
});

const wordsOf = ({ post, replies = [] }: ThreadView): string[] => [
  post.record.text,
  ...replies.flatMap(wordsOf),
];
const urisOf = ({ post, replies = [] }: ThreadView): string[] => [post.uri, ...replies.flatMap(urisOf)];

describe('a real WordPress', () => {
  test('shows the first image with the post and the other in it, with their words, by an author’s rights', async () => {
    const photo = await jpeg({ width: 1_500, height: 1_000 });
    const media = [
      { mediaId: await uploaded('Frischer Laib.jpg', 'image/jpeg', photo), alt: 'Ein "frischer" Laib' },
      { mediaId: await uploaded('oven.webp', 'image/webp', await webp()), alt: 'Der <alte> Ofen' },
    ];
    const options = {
      title: 'Mit Bildern',
      categories: ['bread & rolls'],
      tags: ['Roggen', 'Brot & Butter'],
      excerpt: 'Kurz.',
    };
    const fan = wordPressFan(wordpress);
    const before = await fan.libraryCount();
    const post = await published({ text: 'Text mit <b>Zeichen</b>', media, options }, channels.wordpress);
    const page = await fan.post(post.deliveries[0].externalId);
    const [featured] = page._embedded['wp:featuredmedia'] ?? [];
    expect(featured).toMatchObject({ alt_text: 'Ein "frischer" Laib', mime_type: 'image/jpeg' });
    expect(featured?.source_url).toMatch(/\/frischer-laib-[0-9a-f]{10}(-scaled)?\.jpg$/);
    expect(page.content.rendered).toContain('Text mit &lt;b&gt;Zeichen&lt;/b&gt;');
    expect(page.content.rendered).toMatch(
      /<figure class="wp-block-image size-full"><img[^>]*alt="Der &lt;alte&gt; Ofen"/,
    );
    const [image = ''] = /http[^"]*\/oven-[0-9a-f]{10}\.webp/.exec(page.content.rendered) ?? [];
    expect((await fetch(image)).headers.get('content-type')).toBe('image/webp');
    const terms = page._embedded['wp:term'].flat().map(({ taxonomy, name }) => `${taxonomy}: ${name}`);
    expect(terms.sort()).toEqual([
      'category: Bread &amp; Rolls',
      'post_tag: Brot &amp; Butter',
      'post_tag: Roggen',
    ]);
    expect(await fan.libraryCount()).toBe(before + 2);
  });

  test('gives the tags that it has to the next post', async () => {
    const options = { title: 'Noch einmal', tags: ['roggen', 'Brot & Butter'] };
    const post = await published({ text: 'Text', options }, channels.wordpress);
    const page = await wordPressFan(wordpress).post(post.deliveries[0].externalId);
    const tags = page._embedded['wp:term'].flat().filter(({ taxonomy }) => taxonomy === 'post_tag');
    expect(tags.map(({ name }) => name).sort()).toEqual(['Brot &amp; Butter', 'Roggen']);
  });
});

describe('a receiver of Standard Webhooks', () => {
  test('is told of a thread and of an image that it can fetch', async () => {
    const photo = await jpeg({ width: 800, height: 600 });
    const media = [{ mediaId: await uploaded('loaf.jpg', 'image/jpeg', photo), alt: 'Ein Laib' }];
    const post = await published({ text: 'Für alle', media, thread: ['Weiter'] }, channels.webhook);
    expect(post.deliveries[0].externalId).toBe(`entry-${receiver.taken.length}`);
    const said = receiver.taken.find(({ data }) => data.text === 'Für alle');
    expect(said?.data).toMatchObject({
      thread: ['Weiter'],
      media: [{ mime: 'image/jpeg', bytes: photo.length, alt: 'Ein Laib', width: 800, height: 600 }],
    });
    const fetched = await fetch(said?.data.media?.[0]?.url ?? '');
    expect(sha256(await fetched.arrayBuffer())).toBe(sha256(photo));
  });
});
