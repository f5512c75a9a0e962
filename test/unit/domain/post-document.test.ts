import { describe, expect, test } from 'vitest';
import { postInput } from '../../../shared/domain/post.ts';
import { dueInput, postDocument } from '../../../shared/domain/post-document.ts';
import { HOUR, MINUTE } from '../../../shared/domain/time.ts';
import { aContent, aDelivery, anId, aPost, DUE_AT, MADE_AT } from '../../support/builders.ts';

const [one, two, three] = [anId('chn', 'one'), anId('chn', 'two'), anId('chn', 'three')];

describe('the request that a post could have come from', () => {
  test('is a valid request again', () => {
    const post = aPost({
      dueAt: DUE_AT,
      labels: ['bread'],
      campaign: 'autumn',
      latePolicy: { maxLate: 'PT2H', otherwise: 'hold' },
    });
    const document = postDocument(
      post,
      aContent({ variants: { mastodon: { text: 'Short.', link: null } } }),
      MADE_AT,
    );
    expect(document).toEqual({
      content: aContent().base,
      variants: { mastodon: { text: 'Short.', link: null } },
      channels: [anId('chn')],
      dueAt: '2026-11-30T08:00:00Z',
      latePolicy: { maxLate: 'PT2H', otherwise: 'hold' },
      labels: ['bread'],
      campaign: 'autumn',
      draft: false,
    });
    expect(postInput.safeParse(document).success).toBe(true);
  });

  test('an own time stands at the network where all of its channels share it, else at the channel', () => {
    const post = aPost({
      dueAt: DUE_AT,
      deliveries: [
        aDelivery({ n: 1, channelId: one, network: 'bluesky', dueAt: DUE_AT + HOUR }),
        aDelivery({ n: 2, channelId: two, dueAt: DUE_AT }),
        aDelivery({ n: 3, channelId: three, dueAt: DUE_AT + 2 * HOUR }),
      ],
    });
    expect(postDocument(post, aContent(), MADE_AT).variants).toEqual({
      bluesky: { dueAt: '2026-11-30T09:00:00Z' },
      [three]: { dueAt: '2026-11-30T10:00:00Z' },
    });
  });

  test('a time that a network’s channels share stands at each of them where a patch speaks of one', () => {
    const post = aPost({
      dueAt: DUE_AT,
      deliveries: [
        aDelivery({ n: 1, channelId: one, dueAt: DUE_AT + HOUR }),
        aDelivery({ n: 2, channelId: two, dueAt: DUE_AT + HOUR }),
      ],
    });
    const variants = (patch: object) => postDocument(post, aContent(), MADE_AT, patch).variants;
    const dueAt = '2026-11-30T09:00:00Z';
    const apart = { [one]: { dueAt }, [two]: { dueAt } };
    const shared = { mastodon: { dueAt } };
    expect(variants({ variants: { [one]: { dueAt: null } } })).toEqual(apart);
    expect(variants({ variants: { [one]: null } })).toEqual(apart);
    expect(variants({ variants: { [one]: { text: 'Short.' } } })).toEqual(shared);
    expect(variants({ variants: { [one]: { dueAt: null }, mastodon: { dueAt: 'now' } } })).toEqual(shared);
    for (const odd of [{}, { variants: null }, { variants: [] }, { variants: 'x' }])
      expect(variants(odd)).toEqual(shared);
  });

  test('cancelled deliveries and their variants are left out', () => {
    const post = aPost({
      dueAt: DUE_AT,
      deliveries: [
        aDelivery({ n: 1, channelId: one, state: 'cancelled', network: 'bluesky' }),
        aDelivery({ n: 2, channelId: two }),
      ],
    });
    const content = aContent({
      variants: { bluesky: { text: 'a' }, [one]: { text: 'b' }, mastodon: { text: 'c' } },
    });
    const document = postDocument(post, content, MADE_AT);
    expect(document.channels).toEqual([two]);
    expect(document.variants).toEqual({ mastodon: { text: 'c' } });
  });

  test('a base time that has passed is left out, unless a delivery has it', () => {
    const apart = aPost({ dueAt: DUE_AT, deliveries: [aDelivery({ dueAt: DUE_AT + HOUR })] });
    expect(postDocument(apart, aContent(), MADE_AT).dueAt).toBe('2026-11-30T08:00:00Z');
    expect(postDocument(apart, aContent(), DUE_AT + 1).dueAt).toBeUndefined();
    const kept = aPost({ dueAt: DUE_AT });
    expect(postDocument(kept, aContent(), DUE_AT + 1).dueAt).toBe('2026-11-30T08:00:00Z');
  });

  test('a draft without a time has none', () => {
    const post = aPost({ draft: true, deliveries: [aDelivery({ dueAt: 0 })] });
    const document = postDocument(post, aContent(), MADE_AT);
    expect(document.dueAt).toBeUndefined();
    expect(document.variants).toEqual({});
  });
});

describe('an instant as its author would write it', () => {
  const zone = { timeZone: 'Europe/Berlin' };

  test('is the local time that it was promised in', () => {
    expect(dueInput(DUE_AT, { local: '2026-11-30T09:00', ...zone })).toEqual({
      local: '2026-11-30T09:00',
      ...zone,
    });
  });

  test('says which of two where the clocks go back', () => {
    const wall = { local: '2026-10-25T02:30', ...zone };
    const earlier = Date.UTC(2026, 9, 25, 0, 30);
    expect(dueInput(earlier, wall)).toEqual({ ...wall, disambiguation: 'earlier' });
    expect(dueInput(earlier + HOUR, wall)).toEqual({ ...wall, disambiguation: 'later' });
  });

  test('is the stored instant when the local time no longer lands there', () => {
    expect(dueInput(DUE_AT + MINUTE, { local: '2026-11-30T09:00', ...zone })).toBe('2026-11-30T08:01:00Z');
    expect(dueInput(DUE_AT, undefined)).toBe('2026-11-30T08:00:00Z');
  });
});
