import { describe, expect, test } from 'vitest';
import { isComplete, optionsOf, toRequest } from '../../../shared/channels/reddit/submission.ts';
import { toOutcome } from '../../../shared/channels/reddit/submit.ts';
import { reddit } from '../../../shared/channels/reddit.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { HOUR, MINUTE, SECOND } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../../support/builders.ts';
import { ACCESS_TOKEN, SUBREDDIT, USERNAME } from '../../support/fake-networks/reddit.ts';
import { anAttachment } from '../../support/media.ts';

const provider = reddit();
const credential = { accessToken: ACCESS_TOKEN, username: USERNAME };
const options = { subreddit: SUBREDDIT, title: 'Bread' };
const variant: Variant = { text: 'Fresh bread', options };
const image = (name: string, shape = {}) => anAttachment(name, { alt: '', ...shape });

const found = (over: Partial<Variant>) =>
  provider
    .check({ ...variant, ...over }, {})
    .map(({ severity, rule, path }) => `${severity} ${rule} ${path}`);

describe('Reddit’s findings', () => {
  test('are none for a text with subreddit and title, nor for a title alone', () => {
    expect(found({})).toEqual([]);
    expect(found({ text: '' })).toEqual([]);
  });

  test.each<[string, Partial<Variant>, string[]]>([
    ['no subreddit', { options: { title: 'Bread' } }, ['error required /options/subreddit']],
    ['no title', { options: { subreddit: SUBREDDIT } }, ['error required /options/title']],
    ['a text that is too long', { text: 'a'.repeat(40_001) }, ['error text_too_long /text']],
    [
      'a comment that is too long',
      { firstComment: 'a'.repeat(10_001) },
      ['error text_too_long /firstComment'],
    ],
    ['a comment of spaces', { firstComment: ' ' }, ['error text_empty /firstComment']],
    ['a thread', { thread: ['More'] }, ['error thread_unsupported /thread']],
    ['a video', { media: [image('oven', { type: 'video/mp4' })] }, ['error media_type /media/0']],
    ['a WebP', { media: [image('loaf', { type: 'image/webp' })] }, ['error media_type /media/0']],
    [
      'an image that is too large',
      { media: [image('a', { bytes: 20_000_001 })] },
      ['error media_too_large /media/0'],
    ],
    [
      '21 images',
      { media: Array.from({ length: 21 }, (_, n) => image(`${n}`)) },
      ['error media_too_many /media'],
    ],
    ['alt text', { media: [anAttachment('loaf')] }, ['warning alt_unsupported /media/0/alt']],
    [
      'a poll of seven answers',
      { poll: { options: ['1', '2', '3', '4', '5', '6', '7'], minutes: 1_440 } },
      ['error too_long /poll/options'],
    ],
    [
      'a poll with a question of its own',
      { poll: { question: 'Which?', options: ['1', '2'], minutes: 1_440 } },
      ['error poll_question_unsupported /poll/question'],
    ],
    [
      'a poll of an hour',
      { poll: { options: ['1', '2'], minutes: 60 } },
      ['error poll_minutes /poll/minutes', 'warning poll_whole_days /poll/minutes'],
    ],
    [
      'a poll of a day and a half',
      { poll: { options: ['1', '2'], minutes: 2_160 } },
      ['warning poll_whole_days /poll/minutes'],
    ],
    [
      'a poll with an image',
      { poll: { options: ['1', '2'], minutes: 1_440 }, media: [image('loaf')] },
      ['error poll_with_media /poll'],
    ],
  ])('name %s', (_what, over, expected) => expect(found(over)).toEqual(expected));

  test.each(['r/bread', 'a', 'bread and rolls', 'a'.repeat(25)])('refuse %s as a subreddit', (subreddit) => {
    expect(provider.options.safeParse({ ...options, subreddit }).success).toBe(false);
  });
});

describe('the request to Reddit', () => {
  const assets = [
    { id: 'a1', url: 'https://up.example/rte_images/a1' },
    { id: 'a2', url: 'https://up.example/rte_images/a2' },
  ];
  function asked(over: Partial<Variant>, files = assets) {
    const all = { ...variant, ...over };
    const own = optionsOf(all);
    if (!isComplete(own)) return expect.fail('the options are not complete');
    const hosts = { api: 'https://oauth.example', login: 'https://www.example' };
    const request = toRequest(hosts, { variant: all, credential }, own, files);
    const text = String(request.body);
    const json = request.headers?.['content-type'] === 'application/json';
    return { ...request, body: json ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text)) };
  }

  test('is a form with a User-Agent that no other account has', () => {
    expect(asked({}, [])).toEqual({
      method: 'POST',
      url: 'https://oauth.example/api/submit?raw_json=1',
      headers: {
        authorization: `Bearer ${ACCESS_TOKEN}`,
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        'user-agent': 'server:sendeplan:0.1 (by /u/bakery)',
      },
      body: {
        api_type: 'json',
        kind: 'self',
        sr: 'bread',
        title: 'Bread',
        text: 'Fresh bread',
        nsfw: 'false',
        spoiler: 'false',
        sendreplies: 'true',
        resubmit: 'false',
      },
    });
  });

  test('posts a link as what it is, with the text below', () => {
    const link = 'https://bakery.example/bread';
    expect(asked({ link }).body).toMatchObject({ kind: 'link', url: link, text: 'Fresh bread' });
    expect(asked({ link, text: '' }).body).not.toHaveProperty('text');
  });

  test('says what the options say', () => {
    const own = {
      ...options,
      flairId: 'f-1',
      flairText: 'Rye',
      nsfw: true,
      spoiler: true,
      resubmit: true,
      sendReplies: false,
    };
    expect(asked({ options: own }).body).toMatchObject({
      flair_id: 'f-1',
      flair_text: 'Rye',
      nsfw: 'true',
      spoiler: 'true',
      resubmit: 'true',
      sendreplies: 'false',
    });
  });

  test('names an image by its address, the link within the text', () => {
    const link = 'https://bakery.example/bread';
    expect(asked({ media: [image('loaf')], link }).body).toMatchObject({
      kind: 'image',
      url: assets[0]?.url,
      text: `Fresh bread\n\n${link}`,
    });
  });

  test('names the images of a gallery by their ids', () => {
    const request = asked({ media: [image('loaf'), image('rolls')] });
    expect(request.url).toBe('https://oauth.example/api/submit_gallery_post.json?raw_json=1');
    expect(request.body).toMatchObject({
      sr: 'bread',
      nsfw: false,
      items: [
        { media_id: 'a1', caption: '', outbound_url: '' },
        { media_id: 'a2', caption: '', outbound_url: '' },
      ],
    });
  });

  test('asks a poll for whole days', () => {
    const request = asked({ poll: { options: ['Rye', 'Wheat'], minutes: 2_160 } });
    expect(request.url).toBe('https://oauth.example/api/submit_poll_post?raw_json=1');
    expect(request.body).toMatchObject({ options: ['Rye', 'Wheat'], duration: 2, text: 'Fresh bread' });
  });
});

describe('what became of a post on Reddit', () => {
  const answered = (status: number, json: unknown, headers = {}) =>
    toOutcome({ kind: 'answered', status, headers, text: JSON.stringify(json), json }, DUE_AT);
  const refused = (code: string, words: string, more = {}) =>
    answered(200, { json: { errors: [[code, words, 'field']], ...more } });

  test.each(['abc12', 't3_abc12'])('is its id and address (%s)', (id) => {
    const url = 'https://www.reddit.com/r/bread/comments/abc12/bread/';
    expect(answered(200, { json: { errors: [], data: { id, url } } })).toEqual({
      kind: 'published',
      externalId: 't3_abc12',
      url,
    });
  });

  test('is not known yet of an image, which Reddit has only taken', () => {
    const data = { user_submitted_page: 'https://www.reddit.com/user/x', websocket_url: 'wss://x.example' };
    expect(answered(200, { json: { errors: [], data } })).toBe('taken');
  });

  test.each([
    ['ALREADY_SUB', 'that link has already been submitted', 'duplicate'],
    ['SUBREDDIT_NOEXIST', 'that subreddit doesn’t exist', 'configuration'],
    ['SUBREDDIT_NOTALLOWED', 'you aren’t allowed to post there.', 'configuration'],
    ['SUBMIT_VALIDATION_FLAIR_REQUIRED', 'Your post must contain post flair.', 'configuration'],
    ['NO_SELFS', 'that subreddit doesn’t allow text posts', 'content_refused'],
    ['NO_LINKS', 'that subreddit only allows text posts', 'content_refused'],
    ['DOMAIN_BANNED', 'bakery.example is not allowed on reddit', 'content_refused'],
    ['TOO_LONG', 'this is too long (max: 300)', 'content_refused'],
    ['BAD_CAPTCHA', 'care to try these again?', 'needs_person'],
    ['USER_BLOCKED', 'you can’t send to a user that you have blocked', 'needs_person'],
    ['SOMETHING_NEW', 'a rule of the future', 'content_refused'],
  ])('is a refusal by %s', (code, words, expected) => {
    expect(refused(code, words)).toEqual({
      kind: 'rejected',
      code: expected,
      reason: `HTTP 200: ${code}: ${words}`,
    });
  });

  test.each([
    ['you are doing that too much. try again in 9 minutes.', 10 * MINUTE],
    ['Take a break for 1 minute before trying again.', 2 * MINUTE],
    ['you are doing that too much. try again in 40 seconds.', 41 * SECOND],
    ['try again in 2 hours', 3 * HOUR],
    ['slow down', 10 * MINUTE],
  ])('waits when Reddit says: %s', (words, wait) => {
    expect(refused('RATELIMIT', words)).toEqual({ kind: 'rateLimited', retryAt: DUE_AT + wait });
  });

  test('waits by the number of seconds where there is one', () => {
    const words = 'you are doing that too much. try again in 9 minutes.';
    expect(refused('RATELIMIT', words, { ratelimit: 545.3 })).toEqual({
      kind: 'rateLimited',
      retryAt: DUE_AT + 547 * SECOND,
    });
    expect(refused('QUOTA_FILLED', 'too many links recently. Please try again in an hour.')).toEqual({
      kind: 'rateLimited',
      retryAt: DUE_AT + HOUR,
    });
  });

  test('needs a new login when the token is not taken, or may too little', () => {
    const scope = { 'www-authenticate': 'Bearer realm="reddit", error="insufficient_scope"' };
    expect(refused('USER_REQUIRED', 'please login to do that')).toMatchObject({ kind: 'unauthorized' });
    expect(answered(401, { message: 'Unauthorized', error: 401 })).toMatchObject({ kind: 'unauthorized' });
    expect(answered(403, { message: 'Forbidden' }, scope)).toMatchObject({ kind: 'unauthorized' });
  });

  test('is a matter of configuration when the subreddit is closed to the account', () => {
    expect(answered(403, { reason: 'private', message: 'Forbidden', error: 403 })).toMatchObject({
      kind: 'rejected',
      code: 'configuration',
    });
  });

  test('is unclear after an envelope that says nothing', () => {
    expect(answered(200, { json: { errors: [], data: {} } })).toMatchObject({ kind: 'uncertain' });
    expect(answered(503, { message: 'Service Unavailable' })).toMatchObject({ kind: 'uncertain' });
  });
});
