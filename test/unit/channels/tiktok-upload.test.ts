import { describe, expect, test } from 'vitest';
import { CHUNK_BYTES } from '../../../shared/channels/tiktok/start.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { HOUR, SECOND } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../../support/builders.ts';
import { type FakeTiktok, type FakeTiktokOptions, refusal } from '../../support/fake-networks/tiktok.ts';
import { anAttachment } from '../../support/media.ts';
import { handleOf, POST_ID, tiktokWorld } from '../../support/tiktok-world.ts';

const PHOTOS = { media: [anAttachment('one', { alt: '' }), anAttachment('two', { alt: '' })] };
const paths = ({ requests }: FakeTiktok) => requests.map(({ method, url }) => `${method} ${url.pathname}`);

describe('the start', () => {
  test('asks what the account may post, right before, and opens an upload', async () => {
    const { network, start, context } = await tiktokWorld();
    const handle = await start();
    expect(paths(network)).toEqual([
      'POST /v2/post/publish/creator_info/query/',
      'POST /v2/post/publish/video/init/',
    ]);
    expect(JSON.parse(handle)).toMatchObject({
      step: 'upload',
      publishId: 'v_pub_file~v2-1.7000001',
      sent: 0,
    });
    expect(handle.length).toBeLessThan(600);
    expect(context.sends).toEqual([]);
  });

  test.each<[string, FakeTiktokOptions, string]>([
    ['who may see it is not offered', { privacies: ['SELF_ONLY'] }, 'option_invalid'],
    [
      'the video is too long for the account',
      { creator: { max_video_post_duration_sec: 9 } },
      'media_refused',
    ],
    ['the app has no audit', { audited: false }, 'configuration'],
  ])('is refused when %s', async (_name, fake, code) => {
    const { network, publish } = await tiktokWorld({ fake });
    expect(await publish()).toMatchObject({ kind: 'rejected', code });
    expect(network.published()).toEqual([]);
  });

  test.each([
    ['spam_risk_too_many_posts', 'rateLimited'],
    ['reached_active_user_cap', 'rateLimited'],
    ['spam_risk_user_banned_from_posting', 'rejected'],
  ])('hears %s from the account, with a status of 200', async (code, kind) => {
    const { network, publish } = await tiktokWorld();
    network.fault({ kind: 'answer', ...refusal(200, code) });
    expect((await publish()).kind).toBe(kind);
    expect(paths(network)).toHaveLength(1);
  });

  test('whose answer is lost costs nothing', async () => {
    const { network, publish, whole } = await tiktokWorld();
    network.fault({ kind: 'drop' }, ({ url }) => url.pathname.endsWith('/video/init/'));
    expect(await publish()).toMatchObject({ kind: 'unavailable' });
    await whole();
    expect(network.published()).toHaveLength(1);
  });

  test('asks nothing without what is required', async () => {
    const { network, provider, request, context } = await tiktokWorld();
    const publish = (over: Partial<Variant>) =>
      provider.publish({ ...request, variant: { ...request.variant, ...over } }, context);
    expect(await publish({ options: {} })).toMatchObject({ code: 'option_invalid' });
    expect(await publish({ media: [] })).toMatchObject({ code: 'media_refused' });
    expect(network.requests).toEqual([]);
  });
});

describe('a video', () => {
  test('goes in chunks, the rest with the last of them, which alone is irreversible', async () => {
    const bytes = 3 * CHUNK_BYTES + 1_234;
    const file = new Uint8Array(bytes).map((_, index) => index % 251);
    const { network, whole, context } = await tiktokWorld({
      bytes,
      given: { files: new Map([['media/bread', file]]) },
    });
    const { outcome } = await whole();
    expect(outcome).toEqual({
      kind: 'published',
      externalId: POST_ID,
      url: `https://www.tiktok.com/@bakery/video/${POST_ID}`,
    });
    expect(Buffer.compare(network.bytesOf('v_pub_file~v2-1.7000001'), file)).toBe(0);
    expect(network.requests.map(({ headers }) => headers['content-range']).filter(Boolean)).toEqual([
      `bytes 0-${CHUNK_BYTES - 1}/${bytes}`,
      `bytes ${CHUNK_BYTES}-${2 * CHUNK_BYTES - 1}/${bytes}`,
      `bytes ${2 * CHUNK_BYTES}-${bytes - 1}/${bytes}`,
    ]);
    expect(context.sends).toHaveLength(1);
  });

  test('stops when its step takes too long, and goes on where it was', async () => {
    let now = DUE_AT;
    // Every look at the clock takes 5 s: a chunk or two a step.
    const given = { now: () => (now += 5 * SECOND) };
    const { network, start, poll } = await tiktokWorld({ bytes: 5 * CHUNK_BYTES, given });
    let handle = await start();
    handle = handleOf(await poll(handle));
    const { sent } = JSON.parse(handle) as { sent: number };
    expect(sent).toBeGreaterThan(0);
    expect(network.published()).toEqual([]);
    for (let steps = 0; steps < 5 && network.published().length === 0; steps++)
      handle = handleOf(await poll(handle));
    expect(network.bytesOf('v_pub_file~v2-1.7000001').length).toBe(5 * CHUNK_BYTES);
  });

  test('that was cut goes on from what TikTok has, whatever the handle says', async () => {
    const { network, start, poll } = await tiktokWorld({ bytes: 3 * CHUNK_BYTES });
    const handle = await start();
    network.fault(
      { kind: 'drop' },
      ({ headers }) => headers['content-range']?.startsWith('bytes 0-') ?? false,
    );
    expect(await poll(handle)).toMatchObject({ kind: 'unavailable' });
    expect(JSON.parse(handleOf(await poll(handle)))).toMatchObject({ step: 'wait' });
    const firsts = network.requests.filter(({ headers }) => headers['content-range']?.startsWith('bytes 0-'));
    expect(firsts).toHaveLength(1);
  });

  test('whose end was lost is not posted twice when the same step runs again', async () => {
    const { network, start, poll, context } = await tiktokWorld();
    const handle = await start();
    await poll(handle);
    expect(await poll(handle)).toMatchObject({ kind: 'published', externalId: POST_ID });
    expect(network.published()).toEqual([POST_ID]);
    expect(context.sends).toHaveLength(1);
  });

  test('begins again when its address has ended', async () => {
    const { network, start, poll, pass } = await tiktokWorld();
    const handle = await start();
    pass(HOUR);
    const fresh = handleOf(await poll(handle));
    expect(JSON.parse(fresh)).toMatchObject({ step: 'upload', publishId: 'v_pub_file~v2-1.7000002' });
    await poll(fresh);
    expect(network.published()).toHaveLength(1);
  });

  test('tells nobody the token when it goes', async () => {
    const { network, whole } = await tiktokWorld();
    await whole();
    const puts = network.requests.filter(({ method }) => method === 'PUT');
    expect(puts.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });
});

describe('photos', () => {
  test('are posted by one irreversible request with their addresses', async () => {
    const { network, whole, context } = await tiktokWorld({ said: PHOTOS });
    expect((await whole()).outcome).toEqual({
      kind: 'published',
      externalId: `photo/${POST_ID}`,
      url: `https://www.tiktok.com/@bakery/photo/${POST_ID}`,
    });
    expect(context.sends).toHaveLength(1);
    const [sent] = network.requests.filter(network.isPublish);
    expect(sent?.json).toMatchObject({
      source_info: {
        photo_images: [
          'https://media.example/media/one?signature=1',
          'https://media.example/media/two?signature=1',
        ],
      },
    });
  });

  test('need a host that the app has shown to be its own', async () => {
    const { publish } = await tiktokWorld({ said: PHOTOS, fake: { verifiedHosts: [] } });
    expect(await publish()).toMatchObject({ kind: 'rejected', code: 'configuration' });
  });

  test('in doubt are left to a person: nobody can look for them', async () => {
    const { network, publish, find } = await tiktokWorld({ said: PHOTOS });
    network.fault({ kind: 'drop' }, network.isPublish);
    expect((await publish()).kind).toBe('uncertain');
    expect(await find(undefined)).toMatchObject({ kind: 'cannotTell' });
  });
});
