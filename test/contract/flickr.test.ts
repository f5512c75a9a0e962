import { flickr } from '../../shared/channels/flickr.ts';
import { MINUTE } from '../../shared/domain/time.ts';
import { DUE_AT } from '../support/builders.ts';
import { fakeFlickr } from '../support/fake-networks/flickr.ts';
import { FLICKR_KEYS } from '../support/fake-networks/flickr-signature.ts';
import { anAttachment } from '../support/media.ts';
import { testProvider } from './provider-suite.ts';

const wrong = { token: '72157720000000000-fedcba9876543210', tokenSecret: '0000000000000000' };

testProvider({
  provider: (url) => flickr({ api: url, upload: url }),
  fakeNetwork: () => fakeFlickr({ now: () => DUE_AT + MINUTE }),
  credential: () => FLICKR_KEYS,
  wrongCredential: () => ({ ...FLICKR_KEYS, ...wrong }),
  variant: {
    text: 'Fresh bread',
    link: 'https://bakery.example/bread',
    media: [anAttachment('loaf')],
    // The suite publishes the same file again and again.
    options: { title: 'Fresh bread', tags: ['bread', 'Krume & Co'], allowDuplicate: true },
  },
  secrets: [
    FLICKR_KEYS.apiSecret,
    FLICKR_KEYS.token,
    FLICKR_KEYS.tokenSecret,
    wrong.token,
    wrong.tokenSecret,
  ],
});
