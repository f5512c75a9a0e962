import { googleBusiness } from '../../shared/channels/google-business.ts';
import { MINUTE } from '../../shared/domain/time.ts';
import { DUE_AT } from '../support/builders.ts';
import {
  fakeGoogleBusiness,
  GOOGLE_LOCATION,
  GOOGLE_REFRESH,
  GOOGLE_TOKEN,
} from '../support/fake-networks/google-business.ts';
import { anAttachment } from '../support/media.ts';
import { testProvider } from './provider-suite.ts';

testProvider({
  provider: (url) => googleBusiness({ posts: url, accounts: url, locations: url, tokenUrl: `${url}/token` }),
  fakeNetwork: () => fakeGoogleBusiness({ now: () => DUE_AT + MINUTE }),
  credential: () => ({ accessToken: GOOGLE_TOKEN, refreshToken: GOOGLE_REFRESH, location: GOOGLE_LOCATION }),
  wrongCredential: () => ({ accessToken: 'ya29.another-token', location: GOOGLE_LOCATION }),
  variant: {
    text: 'Fresh bread from seven.',
    link: 'https://bakery.example/bread',
    media: [anAttachment('loaf', { alt: '' })],
  },
  secrets: [GOOGLE_TOKEN, GOOGLE_REFRESH, 'ya29.another-token', 'Bearer '],
});
