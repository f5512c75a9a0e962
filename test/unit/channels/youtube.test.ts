import { describe, expect, test } from 'vitest';
import type { HttpAnswer } from '../../../shared/channels/provider.ts';
import { nextPacificMidnight, REASONS, toHarmless, toRefusal } from '../../../shared/channels/youtube/api.ts';
import { toState } from '../../../shared/channels/youtube/processing.ts';
import { sessionOf, toOutcome, toRequest } from '../../../shared/channels/youtube/upload.ts';
import {
  tagsLength,
  toVideo,
  type YoutubeOptions,
  youtubeOptions,
} from '../../../shared/channels/youtube/video.ts';
import { youtube } from '../../../shared/channels/youtube.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { DAY, MINUTE } from '../../../shared/domain/time.ts';
import { refusal } from '../../support/fake-networks/youtube.ts';
import { anAttachment } from '../../support/media.ts';

const NOW = Date.UTC(2026, 10, 23, 8);
const VIDEO = anAttachment('bread', { type: 'video/mp4', alt: '' });
const FILE = { name: 'original', path: 'media/bread', type: 'video/mp4', bytes: 1_000 } as const;
const OPTIONS = { title: 'Rye bread', madeForKids: false };
const variant = (over: Partial<Variant> = {}): Variant => ({
  text: 'How we bake it.',
  media: [VIDEO],
  options: OPTIONS,
  ...over,
});

const answer = (status: number, json: unknown, headers: Record<string, string> = {}): HttpAnswer => ({
  kind: 'answered',
  status,
  headers,
  text: typeof json === 'string' ? json : JSON.stringify(json ?? ''),
  json,
});

describe('check', () => {
  const rules = (over: Partial<Variant>, facts = {}) =>
    youtube()
      .check(variant(over), facts)
      .map(({ rule, path }) => `${rule} ${path}`);

  test.each<[string, Partial<Variant>, string[]]>([
    ['a whole video', {}, []],
    ['no description', { text: '' }, []],
    ['no title', { options: { madeForKids: false } }, ['required /options/title']],
    ['the question of children unanswered', { options: { title: 'a' } }, ['required /options/madeForKids']],
    ['a description of 5,000 bytes', { text: 'ü'.repeat(2_500) }, []],
    ['one of 5,001', { text: `a${'ü'.repeat(2_500)}` }, ['text_too_long /text']],
    ['angle brackets', { text: 'a < b' }, ['invalid_value /text']],
    ['no video', { media: [] }, ['media_too_few /media']],
    ['two', { media: [VIDEO, VIDEO] }, ['media_too_many /media', 'media_too_many_videos /media']],
    ['an image', { media: [anAttachment('photo', { alt: '' })] }, ['media_type /media/0']],
    [
      'thirteen hours',
      { media: [anAttachment('long', { type: 'video/mp4', durationMs: 13 * 60 * MINUTE, alt: '' })] },
      ['media_too_long /media/0'],
    ],
    [
      'alt text',
      { media: [anAttachment('a', { type: 'video/mp4', alt: 'A loaf' })] },
      ['alt_unsupported /media/0/alt'],
    ],
    ['60 hashtags', { text: '#brot '.repeat(60) }, []],
    ['61 hashtags', { text: '#brot '.repeat(61) }, ['hashtags_many /text']],
    ['a first comment', { firstComment: 'Ask us!' }, []],
    ['one of 10,001 bytes', { firstComment: 'a'.repeat(10_001) }, ['text_too_long /firstComment']],
    [
      'one under a private video',
      { firstComment: 'Ask!', options: { ...OPTIONS, privacy: 'private' } },
      ['first_comment_off /firstComment'],
    ],
    [
      'one under a video for children',
      { firstComment: 'Ask!', options: { title: 'a', madeForKids: true } },
      ['first_comment_off /firstComment'],
    ],
    ['a thread', { thread: ['more'] }, ['thread_unsupported /thread']],
    ['a poll', { poll: { options: ['a', 'b'], minutes: 60 } }, ['poll_unsupported /poll']],
  ])('finds in %s what is wrong, and no more', (_name, over, expected) => {
    expect(rules(over)).toEqual(expected);
  });

  test('holds channels that are not verified to a quarter of an hour', () => {
    const of = (durationMs: number) => ({
      media: [anAttachment('a', { type: 'video/mp4', durationMs, alt: '' })],
    });
    expect(rules(of(16 * MINUTE), { longUploads: false })).toEqual(['media_too_long /media/0']);
    expect(rules(of(15 * MINUTE), { longUploads: false })).toEqual([]);
    expect(rules(of(16 * MINUTE), { longUploads: true })).toEqual([]);
  });

  test('counts commas between tags, and quotes around those with a space', () => {
    expect(tagsLength([])).toBe(0);
    expect(tagsLength(['bread'])).toBe(5);
    expect(tagsLength(['bread', 'rye bread'])).toBe(5 + 1 + 11);
  });

  test.each([
    ['a long title', { title: 'a'.repeat(101) }],
    ['a title with brackets', { title: 'a > b' }],
    ['tags of more than 500 together', { tags: ['a'.repeat(250), 'b'.repeat(250)] }],
    ['a category by its name', { categoryId: 'Music' }],
    ['a playlist by its address', { playlistId: 'https://youtube.com/playlist?list=PL1' }],
    ['a privacy that is none', { privacy: 'friends' }],
  ])('refuses %s', (_name, options) => {
    expect(youtubeOptions.safeParse(options).success).toBe(false);
  });
});

describe('the request', () => {
  test('says all about the video, and how many bytes will come', () => {
    const options: YoutubeOptions = {
      ...OPTIONS,
      tags: ['bread'],
      categoryId: '26',
      privacy: 'unlisted',
      containsSyntheticMedia: true,
      notifySubscribers: false,
      language: 'de',
    };
    const said = { ...variant({ link: 'https://bakery.example/' }), options };
    const { url, headers, body } = toRequest(
      'https://api.example',
      { variant: said, credential: { accessToken: 'token' } },
      options,
      FILE,
    );
    expect(url).toBe(
      'https://api.example/upload/youtube/v3/videos?uploadType=resumable&part=snippet%2Cstatus&notifySubscribers=false',
    );
    expect(headers).toMatchObject({
      'x-upload-content-length': '1000',
      'x-upload-content-type': 'video/mp4',
    });
    expect(JSON.parse(String(body))).toEqual({
      snippet: {
        title: 'Rye bread',
        description: 'How we bake it.\n\nhttps://bakery.example/',
        categoryId: '26',
        tags: ['bread'],
        defaultLanguage: 'de',
      },
      status: { privacyStatus: 'unlisted', selfDeclaredMadeForKids: false, containsSyntheticMedia: true },
    });
  });

  test('is public and of category 22 unless its author says otherwise', () => {
    expect(toVideo(variant(), OPTIONS)).toMatchObject({
      snippet: { categoryId: '22' },
      status: { privacyStatus: 'public' },
    });
  });
});

describe('YouTube’s reasons', () => {
  const outcomes = new Map<unknown, unknown>([
    ['reconnect', { kind: 'unauthorized' }],
    ['pacific midnight', { kind: 'rateLimited', retryAt: Date.UTC(2026, 10, 24, 8) }],
    ['in a day', { kind: 'rateLimited', retryAt: NOW + DAY }],
    ['in a minute', { kind: 'rateLimited', retryAt: NOW + MINUTE }],
  ]);

  test.each([...REASONS])('%s means %s', (reason, meaning) => {
    const { status, body } = refusal(403, reason);
    const outcome = toRefusal(answer(status, body), NOW);
    const expected = typeof meaning === 'string' ? outcomes.get(meaning) : { kind: 'rejected', ...meaning };
    expect(outcome).toMatchObject(expected as object);
  });

  test('that nobody has told us of are judged by the status', () => {
    const of = (status: number) => toRefusal(answer(status, refusal(status, 'somethingNew').body), NOW);
    expect(of(400)).toEqual({
      kind: 'rejected',
      code: 'http_400',
      reason: 'HTTP 400: Refused: somethingNew.',
    });
    expect(of(401).kind).toBe('unauthorized');
    expect(of(503).kind).toBe('uncertain');
  });

  test('of a failure before any byte of the video went mean that nothing is out', () => {
    expect(toHarmless(answer(503, {}), NOW).kind).toBe('unavailable');
    expect(toHarmless({ kind: 'unanswered', reason: 'cut' }, NOW)).toEqual({
      kind: 'unavailable',
      reason: 'cut',
    });
  });

  test.each([
    ['in winter', Date.UTC(2026, 10, 23, 7, 59), Date.UTC(2026, 10, 23, 8)],
    ['at midnight itself', Date.UTC(2026, 10, 23, 8), Date.UTC(2026, 10, 24, 8)],
    ['in summer', Date.UTC(2026, 6, 1, 8), Date.UTC(2026, 6, 2, 7)],
    ['on the day that the clocks change', Date.UTC(2026, 10, 1, 12), Date.UTC(2026, 10, 2, 8)],
  ])('and a spent quota comes back at midnight in California, %s', (_name, now, then) => {
    expect(nextPacificMidnight(now)).toBe(then);
  });
});

describe('an upload session', () => {
  test.each<[string, HttpAnswer, unknown]>([
    ['that has nothing', answer(308, undefined), { kind: 'at', bytes: 0 }],
    ['that has some', answer(308, undefined, { range: 'bytes=0-262143' }), { kind: 'at', bytes: 262_144 }],
    ['that is done', answer(201, { id: 'abc' }), { kind: 'done', videoId: 'abc' }],
    ['that was done before', answer(200, { id: 'abc' }), { kind: 'done', videoId: 'abc' }],
    ['that is over', answer(404, 'Not Found'), { kind: 'ended' }],
    ['that is gone', answer(410, 'Gone'), { kind: 'ended' }],
  ])('%s is read so', (_name, told, expected) => {
    expect(sessionOf(told)).toEqual(expected);
  });

  test.each<[string, HttpAnswer, string]>([
    ['done', answer(201, { id: 'abc' }), 'pending'],
    ['not whole', answer(308, undefined, { range: 'bytes=0-99' }), 'unavailable'],
    ['unknown', answer(404, 'Not Found'), 'unavailable'],
    ['a success without a video', answer(200, {}), 'uncertain'],
    ['a failure', answer(502, {}), 'uncertain'],
    ['no answer', { kind: 'unanswered', reason: 'cut' }, 'uncertain'],
    ['a refusal', answer(403, refusal(403, 'forbidden').body), 'rejected'],
  ])('after its last chunk: %s', (_name, told, kind) => {
    expect(toOutcome(told, NOW).kind).toBe(kind);
  });
});

describe('a video that was uploaded', () => {
  const state = (status: Record<string, string>) => toState(answer(200, { items: [{ status }] }), 'public');

  test.each([
    [{ uploadStatus: 'uploaded' }, { kind: 'processing' }],
    [{ uploadStatus: 'processed', privacyStatus: 'public' }, { kind: 'ready' }],
    [
      { uploadStatus: 'processed', privacyStatus: 'private' },
      { kind: 'ready', missing: 'YouTube made the video private, not public' },
    ],
    [
      { uploadStatus: 'failed', failureReason: 'codec' },
      { kind: 'rejected', code: 'media_refused' },
    ],
    [
      { uploadStatus: 'rejected', rejectionReason: 'duplicate' },
      { kind: 'rejected', code: 'duplicate' },
    ],
    [
      { uploadStatus: 'rejected', rejectionReason: 'length' },
      { kind: 'rejected', code: 'media_refused' },
    ],
    [
      { uploadStatus: 'rejected', rejectionReason: 'copyright' },
      { kind: 'rejected', code: 'content_refused' },
    ],
    [
      { uploadStatus: 'rejected', rejectionReason: 'uploaderAccountSuspended' },
      { kind: 'rejected', code: 'needs_person' },
    ],
    [{ uploadStatus: 'deleted' }, { kind: 'rejected', code: 'removed' }],
  ])('with %o is %o', (status, expected) => {
    expect(state(status)).toMatchObject(expected);
  });

  test('is asked for again where no clear answer came', () => {
    expect(toState(answer(500, {}), 'public')).toEqual({ kind: 'processing' });
    expect(toState(answer(200, { items: [] }), 'public')).toEqual({ kind: 'unknown' });
  });
});
