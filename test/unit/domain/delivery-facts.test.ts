import { describe, expect, test } from 'vitest';
import { type DeliveryFacts, deliveryFacts } from '../../../shared/domain/delivery-facts.ts';
import { aDelivery, anActor, aPost, DUE_AT } from '../../support/builders.ts';
import { anAttachment } from '../../support/media.ts';

type Given = Parameters<typeof deliveryFacts>[0];

const facts = (over: Partial<Given> = {}): DeliveryFacts =>
  deliveryFacts({
    post: aPost({ labels: ['bread'], createdBy: anActor({ name: 'Kim' }) }),
    delivery: aDelivery({ n: 2, state: 'published', publishedAt: DUE_AT }),
    variant: { text: 'Fresh bread.' },
    timeZone: 'Europe/Berlin',
    textLength: 12,
    ...over,
  });

describe('what is kept of a delivery for later analysis', () => {
  test('says who wrote it, what it is about, how long it is and when it went out', () => {
    expect(facts()).toEqual({
      n: 2,
      form: 'text',
      length: 12,
      weekday: 'monday',
      hour: 9,
      labels: ['bread'],
      author: 'Kim',
    });
    expect(facts({ post: aPost({ campaign: 'autumn' }) }).campaign).toBe('autumn');
  });

  test.each([
    ['America/New_York', Date.UTC(2026, 10, 30, 3), 'sunday', 22],
    ['Europe/Berlin', Date.UTC(2026, 9, 25, 0, 30), 'sunday', 2],
    ['Europe/Berlin', Date.UTC(2026, 9, 25, 1, 30), 'sunday', 2],
    ['Asia/Kathmandu', Date.UTC(2026, 10, 30, 18, 20), 'tuesday', 0],
  ])('tells weekday and hour as people in %s have them', (timeZone, publishedAt, weekday, hour) => {
    const delivery = aDelivery({ state: 'published', publishedAt });
    expect(facts({ timeZone, delivery })).toMatchObject({ weekday, hour });
  });

  const one = anAttachment('m1');
  const poll = { options: ['rye', 'wheat'], minutes: 60 };
  test.each([
    ['text', { text: 'Fresh bread.' }],
    ['link', { text: 'Bread.', link: 'https://bakery.example/' }],
    ['link', { text: 'Bread: https://bakery.example/' }],
    ['image', { text: 'Bread.', link: 'https://bakery.example/', media: [one] }],
    ['carousel', { text: 'Bread.', media: [one, { ...one, mediaId: 'm2' }] }],
    ['poll', { text: 'Which?', link: 'https://bakery.example/', poll }],
    ['text', { text: 'Bread.', media: [] }],
  ])('is %s by what stands out most in it', (form, variant) => {
    expect(facts({ variant }).form).toBe(form);
  });
});
