import { describe } from 'vitest';
import { discord } from '../../shared/channels/discord.ts';
import type { Variant } from '../../shared/domain/content.ts';
import { fakeDiscord, WEBHOOK, WEBHOOK_URL } from '../support/fake-networks/discord.ts';
import { anAttachment } from '../support/media.ts';
import { testProvider } from './provider-suite.ts';

const words = { text: 'Fresh bread 🥖 & “rolls”', link: 'https://bakery.example/bread?a=b&c=d' };
const variants: Readonly<Record<string, Variant>> = {
  'a text': { ...words, options: { embeds: [{ title: 'Bread', color: '#5865f2' }], silent: true } },
  files: { ...words, media: [anAttachment('loaf'), anAttachment('oven', { type: 'video/mp4' })] },
  'a poll': {
    text: 'You decide.',
    poll: { question: 'Rye or wheat?', options: ['Rye', 'Wheat'], minutes: 1_440 },
  },
};
const WRONG = 'Wrong-0123456789_abcdefghijklmnop';

for (const [name, variant] of Object.entries(variants)) {
  describe(`discord, ${name}`, () => {
    testProvider({
      provider: discord,
      fakeNetwork: () => fakeDiscord(),
      credential: () => ({ webhookUrl: WEBHOOK_URL }),
      wrongCredential: () => ({ webhookUrl: WEBHOOK_URL.replace(WEBHOOK.token, WRONG) }),
      variant,
      secrets: [WEBHOOK.token, WRONG],
    });
  });
}
