import { describe, expect, test } from 'vitest';
import { instagram } from '../../../shared/channels/instagram.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { anAttachment } from '../../support/media.ts';

const image = anAttachment('bread');
const video = anAttachment('oven', { type: 'video/mp4', width: 1_080, height: 1_920, alt: '' });

describe('check', () => {
  const rules = (variant: Variant) =>
    instagram()
      .check(variant, {})
      .map(({ rule, severity, path }) => `${severity} ${rule} ${path}`);

  test('finds what a post cannot be', () => {
    expect(rules({ text: 'a' })).toEqual(['error media_too_few /media']);
    expect(rules({ text: 'é'.repeat(2_201), media: [image] })).toEqual(['error text_too_long /text']);
    const eleven = Array.from({ length: 11 }, (_, n) => anAttachment(`p${n}`));
    expect(rules({ text: 'a', media: eleven })).toEqual(['error media_too_many /media']);
    expect(rules({ text: 'a', media: [anAttachment('a', { type: 'image/png' })] })).toEqual([
      'error media_type /media/0',
    ]);
    expect(rules({ text: 'a', media: [anAttachment('a', { width: 1_080, height: 1_920 })] })).toEqual([
      'error media_ratio /media/0',
    ]);
    expect(rules({ text: 'a', media: [{ ...video, durationMs: 2_000 }] })).toEqual([
      'error media_too_short /media/0',
    ]);
    expect(rules({ text: 'a', media: [image], thread: ['b'] })).toEqual(['error thread_unsupported /thread']);
    expect(rules({ text: 'a', media: [image], poll: { options: ['a', 'b'], minutes: 60 } })).toEqual([
      'error poll_unsupported /poll',
    ]);
    expect(rules({ text: '', media: [image, video] })).toEqual([]);
  });

  test('takes videos in H.264 and H.265 only, as a story, too', () => {
    const coded = (videoCodec: string, options = {}) =>
      rules({ text: '', media: [{ ...video, videoCodec }], options });
    expect(coded('hevc')).toEqual([]);
    expect(coded('vp9')).toEqual(['error media_codec /media/0']);
    expect(coded('prores', { story: true })).toEqual(['error media_codec /media/0']);
  });

  test('counts hashtags and mentions', () => {
    const tags = (count: number) => ({ text: '#bread1 '.repeat(count), media: [image] });
    expect(rules(tags(5))).toEqual([]);
    expect(rules(tags(6))).toEqual(['warning hashtags_many /text']);
    expect(rules(tags(31))).toEqual(['error hashtags_many /text']);
    expect(rules({ text: '#1 a#b &#39;', media: [image] })).toEqual([]);
    expect(rules({ text: '@mill '.repeat(21), media: [image] })).toEqual(['error mentions_many /text']);
  });

  test('says that links cannot be clicked, and that a video has no alt text', () => {
    expect(rules({ text: 'a https://bakery.example', media: [image] })).toEqual([
      'warning link_not_clickable /text',
    ]);
    expect(rules({ text: 'a', link: 'https://bakery.example', media: [image] })).toEqual([
      'warning link_not_clickable /link',
    ]);
    expect(rules({ text: 'a', media: [{ ...video, alt: 'An oven' }] })).toEqual([
      'warning alt_unsupported /media/0/alt',
    ]);
  });

  test('holds a story against a story’s rules', () => {
    const options = { story: true };
    const tall = anAttachment('tall', { width: 1_080, height: 1_920, alt: '' });
    expect(rules({ text: '', media: [tall], options })).toEqual([]);
    expect(rules({ text: '', media: [tall, tall], options })).toEqual(['error media_too_many /media']);
    expect(rules({ text: '', media: [{ ...video, durationMs: 61_000 }], options })).toEqual([
      'error media_too_long /media/0',
    ]);
    expect(
      rules({ text: 'a', media: [tall], firstComment: 'b', options: { ...options, locationId: '1' } }),
    ).toEqual([
      'error first_comment_unsupported /firstComment',
      'warning story_shows_no /text',
      'warning story_shows_no /options/locationId',
    ]);
  });

  test('takes only names and numbers as collaborators and place', () => {
    const { options } = instagram();
    expect(options.safeParse({ collaborators: ['mill', 'oven.1'], locationId: '123' }).success).toBe(true);
    expect(options.safeParse({ collaborators: ['@mill'] }).success).toBe(false);
    expect(options.safeParse({ collaborators: ['a', 'b', 'c', 'd'] }).success).toBe(false);
    expect(options.safeParse({ locationId: 'Berlin' }).success).toBe(false);
  });
});
