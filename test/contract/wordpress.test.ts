import { describe } from 'vitest';
import { wordpress } from '../../shared/channels/wordpress.ts';
import { fakeWordpress } from '../support/fake-networks/wordpress.ts';
import { anAttachment } from '../support/media.ts';
import { testProvider } from './provider-suite.ts';

const login = { username: 'eva', applicationPassword: 'abcd EFGH 1234 ijkl MNOP 5678' };

for (const prettyPermalinks of [true, false]) {
  describe(`wordpress, a site ${prettyPermalinks ? 'with' : 'without'} pretty permalinks`, () => {
    testProvider({
      provider: () => wordpress,
      fakeNetwork: () => fakeWordpress({ ...login, prettyPermalinks, path: '/blog' }),
      credential: (url) => ({ ...login, siteUrl: `${url}/blog` }),
      wrongCredential: (url) => ({
        ...login,
        siteUrl: `${url}/blog`,
        applicationPassword: 'wrong wrong wrong',
      }),
      variant: {
        text: 'Fresh bread\n\nFrom six in the morning.',
        link: 'https://bakery.example/bread',
        // One site is shown images, the other words alone.
        ...(prettyPermalinks ? { media: [anAttachment('loaf'), anAttachment('oven')] } : {}),
        options: { title: 'Fresh bread' },
      },
      secrets: [login.applicationPassword, 'wrong wrong wrong', 'Basic '],
    });
  });
}
