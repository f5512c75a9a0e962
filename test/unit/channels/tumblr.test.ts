import { describe, expect, test } from 'vitest';
import { paragraphs, toBlocks } from '../../../shared/channels/tumblr/blocks.ts';
import { filesOf, slugFor, toPost } from '../../../shared/channels/tumblr/post.ts';
import { toOutcome, tumblr } from '../../../shared/channels/tumblr.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { HOUR, MINUTE } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../../support/builders.ts';
import { anAttachment } from '../../support/media.ts';

const provider = tumblr();
const variant: Variant = { text: 'Fresh bread', options: { tags: ['bread'] } };
const video = (shape = {}) => anAttachment('oven', { type: 'video/mp4', alt: '', ...shape });
const images = (count: number, shape = {}) =>
  Array.from({ length: count }, (_, n) => anAttachment(`image-${n}`, shape));

const found = (over: Partial<Variant>) =>
  provider
    .check({ ...variant, ...over }, {})
    .map(({ severity, rule, path }) => `${severity} ${rule} ${path}`);

describe('Tumblr’s findings', () => {
  const poll = { question: 'Which?', options: ['Rye', 'Wheat'], minutes: 1_440 };

  test('are none for a text, images with a video, or a poll by itself', () => {
    expect(found({})).toEqual([]);
    expect(found({ media: [...images(2), video()] })).toEqual([]);
    expect(found({ text: '', poll })).toEqual([]);
  });

  test.each<[string, Partial<Variant>, string[]]>([
    ['nothing at all', { text: ' ' }, ['error text_empty /text']],
    ['31 images', { media: images(31) }, ['error media_too_many /media']],
    ['two videos', { media: [video(), video()] }, ['error media_too_many_videos /media']],
    ['a large image', { media: images(1, { bytes: 10_000_001 }) }, ['error media_too_large /media/0']],
    ['a long video', { media: [video({ durationMs: 600_001 })] }, ['error media_too_long /media/0']],
    [
      'files that are too large together',
      { media: images(26, { bytes: 9_900_000 }) },
      ['error media_too_large_together /media'],
    ],
    ['alt text of a video', { media: [video({ alt: 'An oven' })] }, ['warning alt_unsupported /media/0/alt']],
    ['more paragraphs than blocks', { text: 'a\n\n'.repeat(998) }, ['error too_long /text']],
    [
      'more than a hundred links',
      { text: 'https://bakery.example/ '.repeat(101) },
      ['error links_many /text'],
    ],
    [
      'a poll without a question',
      { poll: { options: ['a', 'b'], minutes: 1_440 } },
      ['error poll_question_required /poll/question'],
    ],
    ['a poll of an hour', { poll: { ...poll, minutes: 60 } }, ['error poll_minutes /poll/minutes']],
    [
      'a long answer',
      { poll: { ...poll, options: ['a'.repeat(81), 'b'] } },
      ['error text_too_long /poll/options/0'],
    ],
    ['a thread', { thread: ['More'] }, ['error thread_unsupported /thread']],
    ['a first comment', { firstComment: 'More' }, ['error first_comment_unsupported /firstComment']],
  ])('name %s', (_what, over, expected) => expect(found(over)).toEqual(expected));

  test.each([['#bread'], ['bread, rolls'], ['']])('refuse “%s” as a tag', (tag) => {
    expect(provider.options.safeParse({ tags: [tag] }).success).toBe(false);
  });
});

describe('the blocks of a post', () => {
  const blocks = (over: Partial<Variant>, title?: string) => {
    const all = { ...variant, ...over };
    return toBlocks(all, { title, files: filesOf(all) ?? [], key: 'dlv_one.hash' });
  };

  test('are one for each paragraph, with its links by code points', () => {
    expect(blocks({ text: '🥖 https://bakery.example/a.\nSecond line\n\n  \nSecond paragraph' })).toEqual([
      {
        type: 'text',
        text: '🥖 https://bakery.example/a.\nSecond line',
        formatting: [{ start: 2, end: 26, type: 'link', url: 'https://bakery.example/a' }],
      },
      { type: 'text', text: 'Second paragraph' },
    ]);
  });

  test('cut what is longer than a block between words', () => {
    const pieces = paragraphs('🥖🥖🥖 '.repeat(3_000));
    expect(pieces.every((piece) => [...piece].length <= 4_096)).toBe(true);
    expect(pieces.join(' ')).toBe('🥖🥖🥖 '.repeat(3_000).trim());
    expect(paragraphs('a'.repeat(5_000)).map((piece) => piece.length)).toEqual([4_096, 904]);
  });

  test('begin with title and media, and end with the link unless the text has it', () => {
    const link = 'https://bakery.example/bread';
    const media = [anAttachment('loaf', { alt: 'A loaf' }), video({ width: 640, height: 480 })];
    expect(blocks({ link, media }, 'Bread')).toEqual([
      { type: 'text', subtype: 'heading1', text: 'Bread' },
      {
        type: 'image',
        media: [{ type: 'image/jpeg', identifier: 'file-0', width: 1_200, height: 900 }],
        alt_text: 'A loaf',
      },
      {
        type: 'video',
        provider: 'tumblr',
        media: { type: 'video/mp4', identifier: 'file-1', width: 640, height: 480 },
      },
      { type: 'text', text: 'Fresh bread' },
      { type: 'link', url: link },
    ]);
    expect(blocks({ link, text: `See ${link}` }).map(({ type }) => type)).toEqual(['text']);
  });

  test('hold a poll whose ids are the same for every send of a delivery', () => {
    const poll = { question: 'Which?', options: ['Rye', 'Wheat'], minutes: 2_880 };
    const [, first] = blocks({ poll });
    expect(first).toMatchObject({
      type: 'poll',
      question: 'Which?',
      answers: [{ answer_text: 'Rye' }, { answer_text: 'Wheat' }],
      settings: { multiple_choice: false, close_status: 'closed-after', expire_after: 172_800 },
    });
    expect(first?.client_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(blocks({ poll })[1]).toEqual(first);
  });

  test('stand in a post with its tags in one string and a slug of its own', () => {
    const post = toPost(
      variant,
      { title: 'Schöne Brötchen!', tags: ['good bread', 'rolls'] },
      { files: [], key: 'a' },
    );
    expect(post).toMatchObject({ state: 'published', tags: 'good bread,rolls' });
    expect(post.slug).toMatch(/^schone-brotchen-[0-9a-f]{10}$/);
    expect(toPost(variant, {}, { files: [], key: 'a' })).not.toHaveProperty('tags');
    expect(slugFor('🥖', 'a')).toMatch(/^post-[0-9a-f]{10}$/);
    expect(slugFor('Bread', 'a')).not.toBe(slugFor('Bread', 'b'));
  });
});

describe('what became of a post on Tumblr', () => {
  const account = { id: 't:1', handle: 'bakery', url: 'https://bakery.tumblr.com/' };
  const outcome = (status: number, json: unknown) =>
    toOutcome({ kind: 'answered', status, headers: {}, text: JSON.stringify(json), json }, account, DUE_AT);
  const refused = (status: number, code: number) =>
    outcome(status, { meta: { status, msg: 'No' }, errors: [{ title: 'Because', code }] });

  test('is its id and address', () => {
    const json = { meta: { status: 201, msg: 'Created' }, response: { id: '1234567891234567' } };
    expect(outcome(201, json)).toEqual({
      kind: 'published',
      externalId: '1234567891234567',
      url: 'https://www.tumblr.com/bakery/1234567891234567',
    });
  });

  test.each([
    [400, 8001, { kind: 'rejected', code: 'content_refused', reason: 'HTTP 400: Because' }],
    [400, 8005, { kind: 'rejected', code: 'media_refused' }],
    [403, 8004, { kind: 'rateLimited', retryAt: DUE_AT + HOUR }],
    [403, 8010, { kind: 'uncertain' }],
    [403, 8011, { kind: 'rateLimited', retryAt: DUE_AT + HOUR }],
    [403, 8022, { kind: 'rateLimited', retryAt: DUE_AT + HOUR }],
    [403, 8023, { kind: 'rateLimited', retryAt: DUE_AT + HOUR }],
    [500, 8006, { kind: 'unavailable' }],
    [500, 8009, { kind: 'unavailable' }],
    [503, 0, { kind: 'unavailable' }],
    [401, 0, { kind: 'unauthorized' }],
    [403, 0, { kind: 'rejected', code: 'configuration' }],
    [404, 0, { kind: 'rejected', code: 'configuration' }],
    [429, 0, { kind: 'rateLimited', retryAt: DUE_AT + MINUTE }],
    [400, 0, { kind: 'rejected', code: 'http_400' }],
    [500, 0, { kind: 'uncertain' }],
  ])('is read from status %i with code %i', (status, code, expected) => {
    expect(refused(status, code)).toMatchObject(expected);
  });

  test('is unclear after a 503 that is not Tumblr’s own', () => {
    expect(outcome(503, 'Service Unavailable')).toMatchObject({ kind: 'uncertain' });
  });
});
