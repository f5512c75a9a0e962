import { describe, expect, onTestFinished, test } from 'vitest';
import type { Variant } from '../../../shared/domain/content.ts';
import { DAY, HOUR, MINUTE } from '../../../shared/domain/time.ts';
import { attempt } from '../../support/attempt.ts';
import { DUE_AT } from '../../support/builders.ts';
import { badParameter, noObject, refusal } from '../../support/fake-networks/graph.ts';
import {
  ACCESS_TOKEN,
  type FakeInstagramOptions,
  SHORT_TOKEN,
  USER_ID,
} from '../../support/fake-networks/instagram.ts';
import type { Received } from '../../support/fake-networks/server.ts';
import { instagramWorld } from '../../support/instagram-world.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';

async function setup(options: FakeInstagramOptions = {}) {
  const world = await instagramWorld(options);
  onTestFinished(world.network.close);
  return world;
}

const image = anAttachment('bread');
const video = anAttachment('oven', { type: 'video/mp4', width: 1_080, height: 1_920, alt: '' });
const look = { since: DUE_AT, excluding: new Set<string>() };
const handleIn = (outcome: { kind: string; handle?: string } | undefined): string =>
  outcome?.handle ?? expect.fail(`no handle: ${JSON.stringify(outcome)}`);
const isComment = ({ method, url }: Received) => method === 'POST' && url.pathname.endsWith('/comments');

describe('a post', () => {
  test.each<[string, Variant, object]>([
    [
      'an image',
      {
        text: 'Bread',
        media: [image],
        options: { collaborators: ['mill'], locationId: '7', aiGenerated: true },
      },
      {
        made: {
          caption: 'Bread',
          alt_text: image.alt,
          collaborators: '["mill"]',
          location_id: '7',
          is_ai_generated: 'true',
        },
      },
    ],
    [
      'a reel',
      { text: 'Oven', media: [video], options: { shareToFeed: false } },
      { made: { media_type: 'REELS', caption: 'Oven', share_to_feed: 'false' } },
    ],
    ['a story', { text: '', media: [video], options: { story: true } }, { made: { media_type: 'STORIES' } }],
    [
      'a carousel',
      { text: 'Both', media: [image, video] },
      {
        made: { media_type: 'CAROUSEL', caption: 'Both' },
        children: [{ alt_text: image.alt }, { media_type: 'VIDEO' }],
      },
    ],
  ])('that is %s goes out by one request', async (_name, variant, expected) => {
    const { network, provider, request } = await setup({ looks: 2 });
    const given = providerContext();
    const { outcome } = await attempt(provider, request(variant), given);
    expect(outcome).toMatchObject({ kind: 'published', externalId: network.published()[0] });
    expect([...network.media.values()]).toMatchObject([expected]);
    expect(given.sends).toHaveLength(1);
  });

  test('waits for its container: every few seconds, after a minute once a minute, for an hour', async () => {
    const { provider, request } = await setup({ looks: 99 });
    const variant = { text: 'Oven', media: [video] };
    const handle = handleIn(await provider.publish(request(variant), providerContext()));
    const begun = DUE_AT + MINUTE;
    const at = (now: number) =>
      provider.poll?.(request(variant, handle), providerContext({ now: () => now }));
    expect(await at(begun)).toMatchObject({ kind: 'pending', checkAt: begun + 5_000 });
    expect(await at(begun + 2 * MINUTE)).toMatchObject({ kind: 'pending', checkAt: begun + 3 * MINUTE });
    expect(await at(begun + HOUR + MINUTE)).toMatchObject({ kind: 'rejected', code: 'media_refused' });
  });

  test('of which a crash forgot that it went out is not sent twice, and is found', async () => {
    const { network, provider, request } = await setup();
    const variant = { text: 'Bread', media: [image] };
    const handle = handleIn(await provider.publish(request(variant), providerContext()));
    await provider.poll?.(request(variant, handle), providerContext());
    const given = providerContext();
    const again = await provider.poll?.(request(variant, handle), given);
    expect(again?.kind).toBe('uncertain');
    expect(given.sends).toEqual([]);
    const late = { since: DUE_AT + HOUR, excluding: new Set<string>() };
    expect(await provider.find?.({ ...request(variant, handle), ...late }, providerContext())).toMatchObject({
      kind: 'found',
      externalId: network.published()[0],
    });
  });

  test('is not begun when the day’s posts are used up', async () => {
    const { network, provider, request } = await setup({ quotaUsed: 50 });
    const outcome = await provider.publish(request({ text: 'a', media: [image] }), providerContext());
    expect(outcome).toEqual({ kind: 'rateLimited', retryAt: DUE_AT + MINUTE + HOUR });
    expect(network.requests).toHaveLength(1);
  });

  test('goes on when the quota is not told, and not without a token', async () => {
    const { network, provider, request } = await setup();
    const isQuota = ({ url }: Received) => url.pathname.endsWith('/content_publishing_limit');
    network.fault({ kind: 'answer', ...badParameter('no such edge') }, isQuota);
    const variant = { text: 'a', media: [image] };
    expect((await provider.publish(request(variant), providerContext())).kind).toBe('pending');
    network.fault({ kind: 'answer', ...refusal(400, 190, 'Error validating access token', 463) }, isQuota);
    expect((await provider.publish(request(variant), providerContext())).kind).toBe('unauthorized');
  });

  test('that Instagram is not ready for is sent a little later', async () => {
    const { network, provider, request } = await setup();
    network.fault({ kind: 'answer', ...refusal(400, 9_007, 'Not ready', 2_207_027) }, network.isPublish);
    const { outcome } = await attempt(provider, request({ text: 'a', media: [image] }), providerContext());
    expect(outcome.kind).toBe('published');
  });

  test('that Instagram refuses and publishes all the same is found, and not sent again', async () => {
    const { network, provider, request } = await setup();
    const variant = { text: 'Bread', media: [image] };
    network.fault({ kind: 'deny', ...refusal(403, 4, 'Request limit', 2_207_051) }, network.isPublish);
    const refused = await attempt(provider, request(variant), providerContext());
    expect(refused.outcome.kind).toBe('uncertain');
    const found = await provider.find?.({ ...refused.request, ...look }, providerContext());
    expect(found).toMatchObject({ kind: 'found', externalId: network.published()[0] });

    network.fault({ kind: 'answer', ...refusal(403, 4, 'Request limit', 2_207_051) }, network.isPublish);
    const held = await attempt(provider, request(variant), providerContext());
    expect(held.outcome).toEqual({ kind: 'rateLimited', retryAt: DUE_AT + MINUTE + 4 * HOUR });
  });
});

describe('the first comment', () => {
  const variant = { text: 'Bread', media: [image], firstComment: 'Flour, water, salt' };

  test('follows in a step of its own', async () => {
    const { network, provider, request } = await setup();
    const { outcome } = await attempt(provider, request(variant), providerContext());
    const [medium] = [...network.media.values()];
    expect(outcome).toMatchObject({ externalId: medium?.id, parts: [medium?.comments[0]?.id] });
  });

  test('that is refused is missing, and the post stands', async () => {
    const { network, provider, request } = await setup();
    network.fault({ kind: 'answer', ...refusal(403, 10, 'instagram_business_manage_comments') }, isComment);
    const { outcome } = await attempt(provider, request(variant), providerContext());
    expect(outcome).toMatchObject({ kind: 'published', missing: expect.stringContaining('manage_comments') });
  });

  test('of which the answer was lost is found, and not sent twice', async () => {
    const { network, provider, request } = await setup();
    network.fault({ kind: 'drop' }, isComment);
    const lost = await attempt(provider, request(variant), providerContext());
    const found = await provider.find?.({ ...lost.request, ...look }, providerContext());
    const [medium] = [...network.media.values()];
    const id = medium?.comments[0]?.id;
    expect(found).toMatchObject({ kind: 'found', externalId: id });
    const then = found?.kind === 'found' ? found.then : undefined;
    const given = providerContext();
    expect((await attempt(provider, request(variant, then), given)).outcome).toMatchObject({ parts: [id] });
    expect(given.sends).toEqual([]);
  });
});

describe('metrics', () => {
  test('are asked for by what was published: a story has others', async () => {
    const { network, provider, request, who } = await setup();
    await attempt(provider, request({ text: 'a', media: [image] }), providerContext());
    await attempt(
      provider,
      request({ text: '', media: [video], options: { story: true } }),
      providerContext(),
    );
    const [post = '', story = ''] = network.published();
    const metrics = await provider.metrics?.fetch({ ...who, externalIds: [post, story] }, providerContext());
    const told = metrics instanceof Map ? metrics : expect.fail('no metrics');
    expect(told.get(post)).toMatchObject({
      views: 120,
      reach: 90,
      reactions: 11,
      replies: 2,
      saves: 4,
      shares: 3,
    });
    expect(told.get(story)).toMatchObject({ views: 70, reactions: 11, replies: 1, saves: null, shares: 2 });
    expect(await provider.metrics?.followers(who, providerContext())).toBe(384);
  });

  test('are the counts alone where too few people saw it', async () => {
    const { network, provider, request, who } = await setup();
    await attempt(provider, request({ text: 'a', media: [image] }), providerContext());
    const isInsights = ({ url }: Received) => url.pathname.endsWith('/insights');
    network.fault({ kind: 'answer', ...refusal(400, 10, 'Not enough viewers') }, isInsights);
    const [id = ''] = network.published();
    const metrics = await provider.metrics?.fetch({ ...who, externalIds: [id] }, providerContext());
    expect(metrics instanceof Map && metrics.get(id)).toMatchObject({
      views: null,
      reactions: 11,
      replies: 0,
    });
  });

  test('do not call a post removed while the token cannot read its own account', async () => {
    const { network, provider, who } = await setup();
    network.fault({ kind: 'answer', ...noObject('me') }, ({ url }) => url.pathname.endsWith('/me'));
    const metrics = await provider.metrics?.fetch({ ...who, externalIds: ['1'] }, providerContext());
    expect(metrics).toEqual(new Map());
  });
});

describe('a token', () => {
  test('is exchanged for a long one when somebody logs in', async () => {
    const { provider } = await setup();
    const app = { clientId: 'app', clientSecret: 'secret' };
    expect(
      await provider.login?.choices({ tokens: { accessToken: SHORT_TOKEN }, app }, providerContext()),
    ).toEqual({
      kind: 'choices',
      choices: [
        {
          account: { id: USER_ID, handle: 'bakery', url: 'https://www.instagram.com/bakery/' },
          credential: { accessToken: ACCESS_TOKEN, expiresAt: expect.stringContaining('T') },
        },
      ],
    });
  });

  test('is not taken where the person has kept the right to publish', async () => {
    const { provider } = await setup();
    const app = { clientId: 'app', clientSecret: 'secret' };
    const choices = (granted: readonly string[]) =>
      provider.login?.choices({ tokens: { accessToken: SHORT_TOKEN, granted }, app }, providerContext());
    expect(await choices(['instagram_business_basic'])).toEqual({
      kind: 'unauthorized',
      reason: expect.stringContaining('instagram_business_content_publish'),
    });
    expect(await choices(['instagram_business_basic', 'instagram_business_content_publish'])).toMatchObject({
      kind: 'choices',
    });
  });

  test('is renewed for 60 days, and is over when Instagram says so', async () => {
    const { provider } = await setup();
    const refresh = (accessToken: string) =>
      provider.renewal?.refresh?.({ accessToken }, undefined, providerContext());
    const fresh = await refresh(ACCESS_TOKEN);
    const credential = fresh?.kind === 'refreshed' ? fresh.credential : expect.fail(fresh?.kind);
    expect(provider.renewal?.expiresAt(credential)).toBe(DUE_AT + MINUTE + 60 * DAY);
    expect(await refresh('IGAA-dead')).toMatchObject({ kind: 'unauthorized' });
  });
});
