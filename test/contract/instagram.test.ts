import { instagram } from '../../shared/channels/instagram.ts';
import { ACCESS_TOKEN, fakeInstagram } from '../support/fake-networks/instagram.ts';
import { anAttachment } from '../support/media.ts';
import { testProvider } from './provider-suite.ts';

testProvider({
  provider: (network) => instagram({ graph: network, api: network }),
  fakeNetwork: () => fakeInstagram(),
  credential: () => ({ accessToken: ACCESS_TOKEN }),
  wrongCredential: () => ({ accessToken: 'IGAA-wrong-wrong-wrong' }),
  variant: {
    text: 'Bread & “rolls” <fresh>\n\nAsk @mill #bread #fresh',
    media: [
      anAttachment('bread'),
      anAttachment('oven', { type: 'video/mp4', width: 1_080, height: 1_920, alt: '' }),
    ],
    options: { collaborators: ['mill'], locationId: '123456' },
  },
  secrets: [ACCESS_TOKEN, 'IGAA-wrong-wrong-wrong'],
});
