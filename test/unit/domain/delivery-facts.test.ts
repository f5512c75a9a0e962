import { describe, expect, test } from 'vitest';
import { deliveryFacts, formOf } from '../../../shared/domain/delivery-facts.ts';
import { aDelivery, anActor, aPost, DUE_AT } from '../../support/builders.ts';
import { anAttachment } from '../../support/media.ts';

const shape = { form: 'text', length: 12 } as const;
const out = aDelivery({ n: 2, state: 'published', publishedAt: DUE_AT, shape });

describe('what a publication was, to compare measurements by', () => {
  test('says who wrote it, what it is about, how long it is and when it went out', () => {
    const post = aPost({ labels: ['bread'], createdBy: anActor({ name: 'Kim' }) });
    expect(deliveryFacts(post, out, 'Europe/Berlin')).toEqual({
      ...shape,
      weekday: 'monday',
      hour: 9,
      labels: ['bread'],
      author: 'Kim',
    });
    expect(deliveryFacts(aPost({ campaign: 'autumn' }), out, 'Europe/Berlin')?.campaign).toBe('autumn');
  });

  test('is unknown where its form was not kept', () => {
    expect(deliveryFacts(aPost(), aDelivery(), 'Europe/Berlin')).toBeUndefined();
  });

  test.each([
    ['America/New_York', Date.UTC(2026, 10, 30, 3), 'sunday', 22],
    ['Europe/Berlin', Date.UTC(2026, 9, 25, 0, 30), 'sunday', 2],
    ['Europe/Berlin', Date.UTC(2026, 9, 25, 1, 30), 'sunday', 2],
    ['Asia/Kathmandu', Date.UTC(2026, 10, 30, 18, 20), 'tuesday', 0],
  ])('tells weekday and hour as people in %s have them', (timeZone, publishedAt, weekday, hour) => {
    const here = { ...out, publishedAt };
    expect(deliveryFacts(aPost(), here, timeZone)).toMatchObject({ weekday, hour });
    const wall = { local: '2026-11-30T09:00:00', timeZone };
    expect(deliveryFacts(aPost(), { ...here, wall }, 'Asia/Tokyo')).toMatchObject({ weekday, hour });
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
    expect(formOf(variant)).toBe(form);
  });
});
