import { ghost } from '../../shared/channels/ghost.ts';
import { MINUTE } from '../../shared/domain/time.ts';
import { DUE_AT } from '../support/builders.ts';
import { fakeGhost, GHOST_KEY } from '../support/fake-networks/ghost.ts';
import { anAttachment } from '../support/media.ts';
import { testProvider } from './provider-suite.ts';

const WRONG_KEY = `${'9'.repeat(24)}:${'cd'.repeat(32)}`;

testProvider({
  provider: () => ghost,
  fakeNetwork: () => fakeGhost({ path: '/blog', now: () => DUE_AT + MINUTE }),
  credential: (url) => ({ siteUrl: `${url}/blog`, adminApiKey: GHOST_KEY }),
  wrongCredential: (url) => ({ siteUrl: `${url}/blog`, adminApiKey: WRONG_KEY }),
  variant: {
    text: 'Fresh bread\n\nFrom six in the morning.',
    link: 'https://bakery.example/bread',
    media: [anAttachment('loaf'), anAttachment('oven', { type: 'image/png' })],
    options: { title: 'Fresh bread', tags: ['Bread', 'News'] },
  },
  secrets: [GHOST_KEY, WRONG_KEY, 'ab'.repeat(32), 'cd'.repeat(32), 'Ghost ey'],
});
