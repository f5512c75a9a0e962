import { describe, expect, test } from 'vitest';
import { EDIT_REFUSALS, toEdit } from '../../../shared/channels/telegram/edit.ts';
import { telegram } from '../../../shared/channels/telegram.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { MINUTE, SECOND } from '../../../shared/domain/time.ts';
import { attempt } from '../../support/attempt.ts';
import { DUE_AT } from '../../support/builders.ts';
import { BOT_TOKEN, CHAT, fakeTelegram, shownBy } from '../../support/fake-networks/telegram.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

const credential = { botToken: BOT_TOKEN, chatId: '@bakery_news' };
const account = { id: String(CHAT.id), handle: '@bakery_news', url: 'https://t.me/bakery_news' };
const image = (name: string) => anAttachment(name, { alt: '' });
const menu = anAttachment('menu', { type: 'application/pdf', alt: '' });
const place = { chatId: CHAT.id, messageId: 101 };
const at = { chat_id: CHAT.id, message_id: 101 };

async function published(was: Variant) {
  const network = await fakeTelegram();
  const provider = telegram(network.url);
  const channel = { id: 'chn_one', account, facts: {} };
  await attempt(provider, aPublishRequest(credential, { variant: was, channel }), providerContext());
  const [externalId = ''] = network.published();
  const who = { credential, account, facts: {}, externalId, was };
  const edit = (change: Partial<Variant>) =>
    provider.edit?.({ ...who, variant: { ...was, ...change } }, providerContext());
  const shown = () => [...network.messages.values()].map(shownBy);
  return { network, edit, externalId, shown, [Symbol.asyncDispose]: network.close };
}

describe('what is said anew', () => {
  const bold = [{ type: 'bold', offset: 0, length: 5 } as const];

  test('is the whole text with its entities and its preview, and nothing of how it was sent', () => {
    const options = {
      entities: bold,
      linkPreview: 'large',
      silent: true,
      protect: true,
      topicId: 7,
    } as const;
    expect(toEdit({ text: 'Rolls', link: 'https://bakery.example' }, options, place)).toEqual({
      method: 'editMessageText',
      fields: {
        ...at,
        text: 'Rolls\n\nhttps://bakery.example',
        entities: bold,
        link_preview_options: { url: 'https://bakery.example', prefer_large_media: true },
      },
    });
  });

  test('is the caption of files, and where it stands', () => {
    const options = { entities: bold, captionAbove: true, mediaSpoiler: true };
    expect(toEdit({ text: 'Rolls', media: [image('a')] }, options, place)).toEqual({
      method: 'editMessageCaption',
      fields: { ...at, caption: 'Rolls', caption_entities: bold, show_caption_above_media: true },
    });
  });

  test('may be no caption any more', () => {
    expect(toEdit({ text: '', media: [image('a')] }, {}, place).fields).toEqual(at);
  });

  test('of a document has only one place', () => {
    const { fields } = toEdit({ text: 'Menu', media: [menu] }, { captionAbove: true }, place);
    expect(fields).toEqual({ ...at, caption: 'Menu' });
  });
});

describe('an edit', () => {
  test('changes the text, and leaves the thread below it', async () => {
    await using own = await published({ text: 'Bread', thread: ['And', 'so on'] });
    expect(await own.edit({ text: 'Rolls' })).toEqual({ kind: 'edited' });
    expect(own.shown()).toEqual([{ text: 'Rolls' }, { text: 'And' }, { text: 'so on' }]);
  });

  test('of what stands there already has been done', async () => {
    await using own = await published({ text: 'Bread' });
    expect(await own.edit({ text: 'Bread' })).toEqual({ kind: 'edited' });
  });

  test('of an album changes the caption of its first file', async () => {
    await using own = await published({ text: 'Bread', media: [image('a'), image('b')] });
    expect(await own.edit({ text: 'Rolls' })).toEqual({ kind: 'edited' });
    expect(own.shown()).toEqual([{ caption: 'Rolls' }, {}]);
    expect(await own.edit({ text: '' })).toEqual({ kind: 'edited' });
    expect(own.shown()).toEqual([{}, {}]);
  });

  test('of a message that is gone says so', async () => {
    await using own = await published({ text: 'Bread' });
    own.network.forget(own.externalId);
    expect(await own.edit({ text: 'Rolls' })).toEqual({
      kind: 'rejected',
      code: 'gone',
      reason: 'HTTP 400: Bad Request: message to edit not found',
    });
  });

  test('of a poll is refused, as Telegram would', async () => {
    const poll = { question: 'Which?', options: ['Rye', 'Wheat'], minutes: 60 };
    await using own = await published({ text: 'You decide.', poll });
    const asked = own.network.requests.length;
    expect(await own.edit({ text: 'Decide!' })).toMatchObject({ kind: 'rejected', code: 'not_editable' });
    expect(own.network.requests).toHaveLength(asked);
  });

  test.each<[Variant, Record<string, unknown>, string | undefined]>([
    [{ text: 'Bread' }, { silent: true }, '/options/silent'],
    [{ text: 'Bread' }, { protect: true }, '/options/protect'],
    [{ text: 'Bread' }, { topicId: 7 }, '/options/topicId'],
    [{ text: 'Bread' }, { captionAbove: true, mediaSpoiler: true }, undefined],
    [{ text: 'Bread', media: [image('a')] }, { mediaSpoiler: true }, '/options/mediaSpoiler'],
    [{ text: 'Bread', media: [image('a')] }, { captionAbove: true }, undefined],
    [{ text: 'Bread', media: [image('a'), image('b')] }, { captionAbove: true }, '/options/captionAbove'],
  ])('of %j cannot change every option: %j', async (was, options, path) => {
    await using own = await published(was);
    const edited = await own.edit({ options });
    const reason = `Telegram cannot change ${path} any more`;
    expect(edited).toEqual(
      path === undefined ? { kind: 'edited' } : { kind: 'rejected', code: 'not_editable', reason },
    );
  });

  test('with an option that is not valid is refused before anything is sent', async () => {
    await using own = await published({ text: 'Bread' });
    expect(await own.edit({ options: { linkPreview: 'huge' } })).toMatchObject({ code: 'option_invalid' });
  });

  test.each([
    ["message can't be edited", 'not_editable'],
    ['there is no text in the message to edit', 'not_editable'],
    ['there is no caption in the message to edit', 'not_editable'],
    ['MESSAGE_AUTHOR_REQUIRED', 'not_editable'],
    ['MESSAGE_EDIT_TIME_EXPIRED', 'not_editable'],
    ['MESSAGE_ID_INVALID', 'gone'],
    ['message caption is too long', 'content_refused'],
    ['something new', 'http_400'],
  ])('that is refused with “%s” ends as %s', async (words, code) => {
    await using own = await published({ text: 'Bread' });
    const body = { ok: false, error_code: 400, description: `Bad Request: ${words}` };
    own.network.fault({ kind: 'answer', status: 400, body });
    expect(await own.edit({ text: 'Rolls' })).toMatchObject({ kind: 'rejected', code });
    expect(own.shown()).toEqual([{ text: 'Bread' }]);
  });

  test.each<[number, object, object]>([
    [401, {}, { kind: 'unauthorized' }],
    [403, {}, { kind: 'unauthorized' }],
    [429, { parameters: { retry_after: 9 } }, { kind: 'rateLimited', retryAt: DUE_AT + MINUTE + 9 * SECOND }],
    [500, {}, { kind: 'unavailable' }],
  ])('that is answered %i may be asked for again where that helps', async (status, more, expected) => {
    await using own = await published({ text: 'Bread' });
    const body = { ok: false, error_code: status, description: 'No', ...more };
    own.network.fault({ kind: 'answer', status, body });
    expect(await own.edit({ text: 'Rolls' })).toMatchObject(expected);
  });

  test('whose answer was lost can be made again', async () => {
    await using own = await published({ text: 'Bread' });
    own.network.fault({ kind: 'drop' });
    expect(await own.edit({ text: 'Rolls' })).toMatchObject({ kind: 'unavailable' });
    expect(await own.edit({ text: 'Rolls' })).toEqual({ kind: 'edited' });
  });
});

test('no word is in two rows', () => {
  const words = ['message to edit not found', "message can't be edited", 'no text in the message to edit'];
  for (const word of words) expect(EDIT_REFUSALS.filter((row) => row.words.test(word))).toHaveLength(1);
});
