import { linkedin } from '../../shared/channels/linkedin.ts';
import { ACCESS_TOKEN, fakeLinkedin, PAGE } from '../support/fake-networks/linkedin.ts';
import { testProvider } from './provider-suite.ts';

// A page: what a member has posted can neither be looked for nor be seen to be gone (unit tests).
testProvider({
  provider: linkedin,
  // LinkedIn refuses equal texts of one author; the suite wants to see them kept apart all the same.
  fakeNetwork: () => fakeLinkedin({ duplicates: 'taken' }),
  credential: () => ({ accessToken: ACCESS_TOKEN, author: PAGE }),
  wrongCredential: () => ({ accessToken: 'wrong-token-wrong-token', author: PAGE }),
  variant: {
    text: 'Bread (fresh) & “rolls” [now] #brot_2026 #brot\n\nmail@krume.example ~ *new*',
    link: 'https://bakery.example/bread_(rye)?from=linkedin&to=shop#top',
  },
  secrets: [ACCESS_TOKEN, 'wrong-token-wrong-token'],
});
