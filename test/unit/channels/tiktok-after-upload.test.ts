import { describe, expect, test } from 'vitest';
import { toHandle } from '../../../shared/channels/tiktok/handle.ts';
import { HOUR, MINUTE, SECOND } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../../support/builders.ts';
import { refusal } from '../../support/fake-networks/tiktok.ts';
import { handleOf, POST_ID, tiktokWorld } from '../../support/tiktok-world.ts';

describe('the wait for TikTok', () => {
  test('looks again while it works, and then while it moderates', async () => {
    const { start, poll, pass } = await tiktokWorld({
      fake: { looksUntilPosted: 1, looksUntilModerated: 1 },
    });
    const handle = handleOf(await poll(await start()));
    expect(await poll(handle)).toEqual({ kind: 'pending', handle, checkAt: DUE_AT + 5 * SECOND });
    pass(MINUTE);
    // Out, but without an address of its own yet.
    expect(await poll(handle)).toMatchObject({
      kind: 'pending',
      checkAt: DUE_AT + MINUTE + 15 * SECOND,
      out: { externalId: 'v_pub_file~v2-1.7000001', url: 'https://www.tiktok.com/@bakery' },
    });
    expect(await poll(handle)).toMatchObject({ kind: 'published', externalId: POST_ID });
  });

  test('does not last for hours when moderation does', async () => {
    const { start, poll, pass } = await tiktokWorld({ fake: { looksUntilModerated: 100 } });
    const handle = handleOf(await poll(await start()));
    pass(10 * MINUTE);
    expect(await poll(handle)).toEqual({
      kind: 'published',
      externalId: 'v_pub_file~v2-1.7000001',
      url: 'https://www.tiktok.com/@bakery',
    });
  });

  test('ends at once for what is not public, which never gets an id', async () => {
    const { whole } = await tiktokWorld({
      said: { options: { privacy: 'private' } },
      fake: { audited: false },
    });
    expect((await whole()).outcome).toMatchObject({
      kind: 'published',
      externalId: 'v_pub_file~v2-1.7000001',
    });
  });

  test('begins anew when TikTok itself has failed, and posts once', async () => {
    const { network, whole, context } = await tiktokWorld({ fake: { fails: ['internal'] } });
    expect((await whole()).outcome).toMatchObject({ kind: 'published' });
    expect(network.published()).toHaveLength(1);
    expect(context.sends).toHaveLength(2);
  });

  test('ends with TikTok’s word on the content', async () => {
    const { whole } = await tiktokWorld({ fake: { fails: ['frame_rate_check_failed'] } });
    expect((await whole()).outcome).toMatchObject({ kind: 'rejected', code: 'media_refused' });
  });

  test('is not put off by a failing look, but by a refused one', async () => {
    const { network, start, poll } = await tiktokWorld();
    const handle = handleOf(await poll(await start()));
    network.fault({ kind: 'answer', status: 503, body: {} });
    expect(await poll(handle)).toMatchObject({ kind: 'pending', handle });
    network.fault({ kind: 'answer', ...refusal(401, 'access_token_invalid') });
    expect(await poll(handle)).toMatchObject({ kind: 'unauthorized' });
    network.fault({ kind: 'answer', ...refusal(400, 'invalid_publish_id') });
    expect(await poll(handle)).toMatchObject({ kind: 'uncertain' });
  });
});

describe('a look after an unclear end', () => {
  test('knows that a video without a handle never went', async () => {
    const { find } = await tiktokWorld();
    expect(await find(undefined)).toEqual({ kind: 'absent' });
    expect(await find(toHandle({ step: 'start', tries: 1 }))).toEqual({ kind: 'absent' });
  });

  test('finds what is posted, with or without its address', async () => {
    const { network, start, poll, find } = await tiktokWorld({
      fake: { looksUntilPosted: 1, looksUntilModerated: 1 },
    });
    const handle = await start();
    expect(await find(handle)).toEqual({ kind: 'absent' });
    network.fault({ kind: 'drop' }, network.isPublish);
    expect((await poll(handle)).kind).toBe('uncertain');
    expect(await find(handle)).toEqual({ kind: 'cannotTell', reason: 'TikTok is still at work' });
    const found = await find(handle);
    expect(found).toMatchObject({ kind: 'found', externalId: 'v_pub_file~v2-1.7000001' });
    if (found.kind !== 'found' || found.then === undefined) return expect.fail();
    expect(await poll(found.then)).toMatchObject({ kind: 'published', externalId: POST_ID });
    expect(await find(handle)).toEqual({
      kind: 'found',
      externalId: POST_ID,
      url: `https://www.tiktok.com/@bakery/video/${POST_ID}`,
    });
    expect(await find(handle, [POST_ID])).toMatchObject({ kind: 'cannotTell' });
  });

  test('takes TikTok’s failure for absent, and the next step tells why', async () => {
    const { start, poll, find } = await tiktokWorld({ fake: { fails: ['spam_risk_text'] } });
    const handle = await start();
    await poll(handle);
    expect(await find(handle)).toEqual({ kind: 'absent' });
    expect(await poll(handle)).toMatchObject({ kind: 'rejected', code: 'content_refused' });
  });

  test('cannot tell while TikTok does not say how much it has', async () => {
    const { network, start, poll, find, pass } = await tiktokWorld();
    const handle = await start();
    const body = { data: { status: 'PROCESSING_UPLOAD' }, error: { code: 'ok', message: '' } };
    const silent = () => network.fault({ kind: 'answer', status: 200, body });
    silent();
    expect(await find(handle)).toMatchObject({ kind: 'cannotTell' });
    pass(HOUR);
    silent();
    expect(await poll(handle)).toMatchObject({ kind: 'uncertain' });
    expect(network.publishings.size).toBe(1);
  });
});
