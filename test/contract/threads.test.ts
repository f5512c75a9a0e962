import { threads } from '../../shared/channels/threads.ts';
import { ACCESS_TOKEN, fakeThreads } from '../support/fake-networks/threads.ts';
import { testProvider } from './provider-suite.ts';

testProvider({
  provider: (network) => threads({ graph: network }),
  fakeNetwork: () => fakeThreads(),
  credential: () => ({ accessToken: ACCESS_TOKEN }),
  wrongCredential: () => ({ accessToken: 'THAA-wrong-wrong-wrong' }),
  variant: {
    text: 'Bread & “rolls” <fresh>\n\nAsk @mill #bread',
    link: 'https://bakery.example/bread/of/the/day?from=threads&to=shop',
    options: { topicTag: 'Bread and rolls', replyControl: 'accounts_you_follow' },
  },
  secrets: [ACCESS_TOKEN, 'THAA-wrong-wrong-wrong'],
});
