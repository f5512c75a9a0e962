import { expect, test } from 'vitest';
import { telegram } from '../../shared/channels/telegram.ts';
import type { Variant } from '../../shared/domain/content.ts';
import { attempt } from '../support/attempt.ts';
import { BOT_TOKEN, fakeTelegram } from '../support/fake-networks/telegram.ts';
import { anAttachment } from '../support/media.ts';
import { aReceived } from '../support/openapi-request.ts';
import { providerContext } from '../support/provider-context.ts';
import { aPublishRequest } from '../support/provider-request.ts';
import { telegramChecks } from '../support/telegram-check.ts';
import { describeBy, vendorDescription } from '../support/vendor-description.ts';

const SPEC = vendorDescription('telegram.bot-api.json');

const image = (name: string, bytes = 1_000) => anAttachment(name, { alt: '', bytes });
const gif = anAttachment('gif', { type: 'image/gif', alt: '' });
const film = (bytes: number) => anAttachment('film', { type: 'video/mp4', alt: '', bytes });
const menu = anAttachment('menu', { type: 'application/pdf', alt: '' });
const poll = { question: 'Which?', options: ['Rye', 'Wheat'], minutes: 60 };
const entities = [
  { type: 'bold', offset: 0, length: 3 },
  { type: 'text_link', offset: 0, length: 3, url: 'https://bakery.example' },
];
const looks = { entities, captionAbove: true, mediaSpoiler: true, silent: true, protect: true, topicId: 7 };
const VARIANTS: readonly Variant[] = [
  { text: 'Hello' },
  {
    text: 'Hello',
    link: 'https://bakery.example',
    options: { ...looks, linkPreview: 'large', previewAbove: true },
  },
  { text: 'Hello', options: { linkPreview: 'none' }, thread: ['And', 'so on'] },
  { text: 'Hello', media: [image('a')], options: looks },
  { text: 'Hello', media: [image('a', 6_000_000)], options: looks },
  { text: '', media: [gif] },
  { text: 'Film', media: [film(1_000)], options: looks },
  { text: 'Film', media: [film(21_000_000)], options: looks },
  { text: 'Menu', media: [menu] },
  { text: 'Album', media: [image('a'), film(1_000), image('c', 6_000_000)], options: looks },
  { text: '', poll },
  { text: 'You decide.', poll, options: { entities, multipleAnswers: true } },
];

describeBy(SPEC, 'the list of the Bot API’s methods allows', () => {
  test('every request that we send', async () => {
    const network = await fakeTelegram();
    const provider = telegram(network.url);
    const credential = { botToken: BOT_TOKEN, chatId: '@bakery_news' };
    const context = providerContext();
    const verified = await provider.verify(credential, context);
    if (verified.kind !== 'verified') return expect.fail(JSON.stringify(verified));
    const { account, facts } = verified;
    const channel = { id: 'chn_a', account, facts };
    for (const variant of VARIANTS) {
      expect(provider.check(variant, facts)).toEqual([]);
      expect(provider.options.safeParse(variant.options ?? {}).success).toBe(true);
      const tried = await attempt(provider, aPublishRequest(credential, { variant, channel }), context);
      expect(tried.outcome.kind).toBe('published');
      if (tried.outcome.kind !== 'published' || variant.poll !== undefined) continue;
      const { externalId } = tried.outcome;
      const change = { ...variant, text: 'Mended', link: 'https://bakery.example/new' };
      const edit = { variant: change, was: variant, credential, account, facts, externalId };
      expect(await provider.edit?.(edit, context)).toEqual({ kind: 'edited' });
    }
    await provider.metrics?.followers({ credential, account, facts }, context);
    const [externalId = ''] = network.published();
    await provider.remove?.({ credential, account, facts, externalId }, context);
    await network.close();

    const problemsOf = telegramChecks(SPEC);
    const called = new Set<string>();
    for (const request of network.requests) {
      called.add(request.url.pathname.split('/').at(-1) ?? '');
      expect(await problemsOf(request), `${request.url.pathname} ${request.body.slice(0, 300)}`).toEqual([]);
    }
    expect([...called].sort()).toEqual([
      'deleteMessage',
      'editMessageCaption',
      'editMessageText',
      'getChat',
      'getChatMember',
      'getChatMemberCount',
      'getMe',
      'sendAnimation',
      'sendDocument',
      'sendMediaGroup',
      'sendMessage',
      'sendPhoto',
      'sendPoll',
      'sendVideo',
    ]);
  });

  test.each<[string, object, string]>([
    ['sendTweet', {}, 'there is no method sendTweet'],
    ['sendMessage', { chat_id: 1 }, '/text is missing'],
    ['sendMessage', { chat_id: 1, text: 2 }, '/text is not String'],
    ['sendMessage', { chat_id: 1, text: 'a', silent: true }, '/silent is unknown'],
    ['sendMessage', { chat_id: 1, text: 'a', entities: [{ type: 'bold' }] }, '/entities/0/offset is missing'],
    [
      'sendMessage',
      { chat_id: 1, text: 'a', reply_parameters: 7 },
      '/reply_parameters is not ReplyParameters',
    ],
    ['sendPoll', { chat_id: 1, question: 'a', options: ['b'] }, '/options/0 is not InputPollOption'],
    ['sendMediaGroup', { chat_id: 1, media: [{ type: 'photo' }] }, '/media/0/media is missing'],
    ['editMessageText', { chat_id: 1, message_id: 2, text: 'a', silent: true }, '/silent is unknown'],
    ['editMessageCaption', { chat_id: 1, message_id: '2' }, '/message_id is not Integer'],
    ['deleteMessage', { chat_id: 1, message_id: '2' }, '/message_id is not Integer'],
  ])('not what it forbids: %s %o', async (method, body, problem) => {
    const request = aReceived('POST', `/bot1:a/${method}`, body);
    expect(await telegramChecks(SPEC)(request)).toContain(problem);
  });
});
