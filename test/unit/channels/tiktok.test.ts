import { describe, expect, test } from 'vitest';
import {
  filesOf,
  PRIVACY_LEVELS,
  type TiktokOptions,
  tiktokOptions,
  toPhotoInfo,
  toVideoInfo,
} from '../../../shared/channels/tiktok/post.ts';
import { CHUNK_BYTES, toRequest, toVideoInit } from '../../../shared/channels/tiktok/start.ts';
import { tiktok } from '../../../shared/channels/tiktok.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { MINUTE } from '../../../shared/domain/time.ts';
import { anAttachment } from '../../support/media.ts';

const VIDEO = anAttachment('bread', { type: 'video/mp4', alt: '' });
const photo = (n = 1) => anAttachment(`photo-${n}`, { alt: '' });
const photos = (count: number) => Array.from({ length: count }, (_, n) => photo(n));
const variant = (over: Partial<Variant> = {}): Variant => ({
  text: 'How we bake it.',
  media: [VIDEO],
  options: { privacy: 'public' },
  ...over,
});
const ALL = { comments: true, duet: true, stitch: true };

describe('check', () => {
  const rules = (over: Partial<Variant>, facts = {}) =>
    tiktok()
      .check(variant(over), facts)
      .map(({ rule, severity, path }) => `${severity} ${rule} ${path}`);
  const video = (shape: object) => ({ media: [anAttachment('v', { type: 'video/mp4', alt: '', ...shape })] });

  test.each<[string, Partial<Variant>, string[]]>([
    ['a video', {}, []],
    ['35 photos', { media: photos(35) }, []],
    ['nobody said who may see it', { options: {} }, ['error required /options/privacy']],
    ['no media', { media: [] }, ['error media_too_few /media']],
    ['36 photos', { media: photos(36) }, ['error media_too_many /media']],
    ['a photo beside a video', { media: [VIDEO, photo()] }, ['error media_mixed /media']],
    ['a caption of 2,200', { text: 'a'.repeat(2_200) }, []],
    ['one of 2,201', { text: 'a'.repeat(2_201) }, ['error text_too_long /text']],
    ['emoji, each of two', { text: '🥖'.repeat(1_101) }, ['error text_too_long /text']],
    ['4,000 beside photos', { text: 'a'.repeat(4_000), media: photos(1) }, []],
    ['4,001', { text: 'a'.repeat(4_001), media: photos(1) }, ['error text_too_long /text']],
    ['a long title of a video', { options: { privacy: 'public', title: 'a'.repeat(91) } }, []],
    [
      'one of photos',
      { media: photos(1), options: { privacy: 'public', title: 'a'.repeat(91) } },
      ['error text_too_long /options/title'],
    ],
    [
      'a PNG of which there is no smaller JPEG',
      { media: [anAttachment('p', { type: 'image/png', alt: '' })] },
      ['error media_type /media/0'],
    ],
    [
      'a large photo',
      { media: [anAttachment('p', { width: 4_000, height: 3_000, alt: '' })] },
      ['error media_too_large /media/0'],
    ],
    ['11 minutes', video({ durationMs: 11 * MINUTE }), ['error media_too_long /media/0']],
    ['a narrow video', video({ width: 300, height: 600 }), ['error media_too_small /media/0']],
    ['a low one', video({ width: 1_280, height: 300 }), ['error media_too_small /media/0']],
    ['one in VP9', { media: [{ ...VIDEO, videoCodec: 'vp9' }] }, []],
    ['one in AV1', { media: [{ ...VIDEO, videoCodec: 'av1' }] }, ['error media_codec /media/0']],
    ['one too high', video({ width: 2_160, height: 4_320 }), ['error media_too_large /media/0']],
    ['a link', { link: 'https://bakery.example/' }, ['warning link_not_clickable /link']],
    ['a link in the text', { text: 'See https://bakery.example/' }, ['warning link_not_clickable /text']],
    ['a first comment', { firstComment: 'a' }, ['error first_comment_unsupported /firstComment']],
    [
      'branded content that nobody sees',
      { options: { privacy: 'private', brandedContent: true } },
      ['error invalid_value /options/privacy'],
    ],
    [
      'photos made by a machine',
      { media: photos(1), options: { privacy: 'public', aiGenerated: true } },
      ['warning invalid_value /options/aiGenerated'],
    ],
  ])('finds in %s what is wrong, and no more', (_name, over, expected) => {
    expect(rules(over)).toEqual(expected);
  });

  test('knows what the account offered', () => {
    const facts = { privacies: 'friends,private', maxVideoSeconds: 180 };
    expect(rules({}, facts)).toEqual(['warning invalid_value /options/privacy']);
    expect(rules({ options: { privacy: 'private' } }, facts)).toEqual([]);
    const long = { ...video({ durationMs: 4 * MINUTE }), options: { privacy: 'private' } };
    expect(rules(long, facts)).toEqual(['error media_too_long /media/0']);
  });

  test('has names of its own for who may see it', () => {
    for (const privacy of Object.keys(PRIVACY_LEVELS)) {
      expect(tiktokOptions.safeParse({ privacy }).success).toBe(true);
    }
    expect(tiktokOptions.safeParse({ privacy: 'PUBLIC_TO_EVERYONE' }).success).toBe(false);
  });

  test('takes the smaller JPEG of what TikTok does not take', () => {
    const png = anAttachment('p', { type: 'image/png', alt: '' });
    const small = {
      name: 'small',
      path: 'small',
      type: 'image/jpeg',
      bytes: 1,
      width: 1_440,
      height: 1_440,
    } as const;
    expect(filesOf({ media: [{ ...png, files: [...png.files, small] }] })).toEqual({
      kind: 'photos',
      files: [small],
    });
  });
});

describe('the requests', () => {
  test('leave to others only what the author allows, and the account', () => {
    expect(toVideoInfo(variant(), { privacy: 'friends' }, ALL)).toEqual({
      title: 'How we bake it.',
      privacy_level: 'MUTUAL_FOLLOW_FRIENDS',
      disable_comment: true,
      disable_duet: true,
      disable_stitch: true,
      brand_content_toggle: false,
      brand_organic_toggle: false,
      is_aigc: false,
    });
    const options: TiktokOptions = {
      privacy: 'public',
      allowComments: true,
      allowDuet: true,
      allowStitch: true,
      yourBrand: true,
      brandedContent: true,
      aiGenerated: true,
      coverTimestampMs: 1_500,
    };
    expect(toVideoInfo(variant(), options, { ...ALL, stitch: false })).toMatchObject({
      disable_comment: false,
      disable_duet: false,
      disable_stitch: true,
      brand_content_toggle: true,
      brand_organic_toggle: true,
      is_aigc: true,
      video_cover_timestamp_ms: 1_500,
    });
    expect(toPhotoInfo(variant(), { ...options, title: 'Bread', autoAddMusic: true }, ALL)).toEqual({
      title: 'Bread',
      description: 'How we bake it.',
      privacy_level: 'PUBLIC_TO_EVERYONE',
      disable_comment: false,
      brand_content_toggle: true,
      brand_organic_toggle: true,
      auto_add_music: true,
    });
  });

  test.each([
    ['less than a chunk', 1_000, 1_000, 1],
    ['one chunk', CHUNK_BYTES, CHUNK_BYTES, 1],
    ['nearly two', 2 * CHUNK_BYTES - 1, CHUNK_BYTES, 1],
    ['two', 2 * CHUNK_BYTES, CHUNK_BYTES, 2],
    ['4 GB', 4_000_000_000, CHUNK_BYTES, 762],
  ])('announce %s', (_name, bytes, chunk_size, total_chunk_count) => {
    const { source_info } = toVideoInit(variant(), { privacy: 'public' }, ALL, { bytes });
    expect(source_info).toEqual({ source: 'FILE_UPLOAD', video_size: bytes, chunk_size, total_chunk_count });
  });

  test('name the photos by their addresses', () => {
    const options: TiktokOptions = { privacy: 'public', coverIndex: 5 };
    const urls = ['https://media.example/1', 'https://media.example/2'];
    const { body } = toRequest('https://api.example', { accessToken: 'a' }, variant(), options, ALL, urls);
    expect(JSON.parse(String(body))).toMatchObject({
      media_type: 'PHOTO',
      post_mode: 'DIRECT_POST',
      source_info: { source: 'PULL_FROM_URL', photo_images: urls, photo_cover_index: 1 },
    });
  });
});
