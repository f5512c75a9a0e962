import { describe, expect, test } from 'vitest';
import { checkContent, withLink } from '../../../shared/channels/check-content.ts';
import type { Limits } from '../../../shared/channels/provider.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { graphemes } from '../../../shared/domain/text-count.ts';
import { anAttachment } from '../../support/media.ts';

const LIMITS: Limits = {
  text: 10,
  unit: 'graphemes',
  thread: 3,
  firstComment: 8,
  poll: { options: 3, optionText: 5, minutes: [5, 1_440] },
  media: { least: 0, most: 1, alt: 100, image: { types: ['image/jpeg'], maxBytes: 1_000_000 } },
};

function check(
  variant: Partial<Variant>,
  over: Partial<Limits> = {},
  countText: typeof graphemes = graphemes,
) {
  const rules = { name: 'Test', limits: { ...LIMITS, ...over }, countText, render: withLink };
  return checkContent(rules, { text: 'Bread', ...variant });
}
const said = (...given: Parameters<typeof check>): string[] =>
  check(...given).map(({ rule, path }) => `${rule} ${path}`);

describe('a thread', () => {
  test.each<[string[], string[]]>([
    [[], []],
    [['b', 'c', 'd'], []],
    [['b', 'c', 'd', 'e'], ['too_long /thread']],
    [['x'.repeat(10), 'y'.repeat(11)], ['text_too_long /thread/1']],
    [['b', ' \n'], ['text_empty /thread/1']],
    [['🥖'.repeat(10)], []],
  ])('of %j: %j', (thread, expected) => {
    expect(said({ thread })).toEqual(expected);
  });

  test('is counted by the network’s own rule, and not at all where there is no limit', () => {
    expect(said({ thread: ['abcdef'] }, {}, (text) => text.length * 2)).toEqual(['text_too_long /thread/0']);
    expect(said({ thread: ['x'.repeat(999)] }, { text: null })).toEqual([]);
  });
});

describe('a first comment', () => {
  test.each([
    ['x'.repeat(8), []],
    ['x'.repeat(9), ['text_too_long /firstComment']],
    [' ', ['text_empty /firstComment']],
  ])('%j: %j', (firstComment, expected) => {
    expect(said({ firstComment })).toEqual(expected);
  });

  test('has a limit of its own, longer than the text’s where it may be', () => {
    expect(said({ firstComment: 'x'.repeat(50) }, { firstComment: 50 })).toEqual([]);
    expect(check({ firstComment: 'x'.repeat(9) })[0]?.params).toMatchObject({ count: 9, limit: 8 });
  });
});

describe('a poll', () => {
  const poll = (over: Partial<NonNullable<Variant['poll']>> = {}) => ({
    options: ['Rye', 'Oat'],
    minutes: 60,
    ...over,
  });
  const withPoll = (over: Partial<NonNullable<Limits['poll']>>): Partial<Limits> => ({
    poll: { options: 3, optionText: 5, minutes: [5, 1_440], ...over },
  });
  test.each<[string, Partial<NonNullable<Variant['poll']>>, string[]]>([
    ['as it may be', {}, []],
    ['with as many answers as may be', { options: ['a', 'b', 'c'] }, []],
    ['with one too many', { options: ['a', 'b', 'c', 'd'] }, ['too_long /poll/options']],
    ['with answers as long as may be', { options: ['abcde', '🥖🥖🥖🥖🥖'] }, []],
    ['with a longer one', { options: ['abcde', 'abcdef'] }, ['text_too_long /poll/options/1']],
    ['with the same answer twice', { options: ['a', 'b', 'a'] }, ['poll_option_twice /poll/options/2']],
    ['with the same twice but for a space', { options: ['a', ' a'] }, ['poll_option_twice /poll/options/1']],
    ['with an answer of spaces', { options: ['a', ' \n'] }, ['text_empty /poll/options/1']],
    ['as short as may be', { minutes: 5 }, []],
    ['shorter', { minutes: 4 }, ['poll_minutes /poll/minutes']],
    ['as long as may be', { minutes: 1_440 }, []],
    ['longer', { minutes: 1_441 }, ['poll_minutes /poll/minutes']],
    [
      'with a question that the text must ask',
      { question: 'Which?' },
      ['poll_question_unsupported /poll/question'],
    ],
  ])('%s', (_name, over, expected) => {
    expect(said({ poll: poll(over) })).toEqual(expected);
  });

  test('has a question of its own where the network wants one', () => {
    const limits = withPoll({ question: 6 });
    expect(said({ poll: poll({ question: 'Which?' }) }, limits)).toEqual([]);
    expect(said({ poll: poll({ question: 'Which??' }) }, limits)).toEqual(['too_long /poll/question']);
    expect(said({ poll: poll() }, limits)).toEqual(['poll_question_required /poll/question']);
    expect(said({ poll: poll({ question: ' ' }) }, limits)).toEqual([
      'poll_question_required /poll/question',
    ]);
  });

  test('stands beside media only where that is said', () => {
    const media = [anAttachment('a')];
    expect(said({ media, poll: poll() })).toEqual(['poll_with_media /poll']);
    expect(said({ media, poll: poll() }, withPoll({ withMedia: true }))).toEqual([]);
    expect(said({ media: [], poll: poll() })).toEqual([]);
  });

  test('counts its answers by characters, whatever the text is counted by', () => {
    const [found] = check({ poll: poll({ options: ['a', 'abcdef'] }) }, {}, (text) => text.length);
    expect(found?.params).toEqual({ network: 'Test', count: 6, unit: 'characters', limit: 5 });
  });
});

test('everything that is wrong is found at once, each at its place', () => {
  const found = said({
    text: 'x'.repeat(11),
    thread: ['x'.repeat(11)],
    firstComment: 'x'.repeat(9),
    poll: { options: ['a', 'a'], minutes: 1 },
    media: [anAttachment('a', { type: 'image/gif' }), anAttachment('b')],
  });
  expect(found).toEqual([
    'text_too_long /text',
    'media_too_many /media',
    'media_type /media/0',
    'text_too_long /thread/0',
    'text_too_long /firstComment',
    'poll_option_twice /poll/options/1',
    'poll_minutes /poll/minutes',
    'poll_with_media /poll',
  ]);
});
