import { describe } from 'vitest';
import { slack } from '../../shared/channels/slack.ts';
import type { Variant } from '../../shared/domain/content.ts';
import { ACCESS_TOKEN, CHANNEL, fakeSlack } from '../support/fake-networks/slack.ts';
import { anAttachment } from '../support/media.ts';
import { testProvider } from './provider-suite.ts';

const words = { text: 'Fresh bread 🥖 & “rolls” <today>', link: 'https://bakery.example/bread?a=b&c=d' };
const variants: Readonly<Record<string, Variant>> = {
  'a text': { ...words, options: { username: 'Bakery', linkPreviews: false } },
  files: { ...words, media: [anAttachment('loaf'), anAttachment('oven', { type: 'video/mp4', alt: '' })] },
};

for (const [name, variant] of Object.entries(variants)) {
  describe(`slack, ${name}`, () => {
    testProvider({
      provider: (url) => slack(`${url}/api`),
      fakeNetwork: () => fakeSlack(),
      credential: () => ({ accessToken: ACCESS_TOKEN, channelId: CHANNEL }),
      wrongCredential: () => ({ accessToken: 'xoxb-wrong-0123456789', channelId: CHANNEL }),
      variant,
      secrets: [ACCESS_TOKEN, 'xoxb-wrong-0123456789'],
    });
  });
}
