import { describe, expect, onTestFinished, test } from 'vitest';
import { facebook } from '../../../shared/channels/facebook.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { HOUR, MINUTE } from '../../../shared/domain/time.ts';
import { attempt } from '../../support/attempt.ts';
import { DUE_AT } from '../../support/builders.ts';
import {
  type FakeFacebookOptions,
  fakeFacebook,
  PAGE_ID,
  PAGE_TOKEN,
} from '../../support/fake-networks/facebook.ts';
import { noObject, refusal } from '../../support/fake-networks/graph.ts';
import type { Received } from '../../support/fake-networks/server.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

async function setup(options: FakeFacebookOptions = {}) {
  const network = await fakeFacebook(options);
  onTestFinished(network.close);
  const provider = facebook({ graph: network.url, upload: network.url });
  const account = { id: PAGE_ID, handle: 'bakery', url: 'https://www.facebook.com/bakery' };
  const credential = { accessToken: PAGE_TOKEN };
  const who = { credential, account, facts: {} };
  const request = (variant: Variant, handle?: string) => ({
    ...aPublishRequest(credential, { variant, channel: { id: 'chn_a', account, facts: {} } }),
    delivery: {
      id: 'dlv_one',
      key: 'dlv_one.key',
      dueAt: DUE_AT,
      ...(handle === undefined ? {} : { handle }),
    },
  });
  return { network, provider, who, request };
}

const isTo = (edge: string) => (request: Received) =>
  request.method === 'POST' && request.url.pathname.endsWith(`/${edge}`);
const look = { since: DUE_AT, excluding: new Set<string>() };
const only = (network: { posts: ReadonlyMap<string, unknown> }) => [...network.posts.values()][0];
const vertical = anAttachment('oven', { type: 'video/mp4', width: 1_080, height: 1_920 });

describe('check', () => {
  const rules = (variant: Variant) =>
    facebook()
      .check(variant, {})
      .map(({ rule, severity, path }) => `${severity} ${rule} ${path}`);

  test('finds what a Page cannot show', () => {
    expect(rules({ text: '' })).toEqual(['error text_empty /text']);
    expect(rules({ text: 'a'.repeat(63_207) })).toEqual(['error text_too_long /text']);
    expect(rules({ text: 'a', thread: ['b'] })).toEqual(['error thread_unsupported /thread']);
    expect(rules({ text: 'a', poll: { options: ['a', 'b'], minutes: 60 } })).toEqual([
      'error poll_unsupported /poll',
    ]);
    const eleven = Array.from({ length: 11 }, (_, n) => anAttachment(`p${n}`));
    expect(rules({ text: 'a', media: eleven })).toEqual(['error media_too_many /media']);
    expect(rules({ text: 'a', media: [anAttachment('a'), vertical] })).toEqual(['error media_mixed /media']);
    expect(rules({ text: 'a', media: [anAttachment('a', { type: 'image/webp' })] })).toEqual([
      'error media_type /media/0',
    ]);
    expect(rules({ text: 'a', media: [anAttachment('a', { bytes: 4_000_001 })] })).toEqual([
      'error media_too_large /media/0',
    ]);
  });

  test('holds a Reel against a Reel’s rules', () => {
    const options = { videoAs: 'reel' };
    const wide = anAttachment('wide', { type: 'video/mp4', width: 1_920, height: 1_080 });
    const long = { ...vertical, durationMs: 91_000 };
    expect(rules({ text: 'a', media: [wide] })).toEqual([]);
    expect(rules({ text: 'a', media: [wide], options })).toEqual(['error media_ratio /media/0']);
    expect(rules({ text: 'a', media: [long], options })).toEqual(['error media_too_long /media/0']);
    expect(rules({ text: 'a', media: [vertical], options })).toEqual([]);
  });
});

describe('a post', () => {
  test('of text and link becomes a card', async () => {
    const { network, provider, request } = await setup();
    const link = 'https://bakery.example/';
    const { outcome } = await attempt(provider, request({ text: 'Bread', link }), providerContext());
    expect(only(network)).toMatchObject({ message: 'Bread', link, photos: [] });
    expect(outcome).toMatchObject({
      kind: 'published',
      url: `https://www.facebook.com/bakery/posts/${network.published()[0]?.split('_')[1]}`,
    });
  });

  test('of photos keeps their order and alt texts, and has the link in its text', async () => {
    const { network, provider, request } = await setup();
    const media = ['a', 'b', 'c'].map((name) =>
      anAttachment(name, { alt: name === 'b' ? '' : `alt ${name}` }),
    );
    const variant = { text: 'Bread', link: 'https://bakery.example/', media };
    const given = providerContext();
    await attempt(provider, request(variant), given);
    expect(only(network)).toMatchObject({
      message: 'Bread\n\nhttps://bakery.example/',
      photos: [{ alt: 'alt a' }, { alt: undefined }, { alt: 'alt c' }],
    });
    expect(given.sends).toHaveLength(1);
  });

  test('is not sent when one of its photos is refused', async () => {
    const { network, provider, request } = await setup();
    network.fault(
      { kind: 'answer', ...refusal(400, 100, 'Photos should be smaller', 1_366_046) },
      isTo('photos'),
    );
    const variant = { text: 'Bread', media: [anAttachment('a'), anAttachment('b')] };
    const { outcome } = await attempt(provider, request(variant), providerContext());
    expect(outcome).toMatchObject({ kind: 'rejected', code: 'media_refused' });
    expect(network.published()).toEqual([]);
  });

  test('without valid options is refused before anything is sent', async () => {
    const { network, provider, request } = await setup();
    const outcome = await provider.publish(
      request({ text: 'a', options: { videoAs: 'story' } }),
      providerContext(),
    );
    expect(outcome).toMatchObject({ kind: 'rejected', code: 'option_invalid' });
    expect(network.requests).toEqual([]);
  });

  test('that Facebook takes for a duplicate of an older one is said to be one', async () => {
    const { network, provider, request } = await setup({ refusesDuplicates: true, now: () => DUE_AT - HOUR });
    network.write('Bread');
    const { outcome } = await attempt(provider, request({ text: 'Bread' }), providerContext());
    expect(outcome).toMatchObject({ kind: 'rejected', code: 'duplicate' });
  });

  test('that is a duplicate of what an earlier attempt left is looked for again, and found', async () => {
    const { network, provider, request } = await setup({ refusesDuplicates: true });
    await attempt(provider, request({ text: 'Bread' }), providerContext());
    const again = await attempt(provider, request({ text: 'Bread' }), providerContext());
    expect(again.outcome).toMatchObject({ kind: 'uncertain' });
    const since = DUE_AT + 10 * MINUTE;
    const found = await provider.find?.({ ...again.request, since, excluding: new Set() }, providerContext());
    expect(found).toMatchObject({ kind: 'found', externalId: network.published()[0] });
  });

  test('without a text cannot be told from others when its answer is lost', async () => {
    const { network, provider, request } = await setup();
    network.fault({ kind: 'drop' }, network.isPublish);
    const variant = { text: '', media: [anAttachment('a')] };
    expect(await provider.find?.({ ...request(variant), ...look }, providerContext())).toEqual({
      kind: 'absent',
    });
    const { request: lost, outcome } = await attempt(provider, request(variant), providerContext());
    expect(outcome.kind).toBe('uncertain');
    expect((await provider.find?.({ ...lost, ...look }, providerContext()))?.kind).toBe('cannotTell');
  });
});

describe('a video', () => {
  test('is sent once, waited for, and known by its post', async () => {
    const { network, provider, request } = await setup({ looks: 3 });
    const given = providerContext();
    const { outcome } = await attempt(provider, request({ text: 'Oven', media: [vertical] }), given);
    expect(outcome).toMatchObject({ kind: 'published', externalId: network.published()[0] });
    expect(given.sends).toHaveLength(1);
    expect(only(network)).toMatchObject({ message: 'Oven' });
  });

  test('that Facebook cannot process is refused in its words', async () => {
    const { network, provider, request } = await setup({ looks: 2 });
    network.breakVideos();
    const { outcome } = await attempt(provider, request({ text: 'a', media: [vertical] }), providerContext());
    expect(outcome).toEqual({ kind: 'rejected', code: 'media_refused', reason: 'The video file is corrupt' });
  });

  test('of which the answer was lost is found among the newest once it is ready', async () => {
    const { network, provider, request } = await setup({ looks: 1 });
    network.fault({ kind: 'drop' }, network.isPublish);
    const variant = { text: 'Oven', media: [vertical] };
    expect((await provider.publish(request(variant), providerContext())).kind).toBe('uncertain');
    const find = () => provider.find?.({ ...request(variant), ...look }, providerContext());
    expect((await find())?.kind).toBe('cannotTell');
    expect(await find()).toMatchObject({ kind: 'found', externalId: network.published()[0] });
  });

  test('without a text cannot be told from another one when its answer is lost', async () => {
    const { network, provider, request } = await setup({ looks: 0 });
    const { outcome } = await attempt(provider, request({ text: '', media: [vertical] }), providerContext());
    expect(outcome.kind).toBe('published');
    const other = request({ text: '', media: [vertical] });
    expect(await provider.find?.({ ...other, ...look }, providerContext())).toMatchObject({
      kind: 'cannotTell',
    });
    expect(network.posts.size).toBe(1);
  });

  test('that is processed for hours is left to a person', async () => {
    const { provider, request } = await setup({ looks: 99 });
    const variant = { text: 'Oven', media: [vertical] };
    const first = await provider.publish(request(variant), providerContext());
    const handle = first.kind === 'pending' ? first.handle : expect.fail(first.kind);
    const at = (now: number) =>
      provider.poll?.(request(variant, handle), providerContext({ now: () => now }));
    expect(await at(DUE_AT + 20 * MINUTE)).toMatchObject({ kind: 'pending', checkAt: DUE_AT + 21 * MINUTE });
    expect(await at(DUE_AT + 7 * HOUR)).toMatchObject({ kind: 'uncertain' });
  });
});

test.each(['feed', 'reel'])(
  'a video for a %s that is not known at once is waited for for a minute',
  async (videoAs) => {
    const { network, provider, request } = await setup({ looks: 0 });
    const variant = { text: 'Oven', media: [vertical], options: { videoAs } };
    const isLook = ({ method, url }: Received) => method === 'GET' && /\/\d+$/.test(url.pathname);
    const unknown = { kind: 'answer', ...noObject('1') } as const;
    network.fault(unknown, isLook);
    const given = providerContext();
    const { outcome } = await attempt(provider, request(variant), given);
    expect(outcome.kind).toBe('published');
    expect(given.sends).toHaveLength(1);
    const started = network.requests.filter(isTo(videoAs === 'reel' ? 'video_reels' : 'videos'));
    expect(started).toHaveLength(videoAs === 'reel' ? 2 : 1);

    network.fault(unknown, isLook);
    const handle = JSON.stringify({ is: 'video', video: '1', at: DUE_AT - MINUTE });
    expect((await provider.poll?.(request(variant, handle), given))?.kind).toBe('uncertain');
  },
);

describe('a Reel', () => {
  const variant = { text: 'Oven', media: [vertical], options: { videoAs: 'reel' } };

  test('is uploaded, finished once, and waited for', async () => {
    const { network, provider, request } = await setup({ looks: 2 });
    const given = providerContext();
    const { outcome } = await attempt(provider, request(variant), given);
    expect(outcome).toMatchObject({ kind: 'published', externalId: network.published()[0] });
    expect(outcome).toMatchObject({
      url: expect.stringMatching(/^https:\/\/www\.facebook\.com\/reel\/\d+\/$/),
    });
    expect(given.sends).toHaveLength(1);
  });

  test('is told to go out once more when the telling was lost, and is found when it was heard', async () => {
    const { network, provider, request } = await setup({ looks: 0 });
    for (const kind of ['lose', 'drop'] as const) {
      network.fault({ kind }, network.isPublish);
      const lost = await attempt(provider, request(variant), providerContext());
      expect(lost.outcome.kind).toBe('uncertain');
      const found = await provider.find?.({ ...lost.request, ...look }, providerContext());
      expect(found?.kind).toBe(kind === 'lose' ? 'absent' : 'found');
      if (kind === 'drop') continue;
      const again = await attempt(provider, lost.request, providerContext());
      expect(again.outcome.kind).toBe('published');
    }
    expect(network.published()).toHaveLength(2);
  });

  test('of which a crash forgot that it was told goes on, and is not told twice', async () => {
    const { network, provider, request } = await setup({ looks: 0 });
    const uploaded = await provider.publish(request(variant), providerContext());
    const handle = uploaded.kind === 'pending' ? uploaded.handle : expect.fail(uploaded.kind);
    await provider.poll?.(request(variant, handle), providerContext());
    const given = providerContext();
    const { outcome } = await attempt(provider, request(variant, handle), given);
    expect(outcome.kind).toBe('published');
    expect(given.sends).toEqual([]);
    expect(network.published()).toHaveLength(1);
  });

  test('of which Facebook has forgotten the session begins again', async () => {
    const { network, provider, request } = await setup();
    const handle = JSON.stringify({ is: 'reel', video: '999', at: DUE_AT });
    const { outcome } = await attempt(provider, request(variant, handle), providerContext());
    expect(outcome.kind).toBe('published');
    expect(network.published()).toHaveLength(1);
  });
});
