import { describe, expect, test } from 'vitest';
import { REFUSALS, toRefusal } from '../../../shared/channels/telegram/api.ts';
import { toMessage } from '../../../shared/channels/telegram/message.ts';
import { toOutcome } from '../../../shared/channels/telegram/steps.ts';
import { telegram } from '../../../shared/channels/telegram.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { SECOND } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../../support/builders.ts';
import { anAttachment } from '../../support/media.ts';

const provider = telegram();
const image = (name: string, shape: Parameters<typeof anAttachment>[1] = {}) =>
  anAttachment(name, { alt: '', ...shape });
const found = (variant: Variant) =>
  provider.check(variant, {}).map(({ severity, rule, path }) => `${severity} ${rule} ${path}`);
const poll = { question: 'Rye or wheat?', options: ['Rye', 'Wheat'], minutes: 60 };

describe('what Telegram does not take is found, with its path', () => {
  const long = (count: number) => 'x'.repeat(count);
  test.each<[string, Variant, string[]]>([
    ['a long text', { text: long(4_097) }, ['error text_too_long /text']],
    ['a long caption', { text: long(1_025), media: [image('a')] }, ['error text_too_long /text']],
    ['a long text with a poll', { text: long(1_025), poll }, ['error text_too_long /text']],
    ['a very long text with a poll', { text: long(4_097), poll }, ['error text_too_long /text']],
    ['nothing at all', { text: ' ' }, ['error text_empty /text']],
    ['a poll without text', { text: '', poll }, []],
    [
      'a poll without a question',
      { text: 'a', poll: { ...poll, question: undefined } as never },
      ['error poll_question_required /poll/question'],
    ],
    ['a poll with media', { text: 'a', poll, media: [image('a')] }, ['error poll_with_media /poll']],
    [
      'eleven photos',
      { text: '', media: Array.from({ length: 11 }, (_, n) => image(`${n}`)) },
      ['error media_too_many /media'],
    ],
    [
      'a photo of 11 MB',
      { text: '', media: [image('a', { bytes: 11_000_000 })] },
      ['error media_too_large /media/0'],
    ],
    [
      'a photo too wide and high',
      { text: '', media: [image('a', { width: 6_000, height: 5_000 })] },
      ['error media_too_large /media/0'],
    ],
    [
      'a strip',
      { text: '', media: [image('a', { width: 4_200, height: 200 })] },
      ['error media_ratio /media/0'],
    ],
    [
      'a video that apps do not play',
      { text: '', media: [image('a', { type: 'video/webm' })] },
      ['error media_type /media/0'],
    ],
    [
      'an animation in an album',
      { text: '', media: [image('a', { type: 'image/gif' }), image('b')] },
      ['error media_type /media/0'],
    ],
    [
      'a document beside a photo',
      { text: '', media: [image('a', { type: 'application/pdf' }), image('b')] },
      ['error media_mixed /media'],
    ],
    [
      'too much together',
      { text: '', media: ['a', 'b'].map((n) => image(n, { type: 'video/mp4', bytes: 30_000_000 })) },
      ['error media_too_large_together /media'],
    ],
    ['alt text', { text: '', media: [anAttachment('a')] }, ['warning alt_unsupported /media/0/alt']],
    ['a first comment', { text: 'a', firstComment: 'b' }, ['error first_comment_unsupported /firstComment']],
    ['a blank part below a poll', { text: '', poll, thread: [' '] }, ['error text_empty /thread/0']],
    ['a long part of a thread', { text: 'a', thread: ['b', long(4_097)] }, ['error text_too_long /thread/1']],
    [
      'an entity behind the end',
      { text: 'abc', options: { entities: [{ type: 'bold', offset: 1, length: 3 }] } },
      ['error option_invalid /options/entities/0'],
    ],
    [
      'an entity to the end',
      { text: 'abc', options: { entities: [{ type: 'bold', offset: 1, length: 2 }] } },
      [],
    ],
  ])('%s', (_, variant, expected) => {
    expect(found(variant)).toEqual(expected);
  });
});

test('characters are UTF-16 units, and a link stands below the text', () => {
  expect(provider.countText('🥖')).toBe(2);
  expect(provider.render({ text: 'Bread', link: 'https://a.example/b' })).toBe(
    'Bread\n\nhttps://a.example/b',
  );
});

test('an address of a link belongs to a text_link alone', () => {
  const entity = (over: object) => ({ entities: [{ offset: 0, length: 1, ...over }] });
  expect(provider.options.safeParse(entity({ type: 'text_link' })).success).toBe(false);
  expect(provider.options.safeParse(entity({ type: 'bold', url: 'https://a.example' })).success).toBe(false);
  expect(provider.options.safeParse(entity({ type: 'text_link', url: 'https://a.example' })).success).toBe(
    true,
  );
});

describe('a message', () => {
  const entities = [{ type: 'bold' as const, offset: 0, length: 5 }];
  const photo = { kind: 'photo' as const, media: 'https://media.example/a' };

  test('of text has entities and a preview of its link', () => {
    const variant = { text: 'Bread', link: 'https://a.example/b' };
    const options = { entities, linkPreview: 'small', previewAbove: true, silent: true, topicId: 7 } as const;
    expect(toMessage(variant, options, -100, [])).toEqual({
      method: 'sendMessage',
      fields: {
        chat_id: -100,
        disable_notification: true,
        message_thread_id: 7,
        text: 'Bread\n\nhttps://a.example/b',
        entities,
        link_preview_options: { url: 'https://a.example/b', prefer_small_media: true, show_above_text: true },
      },
    });
  });

  test('may go without a preview', () => {
    const { fields } = toMessage({ text: 'See https://a.example' }, { linkPreview: 'none' }, -100, []);
    expect(fields.link_preview_options).toEqual({ is_disabled: true });
    expect(toMessage({ text: 'No link' }, {}, -100, []).fields).toEqual({ chat_id: -100, text: 'No link' });
  });

  test('with one file is of its kind, and a text is its caption', () => {
    const one = toMessage({ text: 'Bread' }, { entities, mediaSpoiler: true }, -100, [photo]);
    expect(one).toEqual({
      method: 'sendPhoto',
      fields: {
        chat_id: -100,
        caption: 'Bread',
        caption_entities: entities,
        has_spoiler: true,
        photo: 'https://media.example/a',
      },
    });
    const methods = (['video', 'animation', 'document'] as const).map(
      (kind) => toMessage({ text: '' }, {}, -100, [{ ...photo, kind }]).method,
    );
    expect(methods).toEqual(['sendVideo', 'sendAnimation', 'sendDocument']);
  });

  test('with several files is an album with the caption on the first', () => {
    const video = {
      kind: 'video',
      media: 'attach://file-1',
      width: 640,
      height: 360,
      durationMs: 9_600,
    } as const;
    const { method, fields } = toMessage({ text: 'Bread' }, {}, -100, [photo, video]);
    expect(method).toBe('sendMediaGroup');
    expect(fields.media).toEqual([
      { type: 'photo', media: 'https://media.example/a', caption: 'Bread' },
      {
        type: 'video',
        media: 'attach://file-1',
        supports_streaming: true,
        width: 640,
        height: 360,
        duration: 10,
      },
    ]);
  });

  test('with a poll describes it by the text, and closes it in time', () => {
    const { method, fields } = toMessage({ text: 'You decide.', poll }, { multipleAnswers: true }, -100, []);
    expect(method).toBe('sendPoll');
    expect(fields).toEqual({
      chat_id: -100,
      question: 'Rye or wheat?',
      options: [{ text: 'Rye' }, { text: 'Wheat' }],
      open_period: 3_600,
      allows_multiple_answers: true,
      description: 'You decide.',
    });
  });
});

describe('a refusal', () => {
  const refused = (code: number, description: string, parameters?: object) => {
    const json = { ok: false, error_code: code, description, ...(parameters ? { parameters } : {}) };
    return { kind: 'answered', status: code, headers: {}, text: JSON.stringify(json), json } as const;
  };
  const kindOf = (code: number, description: string): string => {
    const outcome = toRefusal(refused(code, description), DUE_AT);
    return outcome.kind === 'rejected' ? outcome.code : outcome.kind;
  };

  const ROWS: readonly [code: number, description: string, meant: string][] = [
    [401, 'Unauthorized', 'unauthorized'],
    [404, 'Not Found', 'unauthorized'],
    [403, 'Forbidden: bot was kicked from the channel chat', 'unauthorized'],
    [403, 'Forbidden: bot is not a member of the channel chat', 'unauthorized'],
    [400, 'Bad Request: chat not found', 'unauthorized'],
    [400, 'Bad Request: need administrator rights in the channel chat', 'unauthorized'],
    [400, 'Bad Request: not enough rights to send text messages to the chat', 'unauthorized'],
    [400, 'Bad Request: CHAT_WRITE_FORBIDDEN', 'unauthorized'],
    [400, 'Bad Request: group chat was upgraded to a supergroup chat', 'unauthorized'],
    [400, 'Bad Request: not enough rights to send photos to the chat', 'needs_person'],
    [400, 'Bad Request: CHAT_SEND_VIDEOS_FORBIDDEN', 'needs_person'],
    [400, "Bad Request: message can't be deleted", 'needs_person'],
    [400, 'Bad Request: message is too long', 'content_refused'],
    [400, 'Bad Request: message caption is too long', 'content_refused'],
    [400, 'Bad Request: message text is empty', 'content_refused'],
    [400, "Bad Request: can't parse entities: unsupported start tag", 'content_refused'],
    [400, 'Bad Request: POLL_OPTIONS_INVALID', 'content_refused'],
    [400, 'Bad Request: wrong file identifier/HTTP URL specified', 'media_refused'],
    [400, 'Bad Request: WEBPAGE_CURL_FAILED', 'media_refused'],
    [400, 'Bad Request: PHOTO_INVALID_DIMENSIONS', 'media_refused'],
    [400, 'Bad Request: IMAGE_PROCESS_FAILED', 'media_refused'],
    [413, 'Request Entity Too Large', 'media_refused'],
    [400, 'Bad Request: message thread not found', 'configuration'],
    [400, 'Bad Request: something new', 'http_400'],
    [500, 'Internal Server Error', 'uncertain'],
    [502, 'Bad Gateway', 'uncertain'],
  ];
  test.each(ROWS)('%i %s means %s', (code, description, expected) => {
    expect(kindOf(code, description)).toBe(expected);
  });

  test('finds every row of the table by one of these', () => {
    const first = ROWS.map(([, words]) => REFUSALS.findIndex((row) => row.words.test(words)));
    expect([...REFUSALS.keys()].filter((row) => !first.includes(row))).toEqual([]);
  });

  test('for too many messages waits as long as Telegram says', () => {
    const answer = refused(429, 'Too Many Requests: retry after 17', { retry_after: 17 });
    expect(toRefusal(answer, DUE_AT)).toEqual({ kind: 'rateLimited', retryAt: DUE_AT + 17 * SECOND });
  });

  test('tells Telegram’s own words', () => {
    expect(toRefusal(refused(400, 'Bad Request: message is too long'), DUE_AT)).toMatchObject({
      reason: 'HTTP 400: Bad Request: message is too long',
    });
  });

  test('by somebody on the way is not taken for Telegram’s', () => {
    const answer = { kind: 'answered', status: 404, headers: {}, text: 'no', json: undefined } as const;
    expect(toRefusal(answer, DUE_AT)).toMatchObject({ kind: 'rejected', code: 'http_404' });
  });
});

test('a video that Telegram shows later has no number, so nobody can tell', () => {
  const json = { ok: true, result: { message_id: 0 } };
  const answer = { kind: 'answered', status: 200, headers: {}, text: '', json } as const;
  const account = { id: '-100', url: 'https://t.me/bakery' };
  expect(toOutcome(answer, account, DUE_AT).kind).toBe('uncertain');
});
