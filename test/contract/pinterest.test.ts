import { describe } from 'vitest';
import { pinterest } from '../../shared/channels/pinterest.ts';
import type { Variant } from '../../shared/domain/content.ts';
import { ACCESS_TOKEN, BOARD, fakePinterest } from '../support/fake-networks/pinterest.ts';
import { anAttachment } from '../support/media.ts';
import { testProvider } from './provider-suite.ts';

const words = {
  text: 'Fresh bread & “rolls”\n\nFrom six in the morning.',
  link: 'https://bakery.example/bread?from=pinterest',
  options: { board: BOARD, title: 'Fresh bread' },
};
const variants: Readonly<Record<string, Variant>> = {
  'an image': { ...words, media: [anAttachment('loaf')] },
  'a carousel': { ...words, media: [anAttachment('loaf'), anAttachment('rolls')] },
  'a video': { ...words, media: [anAttachment('oven', { type: 'video/mp4' })] },
};

for (const [name, variant] of Object.entries(variants)) {
  describe(`pinterest, ${name}`, () => {
    testProvider({
      provider: pinterest,
      fakeNetwork: () => fakePinterest(),
      credential: () => ({ accessToken: ACCESS_TOKEN }),
      wrongCredential: () => ({ accessToken: 'wrong-token-wrong-token' }),
      variant,
      secrets: [ACCESS_TOKEN, 'wrong-token-wrong-token'],
    });
  });
}
