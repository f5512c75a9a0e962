import { describe, expect, test } from 'vitest';
import { checkContent, withLink } from '../../../shared/channels/check-content.ts';
import { graphemes } from '../../../shared/domain/text-count.ts';
import { anAttachment } from '../../support/media.ts';

const network = {
  name: 'Test',
  limits: { text: 20, unit: 'graphemes' },
  countText: graphemes,
  render: withLink,
} as const;

describe('checkContent', () => {
  test.each([
    [{ text: 'Fresh bread' }, []],
    [{ text: '', link: 'https://a.example' }, []],
    [{ text: '  \n' }, ['text_empty /text']],
    [{ text: 'x'.repeat(20) }, []],
    [{ text: 'x'.repeat(21) }, ['text_too_long /text']],
    [{ text: 'Bread', link: 'https://a.example' }, ['text_too_long /text']],
    [{ text: 'a', media: [anAttachment('m')] }, ['media_unsupported /media']],
    [{ text: 'a', media: [] }, []],
    [{ text: 'a', thread: ['b'] }, ['thread_unsupported /thread']],
    [{ text: 'a', firstComment: 'b' }, ['first_comment_unsupported /firstComment']],
    [{ text: 'a', poll: { options: ['b', 'c'], minutes: 60 } }, ['poll_unsupported /poll']],
  ])('of %j finds %j', (variant, expected) => {
    const found = checkContent(network, variant);
    expect(found.map(({ rule, path }) => `${rule} ${path}`)).toEqual(expected);
    expect(found.every(({ severity }) => severity === 'error')).toBe(true);
  });

  test('tells count, unit and limit of what is too long', () => {
    expect(checkContent(network, { text: 'x'.repeat(21) })[0]?.params).toEqual({
      network: 'Test',
      count: 21,
      unit: 'graphemes',
      limit: 20,
    });
  });
});

describe('withLink', () => {
  test.each([
    [{ text: 'Bread' }, 'Bread'],
    [{ text: 'Bread \n', link: 'https://a.example' }, 'Bread\n\nhttps://a.example'],
    [{ text: '', link: 'https://a.example' }, 'https://a.example'],
    [{ text: 'See https://a.example.', link: 'https://a.example' }, 'See https://a.example.'],
    [
      { text: 'See https://a.example/b', link: 'https://a.example' },
      'See https://a.example/b\n\nhttps://a.example',
    ],
  ])('of %j is %j', (variant, shown) => {
    expect(withLink(variant)).toBe(shown);
  });
});
