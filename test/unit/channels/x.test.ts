import { describe, expect, test } from 'vitest';
import type { HttpAnswer } from '../../../shared/channels/provider.ts';
import { toRefusal } from '../../../shared/channels/x/api.ts';
import { matchAmong, type PostEntity } from '../../../shared/channels/x/find.ts';
import { priceOf, toPost } from '../../../shared/channels/x/post.ts';
import { toOutcome } from '../../../shared/channels/x/steps.ts';
import { x } from '../../../shared/channels/x.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { MINUTE, SECOND } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../../support/builders.ts';
import { anAttachment } from '../../support/media.ts';

const answered = (status: number, json: unknown, headers = {}): HttpAnswer => ({
  kind: 'answered',
  status,
  headers,
  text: JSON.stringify(json),
  json,
});
const MB = 1_000_000;

describe('checking', () => {
  const provider = x();
  const found = (variant: Partial<Variant>, facts = {}) =>
    provider.check({ text: 'Hello', ...variant }, facts).map(({ rule, path }) => `${rule} ${path}`);
  const gif = (name: string, shape = {}) => anAttachment(name, { type: 'image/gif', width: 480, ...shape });
  const moving = (frames: number) => {
    const one = gif('a');
    return { ...one, files: one.files.map((file) => ({ ...file, frames })) };
  };
  const video = (shape = {}) => anAttachment('film', { type: 'video/mp4', bytes: 20 * MB, ...shape });

  test.each<[string, Partial<Variant>, string[]]>([
    ['280 characters', { text: 'a'.repeat(280) }, []],
    ['281', { text: 'a'.repeat(281) }, ['text_too_long /text']],
    ['141 emoji, which count twice', { text: '🥖'.repeat(141) }, ['text_too_long /text']],
    [
      'a long link, which counts 23',
      { text: 'a'.repeat(255), link: `https://krume.de/${'b'.repeat(300)}` },
      [],
    ],
    ['nothing', { text: ' ' }, ['text_empty /text']],
    ['an image without a text', { text: '', media: [anAttachment('a')] }, []],
    ['five images', { media: [1, 2, 3, 4, 5].map((n) => anAttachment(`${n}`)) }, ['media_too_many /media']],
    ['an image of 6 MB', { media: [anAttachment('a', { bytes: 6 * MB })] }, ['media_too_large /media/0']],
    ['a GIF of 14 MB', { media: [gif('a', { bytes: 14 * MB })] }, []],
    ['a GIF of 16 MB', { media: [gif('a', { bytes: 16 * MB })] }, ['media_too_large /media/0']],
    ['a GIF wider than 1280', { media: [gif('a', { width: 1_300 })] }, ['media_too_large /media/0']],
    ['a GIF higher than 1080', { media: [gif('a', { height: 1_200 })] }, ['media_too_large /media/0']],
    ['a GIF of 350 pictures', { media: [moving(350)] }, []],
    ['a GIF of 351', { media: [moving(351)] }, ['media_frames /media/0']],
    ['two GIFs', { media: [gif('a'), gif('b')] }, ['media_too_many /media']],
    ['a video beside an image', { media: [video(), anAttachment('a')] }, ['media_mixed /media']],
    ['a video of 21 minutes', { media: [video({ durationMs: 21 * MINUTE })] }, ['media_too_long /media/0']],
    ['a PDF', { media: [anAttachment('a', { type: 'application/pdf' })] }, ['media_type /media/0']],
    [
      'alt text of 1001',
      { media: [anAttachment('a', { alt: 'b'.repeat(1_001) })] },
      ['alt_too_long /media/0/alt'],
    ],
    ['a long part of a thread', { thread: ['a', 'b'.repeat(281)] }, ['text_too_long /thread/1']],
    ['a long first comment', { firstComment: 'b'.repeat(281) }, ['text_too_long /firstComment']],
    ['a poll of a week', { poll: { options: ['a', 'b'], minutes: 10_080 } }, []],
    ['a longer poll', { poll: { options: ['a', 'b'], minutes: 10_081 } }, ['poll_minutes /poll/minutes']],
    ['a poll of five', { poll: { options: [...'abcde'], minutes: 60 } }, ['too_long /poll/options']],
    [
      'a poll with an image',
      { poll: { options: ['a', 'b'], minutes: 60 }, media: [anAttachment('a')] },
      ['poll_with_media /poll'],
    ],
    [
      'a byte order mark, left by a file',
      { text: '\uFEFFBread', thread: ['and \uFEFFrolls', 'and cake'], firstComment: '\uFEFF!' },
      ['invalid_value /text', 'invalid_value /thread/0', 'invalid_value /firstComment'],
    ],
    ['marks of direction', { text: 'Bread \u2067לחם\u2069 \u200f \u202bלחם\u202c' }, []],
    ['two cashtags', { text: '$KRUME and $ROLL.A' }, ['cashtags_many /text']],
    ['prices', { text: '$5, US$6 and $KRUME' }, []],
    ['three hashtags', { thread: ['#a #b #c'] }, ['hashtags_advised /thread/0']],
    ['what is no hashtag', { text: 'a#b #1 https://krume.de/#c #d' }, []],
  ])('finds of %s what is wrong with it', (_name, variant, expected) => {
    expect(found(variant)).toEqual(expected);
  });

  test('lets an account with a subscription say more', () => {
    const facts = { maxCharacters: 25_000, maxVideoSeconds: 7_500 };
    expect(found({ text: 'a'.repeat(25_000), thread: ['b'.repeat(1_000)] }, facts)).toEqual([]);
    expect(found({ text: 'a'.repeat(25_001) }, facts)).toEqual(['text_too_long /text']);
    expect(found({ media: [video({ durationMs: 100 * MINUTE })] }, facts)).toEqual([]);
  });
});

describe('the price', () => {
  test.each<[string, Variant, number]>([
    ['a text', { text: 'Hello' }, 0.015],
    ['a text with a URL', { text: 'Hello https://krume.de' }, 0.2],
    ['a bare domain, of which X makes a link, too', { text: 'Hello krume.de' }, 0.2],
    ['a link of its own', { text: 'Hello', link: 'https://krume.de/' }, 0.2],
    ['a thread with its first comment', { text: 'a', thread: ['b', 'krume.de'], firstComment: 'c' }, 0.245],
    [
      'an image with alt text',
      { text: 'a', media: [anAttachment('a'), anAttachment('b', { alt: '' })] },
      0.02,
    ],
  ])('of %s is that of X’s list', (_name, variant, usd) => {
    expect(priceOf(variant)).toEqual({ usd, source: 'https://docs.x.com/x-api/getting-started/pricing' });
  });
});

describe('the request', () => {
  test('has all options by their names there', () => {
    const options = {
      replySettings: 'mentionedUsers',
      communityId: '1493446837214187523',
      madeWithAi: true,
      paidPartnership: false,
    } as const;
    const variant = { text: 'Hello', poll: { options: ['Rye', 'Wheat'], minutes: 60 } };
    expect(toPost(variant, options, ['7'])).toEqual({
      text: 'Hello',
      media: { media_ids: ['7'] },
      poll: { options: ['Rye', 'Wheat'], duration_minutes: 60 },
      reply_settings: 'mentionedUsers',
      community_id: '1493446837214187523',
      made_with_ai: true,
      paid_partnership: false,
    });
  });
});

describe('an answer to the post', () => {
  const of = (type: string, detail: string) => ({ type: `https://api.x.com/2/problems/${type}`, detail });
  test.each([
    [
      201,
      { data: { id: '7', text: 'a' } },
      { kind: 'published', externalId: '7', url: 'https://x.com/bakery/status/7' },
    ],
    [201, {}, { kind: 'uncertain' }],
    [401, { title: 'Unauthorized', detail: 'Unauthorized' }, { kind: 'unauthorized' }],
    [402, { title: 'CreditsDepleted' }, { kind: 'rejected', code: 'credits_empty' }],
    [429, of('usage-capped', 'Usage cap exceeded'), { kind: 'rejected', code: 'credits_empty' }],
    [
      403,
      { detail: 'You are not allowed to create a Tweet with duplicate content.' },
      { kind: 'rejected', code: 'duplicate' },
    ],
    [403, { errors: [{ code: 187, message: 'Status is a duplicate.' }] }, { code: 'duplicate' }],
    [403, { detail: 'Your account is suspended' }, { kind: 'rejected', code: 'needs_person' }],
    [403, of('client-forbidden', 'Not enrolled'), { kind: 'rejected', code: 'configuration' }],
    [403, of('oauth1-permissions', 'Read only'), { kind: 'rejected', code: 'configuration' }],
    [
      403,
      { detail: 'This user is not allowed to post a video longer than 20 minutes.' },
      { kind: 'rejected', code: 'media_refused' },
    ],
    [
      400,
      { errors: [{ message: 'Your media IDs are invalid.' }] },
      { kind: 'rejected', code: 'media_refused' },
    ],
    [
      400,
      of('invalid-request', 'Text too long'),
      { kind: 'rejected', code: 'content_refused', reason: 'HTTP 400: Text too long' },
    ],
    [403, { detail: 'You are not permitted to perform this action.' }, { code: 'content_refused' }],
    [500, of('internal-error', 'Oops'), { kind: 'uncertain' }],
    [503, { title: 'Over capacity' }, { kind: 'uncertain' }],
  ])('of status %i, %j', (status, json, expected) => {
    expect(toOutcome(answered(status, json), 'bakery', DUE_AT)).toMatchObject(expected);
  });

  test('that limits the rate says until when, in a header of X’s own', () => {
    const headers = { 'x-rate-limit-reset': String((DUE_AT + 9 * MINUTE) / SECOND) };
    const outcome = toRefusal(answered(429, of('rate-limit-exceeded', 'Slow'), headers), DUE_AT);
    expect(outcome).toEqual({ kind: 'rateLimited', retryAt: DUE_AT + 9 * MINUTE });
  });
});

describe('a post of the timeline', () => {
  const post = (over: Partial<PostEntity>): PostEntity => ({
    id: '7',
    text: 'Hello',
    created_at: new Date(DUE_AT).toISOString(),
    conversation_id: '7',
    ...over,
  });
  const wanted = { userId: '1', text: 'Hello', media: 0, since: DUE_AT, excluding: new Set<string>() };
  const url = (short: string, long: string) => ({ url: short, expanded_url: long });

  test.each<[string, string, Partial<PostEntity>]>([
    ['the same text', 'Hello', {}],
    ['escaped characters', 'a & b <c>', { text: 'a &amp; b &lt;c&gt;' }],
    ['decomposed letters', 'Bru\u0308tchen', { text: 'Brütchen' }],
    [
      'short links',
      'See krume.de, https://Krume.de/a?b=1&c=2',
      {
        text: 'See https://t.co/a, https://t.co/b',
        entities: {
          urls: [
            url('https://t.co/a', 'http://krume.de'),
            url('https://t.co/b', 'https://krume.de/a?b=1&c=2'),
          ],
        },
      },
    ],
    [
      'a short link to its own media at the end',
      'Hello',
      {
        text: 'Hello https://t.co/m',
        entities: { urls: [url('https://t.co/m', 'https://x.com/bakery/status/7/video/1')] },
      },
    ],
    [
      'a long text in full',
      `Hello ${'a'.repeat(300)}`,
      { text: 'Hello aaa…', note_post: { text: `Hello ${'a'.repeat(300)}` } },
    ],
  ])('is known again by %s', (_name, text, over) => {
    expect(matchAmong([post(over)], { ...wanted, text })?.id).toBe('7');
  });

  test.each<[string, Partial<PostEntity>]>([
    ['another text', { text: 'Hallo' }],
    ['an older time', { created_at: new Date(DUE_AT - SECOND).toISOString() }],
    ['another thread', { conversation_id: '6' }],
    ['media that it should not have', { attachments: { media_keys: ['3_1'] } }],
  ])('is not taken for ours with %s', (_name, over) => {
    expect(matchAmong([post(over)], wanted)).toBeUndefined();
  });

  test('is not ours when another delivery owns it', () => {
    expect(matchAmong([post({})], { ...wanted, excluding: new Set(['7']) })).toBeUndefined();
  });
});
