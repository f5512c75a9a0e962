import { describe, expect, test } from 'vitest';
import { HOUR, SECOND } from '../../../shared/domain/time.ts';
import { attempt } from '../../support/attempt.ts';
import { blueskyWorld } from '../../support/bluesky-world.ts';
import { DUE_AT } from '../../support/builders.ts';
import type { Received } from '../../support/fake-networks/server.ts';
import { anAttachment } from '../../support/media.ts';

const film = (bytes = 300_000) =>
  anAttachment('film', { type: 'video/mp4', bytes, width: 1_280, height: 720, alt: 'An oven at work' });
const VARIANT = { text: 'At work', media: [film()] };
const LARGE = { text: 'At work', media: [film(20_000_000)] };
const is = (method: string) => (request: Received) =>
  request.url.pathname.endsWith(`app.bsky.video.${method}`);

describe('a video', () => {
  test('is made ready by the video service before the post shows it', async () => {
    await using world = await blueskyWorld(VARIANT);
    const { outcome } = await attempt(world.provider, world.request(), world.context());
    expect(outcome.kind).toBe('published');
    expect(world.records()[0]?.embed).toEqual({
      $type: 'app.bsky.embed.video',
      video: expect.objectContaining({ mimeType: 'video/mp4', size: 300_009 }),
      alt: 'An oven at work',
      aspectRatio: { width: 1_280, height: 720 },
    });
    expect(world.network.calls('app.bsky.video.uploadVideo')).toHaveLength(1);
    expect(world.network.calls('app.bsky.video.getJobStatus')).toHaveLength(3);
  });

  test('keeps what it shows before the post is sent, so that a second send is the same', async () => {
    await using world = await blueskyWorld(VARIANT);
    world.network.fault({ kind: 'drop' }, world.network.isPublish);
    const doubted = await attempt(world.provider, world.request(), world.context());
    expect(doubted.outcome.kind).toBe('uncertain');
    world.network.video.forget();
    const again = await attempt(world.provider, doubted.request, world.context());
    expect(again.outcome.kind).toBe('published');
    const [one, two] = world.network.requests.filter(world.network.isPublish);
    expect(two?.body).toBe(one?.body);
  });

  test('that the service knows already is taken as it is', async () => {
    await using world = await blueskyWorld(VARIANT);
    await attempt(world.provider, world.request(), world.context());
    const { outcome } = await attempt(
      world.provider,
      world.request(undefined, 'dlv_b.hash'),
      world.context(),
    );
    expect(outcome.kind).toBe('published');
    expect(world.records()).toHaveLength(2);
  });

  test('waits between its looks', async () => {
    await using world = await blueskyWorld(VARIANT);
    const sent = await world.provider.publish(world.request(), world.context());
    expect(sent).toEqual({ kind: 'pending', handle: '{"video":{"job":"job1"}}', checkAt: DUE_AT + SECOND });
    const looked = await world.provider.poll?.(world.request('{"video":{"job":"job1"}}'), world.context());
    expect(looked).toEqual({
      kind: 'pending',
      handle: '{"video":{"job":"job1"}}',
      checkAt: DUE_AT + 3 * SECOND,
    });
  });

  test('goes in parts when it is large, and on from where it was after a crash', async () => {
    await using world = await blueskyWorld(LARGE);
    const begun = await world.provider.publish(world.request(), world.context());
    const handle = begun.kind === 'pending' ? begun.handle : '';
    expect(JSON.parse(handle)).toEqual({
      video: { upload: { id: 'upload1', partBytes: 8_388_608, sent: 0 } },
    });
    // The step's end is lost: it is done over.
    await world.provider.poll?.(world.request(handle), world.context());
    const { outcome } = await attempt(world.provider, world.request(handle), world.context());
    expect(outcome.kind).toBe('published');
    const sizes = world.network.calls('app.bsky.video.uploadPart').map(({ bytes }) => bytes.length);
    expect(sizes).toEqual([8_388_608, 8_388_608, 3_222_784, 8_388_608, 8_388_608, 3_222_784]);
    expect(world.records()[0]?.embed).toMatchObject({ video: { size: 20_000_009 } });
  });

  test('does not send in one step what does not fit its time', async () => {
    await using world = await blueskyWorld(LARGE);
    const context = world.context();
    const slow = { ...context, http: takingTen(context.http, world.time) };
    const begun = await world.provider.publish(world.request(), slow);
    const handle = begun.kind === 'pending' ? begun.handle : '';
    const step = await world.provider.poll?.(world.request(handle), slow);
    expect(step).toMatchObject({ kind: 'pending', handle: expect.stringContaining('"sent":2') });
  });

  test('keeps the parts that are there when one is refused for the moment', async () => {
    await using world = await blueskyWorld(LARGE);
    const isSecond = (request: Received) => request.url.searchParams.get('partNumber') === '2';
    world.network.fault({ kind: 'answer', status: 503, body: { error: 'ServiceOverloaded' } }, isSecond);
    const { outcome } = await attempt(world.provider, world.request(), world.context());
    expect(outcome.kind).toBe('published');
    expect(world.network.calls('app.bsky.video.uploadPart')).toHaveLength(4);
  });

  test('begins anew when the service has lost it, but not for ever', async () => {
    await using world = await blueskyWorld(LARGE);
    const begun = await world.provider.publish(world.request(), world.context());
    const handle = begun.kind === 'pending' ? begun.handle : '';
    world.network.video.forget();
    expect((await attempt(world.provider, world.request(handle), world.context())).outcome.kind).toBe(
      'published',
    );
    world.network.video.forget();
    const lost = JSON.stringify({ video: { job: 'job9', again: 2 } });
    expect(await world.provider.poll?.(world.request(lost), world.context())).toMatchObject({
      kind: 'rejected',
      code: 'media_refused',
    });
  });

  test('is made once more when the server has cleared it away before the post', async () => {
    await using world = await blueskyWorld(VARIANT);
    const blobNotFound = { error: 'BlobNotFound', message: 'Could not find blob' };
    world.network.fault({ kind: 'answer', status: 400, body: blobNotFound }, world.network.isPublish);
    const { outcome } = await attempt(world.provider, world.request(), world.context());
    expect(outcome.kind).toBe('published');
    expect(world.network.calls('app.bsky.video.uploadVideo')).toHaveLength(2);
  });

  test.each([
    [{ error: 'bad', failureCode: 'validation_failure' }, 'rejected', 1],
    [{ error: 'bad', failureCode: 'generic_failure' }, 'rejected', 3],
    [{ error: 'bad', failureCode: 'generic_failure', times: 1 }, 'published', 2],
  ])('that fails with %j is %s after %i upload(s)', async (failure, kind, uploads) => {
    await using world = await blueskyWorld(VARIANT, { videos: { failure } });
    const { outcome } = await attempt(world.provider, world.request(), world.context());
    expect(outcome).toMatchObject(kind === 'rejected' ? { kind, code: 'media_refused' } : { kind });
    expect(world.network.calls('app.bsky.video.uploadVideo')).toHaveLength(uploads);
  });

  test.each([
    [
      { canUpload: false, remainingDailyVideos: 0, message: 'Daily limit' },
      { kind: 'rateLimited', retryAt: DUE_AT + HOUR },
    ],
    [
      { canUpload: true, remainingDailyBytes: 1_000 },
      { kind: 'rateLimited', retryAt: DUE_AT + HOUR },
    ],
    [
      { canUpload: false, error: 'unconfirmed_email', message: 'Confirm your e-mail' },
      { kind: 'rejected', code: 'needs_person', reason: 'Confirm your e-mail' },
    ],
  ])('is not sent where the account’s limits are %j', async (limits, expected) => {
    await using world = await blueskyWorld(VARIANT, { videos: { limits } });
    expect(await world.provider.publish(world.request(), world.context())).toEqual(expected);
    expect(world.network.calls('app.bsky.video.uploadVideo')).toEqual([]);
  });

  test.each([
    [200, { jobStatus: { jobId: '', did: '', state: '', error: 'unconfirmed_email' } }, 'needs_person'],
    [400, { error: 'VideoTooLong', message: 'Too long' }, 'media_refused'],
    [413, '<h1>Too large</h1>', 'media_refused'],
  ])('that is answered with %i %j is refused as %s', async (status, body, code) => {
    await using world = await blueskyWorld(VARIANT);
    world.network.fault({ kind: 'answer', status, body }, is('uploadVideo'));
    expect(await world.provider.publish(world.request(), world.context())).toMatchObject({
      kind: 'rejected',
      code,
    });
  });

  test.each([
    ['startUpload', 400, { error: 'DailyLimitExceeded' }, 'rateLimited'],
    ['startUpload', 503, { error: 'ServiceOverloaded' }, 'unavailable'],
    ['startUpload', 401, { error: 'AuthRequired' }, 'unavailable'],
    ['startUpload', 403, { error: 'UploadForbidden' }, 'rejected'],
    ['getUploadLimits', 500, {}, 'unavailable'],
  ])('whose %s is answered with %i %j is %s', async (method, status, body, kind) => {
    await using world = await blueskyWorld(LARGE);
    world.network.fault({ kind: 'answer', status, body }, is(method));
    expect((await world.provider.publish(world.request(), world.context())).kind).toBe(kind);
  });
});

/** A network on which every request takes ten seconds. */
const takingTen =
  <Asked, Answer>(http: (request: Asked) => Promise<Answer>, time: { now: number }) =>
  async (request: Asked): Promise<Answer> => {
    time.now += 10 * SECOND;
    return http(request);
  };
