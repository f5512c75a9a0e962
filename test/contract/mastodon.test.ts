import { mastodon } from '../../shared/channels/mastodon.ts';
import { ACCESS_TOKEN, fakeMastodon } from '../support/fake-networks/mastodon.ts';
import { testProvider } from './provider-suite.ts';

testProvider({
  provider: () => mastodon,
  fakeNetwork: () => fakeMastodon(),
  credential: (instanceUrl) => ({ instanceUrl, accessToken: ACCESS_TOKEN }),
  wrongCredential: (instanceUrl) => ({ instanceUrl, accessToken: 'wrong-token-wrong-token' }),
  variant: {
    text: 'Bread & “rolls” <fresh>\n\nAsk @mill@grain.example',
    link: 'https://bakery.example/bread/of/the/day?from=mastodon&to=shop',
    options: { language: 'en', visibility: 'unlisted' },
  },
  secrets: [ACCESS_TOKEN, 'wrong-token-wrong-token'],
});
