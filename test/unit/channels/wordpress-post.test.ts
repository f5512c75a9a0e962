import { describe, expect, test } from 'vitest';
import {
  slugFor,
  titleFor,
  toHtml,
  toPost,
  wordpressOptions,
} from '../../../shared/channels/wordpress/post.ts';

const link = (url: string): string => `<a href="${url}">${url}</a>`;

describe('toHtml', () => {
  test.each([
    ['One', '<p>One</p>'],
    ['One\nTwo', '<p>One<br>\nTwo</p>'],
    ['One\r\n\r\nTwo', '<p>One</p>\n<p>Two</p>'],
    ['\n\nOne\n \n\n\nTwo\n', '<p>One</p>\n<p>Two</p>'],
    ['<script>alert("1")</script>', '<p>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;</p>'],
    ['Fish & chips', '<p>Fish &amp; chips</p>'],
    ['[gallery ids=1]', '<p>&#091;gallery ids=1&#093;</p>'],
    ['See https://a.example/b.', `<p>See ${link('https://a.example/b')}.</p>`],
    ['https://a.example/?a=1&b=2', `<p>${link('https://a.example/?a=1&amp;b=2')}</p>`],
    ['https://a.example/"onclick="x', `<p>${link('https://a.example/')}&quot;onclick=&quot;x</p>`],
    ["https://a.example/'x", '<p><a href="https://a.example/&#039;x">https://a.example/&#039;x</a></p>'],
  ])('makes %j into %j', (text, html) => {
    expect(toHtml({ text })).toBe(html);
  });

  test('adds the link as a paragraph unless the text has it', () => {
    expect(toHtml({ text: 'One', link: 'https://a.example/' })).toBe(
      `<p>One</p>\n<p>${link('https://a.example/')}</p>`,
    );
    expect(toHtml({ text: '', link: 'https://a.example/' })).toBe(`<p>${link('https://a.example/')}</p>`);
    expect(toHtml({ text: 'https://a.example/', link: 'https://a.example/' })).toBe(
      `<p>${link('https://a.example/')}</p>`,
    );
  });
});

describe('slugFor', () => {
  const slug = (options: Record<string, unknown>, key = 'key-1') => slugFor({ text: 'Text', options }, key);
  const HASH = /-[0-9a-f]{10}$/;

  test.each([
    [{ title: 'Frische Brötchen & süße Äpfel!' }, 'frische-broetchen-suesse-aepfel'],
    [{ title: 'Crème brûlée' }, 'creme-brulee'],
    [{ title: 'Title', slug: 'Other Words' }, 'other-words'],
    [{ title: '日本語' }, 'post'],
    [{ title: `${'word '.repeat(30)}` }, 'word-word-word-word-word-word-word-word-word-word-word-word'],
  ])('of %j begins with %s', (options, words) => {
    expect(slug(options).replace(HASH, '')).toBe(words);
  });

  test('is the same for the same delivery and another for every other', () => {
    expect(slug({ title: 'A' })).toBe(slug({ title: 'A' }));
    expect(slug({ title: 'A' }, 'key-2')).not.toBe(slug({ title: 'A' }));
    expect(slug({ title: 'A' })).toMatch(HASH);
  });
});

describe('toPost', () => {
  test('says what the author chose, and nothing else', () => {
    const options = {
      title: 'A < B',
      excerpt: 'x & y',
      categories: ['News'],
      tags: ['Bread', 5],
      commentStatus: 'closed',
      sticky: true,
    };
    expect(toPost({ text: 'One', options }, 'key-1', { categories: [3], tags: [4, 5] })).toEqual({
      title: 'A &lt; B',
      excerpt: 'x &amp; y',
      content: '<p>One</p>',
      slug: slugFor({ text: 'Text', options }, 'key-1'),
      status: 'publish',
      categories: [3],
      tags: [4, 5],
      comment_status: 'closed',
      sticky: true,
    });
    expect(Object.keys(toPost({ text: 'One', options: { title: 'A' } }, 'key-1'))).toEqual([
      'title',
      'content',
      'slug',
      'status',
    ]);
  });
});

describe('images', () => {
  const images = [
    { id: 7, url: 'https://a.example/loaf.jpg', alt: 'A loaf' },
    { id: 8, url: 'https://a.example/oven.jpg?a=1&b=2', alt: 'The "old" oven [now]' },
  ];
  const oven = [
    '<!-- wp:image {"id":8,"sizeSlug":"full","linkDestination":"none"} -->',
    '<figure class="wp-block-image size-full"><img src="https://a.example/oven.jpg?a=1&amp;b=2" alt="The &quot;old&quot; oven &#091;now&#093;" class="wp-image-8"/></figure>',
    '<!-- /wp:image -->',
  ].join('\n');

  test('the first stands with the post, the others below its text', () => {
    expect(toPost({ text: 'One' }, 'key-1', { images })).toMatchObject({
      featured_media: 7,
      content: `<p>One</p>\n${oven}`,
    });
  });

  test('all stand below the text where the author wants none with the post', () => {
    const post = toPost({ text: '', options: { title: 'A', featuredImage: false } }, 'key-1', { images });
    expect(post).not.toHaveProperty('featured_media');
    expect(post.content).toContain('class="wp-image-7"');
    expect(post.content).toContain(oven);
  });
});

describe('wordpressOptions', () => {
  test.each([
    [{ title: 'A', categories: [1], commentStatus: 'open' }, true],
    [{}, true],
    [{ title: '' }, false],
    [{ categories: ['News', 7], tags: ['Bread & rolls'] }, true],
    [{ categories: [''] }, false],
    [{ tags: [-1] }, false],
    [{ featuredImage: false, sticky: true }, true],
    [{ commentStatus: 'maybe' }, false],
    [{ headline: 'A' }, false],
  ])('takes %j: %s', (options, good) => {
    expect(wordpressOptions.safeParse(options).success).toBe(good);
  });
});

describe('a title', () => {
  test.each([
    ['One line', 'One line'],
    ['First line\nSecond line', 'First line'],
    [`${'word '.repeat(30)}`, `${'word '.repeat(16).trim()}…`],
    ['x'.repeat(200), `${'x'.repeat(40)}…`],
  ])('is made of the first words of %j', (text, title) => {
    expect(titleFor({ text })).toBe(title);
  });

  test('is the author’s where there is one', () => {
    expect(titleFor({ text: 'Text', options: { title: 'Title' } })).toBe('Title');
  });
});
