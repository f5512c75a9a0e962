import { describe, expect, test } from 'vitest';
import { REFUSALS, toRefusal } from '../../../shared/channels/discord/api.ts';
import { toMessage } from '../../../shared/channels/discord/message.ts';
import { discord, toOutcome } from '../../../shared/channels/discord.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { told } from '../../../shared/domain/metrics.ts';
import { MINUTE } from '../../../shared/domain/time.ts';
import { attempt } from '../../support/attempt.ts';
import { DUE_AT } from '../../support/builders.ts';
import {
  CHANNEL,
  type FakeDiscordOptions,
  fakeDiscord,
  GUILD,
  THREAD,
  WEBHOOK,
  WEBHOOK_URL,
} from '../../support/fake-networks/discord.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

const NOW = DUE_AT + MINUTE;
const credential = { webhookUrl: WEBHOOK_URL };
const account = { id: CHANNEL, handle: 'Bakery', url: `https://discord.com/channels/${GUILD}/${CHANNEL}` };
const who = { credential, account, facts: { guildId: GUILD } };
const provider = discord();
const poll = { question: 'Rye or wheat?', options: ['Rye', 'Wheat'], minutes: 60 };

async function world(variant: Variant, over: FakeDiscordOptions = {}) {
  const network = await fakeDiscord(over);
  const bound = discord(network.url);
  const channel = { id: 'chn_one', account, facts: who.facts };
  const run = async () => {
    const request = aPublishRequest(credential, { variant, channel });
    return (await attempt(bound, request, providerContext())).outcome;
  };
  return { network, provider: bound, run, [Symbol.asyncDispose]: network.close };
}

describe('what Discord does not take is found, with its path', () => {
  const found = (variant: Variant) =>
    provider.check(variant, {}).map(({ severity, rule, path }) => `${severity} ${rule} ${path}`);
  const large = (name: string) => anAttachment(name, { bytes: 9_000_000 });
  test.each<[string, Variant, string[]]>([
    ['a long text', { text: 'x'.repeat(2_001) }, ['error text_too_long /text']],
    ['nothing at all', { text: '' }, ['error text_empty /text']],
    [
      'documents beside an image',
      { text: '', media: [anAttachment('a'), anAttachment('b', { type: 'application/pdf' })] },
      [],
    ],
    ['an embed alone', { text: '', options: { embeds: [{ title: 'a' }] } }, []],
    ['a poll alone', { text: '', poll }, []],
    [
      'a poll of a day and a half hour',
      { text: '', poll: { ...poll, minutes: 1_470 } },
      ['warning poll_whole_hours /poll/minutes'],
    ],
    [
      'a poll of half an hour',
      { text: '', poll: { ...poll, minutes: 30 } },
      ['error poll_minutes /poll/minutes', 'warning poll_whole_hours /poll/minutes'],
    ],
    [
      'a long answer',
      { text: '', poll: { ...poll, options: ['x'.repeat(56), 'b'] } },
      ['error text_too_long /poll/options/0'],
    ],
    [
      'a large file',
      { text: '', media: [anAttachment('a', { bytes: 11_000_000 })] },
      ['error media_too_large /media/0'],
    ],
    [
      'much together',
      { text: '', media: ['a', 'b', 'c'].map(large) },
      ['error media_too_large_together /media'],
    ],
    [
      'an image without alt text',
      { text: '', media: [anAttachment('a', { alt: '' })] },
      ['warning alt_missing /media/0/alt'],
    ],
    [
      'a long alt text',
      { text: '', media: [anAttachment('a', { alt: 'x'.repeat(1_025) })] },
      ['error alt_too_long /media/0/alt'],
    ],
    ['a mention that nobody hears', { text: 'Hello @everyone' }, ['warning mentions_off /text']],
    ['a mention that is meant', { text: 'Hello <@&42>', options: { mentions: ['roles'] } }, []],
    ['a mention that is not meant', { text: 'Hello @here', options: { mentions: [] } }, []],
    [
      'two threads at once',
      { text: 'a', options: { threadId: THREAD, threadName: 'b' } },
      ['error option_invalid /options/threadName'],
    ],
    ['a thread', { text: 'a', thread: ['b'] }, ['error thread_unsupported /thread']],
    ['a first comment', { text: 'a', firstComment: 'b' }, ['error first_comment_unsupported /firstComment']],
  ])('%s', (_, variant, expected) => {
    expect(found(variant)).toEqual(expected);
  });

  test.each([
    [{ username: 'Discord news' }],
    [{ tagIds: ['1', '2', '3', '4', '5', '6'] }],
    [{ embeds: [{ color: 'red' }] }],
    [{ embeds: [{ description: 'x'.repeat(4_000) }, { description: 'x'.repeat(2_001) }] }],
  ])('options like %o', (options) => {
    expect(provider.options.safeParse(options).success).toBe(false);
  });

  test.each([
    ['https://discord.example/api/webhooks/1/abc'],
    ['http://discord.com/api/webhooks/1/abc'],
    ['https://discord.com/api/webhooks/1/abc/slack'],
    ['https://discord.com/api/webhooks/abc'],
  ])('an address like %s', (webhookUrl) => {
    expect(provider.credential.safeParse({ webhookUrl }).success).toBe(false);
  });
});

describe('a message', () => {
  test('wakes nobody unless that is asked for', () => {
    expect(toMessage({ text: '@everyone' }, {}, [])).toEqual({
      content: '@everyone',
      allowed_mentions: { parse: [] },
    });
    expect(toMessage({ text: '@everyone' }, { mentions: ['everyone'] }, [])).toMatchObject({
      allowed_mentions: { parse: ['everyone'] },
    });
  });

  test('has its embeds, its flags and its sender as Discord calls them', () => {
    const embeds = [{ title: 'a', color: '#5865f2', imageUrl: 'https://a.example/a.png', footer: 'b' }];
    const options = { embeds, silent: true, noPreviews: true, username: 'Bakery', tagIds: ['7'] };
    expect(toMessage({ text: 'a', link: 'https://a.example' }, options, [])).toEqual({
      content: 'a\n\nhttps://a.example',
      allowed_mentions: { parse: [] },
      embeds: [
        { title: 'a', color: 0x5865f2, image: { url: 'https://a.example/a.png' }, footer: { text: 'b' } },
      ],
      username: 'Bakery',
      applied_tags: ['7'],
      flags: 4_100,
    });
  });

  test('with a poll closes it after whole hours', () => {
    expect(toMessage({ text: '', poll: { ...poll, minutes: 61 } }, {}, [])).toMatchObject({
      poll: { question: { text: 'Rye or wheat?' }, duration: 2, allow_multiselect: false },
    });
  });

  test('brings its files in one form, each with its alt text', async () => {
    await using own = await world({
      text: '',
      media: [
        anAttachment('loaf'),
        { ...anAttachment('menu', { type: 'video/mp4', alt: '' }), fileName: 'menu' },
      ],
    });
    expect((await own.run()).kind).toBe('published');
    const [message] = own.network.messages.values();
    expect(message?.files).toEqual({ 'files[0]': 300_000, 'files[1]': 300_000 });
    expect(message?.body.attachments).toEqual([
      { id: '0', filename: 'loaf.jpeg', description: 'What is to be seen on loaf' },
      { id: '1', filename: 'menu.mp4' },
    ]);
    const [sent] = own.network.requests;
    expect(sent?.headers['content-length']).toBe(String(sent?.bytes.length));
  });
});

describe('where a message stands', () => {
  test('is told by server, channel and its id', async () => {
    await using own = await world({ text: 'a' });
    const [id] = [await own.run()].flatMap((outcome) => (outcome.kind === 'published' ? [outcome] : []));
    expect(id?.externalId).toMatch(new RegExp(`^${CHANNEL}/\\d+$`));
    expect(id?.url).toBe(`https://discord.com/channels/${GUILD}/${id?.externalId}`);
  });

  test('may be a thread, in which it is measured and removed, too', async () => {
    await using own = await world({ text: 'a', options: { threadId: THREAD } });
    expect(await own.run()).toMatchObject({ externalId: expect.stringMatching(`^${THREAD}/`) });
    const [externalId = ''] = own.network.published();
    const metrics = await own.provider.metrics?.fetch(
      { ...who, externalIds: [externalId] },
      providerContext(),
    );
    expect(metrics).toEqual(new Map([[externalId, told({ reactions: 5 })]]));
    expect(await own.provider.remove?.({ ...who, externalId }, providerContext())).toEqual({
      kind: 'removed',
    });
  });

  test('in a forum is a thread of its own', async () => {
    await using own = await world({ text: 'a', options: { threadName: 'Fresh bread' } }, { forum: true });
    expect((await own.run()).kind).toBe('published');
    const [externalId = ''] = own.network.published();
    expect(externalId.startsWith(CHANNEL)).toBe(false);
  });

  test('must be said in a forum', async () => {
    await using own = await world({ text: 'a' }, { forum: true });
    expect(await own.run()).toMatchObject({ kind: 'rejected', code: 'configuration' });
  });
});

describe('a refusal', () => {
  const refused = (status: number, json: object) =>
    ({ kind: 'answered', status, headers: {}, text: JSON.stringify(json), json }) as const;

  test.each(Object.entries(REFUSALS))('with code %s means %s', (code, expected) => {
    const answer = refused(400, { code: Number(code), message: 'No' });
    const outcome = toRefusal(answer, NOW);
    expect(outcome.kind === 'rejected' ? outcome.code : outcome.kind).toBe(expected);
    expect(outcome).toMatchObject({ reason: 'HTTP 400: No' });
  });

  test('for too many messages waits to the millisecond that Discord says', () => {
    const body = { message: 'You are being rate limited.', retry_after: 1.3371, global: false, code: 20_028 };
    expect(toRefusal(refused(429, body), NOW)).toEqual({ kind: 'rateLimited', retryAt: NOW + 1_338 });
  });

  test('of a kind that is not known keeps its number', () => {
    expect(toRefusal(refused(400, { code: 1, message: 'No' }), NOW)).toMatchObject({ code: 'http_400' });
    expect(toRefusal(refused(413, { message: 'No' }), NOW)).toMatchObject({ code: 'media_refused' });
    expect(toRefusal(refused(503, { code: 130_000, message: 'Overloaded' }), NOW).kind).toBe('uncertain');
  });

  test('is no success without an id', () => {
    const answer = { kind: 'answered', status: 204, headers: {}, text: '', json: undefined } as const;
    expect(toOutcome(answer, { facts: {} }, NOW).kind).toBe('uncertain');
  });
});

describe('connecting', () => {
  test('tells the channel, so that another webhook for it may follow', async () => {
    await using own = await world({ text: 'a' });
    const verified = await own.provider.verify(credential, providerContext());
    expect(verified).toEqual({ kind: 'verified', account, facts: { guildId: GUILD } });
    expect(JSON.stringify(verified)).not.toContain(WEBHOOK.token);
  });

  test('is refused for a webhook that only brings what another server writes', async () => {
    await using own = await world({ text: 'a' }, { type: 2 });
    expect((await own.provider.verify(credential, providerContext())).kind).toBe('refused');
  });
});

test('while a thread is gone, its messages are, too', async () => {
  await using own = await world({ text: 'a' });
  own.network.fault({ kind: 'answer', status: 404, body: { code: 10_003, message: 'Unknown Channel' } });
  const externalIds = [`${THREAD}/1`];
  const metrics = await own.provider.metrics?.fetch({ ...who, externalIds }, providerContext());
  expect(metrics).toEqual(new Map([[`${THREAD}/1`, 'removed']]));
  expect(await own.provider.metrics?.followers(who, providerContext())).toBeNull();
});
