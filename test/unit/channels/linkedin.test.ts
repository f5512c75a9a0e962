import { describe, expect, test } from 'vitest';
import { toRefusal } from '../../../shared/channels/linkedin/api.ts';
import { matchAmong } from '../../../shared/channels/linkedin/find.ts';
import { toPost } from '../../../shared/channels/linkedin/post.ts';
import { toOutcome } from '../../../shared/channels/linkedin/steps.ts';
import { linkedin } from '../../../shared/channels/linkedin.ts';
import type { HttpAnswer } from '../../../shared/channels/provider.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { DAY, MINUTE, SECOND } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../../support/builders.ts';
import { PAGE } from '../../support/fake-networks/linkedin.ts';
import { anAttachment } from '../../support/media.ts';

const answered = (status: number, json: unknown, headers = {}): HttpAnswer => ({
  kind: 'answered',
  status,
  headers,
  text: JSON.stringify(json),
  json,
});
const MB = 1_000_000;
const DAY_MINUTES = 1_440;
const link = 'https://krume.de/brot';

describe('checking', () => {
  const found = (variant: Partial<Variant>, facts = {}) =>
    linkedin()
      .check({ text: 'Hello', ...variant }, facts)
      .map(({ rule, path }) => `${rule} ${path}`);
  const images = (many: number) => Array.from({ length: many }, (_, n) => anAttachment(`${n}`));
  const pdf = (shape = {}) => anAttachment('menu', { type: 'application/pdf', ...shape });
  const video = (shape = {}) => anAttachment('film', { type: 'video/mp4', bytes: 20 * MB, ...shape });
  const poll = (over = {}) => ({
    question: 'Which?',
    options: ['Rye', 'Wheat'],
    minutes: DAY_MINUTES,
    ...over,
  });

  test.each<[string, Partial<Variant>, string[]]>([
    ['3000 characters', { text: 'a'.repeat(3_000) }, []],
    ['3001', { text: 'a'.repeat(3_001) }, ['text_too_long /text']],
    [
      'a mention, of which only the name counts',
      { text: `${'a'.repeat(2_996)} @[Brot](${PAGE})` },
      ['text_too_long /text'],
    ],
    ['a shorter one', { text: `${'a'.repeat(2_995)} @[Brot](${PAGE})` }, []],
    ['an image without a text', { text: ' ', media: images(1) }, ['text_empty /text']],
    ['nothing', { text: '' }, ['text_empty /text']],
    ['20 images', { media: images(20) }, []],
    ['21 images', { media: images(21) }, ['media_too_many /media']],
    ['a WebP', { media: [anAttachment('a', { type: 'image/webp' })] }, ['media_type /media/0']],
    [
      '36 million pixels',
      { media: [anAttachment('a', { width: 8_000, height: 4_600 })] },
      ['media_too_large /media/0'],
    ],
    ['a PDF without a title', { media: [pdf({ alt: '' })] }, ['required /options/title']],
    ['a PDF with one', { media: [pdf({ alt: '' })], options: { title: 'Menu' } }, []],
    ['two PDFs', { media: [pdf(), pdf()], options: { title: 'Menu' } }, ['media_mixed /media']],
    ['a video and an image', { media: [video(), anAttachment('a')] }, ['media_mixed /media']],
    ['a video of 2 seconds', { media: [video({ durationMs: 2_000 })] }, ['media_too_short /media/0']],
    ['a video of 31 minutes', { media: [video({ durationMs: 31 * MINUTE })] }, ['media_too_long /media/0']],
    ['a video of 600 MB', { media: [video({ bytes: 600 * MB })] }, ['media_too_large /media/0']],
    ['a thread', { thread: ['more'] }, ['thread_unsupported /thread']],
    ['a first comment of 1251', { firstComment: 'a'.repeat(1_251) }, ['text_too_long /firstComment']],
    ['a poll', { poll: poll() }, []],
    ['a poll of two days', { poll: poll({ minutes: 2 * DAY_MINUTES }) }, ['poll_minutes_of /poll/minutes']],
    ['a poll of an hour', { poll: poll({ minutes: 60 }) }, ['poll_minutes /poll/minutes']],
    [
      'a poll that asks nothing',
      { poll: poll({ question: undefined }) },
      ['poll_question_required /poll/question'],
    ],
    ['long answers', { poll: poll({ options: ['a'.repeat(31), 'b'] }) }, ['text_too_long /poll/options/0']],
    ['a poll with an image', { poll: poll(), media: images(1) }, ['poll_with_media /poll']],
    ['six hashtags', { text: '#a #b #c #d #e #f' }, ['hashtags_advised /text']],
  ])('finds of %s what is wrong with it', (_name, variant, expected) => {
    expect(found(variant)).toEqual(expected);
  });

  test('lets only a member keep a post to the own connections', () => {
    const options = { visibility: 'connections' };
    expect(found({ options }, { page: false })).toEqual([]);
    expect(found({ options }, { page: true })).toEqual(['option_invalid /options/visibility']);
  });
});

describe('the request', () => {
  const content = (variant: Partial<Variant>, options = {}, media: string[] = []) =>
    (toPost({ text: 'Hello', options, ...variant }, options, PAGE, media) as { content?: unknown }).content;

  test('is public, in the main feed, and escaped as little text', () => {
    expect(toPost({ text: 'a (b) #brot', link }, {}, PAGE, [])).toEqual({
      author: PAGE,
      commentary: 'a \\(b\\) #brot\n\nhttps://krume.de/brot',
      visibility: 'PUBLIC',
      distribution: { feedDistribution: 'MAIN_FEED', targetEntities: [], thirdPartyDistributionChannels: [] },
      lifecycleState: 'PUBLISHED',
      isReshareDisabledByAuthor: false,
    });
    const options = { visibility: 'connections', reshareDisabled: true } as const;
    expect(toPost({ text: 'a' }, options, PAGE, [])).toMatchObject({
      visibility: 'CONNECTIONS',
      isReshareDisabledByAuthor: true,
    });
  });

  test('has media in the form of their kind and number', () => {
    const [one, two] = [anAttachment('one'), anAttachment('two', { alt: '' })];
    expect(content({ media: [one] }, {}, ['urn:li:image:1'])).toEqual({
      media: { id: 'urn:li:image:1', altText: 'What is to be seen on one' },
    });
    expect(content({ media: [one, two] }, {}, ['urn:li:image:1', 'urn:li:image:2'])).toEqual({
      multiImage: {
        images: [{ id: 'urn:li:image:1', altText: 'What is to be seen on one' }, { id: 'urn:li:image:2' }],
      },
    });
    const pdf = anAttachment('menu', { type: 'application/pdf' });
    expect(content({ media: [pdf] }, { title: 'Menu' }, ['urn:li:document:1'])).toEqual({
      media: { id: 'urn:li:document:1', title: 'Menu' },
    });
  });

  test('has a card of the link when it has a title, with an image beside it as its picture', () => {
    const options = { cardTitle: 'Bread', cardDescription: 'From seven' };
    expect(content({ link }, options)).toEqual({
      article: { source: link, title: 'Bread', description: 'From seven' },
    });
    expect(content({ link, media: [anAttachment('one')] }, options, ['urn:li:image:1'])).toEqual({
      article: {
        source: link,
        title: 'Bread',
        description: 'From seven',
        thumbnail: 'urn:li:image:1',
        thumbnailAltText: 'What is to be seen on one',
      },
    });
    expect(linkedin().render({ text: 'Hello', link, options })).toBe('Hello');
    expect(linkedin().render({ text: 'Hello', link })).toBe(`Hello\n\n${link}`);
  });

  test('has a poll with one of LinkedIn’s durations', () => {
    const poll = { question: 'Which?', options: ['Rye', 'Wheat'], minutes: 7 * DAY_MINUTES };
    expect(content({ poll })).toEqual({
      poll: {
        question: 'Which?',
        options: [{ text: 'Rye' }, { text: 'Wheat' }],
        settings: { duration: 'SEVEN_DAYS' },
      },
    });
  });
});

describe('an answer to the post', () => {
  const urn = 'urn:li:share:6844785523593134080';
  test.each([
    [
      201,
      {},
      { 'x-restli-id': urn },
      { kind: 'published', externalId: urn, url: `https://www.linkedin.com/feed/update/${urn}/` },
    ],
    [201, {}, {}, { kind: 'uncertain' }],
    [401, { code: 'EXPIRED_ACCESS_TOKEN', message: 'Expired access token' }, {}, { kind: 'unauthorized' }],
    [
      403,
      { code: 'ACCESS_DENIED', message: 'Insufficient permissions' },
      {},
      { kind: 'rejected', code: 'configuration' },
    ],
    [
      426,
      { code: 'NONEXISTENT_VERSION', message: 'not active' },
      {},
      { kind: 'rejected', code: 'configuration' },
    ],
    [
      400,
      { code: 'VERSION_MISSING', message: 'A version must be present' },
      {},
      { kind: 'rejected', code: 'configuration' },
    ],
    [
      400,
      { code: 'MEDIA_ASSET_PROCESSING_FAILED', message: 'failed' },
      {},
      { kind: 'rejected', code: 'media_refused' },
    ],
    [400, { code: 'INVALID_IMAGE_ID', message: 'invalid' }, {}, { kind: 'rejected', code: 'media_refused' }],
    [
      400,
      { code: 'FIELD_LENGTH_TOO_LONG', message: 'too long' },
      {},
      { kind: 'rejected', code: 'content_refused' },
    ],
    [422, { message: 'Unprocessable' }, {}, { kind: 'rejected', code: 'content_refused' }],
    [422, { message: `Content is a duplicate of ${urn}` }, {}, { kind: 'rejected', code: 'duplicate' }],
    [
      409,
      { code: 'CONFLICT', message: 'A write conflict occurred. Retry the request.' },
      {},
      { kind: 'unavailable' },
    ],
    [500, { code: 'INTERNAL_SERVER_ERROR' }, {}, { kind: 'uncertain' }],
    [504, {}, {}, { kind: 'uncertain' }],
  ])('of status %i, %j', (status, json, headers, expected) => {
    expect(toOutcome(answered(status, json, headers), DUE_AT)).toMatchObject(expected);
  });

  test('that throttles for the day waits until midnight UTC, any other for minutes', () => {
    const message = 'Resource level throttle limit for calls to this resource is reached.';
    const midnight = Math.ceil(DUE_AT / DAY) * DAY;
    expect(toRefusal(answered(429, { message }), DUE_AT)).toEqual({ kind: 'rateLimited', retryAt: midnight });
    const soon = { kind: 'rateLimited', retryAt: DUE_AT + 5 * MINUTE };
    expect(toRefusal(answered(429, { code: 'TOO_MANY_REQUESTS' }), DUE_AT)).toEqual(soon);
    const told = { kind: 'rateLimited', retryAt: DUE_AT + 30 * SECOND };
    expect(toRefusal(answered(429, { message }, { 'retry-after': '30' }), DUE_AT)).toEqual(told);
  });
});

describe('a post of a page', () => {
  const post = (commentary: string, over = {}) => ({
    id: 'urn:li:share:7',
    commentary,
    createdAt: DUE_AT,
    ...over,
  });
  const wanted = {
    text: 'Brot (frisch) #brot_2026 @[Krume](urn:li:organization:1)',
    from: DUE_AT,
    excluding: new Set<string>(),
  };

  test('is known again in the form that LinkedIn gives back', () => {
    const commentary = 'Brot \\(frisch\\) {hashtag|\\#|brot\\_2026} @[Krume](urn:li:organization:1)';
    expect(matchAmong([post(commentary)], wanted)?.id).toBe('urn:li:share:7');
    expect(matchAmong([post(commentary, { lifecycleState: 'PUBLISH_FAILED' })], wanted)).toBeUndefined();
    expect(matchAmong([post(commentary, { createdAt: DUE_AT - 1 })], wanted)).toBeUndefined();
    const excluding = new Set(['urn:li:share:7']);
    expect(matchAmong([post(commentary)], { ...wanted, excluding })).toBeUndefined();
    expect(matchAmong([post('Brot')], wanted)).toBeUndefined();
  });
});
