import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../shared/channels/provider.ts';
import { telegram } from '../../../shared/channels/telegram.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { MINUTE, SECOND } from '../../../shared/domain/time.ts';
import { attempt } from '../../support/attempt.ts';
import { DUE_AT } from '../../support/builders.ts';
import {
  BOT_TOKEN,
  CHAT,
  type FakeTelegramOptions,
  fakeTelegram,
} from '../../support/fake-networks/telegram.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

const NOW = DUE_AT + MINUTE;
const credential = { botToken: BOT_TOKEN, chatId: '@bakery_news' };
const account = { id: String(CHAT.id), handle: '@bakery_news', url: 'https://t.me/bakery_news' };
const who = { credential, account, facts: {} };
const image = (name: string, bytes = 300_000) => anAttachment(name, { alt: '', bytes });

async function world(variant: Variant, over: FakeTelegramOptions = {}) {
  const network = await fakeTelegram(over);
  const provider = telegram(network.url);
  const request = aPublishRequest(credential, { variant, channel: { id: 'chn_one', account, facts: {} } });
  const step = (handle: string) =>
    provider.poll?.({ ...request, delivery: { ...request.delivery, handle } }, providerContext());
  const run = () => attempt(provider, request, providerContext());
  return { network, provider, request, step, run, [Symbol.asyncDispose]: network.close };
}

const handleIn = (outcome: Outcome | undefined): string =>
  outcome?.kind === 'pending' ? outcome.handle : expect.fail(JSON.stringify(outcome));

describe('a file', () => {
  test('small enough is fetched by Telegram, at the chat’s number', async () => {
    await using own = await world({ text: 'Bread', media: [image('loaf')] });
    expect((await own.run()).outcome).toEqual({
      kind: 'published',
      externalId: `${CHAT.id}/101`,
      url: 'https://t.me/bakery_news/101',
    });
    const [message] = own.network.messages.values();
    expect(message?.fields).toMatchObject({ chat_id: CHAT.id, photo: expect.stringMatching(/^https:/) });
  });

  test('goes in a form when it is large', async () => {
    await using own = await world({
      text: 'The oven',
      media: [anAttachment('oven', { type: 'video/mp4', bytes: 21_000_000, alt: '' })],
    });
    expect((await own.run()).outcome.kind).toBe('published');
    const [sent] = own.network.requests;
    expect(sent?.headers['content-length']).toBe(String(sent?.bytes.length));
    expect(sent?.body.slice(0, 5_000)).toContain('name="video"; filename="oven.mp4"');
  });

  test('goes in a form where its address is not one of the internet', async () => {
    await using own = await world({ text: 'Bread', media: [image('loaf')] });
    const context = providerContext();
    const media = { ...context.media, url: async () => 'http://127.0.0.1:9/loaf' };
    expect((await own.provider.publish(own.request, { ...context, media })).kind).toBe('published');
    expect(own.network.requests[0]?.headers['content-type']).toContain('multipart/form-data');
  });

  test('goes in a form in the next step when Telegram could not fetch it', async () => {
    await using own = await world({ text: 'Bread', media: [image('loaf')] }, { unfetchable: true });
    const context = providerContext();
    const handle = handleIn(await own.provider.publish(own.request, context));
    expect(context.sends).toHaveLength(1);
    expect(own.network.published()).toEqual([]);
    expect((await own.step(handle))?.kind).toBe('published');
    expect(own.network.messages.size).toBe(1);
  });

  test('that does not fit is refused before anything is sent', async () => {
    await using own = await world({ text: 'Bread', media: [image('loaf', 11_000_000)] });
    const { outcome } = await own.run();
    expect(outcome).toMatchObject({ kind: 'rejected', code: 'media_refused' });
    expect(own.network.requests).toEqual([]);
  });
});

describe('an album', () => {
  const album = { text: 'Bread', media: [image('a'), image('b', 6_000_000), image('c')] };

  test('is one post, of which the further files are parts', async () => {
    await using own = await world(album);
    expect((await own.run()).outcome).toMatchObject({ externalId: `${CHAT.id}/101`, parts: ['102', '103'] });
    const captions = [...own.network.messages.values()].map(({ fields }) => (fields.media as object[])[0]);
    expect(captions[0]).toMatchObject({ caption: 'Bread' });
  });

  test('always goes in a form, so that no file of it is missing when it is sent', async () => {
    await using own = await world(album, { unfetchable: true });
    expect((await own.run()).outcome.kind).toBe('published');
    expect(own.network.requests).toHaveLength(1);
  });

  test('of which Telegram refuses one file is in doubt: others may be out', async () => {
    await using own = await world(album);
    const description =
      'Bad Request: failed to send message #2 with the error message "PHOTO_INVALID_DIMENSIONS"';
    own.network.fault({ kind: 'answer', status: 400, body: { ok: false, error_code: 400, description } });
    expect((await own.run()).outcome.kind).toBe('uncertain');
  });
});

describe('a thread', () => {
  const thread = { text: 'One', thread: ['Two', 'Three'] };

  test('is a chain of answers, the root told as soon as it is out', async () => {
    await using own = await world({ ...thread, options: { silent: true } });
    const first = await own.provider.publish(own.request, providerContext());
    expect(first).toMatchObject({
      out: { externalId: `${CHAT.id}/101`, url: `${account.url}/101` },
      checkAt: NOW,
    });
    const second = await own.step(handleIn(first));
    expect(await own.step(handleIn(second))).toEqual({
      kind: 'published',
      externalId: `${CHAT.id}/101`,
      url: `${account.url}/101`,
      parts: ['102', '103'],
    });
    const messages = [...own.network.messages.values()];
    expect(messages.map(({ replyTo }) => replyTo)).toEqual([undefined, 101, 102]);
    expect(messages.map(({ fields }) => fields.text)).toEqual(['One', 'Two', 'Three']);
    expect(messages.every(({ fields }) => fields.disable_notification)).toBe(true);
  });

  test('after an album answers to its first file', async () => {
    await using own = await world({ ...thread, media: [image('a'), image('b')] });
    expect((await own.run()).outcome).toMatchObject({ parts: ['102', '103', '104'] });
    expect([...own.network.messages.values()].map(({ replyTo }) => replyTo)).toEqual([
      undefined,
      undefined,
      101,
      103,
    ]);
  });

  test('of which all is out sends nothing more', async () => {
    await using own = await world(thread);
    const { request } = await own.run();
    const before = own.network.requests.length;
    const handle = JSON.stringify({ out: [101, 102, 103], own: 1 });
    expect(await own.step(handle)).toMatchObject({ kind: 'published', parts: ['102', '103'] });
    expect(own.network.requests).toHaveLength(before);
    expect(request.delivery.handle?.length).toBeLessThan(600);
  });

  test('is published without what Telegram refuses of it', async () => {
    await using own = await world(thread);
    const handle = handleIn(await own.provider.publish(own.request, providerContext()));
    own.network.forget(`${CHAT.id}/101`);
    expect(await own.step(handle)).toMatchObject({
      kind: 'published',
      externalId: `${CHAT.id}/101`,
      missing: 'post 2 of the thread was refused: HTTP 400: Bad Request: message to be replied not found',
    });
  });

  test('waits, and is in doubt, like a post of its own', async () => {
    await using own = await world(thread);
    const handle = handleIn(await own.provider.publish(own.request, providerContext()));
    const body = {
      ok: false,
      error_code: 429,
      description: 'Too Many Requests',
      parameters: { retry_after: 9 },
    };
    own.network.fault({ kind: 'answer', status: 429, body });
    expect(await own.step(handle)).toEqual({ kind: 'rateLimited', retryAt: NOW + 9 * SECOND });
    own.network.fault({ kind: 'drop' });
    expect((await own.step(handle))?.kind).toBe('uncertain');
  });
});

test('a video that is shown later is left to a person', async () => {
  const media = [anAttachment('oven', { type: 'video/mp4', alt: '' })];
  await using own = await world({ text: '', media }, { converting: true });
  expect((await own.run()).outcome.kind).toBe('uncertain');
});

describe('connecting', () => {
  const bot = (over: FakeTelegramOptions) => world({ text: 'a' }, over);
  const verified = async (own: Awaited<ReturnType<typeof world>>, chatId: string) =>
    own.provider.verify({ ...credential, chatId }, providerContext());

  test('tells the chat by its number, however it was named', async () => {
    await using own = await bot({});
    const expected = { kind: 'verified', account, facts: { type: 'channel' } };
    expect(await verified(own, '@bakery_news')).toEqual(expected);
    expect(await verified(own, String(CHAT.id))).toEqual(expected);
  });

  test.each([
    [{ id: -1_001_234_567_890, type: 'supergroup', title: 'Inner' }, 'https://t.me/c/1234567890'],
    [{ id: -4_711, type: 'group', title: 'Inner' }, 'https://web.telegram.org/a/#-4711'],
  ])('knows where a private chat is: %o', async (chat, url) => {
    await using own = await bot({ chat, member: { status: 'member' } });
    expect(await verified(own, String(chat.id))).toMatchObject({ account: { handle: 'Inner', url } });
  });

  test.each([
    ['channel', { status: 'administrator', can_post_messages: false }],
    ['channel', { status: 'member' }],
    ['channel', { status: 'left' }],
    ['supergroup', { status: 'restricted', can_send_messages: false }],
    ['supergroup', { status: 'kicked' }],
  ])('is refused where the bot may not post: %s, %o', async (type, member) => {
    await using own = await bot({ chat: { ...CHAT, type }, member });
    expect((await verified(own, '@bakery_news')).kind).toBe('refused');
  });

  test('is refused where there is no such chat', async () => {
    await using own = await bot({});
    expect((await verified(own, '@nobody_here')).kind).toBe('refused');
  });
});

test('members are counted, and of messages nothing is told', async () => {
  await using own = await world({ text: 'a' });
  expect(await own.provider.metrics?.followers(who, providerContext())).toBe(84);
  expect(await own.provider.metrics?.fetch({ ...who, externalIds: ['-1/2'] }, providerContext())).toEqual(
    new Map(),
  );
  expect(own.provider.metrics?.told).toEqual({});
});

describe('removing', () => {
  test('takes an album and its thread away, the last first', async () => {
    await using own = await world({ text: 'One', media: [image('a'), image('b')], thread: ['Two'] });
    await own.run();
    const asked = { ...who, externalId: `${CHAT.id}/101`, parts: ['102', '103'] };
    expect(await own.provider.remove?.(asked, providerContext())).toEqual({ kind: 'removed' });
    expect(own.network.messages.size).toBe(0);
    expect(await own.provider.remove?.(asked, providerContext())).toEqual({ kind: 'absent' });
  });

  test('says so when a message is too old for it', async () => {
    await using own = await world({ text: 'One' });
    const body = { ok: false, error_code: 400, description: "Bad Request: message can't be deleted" };
    own.network.fault({ kind: 'answer', status: 400, body });
    const removed = await own.provider.remove?.({ ...who, externalId: '-1/101' }, providerContext());
    expect(removed).toMatchObject({ kind: 'rejected', code: 'needs_person' });
  });
});
