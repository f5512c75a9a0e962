import { youtube } from '../../shared/channels/youtube.ts';
import { ACCESS_TOKEN, fakeYoutube } from '../support/fake-networks/youtube.ts';
import { anAttachment } from '../support/media.ts';
import { testProvider } from './provider-suite.ts';

testProvider({
  provider: (url) => youtube(url, `${url}/token`),
  fakeNetwork: () => fakeYoutube(),
  credential: () => ({ accessToken: ACCESS_TOKEN, refreshToken: '1//youtube-refresh-token' }),
  wrongCredential: () => ({ accessToken: 'wrong-token-wrong-token' }),
  variant: {
    text: 'How we bake rye bread, from the mill to the shop.',
    link: 'https://bakery.example/bread',
    media: [anAttachment('bread', { type: 'video/mp4', bytes: 300_000, alt: '' })],
    options: { title: 'Rye bread', madeForKids: false, tags: ['bread', 'rye bread'] },
  },
  secrets: [ACCESS_TOKEN, '1//youtube-refresh-token', 'wrong-token-wrong-token'],
});
