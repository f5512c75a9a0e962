import { describe } from 'vitest';
import type { Provider } from '../../shared/channels/provider.ts';
import type { TelegramCredential } from '../../shared/channels/telegram/api.ts';
import { telegram } from '../../shared/channels/telegram.ts';
import type { Variant } from '../../shared/domain/content.ts';
import { BOT_TOKEN, CHAT, fakeTelegram } from '../support/fake-networks/telegram.ts';
import { anAttachment } from '../support/media.ts';
import { testProvider } from './provider-suite.ts';

const image = (name: string, bytes = 300_000) => anAttachment(name, { alt: '', bytes });
const words = { text: 'Fresh bread 🥖 & “rolls” <today>', link: 'https://bakery.example/bread?a=b&c=d' };
const variants: Readonly<Record<string, Variant>> = {
  'a text': { ...words, options: { linkPreview: 'large', silent: true } },
  'a photo by its address': { ...words, media: [image('loaf')] },
  'a photo in a form': { ...words, media: [image('loaf', 6_000_000)] },
  'an album': { ...words, media: [image('loaf'), anAttachment('oven', { type: 'video/mp4', alt: '' })] },
  'a poll': {
    text: 'You decide.',
    poll: { question: 'Rye or wheat?', options: ['Rye', 'Wheat'], minutes: 1_440 },
  },
};
const WRONG = '123456:BBqwertz-0123456789_abcdefghij';

/** Its only measure is the number of members; the suite wants one of a message, and the Bot API has none. */
function withoutMetrics(url: string): Provider<TelegramCredential> {
  const { metrics: _followersOnly, ...rest } = telegram(url);
  return rest;
}

/** A poll stays as it went out, which `test/unit/channels/telegram-edit.test.ts` tells. */
function asPoll(url: string): Provider<TelegramCredential> {
  const { edit: _refused, ...rest } = withoutMetrics(url);
  return rest;
}

for (const [name, variant] of Object.entries(variants)) {
  describe(`telegram, ${name}`, () => {
    testProvider({
      provider: variant.poll === undefined ? withoutMetrics : asPoll,
      fakeNetwork: () => fakeTelegram(),
      credential: () => ({ botToken: BOT_TOKEN, chatId: `@${CHAT.username}` }),
      wrongCredential: () => ({ botToken: WRONG, chatId: `@${CHAT.username}` }),
      variant,
      secrets: [BOT_TOKEN, WRONG],
    });
  });
}
