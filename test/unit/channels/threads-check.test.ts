import { describe, expect, test } from 'vitest';
import { threads } from '../../../shared/channels/threads.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { anAttachment } from '../../support/media.ts';

const image = anAttachment('bread');
const video = anAttachment('oven', { type: 'video/mp4', width: 1_080, height: 1_920 });
const link = 'https://bakery.example/bread';

describe('check', () => {
  const rules = (variant: Variant) =>
    threads()
      .check(variant, {})
      .map(({ rule, severity, path }) => `${severity} ${rule} ${path}`);

  test('counts an emoji as its bytes, and a card not at all', () => {
    expect(rules({ text: 'é'.repeat(500) })).toEqual([]);
    expect(rules({ text: `${'a'.repeat(497)}🥖` })).toEqual(['error text_too_long /text']);
    expect(rules({ text: 'a'.repeat(500), link })).toEqual([]);
    expect(rules({ text: 'a'.repeat(500), link, media: [image] })).toEqual(['error text_too_long /text']);
    expect(rules({ text: '', link })).toEqual([]);
    expect(rules({ text: '' })).toEqual(['error text_empty /text']);
  });

  test('holds each part of a thread and the first comment against the rules', () => {
    const links = Array.from({ length: 6 }, (_, n) => `https://bakery.example/${n}`).join(' ');
    expect(rules({ text: 'a', thread: ['b', 'c'.repeat(501)] })).toEqual(['error text_too_long /thread/1']);
    expect(rules({ text: 'a', firstComment: 'c'.repeat(501) })).toEqual([
      'error text_too_long /firstComment',
    ]);
    expect(rules({ text: links, thread: [links], firstComment: links })).toEqual([
      'error links_many /text',
      'error links_many /thread/0',
      'error links_many /firstComment',
    ]);
    expect(rules({ text: `${link} `.repeat(6) })).toEqual([]);
    expect(rules({ text: '#a #b' })).toEqual(['warning hashtags_many /text']);
  });

  test('holds polls and media against the rules', () => {
    const poll = { options: ['Rye', 'Wheat'], minutes: 1_440 };
    expect(rules({ text: 'Which?', poll })).toEqual([]);
    expect(rules({ text: 'Which?', poll: { ...poll, minutes: 60 } })).toEqual([
      'error poll_minutes /poll/minutes',
    ]);
    expect(rules({ text: 'Which?', poll: { ...poll, options: ['a', 'b'.repeat(26)] } })).toEqual([
      'error text_too_long /poll/options/1',
    ]);
    expect(rules({ text: 'Which?', poll, media: [image] })).toEqual(['error poll_with_media /poll']);
    expect(rules({ text: 'a', media: [image, video] })).toEqual([]);
    expect(rules({ text: 'a', media: [{ ...video, videoCodec: 'vp9' }] })).toEqual([
      'error media_codec /media/0',
    ]);
    expect(rules({ text: 'a', media: [anAttachment('w', { type: 'image/webp' })] })).toEqual([
      'error media_type /media/0',
    ]);
    expect(rules({ text: 'a', media: [{ ...video, durationMs: 301_000 }] })).toEqual([
      'error media_too_long /media/0',
    ]);
  });

  test('takes topics without dots', () => {
    const { options } = threads();
    expect(options.safeParse({ topicTag: 'Bread and rolls', replyControl: 'followers_only' }).success).toBe(
      true,
    );
    for (const topicTag of ['', 'a.b', 'a&b', 'a'.repeat(51)])
      expect(options.safeParse({ topicTag }).success).toBe(false);
  });
});
