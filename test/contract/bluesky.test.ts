import { bluesky } from '../../shared/channels/bluesky.ts';
import { APP_PASSWORD, fakeBluesky, HANDLE } from '../support/fake-networks/bluesky.ts';
import { testProvider } from './provider-suite.ts';

testProvider({
  provider: () => bluesky,
  fakeNetwork: () => fakeBluesky(),
  credential: (serviceUrl) => ({ serviceUrl, identifier: HANDLE, appPassword: APP_PASSWORD }),
  wrongCredential: (serviceUrl) => ({
    serviceUrl,
    identifier: HANDLE,
    appPassword: 'wrong-wrong-wrong-pass',
  }),
  variant: {
    text: `Fresh bread 🥖 from seven, ask @${HANDLE} #Brot`,
    link: 'https://bakery.example/bread',
    options: { langs: ['en'], cardTitle: 'Our bread' },
  },
  secrets: [APP_PASSWORD, 'wrong-wrong-wrong-pass', 'eyJ'],
});
