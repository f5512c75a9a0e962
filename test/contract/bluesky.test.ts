import { describe } from 'vitest';
import { bluesky } from '../../shared/channels/bluesky.ts';
import type { Variant } from '../../shared/domain/content.ts';
import { APP_PASSWORD, fakeBluesky, HANDLE } from '../support/fake-networks/bluesky.ts';
import { anAttachment } from '../support/media.ts';
import { testProvider } from './provider-suite.ts';

const text = `Fresh bread 🥖 from seven, ask @${HANDLE} #Brot`;
const VARIANTS: Readonly<Record<string, Variant>> = {
  'a link card': {
    text,
    link: 'https://bakery.example/bread',
    options: { langs: ['en'], cardTitle: 'Our bread' },
  },
  images: { text, link: 'https://bakery.example/bread', media: [anAttachment('loaf'), anAttachment('oven')] },
  'a video': { text, media: [anAttachment('film', { type: 'video/mp4' })] },
};

// By then an earlier step has logged in: a session that is refused is made new before the account is blamed.
const DIFFERS: Readonly<Record<string, { 'a 401': 'unavailable' }>> = {
  'a video': { 'a 401': 'unavailable' },
};

for (const [what, variant] of Object.entries(VARIANTS)) {
  describe(`bluesky, a post with ${what}`, () => {
    testProvider({
      provider: (url) => bluesky(url),
      fakeNetwork: () => fakeBluesky(),
      credential: (serviceUrl) => ({ serviceUrl, identifier: HANDLE, appPassword: APP_PASSWORD }),
      wrongCredential: (serviceUrl) => ({
        serviceUrl,
        identifier: HANDLE,
        appPassword: 'wrong-wrong-wrong-pass',
      }),
      variant,
      ...(DIFFERS[what] === undefined ? {} : { differs: DIFFERS[what] }),
      secrets: [APP_PASSWORD, 'wrong-wrong-wrong-pass', 'eyJ', 'service-token'],
    });
  });
}
