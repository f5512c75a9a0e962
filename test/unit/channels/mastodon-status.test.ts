import { describe, expect, test } from 'vitest';
import { checkStatus, mastodonOptions } from '../../../shared/channels/mastodon/status.ts';
import { countStatus, plainHtml, plainText } from '../../../shared/channels/mastodon/text.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { anAttachment } from '../../support/media.ts';

const LINK = 'https://bakery.example/bread';

describe('counting', () => {
  test.each([
    ['plain text', 'Hello', 5],
    ['a family emoji as one', '👩‍👩‍👧‍👦', 1],
    ['a flag as one', '🇩🇪', 1],
    ['a combining accent with its letter', 'e\u0301', 1],
    ['Chinese by character', '世界你好', 4],
    ['a line break as one', 'a\nb', 3],
    ['a short URL as 23', 'https://a.co', 23],
    ['a long URL as 23', `https://a.example/${'x'.repeat(400)}`, 23],
    ['the full stop after a URL as itself', 'See https://a.example.', 4 + 23 + 1],
    ['two URLs twice', 'https://a.example http://b.example', 23 + 1 + 23],
    ['a domain without a scheme as text', 'a.example', 9],
    ['a mention of another server without its domain', 'Hi @mill@grain.example!', 9],
    ['a mention on the own server in full', '@mill', 5],
    ['an e-mail address in full', 'me@grain.example', 16],
  ])('takes %s', (_name, text, count) => {
    expect(countStatus(text)).toBe(count);
  });

  test('takes the instance’s number for a URL', () => {
    expect(countStatus(LINK, { urlCharacters: 10 })).toBe(10);
    expect(countStatus(LINK, { urlCharacters: 'many' })).toBe(23);
  });
});

describe('check', () => {
  const rules = (variant: Variant, facts = {}) =>
    checkStatus(variant, facts, 'Mastodon').map(({ rule, path }) => `${rule} ${path}`);
  const poll = (over: Partial<NonNullable<Variant['poll']>>): Variant => ({
    text: 'Which?',
    poll: { options: ['Rye', 'Wheat'], minutes: 60, ...over },
  });

  test.each<[string, Variant, string[]]>([
    ['500 characters', { text: 'a'.repeat(500) }, []],
    ['501 characters', { text: 'a'.repeat(501) }, ['text_too_long /text']],
    ['475 characters and a link', { text: 'a'.repeat(475), link: LINK }, []],
    ['476 characters and a link', { text: 'a'.repeat(476), link: LINK }, ['text_too_long /text']],
    ['a warning that fits', { text: 'a'.repeat(490), options: { spoilerText: 'b'.repeat(10) } }, []],
    [
      'a warning beside another network’s option',
      { text: 'a'.repeat(490), options: { spoilerText: 'b'.repeat(11), langs: ['de'] } },
      ['text_too_long /text'],
    ],
    [
      'a warning that is too much',
      { text: 'a'.repeat(490), options: { spoilerText: 'b'.repeat(11) } },
      ['text_too_long /text'],
    ],
    ['nothing', { text: '\n' }, ['text_empty /text']],
    ['four images', { text: '', media: [...'abcd'].map((name) => anAttachment(name)) }, []],
    ['five', { text: 'a', media: [...'abcde'].map((name) => anAttachment(name)) }, ['media_too_many /media']],
    ['a video', { text: 'a', media: [anAttachment('v', { type: 'video/webm' })] }, []],
    [
      'a video and an image',
      { text: 'a', media: [anAttachment('v', { type: 'video/mp4' }), anAttachment('i')] },
      ['media_mixed /media'],
    ],
    [
      'too large an image',
      { text: 'a', media: [anAttachment('i', { bytes: 16_777_217 })] },
      ['media_too_large /media/0'],
    ],
    [
      'an image of too many pixels',
      { text: 'a', media: [anAttachment('i', { width: 8_000, height: 5_000 })] },
      ['media_too_large /media/0'],
    ],
    [
      'a PDF',
      { text: 'a', media: [anAttachment('d', { type: 'application/pdf' })] },
      ['media_type /media/0'],
    ],
    [
      'too many words for an image',
      { text: 'a', media: [anAttachment('i', { alt: 'a'.repeat(1_501) })] },
      ['alt_too_long /media/0/alt'],
    ],
    ['an image beside a poll', { ...poll({}), media: [anAttachment('i')] }, ['poll_with_media /poll']],
    ['a thread', { text: 'a', thread: ['b', 'c'.repeat(500)] }, []],
    ['too long a part of it', { text: 'a', thread: ['c'.repeat(501)] }, ['text_too_long /thread/0']],
    [
      'a part that is too long behind the warning',
      { text: 'a', thread: ['c'.repeat(490)], options: { spoilerText: 'b'.repeat(11) } },
      ['text_too_long /thread/0'],
    ],
    ['a first comment', { text: 'a', firstComment: 'b'.repeat(501) }, ['text_too_long /firstComment']],
    ['a poll', poll({}), []],
    ['a poll’s question', poll({ question: 'Which?' }), ['poll_question_unsupported /poll/question']],
    ['five options', poll({ options: ['a', 'b', 'c', 'd', 'e'] }), ['too_long /poll/options']],
    ['a long option', poll({ options: ['a', 'b'.repeat(51)] }), ['text_too_long /poll/options/1']],
    ['a short one by what people see', poll({ options: ['a', '👩‍👩‍👧‍👦'.repeat(50)] }), []],
    ['an option twice', poll({ options: ['a', 'b', 'a'] }), ['poll_option_twice /poll/options/2']],
  ])('finds in %s what is wrong, and no more', (_name, variant, expected) => {
    expect(rules(variant)).toEqual(expected);
  });

  test('keeps to the instance’s own limits', () => {
    expect(rules({ text: 'a'.repeat(501) }, { maxCharacters: 1_000 })).toEqual([]);
    expect(rules(poll({ options: ['a', 'b', 'c'] }), { pollOptions: 2 })).toEqual(['too_long /poll/options']);
    expect(rules(poll({ minutes: 60 }), { pollMinSeconds: 7_200 })).toEqual(['poll_minutes /poll/minutes']);
    const media = [anAttachment('a', { type: 'image/webp' }), anAttachment('b')];
    expect(rules({ text: 'a', media }, { maxMedia: 1 })).toEqual(['media_too_many /media']);
    expect(rules({ text: 'a', media }, { mediaTypes: 'image/jpeg' })).toEqual(['media_type /media/0']);
    expect(rules({ text: 'a', media }, { altCharacters: 10 })).toEqual([
      'alt_too_long /media/0/alt',
      'alt_too_long /media/1/alt',
    ]);
  });

  test('knows the visibilities and language codes', () => {
    expect(mastodonOptions.safeParse({ visibility: 'unlisted', language: 'pt-BR' }).success).toBe(true);
    expect(mastodonOptions.safeParse({ visibility: 'friends' }).success).toBe(false);
    expect(mastodonOptions.safeParse({ language: 'German' }).success).toBe(false);
  });
});

describe('comparing with what the server shows', () => {
  test.each([
    ['entities', 'a & b < c "d" it’s it\'s', '<p>a &amp; b &lt; c &quot;d&quot; it’s it&#39;s</p>'],
    ['numbers of characters', 'A ü 🥖', '<p>&#x41; &#252; &#x1F956;</p>'],
    ['paragraphs and breaks', 'a\n\nb\nc', '<p>a</p><p>b<br />c</p>'],
    [
      'shortened links',
      `At ${LINK}?x=1&y=2`,
      '<p>At <a href="x"><span class="invisible">https://</span><span class="ellipsis">bakery.example/</span><span class="invisible">bread?x=1&amp;y=2</span></a></p>',
    ],
    ['mentions', 'Hi @mill@grain.example', '<p>Hi <span><a href="x">@<span>mill</span></a></span></p>'],
    ['mentions that stayed text', 'Hi @mill@grain.example', '<p>Hi @mill@grain.example</p>'],
    ['composed letters', 'e\u0301', '<p>\u00e9</p>'],
    ['what looks like markup', 'a <b> c', '<p>a &lt;b&gt; c</p>'],
  ])('sees through %s', (_name, text, html) => {
    expect(plainHtml(html)).toBe(plainText(text));
  });

  test('leaves an entity that it does not know as it is', () => {
    expect(plainHtml('<p>&bread; &#x110000;</p>')).toBe('&bread; &#x110000;');
  });

  test('is done at once, whatever a server sends', () => {
    const hostile = ['<', '<br ', '&#', '@a', '@a@a-', ' \n'].map((part) => part.repeat(100_000));
    const started = performance.now();
    for (const html of hostile) plainHtml(html);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
