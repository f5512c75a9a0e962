import { describe, expect, test } from 'vitest';
import type { StatusEntity } from '../../../shared/channels/mastodon/api.ts';
import { findAmong, type Wanted } from '../../../shared/channels/mastodon/find.ts';
import { MINUTE, SECOND } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../../support/builders.ts';

describe('looking for a delivery', () => {
  const status = (over: Partial<StatusEntity> = {}): StatusEntity => ({
    id: '7',
    uri: 'https://social.example/users/bakery/statuses/7',
    url: 'https://social.example/@bakery/7',
    created_at: new Date(DUE_AT + SECOND).toISOString(),
    content: '<p>Bread &amp; rolls</p>',
    spoiler_text: '',
    ...over,
  });
  const look = (statuses: readonly StatusEntity[], over: Partial<Wanted> = {}) => {
    const wanted = { text: 'Bread & rolls', spoiler: '', media: 0, inReplyTo: null, since: DUE_AT };
    const seen = findAmong(statuses, { ...wanted, excluding: new Set(), ...over });
    return seen.kind === 'seen' ? seen.status.id : seen.kind;
  };
  const others = (count: number) => Array.from({ length: count }, () => status({ content: '<p>Other</p>' }));

  test('finds its text, written since', () => {
    expect(look([...others(3), status()])).toBe('7');
  });

  test('takes the oldest of two that no delivery owns', () => {
    expect(look([status({ id: '8' }), status()])).toBe('7');
    expect(look([status({ id: '8' }), status()], { excluding: new Set(['7']) })).toBe('8');
  });

  test.each<[string, Partial<StatusEntity>, Partial<Wanted>]>([
    ['is older', { created_at: new Date(DUE_AT - 2 * MINUTE).toISOString() }, {}],
    ['is owned', {}, { excluding: new Set(['7']) }],
    ['has another text', { content: '<p>Bread &amp; roll</p>' }, {}],
    ['stands behind another warning', {}, { spoiler: 'Food' }],
    ['answers to something', { in_reply_to_id: '3' }, {}],
    ['answers to something else', { in_reply_to_id: '3' }, { inReplyTo: '4' }],
    ['shows something', { media_attachments: [{}] }, {}],
    ['shows nothing', { media_attachments: [] }, { media: 1 }],
  ])('does not take one for another that %s', (_what, is, wanted) => {
    expect(look([status(is)], wanted)).toBe('absent');
  });

  test('takes the word of a server that does not tell of replies and files', () => {
    expect(look([status()], { media: 2 })).toBe('7');
    expect(look([status({ in_reply_to_id: '3', media_attachments: [] })], { inReplyTo: '3' })).toBe('7');
  });

  test('allows for a clock that is a little behind', () => {
    expect(look([status({ created_at: new Date(DUE_AT - 30 * SECOND).toISOString() })])).toBe('7');
  });

  test('cannot tell when a full page of newer statuses may hide it', () => {
    expect(look(others(39))).toBe('absent');
    expect(look(others(40))).toBe('cannotTell');
  });
});
