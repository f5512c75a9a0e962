import { describe } from 'vitest';
import { mastodon } from '../../shared/channels/mastodon.ts';
import type { Variant } from '../../shared/domain/content.ts';
import { ACCESS_TOKEN, fakeMastodon } from '../support/fake-networks/mastodon.ts';
import { anAttachment } from '../support/media.ts';
import { testProvider } from './provider-suite.ts';

const words: Variant = {
  text: 'Bread & “rolls” <fresh>\n\nAsk @mill@grain.example',
  link: 'https://bakery.example/bread/of/the/day?from=mastodon&to=shop',
  options: { language: 'en', visibility: 'unlisted' },
};
const VARIANTS: Readonly<Record<string, Variant>> = {
  words,
  images: { ...words, media: [anAttachment('loaf'), anAttachment('oven', { type: 'image/png' })] },
  'a video': { ...words, media: [anAttachment('film', { type: 'video/mp4' })] },
};

const CASES = [
  ...Object.entries(VARIANTS).map(([what, variant]) => ({ what, variant, repeats: 'answered' as const })),
  { what: 'words, to a server that fails at a repeated key', variant: words, repeats: 'failed' as const },
];

for (const { what, variant, repeats } of CASES) {
  describe(`mastodon, a post with ${what}`, () => {
    testProvider({
      provider: () => mastodon,
      fakeNetwork: () => fakeMastodon({ repeats }),
      credential: (instanceUrl) => ({ instanceUrl, accessToken: ACCESS_TOKEN }),
      wrongCredential: (instanceUrl) => ({ instanceUrl, accessToken: 'wrong-token-wrong-token' }),
      variant,
      secrets: [ACCESS_TOKEN, 'wrong-token-wrong-token'],
    });
  });
}
