import { facebook } from '../../shared/channels/facebook.ts';
import { fakeFacebook, PAGE_TOKEN } from '../support/fake-networks/facebook.ts';
import { anAttachment } from '../support/media.ts';
import { testProvider } from './provider-suite.ts';

testProvider({
  provider: (network) => facebook({ graph: network, upload: network }),
  fakeNetwork: () => fakeFacebook(),
  credential: () => ({ accessToken: PAGE_TOKEN }),
  wrongCredential: () => ({ accessToken: 'EAAG-wrong-wrong-wrong' }),
  variant: {
    text: 'Bread & “rolls” <fresh>\n\nFrom seven on.',
    link: 'https://bakery.example/bread/of/the/day?from=facebook&to=shop',
    media: [anAttachment('bread'), anAttachment('rolls', { type: 'image/png' })],
  },
  secrets: [PAGE_TOKEN, 'EAAG-wrong-wrong-wrong'],
});
