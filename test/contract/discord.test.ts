import { describe } from 'vitest';
import type { DiscordCredential } from '../../shared/channels/discord/api.ts';
import { discord } from '../../shared/channels/discord.ts';
import type { Provider } from '../../shared/channels/provider.ts';
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

/** A message with a poll stays as it went out, which `test/unit/channels/discord-edit.test.ts` tells. */
function asPoll(url: string): Provider<DiscordCredential> {
  const { edit: _refused, ...rest } = discord(url);
  return rest;
}

for (const [name, variant] of Object.entries(variants)) {
  describe(`discord, ${name}`, () => {
    testProvider({
      provider: variant.poll === undefined ? discord : asPoll,
      fakeNetwork: () => fakeDiscord(),
      credential: () => ({ webhookUrl: WEBHOOK_URL }),
      wrongCredential: () => ({ webhookUrl: WEBHOOK_URL.replace(WEBHOOK.token, WRONG) }),
      variant,
      secrets: [WEBHOOK.token, WRONG],
    });
  });
}
