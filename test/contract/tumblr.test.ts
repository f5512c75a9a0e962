import { describe } from 'vitest';
import { tumblr } from '../../shared/channels/tumblr.ts';
import type { Variant } from '../../shared/domain/content.ts';
import { ACCESS_TOKEN, BLOG, fakeTumblr } from '../support/fake-networks/tumblr.ts';
import { anAttachment } from '../support/media.ts';
import { testProvider } from './provider-suite.ts';

const words = {
  text: 'Fresh bread 🥖 & “rolls” on https://bakery.example/\n\nFrom six in the morning.',
  link: 'https://bakery.example/bread?from=tumblr',
  options: { title: 'Fresh bread', tags: ['bread', 'good morning'] },
};
const variants: Readonly<Record<string, Variant>> = {
  'a text': words,
  'images and a video': {
    ...words,
    media: [anAttachment('loaf'), anAttachment('oven', { type: 'video/mp4', alt: '' })],
  },
  'a poll': {
    text: 'You decide.',
    poll: { question: 'Rye or wheat?', options: ['Rye', 'Wheat'], minutes: 1_440 },
  },
};

for (const [name, variant] of Object.entries(variants)) {
  describe(`tumblr, ${name}`, () => {
    testProvider({
      provider: tumblr,
      fakeNetwork: () => fakeTumblr(),
      credential: () => ({ accessToken: ACCESS_TOKEN, blog: BLOG.name }),
      wrongCredential: () => ({ accessToken: 'wrong-token-wrong-token', blog: BLOG.name }),
      variant,
      secrets: [ACCESS_TOKEN, 'wrong-token-wrong-token'],
    });
  });
}
