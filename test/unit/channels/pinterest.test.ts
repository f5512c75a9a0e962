import { describe, expect, test } from 'vitest';
import { toOutcome } from '../../../shared/channels/pinterest/pin.ts';
import { pinterest, toRequest } from '../../../shared/channels/pinterest.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { MINUTE } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../../support/builders.ts';
import { ACCESS_TOKEN, BOARD, SECTION } from '../../support/fake-networks/pinterest.ts';
import { anAttachment } from '../../support/media.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

const provider = pinterest();
const credential = { accessToken: ACCESS_TOKEN };
const options = { board: BOARD, title: 'Bread' };
const variant: Variant = { text: 'Fresh bread', media: [anAttachment('loaf')], options };

const found = (over: Partial<Variant>, facts = {}) =>
  provider
    .check({ ...variant, ...over }, facts)
    .map(({ severity, rule, path }) => `${severity} ${rule} ${path}`);

describe('Pinterest’s findings', () => {
  test('are none for an image with title and board', () => expect(found({})).toEqual([]));

  test.each<[string, Partial<Variant>, string[]]>([
    ['a pin without media', { media: [] }, ['error media_too_few /media']],
    [
      'six images',
      { media: Array.from({ length: 6 }, (_, n) => anAttachment(`${n}`, { alt: 'a' })) },
      ['error media_too_many /media'],
    ],
    [
      'an image and a video',
      {
        media: [anAttachment('loaf'), anAttachment('oven', { type: 'video/mp4', width: 1200, height: 900 })],
      },
      ['error media_mixed /media'],
    ],
    [
      'images of different sizes',
      { media: [anAttachment('loaf'), anAttachment('rolls', { width: 900 })] },
      ['warning media_sizes_differ /media'],
    ],
    [
      'an image that is too large',
      { media: [anAttachment('loaf', { bytes: 20_000_001 })] },
      ['error media_too_large /media/0'],
    ],
    [
      'a video that is too short',
      { media: [anAttachment('oven', { type: 'video/mp4', durationMs: 3_999 })] },
      ['error media_too_short /media/0'],
    ],
    [
      'a video that is too large to be sent in one piece',
      { media: [anAttachment('oven', { type: 'video/mp4', bytes: 400_000_001 })] },
      ['error media_too_large /media/0'],
    ],
    [
      'a document',
      { media: [anAttachment('menu', { type: 'application/pdf', alt: '' })] },
      ['error media_type /media/0'],
    ],
    [
      'alt texts that are too long together',
      { media: ['a', 'b'].map((name) => anAttachment(name, { alt: name.repeat(300) })) },
      ['error alt_too_long /media'],
    ],
    ['a text that is too long', { text: '🥖'.repeat(801) }, ['error text_too_long /text']],
    ['an address in the text', { text: 'See https://bakery.example' }, ['warning link_not_clickable /text']],
    ['a shortened link', { link: 'https://bit.ly/3xyz' }, ['warning link_shortened /link']],
    ['no board', { options: { title: 'Bread' } }, ['error required /options/board']],
    ['no title', { options: { board: BOARD } }, ['warning title_missing /options/title']],
    ['a thread', { thread: ['More'] }, ['error thread_unsupported /thread']],
    ['a first comment', { firstComment: 'More' }, ['error first_comment_unsupported /firstComment']],
    ['a poll', { poll: { options: ['a', 'b'], minutes: 60 } }, ['error poll_unsupported /poll']],
  ])('name %s', (_what, over, expected) => expect(found(over)).toEqual(expected));

  test('ask for no board where the account has only one', () => {
    expect(found({ options: { title: 'Bread' } }, { board: BOARD })).toEqual([]);
  });

  test('count code points, up to 800', () => {
    expect(provider.countText('🥖é')).toBe(2);
    expect(found({ text: '🥖'.repeat(800) })).toEqual([]);
  });
});

describe('the request to Pinterest', () => {
  const bodyOf = (over: Partial<Variant>, source: Parameters<typeof toRequest>[2], facts = {}) => {
    const asked = aPublishRequest(credential, { variant: { ...variant, ...over } });
    const request = toRequest(
      'https://api.example',
      { ...asked, channel: { ...asked.channel, facts } },
      source,
    );
    return request && { ...request, body: JSON.parse(String(request.body)) };
  };

  test('makes a pin of an image', () => {
    const link = 'https://bakery.example/bread';
    expect(bodyOf({ link }, { urls: ['https://media.example/a.jpg'] })).toMatchObject({
      method: 'POST',
      url: 'https://api.example/v5/pins',
      headers: { authorization: `Bearer ${ACCESS_TOKEN}` },
      body: {
        board_id: BOARD,
        title: 'Bread',
        description: 'Fresh bread',
        link,
        alt_text: 'What is to be seen on loaf',
        media_source: { source_type: 'image_url', url: 'https://media.example/a.jpg' },
      },
    });
  });

  test('makes a carousel of several images, with one alt text for all', () => {
    const media = [anAttachment('loaf', { alt: 'A loaf' }), anAttachment('rolls', { alt: 'Rolls' })];
    const urls = ['https://media.example/a.jpg', 'https://media.example/b.jpg'];
    expect(bodyOf({ media }, { urls })?.body).toMatchObject({
      alt_text: 'A loaf\nRolls',
      media_source: {
        source_type: 'multiple_image_urls',
        items: [{ url: urls[0] }, { url: urls[1] }],
        index: 0,
      },
    });
  });

  test('makes a pin of a video with a cover, in a section of the board', () => {
    const own = { ...options, boardSection: SECTION, altText: 'An oven', coverSeconds: 3 };
    expect(bodyOf({ options: own }, { videoId: '123' })?.body).toMatchObject({
      board_section_id: SECTION,
      alt_text: 'An oven',
      media_source: { source_type: 'video_id', media_id: '123', cover_image_key_frame_time: 3 },
    });
  });

  test('goes to the only board of the account where none is named', () => {
    const urls = ['https://media.example/a.jpg'];
    expect(bodyOf({ options: {} }, { urls }, { board: '77' })?.body.board_id).toBe('77');
    expect(bodyOf({ options: {} }, { urls })).toBeUndefined();
    expect(bodyOf({ options: { board: 'Bread' } }, { urls }, { board: '77' })).toBeUndefined();
  });
});

describe('what became of a pin', () => {
  const outcome = (status: number, json: unknown, headers = {}) =>
    toOutcome({ kind: 'answered', status, headers, text: JSON.stringify(json), json }, DUE_AT);

  test('is its id and address', () => {
    expect(outcome(201, { id: '813744226420795884' })).toEqual({
      kind: 'published',
      externalId: '813744226420795884',
      url: 'https://www.pinterest.com/pin/813744226420795884/',
    });
  });

  test.each([
    [400, 1, 'Invalid parameters', { kind: 'rejected', code: 'content_refused' }],
    [401, 2, 'Authentication failed.', { kind: 'unauthorized' }],
    [401, 7, 'Not authorized to access board or Pin.', { kind: 'rejected', code: 'configuration' }],
    [403, 29, 'You are not permitted to access that resource.', { kind: 'rejected', code: 'configuration' }],
    [404, 40, 'Board not found.', { kind: 'rejected', code: 'configuration' }],
    [404, 2031, 'We couldn’t find this board section.', { kind: 'rejected', code: 'configuration' }],
    [400, 400, 'Invalid request', { kind: 'rejected', code: 'content_refused' }],
    [403, 403, 'Not authorized', { kind: 'rejected', code: 'configuration' }],
    [400, 235, 'Sorry, we were unable to reach the URL of the image.', { kind: 'unavailable' }],
    [429, 8, 'This request exceeded a rate limit.', { kind: 'rateLimited', retryAt: DUE_AT + MINUTE }],
    [400, 2787, 'Sorry! Something went wrong on our end.', { kind: 'uncertain' }],
    [403, 9, 'Sorry! You’ve hit a block', { kind: 'rateLimited', retryAt: DUE_AT + 15 * MINUTE }],
    [500, 0, 'Something went wrong', { kind: 'uncertain' }],
  ])('is read from status %i with code %i', (status, code, message, expected) => {
    expect(outcome(status, { code, message })).toMatchObject(expected);
  });

  test('waits as long as Pinterest says', () => {
    expect(outcome(429, {}, { 'x-ratelimit-reset': '17' })).toEqual({
      kind: 'rateLimited',
      retryAt: DUE_AT + 17_000,
    });
  });
});
