import { describe } from 'vitest';
import { reddit } from '../../shared/channels/reddit.ts';
import type { Variant } from '../../shared/domain/content.ts';
import { ACCESS_TOKEN, fakeReddit, SUBREDDIT, USERNAME } from '../support/fake-networks/reddit.ts';
import { anAttachment } from '../support/media.ts';
import { testProvider } from './provider-suite.ts';

const words = {
  text: 'Fresh bread & “rolls” <fresh>\n\nFrom *six* in the morning.',
  options: { subreddit: SUBREDDIT, title: 'Fresh bread & more' },
};
const image = (name: string) => anAttachment(name, { alt: '' });
const variants: Readonly<Record<string, Variant>> = {
  'a text': words,
  'a link': {
    ...words,
    link: 'https://bakery.example/bread?from=reddit',
    options: { ...words.options, resubmit: true },
  },
  'an image': { ...words, media: [anAttachment('loaf', { alt: '' })] },
  'a gallery': { ...words, media: [image('loaf'), image('rolls')] },
  'a poll': { ...words, poll: { options: ['Rye', 'Wheat'], minutes: 1_440 } },
};

for (const [name, variant] of Object.entries(variants)) {
  describe(`reddit, ${name}`, () => {
    testProvider({
      provider: (url) => reddit({ api: url, login: url }),
      fakeNetwork: () => fakeReddit(),
      credential: () => ({ accessToken: ACCESS_TOKEN, username: USERNAME }),
      wrongCredential: () => ({ accessToken: 'wrong-token-wrong-token', username: USERNAME }),
      variant,
      secrets: [ACCESS_TOKEN, 'wrong-token-wrong-token'],
    });
  });
}
