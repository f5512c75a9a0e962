import { describe, expect, test } from 'vitest';
import { toHandle } from '../../../shared/channels/youtube/handle.ts';
import { MINUTE, SECOND } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../../support/builders.ts';
import { PLAYLIST_ID, refusal } from '../../support/fake-networks/youtube.ts';
import { handleOf, OPTIONS, youtubeWorld } from '../../support/youtube-world.ts';

describe('the wait for YouTube', () => {
  test('looks again, less and less often', async () => {
    const { start, poll, pass } = await youtubeWorld({ fake: { looksUntilProcessed: 100 } });
    const handle = handleOf(await poll(await start()));
    expect(await poll(handle)).toMatchObject({ kind: 'pending', handle, checkAt: DUE_AT + 10 * SECOND });
    pass(2 * MINUTE);
    expect(await poll(handle)).toMatchObject({ checkAt: DUE_AT + 2 * MINUTE + 30 * SECOND });
    pass(13 * MINUTE);
    expect(await poll(handle)).toMatchObject({ kind: 'published' });
  });

  test('ends with YouTube’s word', async () => {
    const fake = { result: { uploadStatus: 'rejected', rejectionReason: 'duplicate' } };
    const { whole } = await youtubeWorld({ fake });
    expect((await whole()).outcome).toEqual({
      kind: 'rejected',
      code: 'duplicate',
      reason: 'YouTube rejected the video: duplicate',
    });
  });

  test('tells when the project has no audit', async () => {
    const { whole } = await youtubeWorld({ fake: { audited: false } });
    expect((await whole()).outcome).toMatchObject({
      kind: 'published',
      missing: 'YouTube made the video private, not public',
    });
  });

  test('is not put off by a failing look', async () => {
    const { network, start, poll } = await youtubeWorld();
    const handle = handleOf(await poll(await start()));
    network.fault({ kind: 'answer', status: 503, body: {} });
    expect(await poll(handle)).toMatchObject({ kind: 'pending', handle });
  });

  test('gives a video up that YouTube does not know after all that time', async () => {
    const { network, start, poll, pass } = await youtubeWorld();
    const handle = handleOf(await poll(await start()));
    network.forget('vid00000001');
    expect((await poll(handle)).kind).toBe('pending');
    pass(15 * MINUTE);
    expect(await poll(handle)).toMatchObject({ kind: 'rejected', code: 'removed' });
  });
});

describe('the playlist', () => {
  const said = { options: { ...OPTIONS, playlistId: PLAYLIST_ID } };

  test('gets the video once, also when the first answer was lost', async () => {
    const { network, whole } = await youtubeWorld({ said });
    network.fault(
      { kind: 'drop' },
      ({ method, url }) => method === 'POST' && url.pathname.endsWith('/playlistItems'),
    );
    expect((await whole()).outcome).toEqual({
      kind: 'published',
      externalId: 'vid00000001',
      url: 'https://www.youtube.com/watch?v=vid00000001',
    });
    expect(network.playlist).toEqual(['vid00000001']);
  });

  test('that is not there is told as missing, and the comment comes all the same', async () => {
    const { network, whole } = await youtubeWorld({
      said: { options: { ...OPTIONS, playlistId: 'PLsomebodyelse' }, firstComment: 'Ask us!' },
    });
    expect((await whole()).outcome).toMatchObject({
      kind: 'published',
      parts: ['Ugx1'],
      missing: 'the playlist was refused: HTTP 404: Refused: playlistNotFound.',
    });
    expect(network.comments).toHaveLength(1);
  });
});

describe('the first comment', () => {
  const said = { firstComment: 'Ask us!' };
  const isComment = ({ method, url }: { method: string; url: URL }) =>
    method === 'POST' && url.pathname.endsWith('/commentThreads');

  test('comes after the video is out, which every step from then on says', async () => {
    const { network, start, poll } = await youtubeWorld({ said, fake: { looksUntilProcessed: 0 } });
    const processing = handleOf(await poll(await start()));
    const next = await poll(processing);
    const out = { externalId: 'vid00000001', url: 'https://www.youtube.com/watch?v=vid00000001' };
    expect(next).toMatchObject({ kind: 'pending', out });
    network.fault({ kind: 'answer', ...refusal(403, 'rateLimitExceeded') }, isComment);
    expect(await poll(handleOf(next))).toMatchObject({ kind: 'pending', out });
  });

  test('is written under the video, by an irreversible request of its own', async () => {
    const { network, whole, context } = await youtubeWorld({ said });
    expect((await whole()).outcome).toMatchObject({ kind: 'published', parts: ['Ugx1'] });
    expect(network.comments).toEqual([{ id: 'Ugx1', videoId: 'vid00000001', text: 'Ask us!' }]);
    expect(context.sends).toHaveLength(2);
  });

  test('that is refused is told as missing: the video stays', async () => {
    const { network, whole } = await youtubeWorld({ said });
    network.fault({ kind: 'answer', ...refusal(403, 'commentsDisabled') }, isComment);
    expect((await whole()).outcome).toMatchObject({
      kind: 'published',
      missing: 'the first comment was refused: HTTP 403: Refused: commentsDisabled.',
    });
  });

  test('waits for a short limit and not for a long one', async () => {
    const { network, whole } = await youtubeWorld({ said });
    network.fault({ kind: 'answer', ...refusal(403, 'rateLimitExceeded') }, isComment);
    expect((await whole()).outcome).toMatchObject({ kind: 'published', parts: ['Ugx1'] });
    const spent = await youtubeWorld({ said });
    spent.network.fault({ kind: 'answer', ...refusal(403, 'quotaExceeded') }, isComment);
    expect((await spent.whole()).outcome).toMatchObject({ missing: expect.stringContaining('comment') });
  });

  test('is tried five times at most while it certainly did not go out', async () => {
    const { network, poll } = await youtubeWorld({ said, given: { maySend: false } });
    let outcome = await poll(toHandle({ step: 'comment', tries: 0, videoId: 'vid00000001' }));
    let tries = 1;
    for (; outcome.kind === 'pending' && tries < 20; tries++) outcome = await poll(handleOf(outcome));
    expect(outcome).toMatchObject({ kind: 'published', missing: expect.stringContaining('called off') });
    expect(tries).toBe(5);
    expect(network.comments).toEqual([]);
  });

  test('in doubt is looked for under the video, and written again only when it is not there', async () => {
    const { network, whole, find, poll } = await youtubeWorld({ said });
    network.fault({ kind: 'drop' }, isComment);
    const { outcome, request } = await whole();
    expect(outcome.kind).toBe('uncertain');
    const { handle } = request.delivery;
    const found = await find(handle);
    expect(found).toMatchObject({ kind: 'found', externalId: 'Ugx1' });
    if (found.kind !== 'found' || found.then === undefined) return expect.fail();
    expect(await poll(found.then)).toMatchObject({ externalId: 'vid00000001', parts: ['Ugx1'] });

    const lost = await youtubeWorld({ said });
    lost.network.fault({ kind: 'lose' }, isComment);
    const after = (await lost.whole()).request.delivery.handle ?? '';
    expect(await lost.find(after)).toEqual({ kind: 'absent' });
    expect(await lost.poll(after)).toMatchObject({ kind: 'published', parts: ['Ugx1'] });
    expect(lost.network.comments).toHaveLength(1);
  });

  test('of somebody else with the same words is none of ours', async () => {
    const { network, find } = await youtubeWorld({ said });
    const snippet = { authorChannelId: { value: 'UCsomebody' }, textOriginal: 'Ask us!' };
    const items = [{ id: 'Ugx9', snippet: { topLevelComment: { snippet } } }];
    network.fault({ kind: 'answer', status: 200, body: { items } });
    expect(await find(toHandle({ step: 'comment', tries: 0, videoId: 'vid00000001' }))).toEqual({
      kind: 'absent',
    });
  });
});
