import { describe, expect, test } from 'vitest';
import { forumOf } from '../../../shared/channels/discourse/api.ts';
import { discourseMark, toRaw } from '../../../shared/channels/discourse/post.ts';
import { toOutcome, toRequest } from '../../../shared/channels/discourse/topic.ts';
import { takesTagObjects } from '../../../shared/channels/discourse/verify.ts';
import { discourse } from '../../../shared/channels/discourse.ts';
import { MINUTE, SECOND } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../../support/builders.ts';
import { DISCOURSE_KEY } from '../../support/fake-networks/discourse.ts';
import { anAttachment } from '../../support/media.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

const NOW = DUE_AT + MINUTE;
const credential = { forumUrl: 'https://example.org/forum', apiKey: DISCOURSE_KEY, username: 'baker' };
const options = { title: 'Fresh bread every day', category: 5, tags: ['bread', 'news'] };
const variant = { text: 'Fresh bread, from six in the morning.', options };

describe('the request', () => {
  test('makes a topic under a mark of our own that fits what the forum takes for one', () => {
    const request = toRequest(aPublishRequest(credential, { variant }), []);
    expect(request).toMatchObject({
      method: 'POST',
      url: 'https://example.org/forum/posts.json',
      headers: { 'api-key': DISCOURSE_KEY, 'api-username': 'baker' },
    });
    const body = JSON.parse(String(request.body));
    expect(body).toMatchObject({
      title: options.title,
      category: 5,
      tags: ['bread', 'news'],
      raw: variant.text,
    });
    expect(body.external_id).toMatch(/^[\w-]{1,50}$/);
    expect(discourseMark('a')).not.toBe(discourseMark('b'));
  });

  test('names tags as objects where the forum is new enough to want that', () => {
    const asked = aPublishRequest(credential, { variant });
    const { body } = toRequest({ ...asked, channel: { ...asked.channel, facts: { tagObjects: true } } }, []);
    expect(JSON.parse(String(body)).tags).toEqual([{ name: 'bread' }, { name: 'news' }]);
    expect(['3.5.2', '2025.12.0', '2026.0.9', 'tests-passed'].map(takesTagObjects)).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(['2026.1.0-latest', '2026.11.0', '2027.1.0'].map(takesTagObjects)).toEqual([true, true, true]);
  });

  test('has link, images and poll below the text', () => {
    const upload = { shortUrl: 'upload://a.jpg', width: 1200, height: 900 };
    const media = [anAttachment('a', { alt: 'A [loaf] | of\nbread' })];
    const poll = { options: ['Rye', 'Wheat\nand spelt'], minutes: 90 };
    expect(toRaw({ text: 'Which?', link: 'https://b.example/', media, poll }, DUE_AT, [upload])).toBe(
      [
        'Which?',
        'https://b.example/',
        '![A loaf of bread|1200x900](upload://a.jpg)',
        '[poll type=regular results=always chartType=bar close=2026-11-30T09:30:00Z]\n* Rye\n* Wheat and spelt\n[/poll]',
      ].join('\n\n'),
    );
  });

  test.each([
    ['https://example.org/', 'https://example.org'],
    ['https://example.org/forum/latest', 'https://example.org/forum'],
    ['https://example.org/t/welcome/5', 'https://example.org'],
    ['https://example.org/talk', 'https://example.org/talk'],
  ])('takes %s for the forum %s', (forumUrl, expected) => {
    expect(forumOf({ forumUrl })).toBe(expected);
  });
});

describe('check', () => {
  test('warns of what a forum as it is installed would refuse, and of a title made of the text', () => {
    expect(discourse.check({ text: 'Short' }, {})).toMatchObject([
      { rule: 'title_from_text', path: '/options/title', severity: 'warning' },
      {
        rule: 'too_short',
        path: '/options/title',
        severity: 'warning',
        params: { limit: 15, unit: 'characters' },
      },
      { rule: 'too_short', path: '/text', severity: 'warning', params: { limit: 20, unit: 'characters' } },
    ]);
    expect(discourse.check(variant, {})).toEqual([]);
  });

  test.each([
    [{ text: 'a'.repeat(32_001) }, 'text_too_long', '/text'],
    [{ media: [anAttachment('a', { bytes: 4_194_305 })] }, 'media_too_large', '/media/0'],
    [{ media: [anAttachment('a', { type: 'video/mp4' })] }, 'media_type', '/media/0'],
    [{ firstComment: 'a'.repeat(32_001) }, 'text_too_long', '/firstComment'],
    [
      { poll: { question: 'Which?', options: ['a', 'b'], minutes: 60 } },
      'poll_question_unsupported',
      '/poll/question',
    ],
  ])('finds what Discourse does not take: %#', (over, rule, path) => {
    expect(discourse.check({ ...variant, ...over }, {})).toMatchObject([{ rule, severity: 'error', path }]);
  });
});

describe('the outcome', () => {
  const outcome = (status: number, json: unknown) =>
    toOutcome({ kind: 'answered', status, headers: {}, text: '{…}', json }, { variant, credential }, NOW);

  test('is a publication with the topic’s own address', () => {
    expect(outcome(200, { id: 100, topic_id: 40, topic_slug: 'fresh-bread' })).toEqual({
      kind: 'published',
      externalId: '40',
      url: 'https://example.org/forum/t/fresh-bread/40',
    });
  });

  test('is pending while a moderator must see it first', () => {
    expect(outcome(200, { success: true, action: 'enqueued', pending_count: 1 })).toEqual({
      kind: 'pending',
      handle: JSON.stringify({ queued: NOW }),
      checkAt: NOW + 2 * MINUTE,
    });
  });

  test('waits as long as the forum says', () => {
    const body = { errors: ['Slow down.'], error_type: 'rate_limit', extras: { wait_seconds: 17 } };
    expect(outcome(429, body)).toEqual({ kind: 'rateLimited', retryAt: NOW + 17 * SECOND });
  });

  test.each([
    [422, { errors: ['Title is too short', 'Body is too short'] }, 'rejected', 'content_refused'],
    [403, { errors: ['No.'], error_type: 'invalid_access' }, 'rejected', 'not_permitted'],
    [400, { errors: ['No.'], error_type: 'invalid_parameters' }, 'rejected', 'http_400'],
    [503, { errors: ['No.'], error_type: 'read_only' }, 'unavailable', undefined],
    [503, { errors: ['No.'] }, 'uncertain', undefined],
    [500, { status: 500, error: 'Internal Server Error' }, 'uncertain', undefined],
    [200, { success: true }, 'uncertain', undefined],
  ])('of %d with %j is %s %s', (status, body, kind, code) => {
    const found = outcome(status, body);
    expect(found.kind).toBe(kind);
    if (found.kind === 'rejected') expect(found).toMatchObject({ code });
  });

  test('names all reasons of a refusal', () => {
    expect(outcome(422, { errors: ['Title is too short.', 'Body is too short.'] })).toMatchObject({
      reason: 'HTTP 422: Title is too short. Body is too short.',
    });
  });
});
