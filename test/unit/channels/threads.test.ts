import { describe, expect, onTestFinished, test } from 'vitest';
import type { Variant } from '../../../shared/domain/content.ts';
import { DAY, HOUR, MINUTE } from '../../../shared/domain/time.ts';
import { attempt } from '../../support/attempt.ts';
import { DUE_AT } from '../../support/builders.ts';
import { noObject, refusal } from '../../support/fake-networks/graph.ts';
import type { Received } from '../../support/fake-networks/server.ts';
import {
  ACCESS_TOKEN,
  type FakeThreadsOptions,
  SHORT_TOKEN,
  USER_ID,
} from '../../support/fake-networks/threads.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';
import { threadsWorld } from '../../support/threads-world.ts';

async function setup(options: FakeThreadsOptions = {}) {
  const world = await threadsWorld(options);
  onTestFinished(world.network.close);
  return world;
}

const image = anAttachment('bread');
const video = anAttachment('oven', { type: 'video/mp4', width: 1_080, height: 1_920 });
const link = 'https://bakery.example/bread';
describe('a post', () => {
  test.each<[string, Variant, object]>([
    [
      'a text with a card',
      { text: 'Bread', link },
      { media_type: 'TEXT', text: 'Bread', link_attachment: link },
    ],
    ['a card alone', { text: '', link }, { media_type: 'TEXT', link_attachment: link }],
    [
      'a poll, with the link in its text',
      { text: 'Which?', link, poll: { options: ['Rye', 'Wheat', 'Oat'], minutes: 1_440 } },
      {
        text: `Which?\n\n${link}`,
        poll_attachment: '{"option_a":"Rye","option_b":"Wheat","option_c":"Oat"}',
      },
    ],
    [
      'an image',
      { text: 'Bread', media: [image], options: { topicTag: 'Bread', replyControl: 'mentioned_only' } },
      { media_type: 'IMAGE', alt_text: image.alt, topic_tag: 'Bread', reply_control: 'mentioned_only' },
    ],
    ['a video', { text: '', media: [video] }, { media_type: 'VIDEO', alt_text: video.alt }],
    ['a carousel', { text: 'Both', media: [image, video] }, { media_type: 'CAROUSEL', text: 'Both' }],
  ])('that is %s goes out by one request', async (_name, variant, expected) => {
    const { network, provider, request, made } = await setup({ looks: 2 });
    const given = providerContext();
    const { outcome } = await attempt(provider, request(variant), given);
    expect(outcome).toMatchObject({ kind: 'published', externalId: network.published()[0] });
    expect(made()).toMatchObject([expected]);
    expect(given.sends).toHaveLength(1);
  });

  test('keeps a carousel of 20 and a thread of 26 parts within a short handle', async () => {
    const { provider, request } = await setup();
    const media = Array.from({ length: 20 }, (_, n) => anAttachment(`p${n}`));
    const begun = await provider.publish(request({ text: 'a', media }), providerContext());
    expect(begun.kind === 'pending' && begun.handle.length).toBeLessThan(500);
    const thread = Array.from({ length: 25 }, (_, n) => `Part ${n}`);
    const variant = { text: 'a', thread, firstComment: 'b' };
    let longest = 0;
    let handle: string | undefined;
    for (let steps = 0; steps < 100; steps++) {
      const present = request(variant, handle);
      const outcome = await (handle === undefined ? provider.publish : provider.poll)?.(
        present,
        providerContext(),
      );
      if (outcome?.kind !== 'pending') {
        expect(outcome).toMatchObject({ kind: 'published', parts: { length: 26 } });
        break;
      }
      handle = outcome.handle;
      longest = Math.max(longest, handle.length);
    }
    expect(longest).toBeLessThan(620);
  });

  test('that Threads cannot process is refused in its words', async () => {
    const { network, provider, request } = await setup();
    network.breakContainers('ERROR');
    const { outcome } = await attempt(provider, request({ text: 'a', media: [video] }), providerContext());
    expect(outcome).toEqual({ kind: 'rejected', code: 'media_refused', reason: 'FAILED_PROCESSING_VIDEO' });
  });

  test('is never published by its making', async () => {
    const { network, provider, request } = await setup();
    const outcome = await provider.publish(request({ text: 'a' }), providerContext());
    expect(outcome.kind).toBe('pending');
    expect(network.published()).toEqual([]);
    for (const { body } of network.requests) expect(body).not.toContain('auto_publish_text');
  });

  test('of which the container has expired begins again', async () => {
    let now = DUE_AT + MINUTE;
    const { network, provider, request } = await setup({ now: () => now });
    const given = providerContext({ now: () => now });
    const begun = await provider.publish(request({ text: 'a' }), given);
    now += DAY + HOUR;
    const handle = begun.kind === 'pending' ? begun.handle : expect.fail(begun.kind);
    expect((await attempt(provider, request({ text: 'a' }, handle), given)).outcome.kind).toBe('published');
    expect(network.published()).toHaveLength(1);
  });

  test('of which Threads has lost the finished container asks for it for a minute, and begins again', async () => {
    let now = DUE_AT + MINUTE;
    const { network, provider, request } = await setup({ now: () => now });
    const given = providerContext({ now: () => now });
    const step = (handle: string) => provider.poll?.(request({ text: 'a' }, handle), given);
    const begun = await provider.publish(request({ text: 'a' }), given);
    const first = begun.kind === 'pending' ? begun.handle : expect.fail(begun.kind);
    network.loseContainers();
    expect(await step(first)).toMatchObject({ kind: 'pending', handle: first });
    now += 2 * MINUTE;
    const again = await step(first);
    const anew = again?.kind === 'pending' ? again.handle : expect.fail(again?.kind);
    expect(anew).not.toContain('container');
    expect((await attempt(provider, request({ text: 'a' }, anew), given)).outcome.kind).toBe('published');
    expect(network.published()).toHaveLength(1);
  });

  test('of which Threads loses every container is certainly not out', async () => {
    let now = DUE_AT + MINUTE;
    const { network, provider, request } = await setup({ now: () => now });
    const given = providerContext({ now: () => now });
    let outcome = await provider.publish(request({ text: 'a' }), given);
    for (let steps = 0; outcome.kind === 'pending' && steps < 20; steps++) {
      network.loseContainers();
      now += 2 * MINUTE;
      const next = await provider.poll?.(request({ text: 'a' }, outcome.handle), given);
      outcome = next ?? expect.fail('no step');
    }
    expect(outcome.kind).toBe('unavailable');
    expect(network.published()).toEqual([]);
  });

  test('that Threads refuses and publishes all the same is not sent again', async () => {
    const { network, provider, request } = await setup();
    const brake = refusal(403, 4, 'Request limit', 2_207_051);
    network.fault({ kind: 'deny', ...brake }, network.isPublish);
    expect((await attempt(provider, request({ text: 'a' }), providerContext())).outcome.kind).toBe(
      'uncertain',
    );
    network.fault({ kind: 'answer', ...brake }, network.isPublish);
    expect((await attempt(provider, request({ text: 'b' }), providerContext())).outcome.kind).toBe(
      'rateLimited',
    );
    expect(network.published()).toHaveLength(1);
  });

  test('of which Threads knows no container is not made for ever', async () => {
    const { network, provider, request } = await setup();
    const isLook = ({ method, url }: Received) => method === 'GET' && /\/180\d+$/.test(url.pathname);
    for (let looks = 0; looks < 30; looks++) network.fault({ kind: 'answer', ...noObject('1') }, isLook);
    const { outcome } = await attempt(provider, request({ text: 'a' }), providerContext());
    expect(outcome.kind).toBe('unavailable');
    const made = network.requests.filter(({ url }) => url.pathname.endsWith('/threads'));
    expect(made).toHaveLength(4);
  });

  test('is not begun when the day’s posts, or replies for all its parts, are used up', async () => {
    const full = await setup({ quotaUsed: 250 });
    const wait = { kind: 'rateLimited', retryAt: DUE_AT + MINUTE + HOUR };
    expect(await full.provider.publish(full.request({ text: 'a' }), providerContext())).toEqual(wait);
    const replies = await setup({ repliesUsed: 999 });
    const two = replies.request({ text: 'a', thread: ['b'], firstComment: 'c' });
    expect(await replies.provider.publish(two, providerContext())).toEqual(wait);
    const one = replies.request({ text: 'a', firstComment: 'c' });
    expect((await replies.provider.publish(one, providerContext())).kind).toBe('pending');
  });
});

describe('metrics', () => {
  test('add up what passes a post on', async () => {
    const { network, provider, request, who } = await setup();
    await attempt(provider, request({ text: 'a' }), providerContext());
    const [id = ''] = network.published();
    const metrics = await provider.metrics?.fetch({ ...who, externalIds: [id] }, providerContext());
    expect(metrics instanceof Map && metrics.get(id)).toMatchObject({
      views: 120,
      reactions: 11,
      replies: 2,
      shares: 6,
    });
    expect(await provider.metrics?.followers(who, providerContext())).toBe(384);
  });

  test('are untold, and no lost login, without the right to read them', async () => {
    const { network, provider, who } = await setup();
    const denied = refusal(403, 10, 'Application does not have permission');
    network.fault({ kind: 'answer', ...denied });
    const metrics = await provider.metrics?.fetch({ ...who, externalIds: ['1'] }, providerContext());
    expect(metrics instanceof Map && metrics.get('1')).toMatchObject({ views: null, reactions: null });
    network.fault({ kind: 'answer', ...denied });
    expect(await provider.metrics?.followers(who, providerContext())).toBeNull();
  });
});

describe('a token', () => {
  test('is exchanged for a long one when somebody logs in', async () => {
    const { provider } = await setup();
    const app = { clientId: 'app', clientSecret: 'secret' };
    const login = await provider.login?.choices(
      { tokens: { accessToken: SHORT_TOKEN }, app },
      providerContext(),
    );
    expect(login).toMatchObject({
      kind: 'choices',
      choices: [{ account: { id: USER_ID, handle: 'bakery' } }],
    });
  });

  test('is renewed for 60 days, and is over when Threads says so', async () => {
    const { provider } = await setup();
    const refresh = (accessToken: string) =>
      provider.renewal?.refresh?.({ accessToken }, undefined, providerContext());
    const fresh = await refresh(ACCESS_TOKEN);
    const credential = fresh?.kind === 'refreshed' ? fresh.credential : expect.fail(fresh?.kind);
    expect(provider.renewal?.expiresAt(credential)).toBe(DUE_AT + MINUTE + 60 * DAY);
    expect(await refresh('THAA-dead')).toMatchObject({ kind: 'unauthorized' });
  });
});
