import { x } from '../../shared/channels/x.ts';
import { ACCESS_TOKEN, fakeX } from '../support/fake-networks/x.ts';
import { testProvider } from './provider-suite.ts';

testProvider({
  provider: x,
  // X refuses equal texts of one account; the suite wants to see them kept apart all the same.
  fakeNetwork: () => fakeX({ duplicates: 'taken' }),
  credential: () => ({ accessToken: ACCESS_TOKEN }),
  wrongCredential: () => ({ accessToken: 'wrong-token-wrong-token' }),
  variant: {
    text: 'Bread & “rolls” <fresh>\n\nAsk at krume.de, or (https://bakery.example/) 🥖',
    link: 'https://bakery.org/bread/of/the/day/?from=x&to=shop',
    options: { replySettings: 'following', madeWithAi: false },
  },
  secrets: [ACCESS_TOKEN, 'wrong-token-wrong-token'],
});
