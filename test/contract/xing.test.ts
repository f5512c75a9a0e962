import { describe, expect, test } from 'vitest';
import { xing } from '../../shared/channels/xing.ts';
import { testProviderByHand } from './by-hand-suite.ts';

const credential = {
  responsible: 'editor@agency.example',
  profileUrl: 'https://www.xing.com/profile/Anna_Baecker',
};
const words = { text: 'Frisches Brot', link: 'https://bakery.example/brot?a=b&c=d' };

describe('xing', () => {
  testProviderByHand({ provider: xing, credential, variant: words });

  test('opens its share dialog for a link, and has no other form', () => {
    const task = (variant: { text: string; link?: string }) => xing.assisted?.task(variant, credential);
    expect(task(words)?.deepLink).toBe(
      'https://www.xing.com/spi/shares/new?url=https%3A%2F%2Fbakery.example%2Fbrot%3Fa%3Db%26c%3Dd',
    );
    expect(task({ text: 'Frisches Brot' })).not.toHaveProperty('deepLink');
  });
});
