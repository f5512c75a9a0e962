import { describe, expect, test } from 'vitest';
import { canonicalJson, contentHash, resolveVariant } from '../../../shared/domain/content.ts';
import { deliveryId, derivedId, idSchema, parseDeliveryId } from '../../../shared/domain/ids.ts';
import { postDocument } from '../../../shared/domain/post-document.ts';
import { aContent, aDelivery, anId, aPost, DUE_AT } from '../../support/builders.ts';

describe('a variant', () => {
  const content = aContent({
    base: { text: 'Base', link: 'https://a.example/', options: { tone: 'calm', size: 1 } },
    variants: {
      mastodon: { text: 'For Mastodon', options: { size: 2 } },
      chn_x: { link: null, options: { tone: 'loud' } },
    },
  });

  test('takes each field from the channel, then the network, then the base', () => {
    expect(resolveVariant(content, 'mastodon', 'chn_x')).toEqual({
      text: 'For Mastodon',
      options: { tone: 'loud', size: 2 },
    });
    expect(resolveVariant(content, 'bluesky', 'chn_y')).toEqual(content.base);
  });
});

describe('a content hash', () => {
  test('does not depend on the order of keys, and changes with every word', () => {
    const one = aContent({ base: { text: 'A', link: 'https://a.example/' } });
    const other = { variants: {}, base: { link: 'https://a.example/', text: 'A' } };
    expect(contentHash(one)).toBe(contentHash(other));
    expect(contentHash(one)).not.toBe(
      contentHash(aContent({ base: { text: 'a', link: 'https://a.example/' } })),
    );
  });

  test('canonical JSON keeps the order of lists', () => {
    expect(canonicalJson({ b: [2, 1], a: { d: 1, c: undefined } })).toBe('{"a":{"d":1},"b":[2,1]}');
  });
});

describe('ids', () => {
  test('of deliveries lead back to their post', () => {
    const postId = derivedId('post', 'a', 'b');
    expect(idSchema('post').safeParse(postId).success).toBe(true);
    expect(parseDeliveryId(deliveryId(postId, 7))).toEqual({ postId, n: 7 });
    expect(parseDeliveryId('dlv_nonsense_01')).toBeUndefined();
  });

  test('do not mix up where one part ends and the next begins', () => {
    expect(derivedId('post', 'ab', 'c')).not.toBe(derivedId('post', 'a', 'bc'));
  });
});

test('a post is written back as its author said it', () => {
  const wall = { local: '2026-11-30T09:00', timeZone: 'Europe/Berlin' };
  const post = aPost({
    dueAt: DUE_AT,
    deliveries: [
      aDelivery({ n: 1, channelId: anId('chn', 'a'), wall }),
      aDelivery({ n: 2, channelId: anId('chn', 'b'), dueAt: DUE_AT + 60_000 }),
      aDelivery({ n: 3, channelId: anId('chn', 'c'), state: 'cancelled' }),
    ],
  });
  expect(postDocument(post, aContent(), DUE_AT)).toMatchObject({
    dueAt: wall,
    channels: [anId('chn', 'a'), anId('chn', 'b')],
    variants: { [anId('chn', 'b')]: { dueAt: '2026-11-30T08:01:00Z' } },
  });
});
