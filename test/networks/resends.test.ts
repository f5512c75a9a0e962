import { describe, expect, test } from 'vitest';
import { serviceToken } from '../../shared/channels/bluesky/video-service.ts';
import { bluesky as blueskyOn } from '../../shared/channels/bluesky.ts';
import { createHttp } from '../../shared/channels/http.ts';
import type { HttpRequest, Provider, PublishRequest } from '../../shared/channels/provider.ts';
import { wordpress as wordpressProvider } from '../../shared/channels/wordpress.ts';
import type { Variant } from '../../shared/domain/content.ts';
import { MINUTE } from '../../shared/domain/time.ts';
import type { Http } from '../../shared/ports.ts';
import { attempt } from '../support/attempt.ts';
import { anAttachment } from '../support/media.ts';
import { jpeg, webp } from '../support/media-bytes.ts';
import { providerContext, type TestContextOptions } from '../support/provider-context.ts';
import { aPublishRequest } from '../support/provider-request.ts';
import type { BlueskyNetwork } from './bluesky-network.ts';
import { blueskyFan, wordPressFan } from './fans.ts';
import type { WordPressSite } from './wordpress-site.ts';

const networks = JSON.parse(process.env.NETWORKS ?? '{}') as {
  bluesky: BlueskyNetwork;
  wordpress: WordPressSite;
};
const blueskyCredential = {
  serviceUrl: networks.bluesky.serviceUrl,
  identifier: networks.bluesky.author.handle,
  appPassword: networks.bluesky.author.appPassword,
};
const wordpressCredential = { siteUrl: networks.wordpress.siteUrl, ...networks.wordpress.writer };

const loaf = await jpeg({ width: 640, height: 480 });
const oven = await webp({ width: 320, height: 200 });
const files = new Map([
  ['media/loaf', loaf],
  ['media/oven', oven],
]);
const media = [
  anAttachment('loaf', { bytes: loaf.length, width: 640, height: 480, alt: 'Ein Laib' }),
  anAttachment('oven', { type: 'image/webp', bytes: oven.length, width: 320, height: 200, alt: 'Ein Ofen' }),
];

const reaching = createHttp({ allowLoopback: true });
const context = (over: TestContextOptions = {}) => providerContext({ now: () => Date.now(), files, ...over });

/** Everything is carried out; of the answers to these requests nothing comes back. */
const losing =
  (isLost: (request: HttpRequest) => boolean): Http =>
  async (request, beforeSend) => {
    const answer = await reaching(request, beforeSend);
    return isLost(request) ? { kind: 'unanswered', reason: 'lost on the way' } : answer;
  };

async function delivery<Credential>(
  provider: Provider<Credential>,
  credential: Credential,
  id: string,
  variant: Variant,
): Promise<PublishRequest<Credential>> {
  const verified = await provider.verify(credential, context());
  if (verified.kind !== 'verified') return expect.fail(JSON.stringify(verified));
  const { account, facts } = verified;
  return aPublishRequest(credential, {
    variant,
    channel: { id: 'chn_a', account, facts },
    delivery: { id, key: `${id}.${Date.now()}`, dueAt: Date.now() },
  });
}

describe('a real Bluesky, whose answers are lost', () => {
  const provider = blueskyOn();
  const fan = () => blueskyFan(networks.bluesky);

  test('takes the same post with its images again for the one that it has', async () => {
    const request = await delivery(provider, blueskyCredential, 'dlv_again', { text: 'Noch einmal', media });
    const lost = await attempt(provider, request, context({ send: losing(() => true) }));
    expect(lost.outcome.kind).toBe('uncertain');
    const given = context();
    const { outcome } = await attempt(provider, lost.request, given);
    if (outcome.kind !== 'published') return expect.fail(JSON.stringify(outcome));
    expect(given.sends).toHaveLength(1);
    const record = await (await fan()).read(outcome.externalId);
    expect(JSON.parse(String(given.sends[0]?.body)).record).toEqual(record);
  });

  test('is found to have the part of a thread that was in doubt, and the rest follows it', async () => {
    const variant = { text: 'A', thread: ['B', 'C'] };
    const request = await delivery(provider, blueskyCredential, 'dlv_part', variant);
    const isB = ({ body }: HttpRequest) => String(body).includes('"text":"B"');
    const doubted = await attempt(provider, request, context({ send: losing(isB) }));
    expect(doubted.outcome.kind).toBe('uncertain');
    const look = { since: Date.now() - MINUTE, excluding: new Set<string>() };
    const found = await provider.find?.({ ...doubted.request, ...look }, context());
    if (found?.kind !== 'found' || found.then === undefined) return expect.fail(JSON.stringify(found));
    const rest = { ...request, delivery: { ...request.delivery, handle: found.then } };
    const { outcome } = await attempt(provider, rest, context());
    if (outcome.kind !== 'published') return expect.fail(JSON.stringify(outcome));
    expect(outcome.parts?.[0]).toBe(found.externalId);
    const reader = await fan();
    const last = await reader.read(outcome.parts?.[1] ?? '');
    expect(last).toMatchObject({ text: 'C', reply: { parent: { uri: found.externalId } } });
  });

  test('lets a video service put a video on the account’s server, and shows it', async () => {
    const film = anAttachment('film', { type: 'video/mp4', bytes: 5_000, width: 320, height: 180 });
    const variant = { text: 'Ein Film', media: [film] };
    const request = await delivery(provider, blueskyCredential, 'dlv_film', variant);
    const call = { service: 'https://video.bsky.app', request, context: context() };
    expect(await serviceToken(call, 'app.bsky.video.getUploadLimits')).toHaveProperty('token');
    const access = await serviceToken(call, 'com.atproto.repo.uploadBlob');
    if ('kind' in access) return expect.fail(JSON.stringify(access));
    // What the service does in our place: there is none on loopback.
    const answer = await fetch(`${networks.bluesky.serviceUrl}/xrpc/com.atproto.repo.uploadBlob`, {
      method: 'POST',
      headers: { authorization: `Bearer ${access.token}`, 'content-type': 'video/mp4' },
      body: new Uint8Array(5_000).fill(7),
    });
    const { blob } = (await answer.json()) as { blob: unknown };
    const ready = { ...request, delivery: { ...request.delivery, handle: JSON.stringify({ blob }) } };
    const { outcome } = await attempt(provider, ready, context());
    if (outcome.kind !== 'published') return expect.fail(JSON.stringify(outcome));
    expect(await (await fan()).read(outcome.externalId)).toMatchObject({
      embed: { $type: 'app.bsky.embed.video', video: blob, aspectRatio: { width: 320, height: 180 } },
    });
  });
});

describe('a real WordPress, whose answers are lost', () => {
  const fan = wordPressFan(networks.wordpress);
  const isUpload = ({ headers = {} }: HttpRequest) => headers['content-disposition'] !== undefined;

  test('gets each image once, and the post once', async () => {
    const variant = { text: 'Einmal', media, options: { title: 'Einmal' } };
    const request = await delivery(wordpressProvider, wordpressCredential, 'dlv_once', variant);
    const before = await fan.libraryCount();
    const first = await attempt(wordpressProvider, request, context({ http: losing(isUpload) }));
    expect(first.outcome.kind).toBe('unavailable');
    const second = await attempt(wordpressProvider, request, context({ send: losing(() => true) }));
    expect(second.outcome.kind).toBe('uncertain');
    expect(await fan.libraryCount()).toBe(before + 2);
    const look = { since: Date.now() - MINUTE, excluding: new Set<string>() };
    const found = await wordpressProvider.find?.({ ...request, ...look }, context());
    if (found?.kind !== 'found') return expect.fail(JSON.stringify(found));
    const page = await fan.post(found.externalId);
    expect(page._embedded['wp:featuredmedia']).toMatchObject([{ alt_text: 'Ein Laib' }]);
    expect(page.content.rendered).toContain('alt="Ein Ofen"');
  });
});
