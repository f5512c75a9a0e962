import { describe, expect, test } from 'vitest';
import { REFUSALS, toFailure, toRefusal } from '../../../shared/channels/slack/api.ts';
import { toFilesMessage, toMessage } from '../../../shared/channels/slack/message.ts';
import { slack } from '../../../shared/channels/slack.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { SECOND } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../../support/builders.ts';
import { anAttachment } from '../../support/media.ts';

const provider = slack();

describe('what Slack does not take is found, with its path', () => {
  const found = (variant: Variant, facts = {}) =>
    provider.check(variant, facts).map(({ severity, rule, path }) => `${severity} ${rule} ${path}`);
  const media = [anAttachment('a')];
  test.each<[string, Variant, string[]]>([
    ['a text that Slack would cut in two', { text: 'x'.repeat(4_001) }, ['error text_too_long /text']],
    ['a text that just fits, signs of Slack’s own included', { text: `${'x'.repeat(3_999)}&` }, []],
    ['nothing at all', { text: '' }, ['error text_empty /text']],
    ['an image alone', { text: '', media }, []],
    [
      'eleven files',
      { text: '', media: Array.from({ length: 11 }, (_, n) => anAttachment(`${n}`)) },
      ['error media_too_many /media'],
    ],
    [
      'a long alt text',
      { text: '', media: [anAttachment('a', { alt: 'x'.repeat(1_001) })] },
      ['error alt_too_long /media/0/alt'],
    ],
    [
      'alt text of a video',
      { text: '', media: [anAttachment('a', { type: 'video/mp4' })] },
      ['warning alt_unsupported /media/0/alt'],
    ],
    [
      'a huge video',
      { text: '', media: [anAttachment('a', { type: 'video/mp4', bytes: 200_000_001, alt: '' })] },
      ['error media_too_large /media/0'],
    ],
    [
      'documents beside an image',
      {
        text: '',
        media: [...media, ...['b', 'c'].map((n) => anAttachment(n, { type: 'application/pdf', alt: '' }))],
      },
      [],
    ],
    ['a poll', { text: 'a', poll: { options: ['b', 'c'], minutes: 60 } }, ['error poll_unsupported /poll']],
    [
      'a long part of a thread',
      { text: 'a', thread: ['x'.repeat(4_001)] },
      ['error text_too_long /thread/0'],
    ],
    [
      'a long first comment',
      { text: 'a', firstComment: 'x'.repeat(4_001) },
      ['error text_too_long /firstComment'],
    ],
  ])('%s', (_, variant, expected) => {
    expect(found(variant)).toEqual(expected);
  });

  test('files where the app may handle none', () => {
    expect(found({ text: '', media }, { files: false })).toEqual(['error files_not_granted /media']);
    expect(found({ text: '', media }, { files: true })).toEqual([]);
  });

  test.each([['general'], ['#general'], ['c024be91l'], ['']])('a channel like “%s”', (channelId) => {
    expect(provider.credential.safeParse({ accessToken: 'xoxb-1', channelId }).success).toBe(false);
  });
});

test('who may read the channel can look for a post, who may not leaves it to a person', () => {
  expect(provider.safety).toEqual({ kind: 'blind' });
  expect(provider.safetyFor?.({ history: true })).toMatchObject({ kind: 'findable', marked: true });
  expect(provider.safetyFor?.({ history: false })).toEqual({ kind: 'blind' });
  expect(provider.safetyFor?.({})).toEqual({ kind: 'blind' });
});

describe('a message', () => {
  const target = { channelId: 'C1', key: 'dlv_one.0123' };

  test('has Slack’s own signs escaped, and a mark', () => {
    const made = toMessage('<!channel> R&D > 1', {}, target, { part: 0 });
    expect(made).toEqual({
      channel: 'C1',
      text: '&lt;!channel&gt; R&amp;D &gt; 1',
      unfurl_links: true,
      unfurl_media: true,
      metadata: { event_type: 'sendeplan_delivery', event_payload: { key: 'dlv_one.0123', part: 0 } },
    });
  });

  test('of a thread names the thread’s first one', () => {
    const options = { linkPreviews: false, username: 'Bakery', iconUrl: 'https://a.example/a.png' };
    expect(toMessage('a', options, target, { part: 2, after: '1.000001' })).toMatchObject({
      thread_ts: '1.000001',
      unfurl_links: false,
      username: 'Bakery',
      icon_url: 'https://a.example/a.png',
      metadata: { event_payload: { part: 2 } },
    });
  });

  test('with files has the text as their comment', () => {
    expect(toFilesMessage({ text: 'R&D' }, {}, 'C1', ['F1', 'F2'])).toEqual({
      files: [{ id: 'F1' }, { id: 'F2' }],
      channel_id: 'C1',
      initial_comment: 'R&amp;D',
    });
    expect(toFilesMessage({ text: ' ' }, {}, 'C1', ['F1'])).toEqual({
      files: [{ id: 'F1' }],
      channel_id: 'C1',
    });
  });
});

describe('a refusal', () => {
  const refused = (error: string, over: { status?: number; headers?: Record<string, string> } = {}) => {
    const json = { ok: false, error };
    return { kind: 'answered', status: 200, headers: {}, text: JSON.stringify(json), json, ...over } as const;
  };

  test.each([...REFUSALS].map(([error, meant]) => [error, meant] as const))('%s means %o', (error, meant) => {
    const outcome = toRefusal(refused(error), DUE_AT);
    expect(outcome).toMatchObject({ reason: `Slack: ${error}` });
    expect(outcome).toMatchObject(
      typeof meant === 'string' ? { kind: meant } : { kind: 'rejected', ...meant },
    );
  });

  test('passes where Slack says that it is in the midst of a migration', () => {
    for (const error of ['team_added_to_org', 'external_channel_migrating']) {
      expect(toRefusal(refused(error), DUE_AT)).toMatchObject({ kind: 'unavailable' });
    }
  });

  test('is in doubt where Slack says that some of it may have been carried out', () => {
    expect(toRefusal(refused('fatal_error'), DUE_AT).kind).toBe('uncertain');
    expect(toFailure(refused('fatal_error'), DUE_AT).kind).toBe('unavailable');
  });

  test('is one also by a word that is not known', () => {
    expect(toRefusal(refused('brand_new'), DUE_AT)).toMatchObject({ kind: 'rejected', code: 'refused' });
    expect(toRefusal(refused('brand_new', { status: 503 }), DUE_AT).kind).toBe('uncertain');
  });

  test('for too many messages waits as long as Slack says, whatever the status', () => {
    const headers = { 'retry-after': '7' };
    for (const status of [200, 429]) {
      expect(toRefusal(refused('ratelimited', { status, headers }), DUE_AT)).toEqual({
        kind: 'rateLimited',
        retryAt: DUE_AT + 7 * SECOND,
      });
    }
  });

  test('names the scope that is needed', () => {
    const json = { ok: false, error: 'missing_scope', needed: 'files:write' };
    expect(toRefusal({ ...refused(''), json }, DUE_AT)).toEqual({
      kind: 'unauthorized',
      reason: 'Slack: missing_scope, needed is files:write',
    });
  });
});
