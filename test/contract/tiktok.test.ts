import { tiktok } from '../../shared/channels/tiktok.ts';
import { ACCESS_TOKEN, fakeTiktok } from '../support/fake-networks/tiktok.ts';
import { anAttachment } from '../support/media.ts';
import { testProvider } from './provider-suite.ts';

testProvider({
  provider: (url) => tiktok(url),
  fakeNetwork: () => fakeTiktok(),
  credential: () => ({ accessToken: ACCESS_TOKEN, refreshToken: 'rft.tiktok-refresh-token' }),
  wrongCredential: () => ({ accessToken: 'wrong-token-wrong-token' }),
  variant: {
    text: 'How we bake rye bread #bakery',
    media: [anAttachment('bread', { type: 'video/mp4', bytes: 300_000, alt: '' })],
    options: { privacy: 'public', allowComments: true },
  },
  secrets: [ACCESS_TOKEN, 'rft.tiktok-refresh-token', 'wrong-token-wrong-token'],
});
