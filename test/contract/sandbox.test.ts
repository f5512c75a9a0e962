import { describe } from 'vitest';
import { sandbox } from '../../shared/channels/sandbox.ts';
import { fakeSandbox } from '../support/fake-networks/sandbox.ts';
import { testProvider } from './provider-suite.ts';

describe('sandbox', () => {
  testProvider({
    provider: sandbox,
    fakeNetwork: fakeSandbox,
    credential: () => ({ account: 'bakery' }),
    wrongCredential: () => ({ account: 'expired-bakery' }),
    variant: { text: 'Fresh bread', link: 'https://bakery.example/bread' },
    // Its credential is its public name.
    secrets: ['Bearer'],
  });
});
