import { discourse } from '../../shared/channels/discourse.ts';
import { MINUTE } from '../../shared/domain/time.ts';
import { DUE_AT } from '../support/builders.ts';
import { DISCOURSE_KEY, fakeDiscourse } from '../support/fake-networks/discourse.ts';
import { anAttachment } from '../support/media.ts';
import { testProvider } from './provider-suite.ts';

const WRONG_KEY = '2b'.repeat(32);

testProvider({
  provider: () => discourse,
  fakeNetwork: () => fakeDiscourse({ path: '/forum', now: () => DUE_AT + MINUTE }),
  credential: (url) => ({ forumUrl: `${url}/forum`, apiKey: DISCOURSE_KEY, username: 'baker' }),
  wrongCredential: (url) => ({ forumUrl: `${url}/forum`, apiKey: WRONG_KEY, username: 'baker' }),
  variant: {
    text: 'Fresh bread\n\nFrom six in the morning.',
    link: 'https://bakery.example/bread',
    media: [anAttachment('loaf')],
    options: { title: 'Fresh bread every day', category: 5, tags: ['bread'] },
  },
  secrets: [DISCOURSE_KEY, WRONG_KEY],
});
