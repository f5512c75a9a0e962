import { describe } from 'vitest';
import type { Provider } from '../../shared/channels/provider.ts';
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

/** Only texts are ever edited; of the others the unit tests see that they are refused. */
const withoutEdit = <Credential>({ edit: _edit, ...rest }: Provider<Credential>): Provider<Credential> =>
  rest;

for (const [name, variant] of Object.entries(variants)) {
  describe(`reddit, ${name}`, () => {
    testProvider({
      provider: (url) => {
        const whole = reddit({ api: url, login: url });
        return variant === words ? whole : withoutEdit(whole);
      },
      fakeNetwork: () => fakeReddit(),
      credential: () => ({ accessToken: ACCESS_TOKEN, username: USERNAME }),
      wrongCredential: () => ({ accessToken: 'wrong-token-wrong-token', username: USERNAME }),
      variant,
      secrets: [ACCESS_TOKEN, 'wrong-token-wrong-token'],
    });
  });
}
