import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromItem, toItem } from '../../../../shared/adapters/store/post-item.ts';
import { postStore } from '../../../../shared/adapters/store/posts.ts';
import { DELIVERY_STATES, type Delivery } from '../../../../shared/domain/delivery.ts';
import { HOLD_CODES } from '../../../../shared/domain/hold.ts';
import type { Post } from '../../../../shared/domain/post.ts';
import { memoryTable } from '../../../simulation/memory-table.ts';
import { aDelivery, anId, aPost, DUE_AT, MADE_AT } from '../../../support/builders.ts';
import { itemSize } from '../../../support/item-size.ts';

describe('the size of a head', () => {
  const wall = { local: '2026-11-30T09:00:00', timeZone: 'Europe/Berlin' };
  const published: Partial<Delivery>[] = [
    {
      network: 'bluesky',
      externalId: 'at://did:plc:ewvi7nxzyoun6zhxrhs64oiz/app.bsky.feed.post/3l6oveex3ii2l',
      url: 'https://bsky.app/profile/did:plc:ewvi7nxzyoun6zhxrhs64oiz/post/3l6oveex3ii2l',
    },
    {
      network: 'mastodon',
      externalId: '115530296212812345',
      url: 'https://mastodon.social/@bakery/115530296212812345',
    },
    {
      network: 'wordpress',
      externalId: '48213',
      url: 'https://www.bakery.example/2026/11/30/fresh-bread-from-seven/',
    },
  ];

  it('is at most 1,024 bytes with three channels after publishing', async () => {
    const table = memoryTable();
    const posts = postStore(table, () => MADE_AT);
    const deliveries = published.map(({ network = '' }, n) =>
      aDelivery({ n: n + 1, channelId: anId('chn', network), network, wall }),
    );
    const post = aPost({ deliveries });
    await posts.create(post);
    let head: Post | undefined;
    for (const [n, ends] of published.entries()) {
      const ref = { agencyId: post.agencyId, postId: post.id, n: n + 1 };
      const { nextAttemptAt: _, ...settled } = deliveries[n] ?? aDelivery();
      const next: Delivery = {
        ...settled,
        ...ends,
        state: 'published',
        fence: 1,
        startedAt: DUE_AT + 137,
        publishedAt: DUE_AT + 1_389,
      };
      head = await posts.swapDelivery(ref, { fence: 0, states: ['scheduled'] }, next);
    }
    const item = await table.get(toItem(post));
    expect(head && item && fromItem(item)).toEqual(head);
    expect(item && itemSize(item)).toBeLessThanOrEqual(1_024);
    expect(item && itemSize(item)).toBeGreaterThan(700);
  });

  it('spends no bytes on tries where one was enough to publish it or to be refused', () => {
    const size = (over: Partial<Delivery>) => itemSize(toItem(aPost({ deliveries: [aDelivery(over)] })));
    expect(size({ state: 'published' })).toBe(size({ state: 'scheduled' }));
    expect(size({ state: 'failed', attempts: 1 })).toBe(size({ state: 'scheduled' }));
    expect(size({ state: 'failed', attempts: 8 })).toBeGreaterThan(size({ state: 'scheduled' }));
  });
});

describe('a post as an item', () => {
  const instant = fc.integer({ min: 1_500_000_000_000, max: 4_000_000_000_000 });
  const text = fc.string({ minLength: 1, maxLength: 20 });
  const id = (prefix: string) =>
    fc.oneof(
      text.map((body) => `${prefix}_${body}`),
      text,
    );
  const hash = fc.oneof(
    fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex')),
    text,
  );
  const optional = { requiredKeys: [] };
  const hold = fc
    .tuple(
      fc.record({ code: fc.constantFrom(...HOLD_CODES), by: text, since: instant }),
      fc.record({ until: instant }, optional),
    )
    .map(([must, may]) => ({ ...must, ...may }));
  const delivery = fc
    .tuple(
      fc.record({
        channelId: id('chn'),
        network: text,
        state: fc.constantFrom(...DELIVERY_STATES),
        dueAt: instant,
        fence: fc.nat(),
        attempts: fc.nat(9),
        rescues: fc.nat(5),
        holds: fc.array(hold, { maxLength: 3 }),
      }),
      fc.record(
        {
          wall: fc.record({ local: text, timeZone: text }),
          nextAttemptAt: instant,
          claimedBy: text,
          claimedAt: instant,
          leaseUntil: instant,
          sending: fc.boolean(),
          doubtSince: instant,
          handle: text,
          startedAt: instant,
          publishedAt: instant,
          externalId: text,
          url: text,
          code: text,
          reason: text,
          byHand: fc.boolean(),
        },
        optional,
      ),
    )
    .map(([must, may]): Omit<Delivery, 'n'> => ({ ...must, ...may }));
  const post = fc
    .tuple(
      fc.record({
        id: id('post'),
        agencyId: id('agy'),
        brandId: id('brd'),
        version: fc.nat(),
        revision: fc.integer({ min: 1, max: 99 }),
        contentHash: hash,
        requestHash: hash,
        draft: fc.boolean(),
        labels: fc.array(text, { maxLength: 3 }),
        createdAt: instant,
        createdBy: fc.oneof(
          fc.record({ keyId: id('key'), name: text }),
          fc.record({ keyId: id('key'), name: text, email: text }),
        ),
        deliveries: fc
          .array(delivery, { maxLength: 25 })
          .map((all) => all.map((one, n): Delivery => ({ n: n + 1, ...one }))),
      }),
      fc.record(
        {
          latePolicy: fc.record({
            maxLate: fc.option(text),
            otherwise: fc.constantFrom('miss' as const, 'hold' as const),
          }),
          campaign: text,
          dueAt: instant,
        },
        optional,
      ),
      fc.oneof(
        fc.record({ wakeAt: instant, attentionAt: instant }, optional),
        fc.record({ deletedAt: instant }),
      ),
    )
    .map(([must, may, times]): Post => ({ ...must, ...may, ...times }));

  it('comes back as it went in, whatever it holds', async () => {
    const table = memoryTable();
    await fc.assert(
      fc.asyncProperty(post, async (made) => {
        // the generator's objects have no prototype, which would count as a difference
        const original = structuredClone(made);
        const item = toItem(original);
        await table.put(item);
        const stored = await table.get(item);
        expect(stored && fromItem(stored)).toStrictEqual(original);
      }),
      { numRuns: 300 },
    );
  });
});
