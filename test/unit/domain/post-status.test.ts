import { describe, expect, test } from 'vitest';
import type { DeliveryState } from '../../../shared/domain/delivery.ts';
import { attentionAtOf, postStatus, wakeAtOf } from '../../../shared/domain/post-status.ts';
import { aDelivery, aPost, DUE_AT } from '../../support/builders.ts';

const withStates = (...states: DeliveryState[]) =>
  aPost({ deliveries: states.map((state, index) => aDelivery({ n: index + 1, state })) });

describe('the status of a post', () => {
  test.each<[DeliveryState[], string]>([
    [['published', 'uncertain', 'failed'], 'needs_attention'],
    [['published', 'retrying'], 'publishing'],
    [['published', 'pending'], 'publishing'],
    [['held', 'scheduled'], 'held'],
    [['scheduled', 'published'], 'scheduled'],
    [['cancelled', 'cancelled'], 'cancelled'],
    [['published', 'cancelled'], 'published'],
    [['published', 'removed'], 'published'],
    [['published', 'failed'], 'partly_published'],
    [['published', 'missed'], 'partly_published'],
    [['failed', 'missed'], 'failed'],
    [['missed', 'cancelled'], 'missed'],
  ])('%j is %s', (states, status) => {
    expect(postStatus(withStates(...states))).toBe(status);
  });

  test('of a draft is draft, whatever its deliveries say', () => {
    expect(postStatus({ ...withStates('scheduled'), draft: true })).toBe('draft');
  });
});

describe('the net', () => {
  test('comes by a minute and a half after the next instant that should move something', () => {
    expect(wakeAtOf(withStates('scheduled', 'published'), DUE_AT - 1_000)).toBe(DUE_AT + 90_000);
  });

  test('comes by ever later for what did not move', () => {
    const stuck = aPost({ deliveries: [aDelivery({ rescues: 3 })] });
    expect(wakeAtOf(stuck, DUE_AT + 3_600_000)).toBe(DUE_AT + 3_600_000 + 8 * 60_000);
  });

  test('leaves alone what is final, drafts, and tombstones', () => {
    expect(wakeAtOf(withStates('published', 'failed'), DUE_AT)).toBeUndefined();
    expect(wakeAtOf({ ...withStates('scheduled'), draft: true }, DUE_AT)).toBeUndefined();
    expect(wakeAtOf({ ...withStates('scheduled'), deletedAt: DUE_AT }, DUE_AT)).toBeUndefined();
  });
});

test('a person must look at what is failed, missed, uncertain or held', () => {
  for (const state of ['failed', 'missed', 'uncertain', 'held'] as const) {
    expect(attentionAtOf(withStates('published', state))).toBe(DUE_AT);
  }
  expect(attentionAtOf(withStates('published', 'scheduled', 'retrying'))).toBeUndefined();
});
