import { describe, expect, test } from 'vitest';
import { triesOf } from '../../../shared/domain/delivery.ts';
import type { Outcome } from '../../../shared/domain/outcome.ts';
import { next } from '../../../shared/domain/settle.ts';
import { aDelivery, DUE_AT } from '../../support/builders.ts';

const FACTS = {
  now: DUE_AT + 1_000,
  safety: { kind: 'findable', findAfterSeconds: 60 },
  policy: { maxLate: 'PT1H', otherwise: 'miss' },
  unit: 0.5,
} as const;
const PUBLISHED: Outcome = { kind: 'published', externalId: 'x', url: 'https://x.example/1' };
const PENDING: Outcome = { kind: 'pending', handle: 'h', checkAt: DUE_AT + 60_000 };
const AWAY: Outcome = { kind: 'unavailable', reason: 'down' };
const UNCLEAR: Outcome = { kind: 'uncertain', reason: 'timeout' };
const REFUSED: Outcome = { kind: 'rejected', code: 'refused', reason: 'no' };
const BUSY: Outcome = { kind: 'rateLimited', retryAt: DUE_AT + 60_000 };

describe('how often it was tried', () => {
  test('not at all before its time, once while its first try is under way', () => {
    expect(triesOf(aDelivery())).toBe(0);
    expect(triesOf(aDelivery({ state: 'publishing' }))).toBe(1);
  });

  test.each([
    ['published at the first try', [PUBLISHED], 1],
    ['being processed by its network, then published', [PENDING, PUBLISHED], 1],
    ['refused', [REFUSED], 1],
    ['not reached once', [AWAY], 1],
    ['not reached twice, then published', [AWAY, AWAY, PUBLISHED], 3],
    ['not reached eight times', Array.from({ length: 8 }, () => AWAY), 8],
    ['unclear, then found', [UNCLEAR, PUBLISHED], 2],
    ['asked to wait', [BUSY], 0],
    ['asked to wait, then published', [BUSY, PUBLISHED], 1],
  ])('%s', (_, outcomes, tries) => {
    let delivery = aDelivery();
    for (const outcome of outcomes) delivery = next({ ...delivery, state: 'publishing' }, outcome, FACTS);
    expect(triesOf(delivery)).toBe(tries);
  });

  test('what a worker may have sent before it died was tried once', () => {
    expect(triesOf(aDelivery({ state: 'uncertain' }))).toBe(1);
  });
});
