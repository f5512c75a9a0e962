import { describe } from 'vitest';
import { webhook } from '../../shared/channels/webhook.ts';
import { fakeWebhook } from '../support/fake-networks/webhook.ts';
import { anAttachment } from '../support/media.ts';
import { testProvider } from './provider-suite.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

for (const tells of [true, false]) {
  describe(`webhook, to a receiver that ${tells ? 'tells' : 'does not tell'} what it made of it`, () => {
    testProvider({
      provider: () => webhook,
      fakeNetwork: () => fakeWebhook({ secret: SECRET, tells }),
      credential: (url) => ({ url: `${url}/hooks/path-that-is-a-secret?token=query-secret`, secret: SECRET }),
      wrongCredential: (url) => ({
        url: `${url}/hooks/path-that-is-a-secret`,
        secret: 'another-secret-of-16',
      }),
      variant: {
        text: 'Fresh bread',
        link: 'https://bakery.example/bread',
        media: [anAttachment('loaf')],
        thread: ['And rolls'],
        options: { board: 'news', pin: true },
      },
      secrets: [SECRET, 'path-that-is-a-secret', 'query-secret', 'another-secret'],
      // By the contract any 2xx is a yes, whatever it says.
      differs: { 'a success that makes no sense': 'published' },
    });
  });
}
