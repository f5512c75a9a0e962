import { describe, expect, test } from 'vitest';
import { CHUNK_BYTES } from '../../../shared/channels/youtube/upload.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { SECOND } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../../support/builders.ts';
import { refusal } from '../../support/fake-networks/youtube.ts';
import { anAttachment } from '../../support/media.ts';
import { handleOf, youtubeWorld } from '../../support/youtube-world.ts';

describe('an upload', () => {
  test('keeps its session before the first byte goes', async () => {
    const { network, start, context } = await youtubeWorld();
    const handle = await start();
    expect(JSON.parse(handle)).toMatchObject({ step: 'upload' });
    expect(handle.length).toBeLessThan(600);
    expect(network.requests.map(({ method }) => method)).toEqual(['POST']);
    expect(context.sends).toEqual([]);
  });

  test('goes in chunks of 256 KiB times something, of which only the last is irreversible', async () => {
    const bytes = 2 * CHUNK_BYTES + 1_234;
    const file = new Uint8Array(bytes).map((_, index) => index % 251);
    const { network, whole, context } = await youtubeWorld({
      bytes,
      given: { files: new Map([['media/bread', file]]) },
    });
    const { outcome } = await whole();
    expect(outcome).toEqual({
      kind: 'published',
      externalId: 'vid00000001',
      url: 'https://www.youtube.com/watch?v=vid00000001',
    });
    expect(Buffer.compare(network.videos.get('vid00000001')?.bytes ?? Buffer.of(), file)).toBe(0);
    const ranges = network.requests.map(({ headers }) => headers['content-range']).filter(Boolean);
    expect(ranges).toEqual([
      `bytes */${bytes}`,
      `bytes 0-${CHUNK_BYTES - 1}/${bytes}`,
      `bytes ${CHUNK_BYTES}-${2 * CHUNK_BYTES - 1}/${bytes}`,
      `bytes ${2 * CHUNK_BYTES}-${bytes - 1}/${bytes}`,
    ]);
    expect(CHUNK_BYTES % (256 * 1024)).toBe(0);
    expect(CHUNK_BYTES).toBeLessThanOrEqual(8_000_000);
    expect(context.sends).toHaveLength(1);
  });

  test('stops when its step takes too long, and goes on where it was', async () => {
    let now = DUE_AT;
    // Every look at the clock takes 11 s: two chunks a step at most.
    const given = { now: () => (now += 11 * SECOND) };
    const { network, poll, start } = await youtubeWorld({ bytes: 3 * CHUNK_BYTES, given });
    const handle = await start();
    const first = await poll(handle);
    expect(handleOf(first)).toBe(handle);
    expect(network.videos.size).toBe(0);
    let outcome = first;
    for (let steps = 0; steps < 5 && network.videos.size === 0; steps++)
      outcome = await poll(handleOf(outcome));
    expect([...network.videos.values()].map(({ bytes }) => bytes.length)).toEqual([3 * CHUNK_BYTES]);
  });

  test('that was cut goes on from what has arrived', async () => {
    const { network, poll, start } = await youtubeWorld({ bytes: 2 * CHUNK_BYTES });
    const handle = await start();
    network.fault(
      { kind: 'drop' },
      ({ headers }) => headers['content-range']?.startsWith('bytes 0-') ?? false,
    );
    expect(await poll(handle)).toMatchObject({ kind: 'unavailable' });
    expect(JSON.parse(handleOf(await poll(handle)))).toMatchObject({ step: 'process' });
    const firsts = network.requests.filter(({ headers }) => headers['content-range']?.startsWith('bytes 0-'));
    expect(firsts).toHaveLength(1);
  });

  test('whose end was lost makes no second video when the same step runs again', async () => {
    const { network, poll, start, context } = await youtubeWorld();
    const handle = await start();
    await poll(handle);
    expect(JSON.parse(handleOf(await poll(handle)))).toMatchObject({
      step: 'process',
      videoId: 'vid00000001',
    });
    expect(network.videos.size).toBe(1);
    expect(context.sends).toHaveLength(1);
  });

  test('begins again when its session has ended', async () => {
    const { network, poll, start } = await youtubeWorld();
    const handle = await start();
    network.endSessions();
    const fresh = handleOf(await poll(handle));
    expect(fresh).not.toBe(handle);
    expect(JSON.parse(handleOf(await poll(fresh)))).toMatchObject({ step: 'process' });
  });

  test('does not follow a session to a foreign address', async () => {
    const { network, provider, request, context } = await youtubeWorld();
    const location = 'https://elsewhere.example/upload';
    network.fault({ kind: 'answer', status: 200, headers: { location } });
    expect(await provider.publish(request, context)).toEqual({
      kind: 'unavailable',
      reason: 'YouTube opened no upload session',
    });
  });

  test('does not begin without what is required', async () => {
    const { network, provider, request, context } = await youtubeWorld();
    const publish = (over: Partial<Variant>) =>
      provider.publish({ ...request, variant: { ...request.variant, ...over } }, context);
    expect(await publish({ options: { title: 'a' } })).toMatchObject({ code: 'option_invalid' });
    expect(await publish({ media: [anAttachment('a')] })).toMatchObject({ code: 'media_refused' });
    expect(network.requests).toEqual([]);
  });

  test('of a spent quota waits for the next day', async () => {
    const { network, provider, request, context } = await youtubeWorld();
    network.fault({ kind: 'answer', ...refusal(403, 'quotaExceeded') });
    const outcome = await provider.publish(request, context);
    expect(outcome.kind).toBe('rateLimited');
  });
});

describe('a look after an unclear end', () => {
  test('finds nothing where no session was opened', async () => {
    const { find } = await youtubeWorld();
    expect(await find(undefined)).toEqual({ kind: 'absent' });
  });

  test('finds the video by its session, and goes on with it', async () => {
    const { network, start, poll, find } = await youtubeWorld();
    const handle = await start();
    expect(await find(handle)).toEqual({ kind: 'absent' });
    network.fault({ kind: 'drop' }, network.isPublish);
    expect((await poll(handle)).kind).toBe('uncertain');
    const found = await find(handle);
    expect(found).toMatchObject({ kind: 'found', externalId: 'vid00000001' });
    expect(await find(handle, ['vid00000001'])).toMatchObject({ kind: 'cannotTell' });
    if (found.kind !== 'found' || found.then === undefined) return expect.fail();
    expect(JSON.parse(found.then)).toMatchObject({ step: 'process', videoId: 'vid00000001' });
  });

  test('cannot tell when the session has ended', async () => {
    const { network, start, find } = await youtubeWorld();
    const handle = await start();
    network.endSessions();
    expect(await find(handle)).toMatchObject({ kind: 'cannotTell' });
  });
});
