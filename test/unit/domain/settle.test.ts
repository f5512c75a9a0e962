import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TRANSITIONS } from '../../../shared/domain/delivery.ts';
import type { Outcome, Safety } from '../../../shared/domain/outcome.ts';
import { mayResend, next, type SettleFacts } from '../../../shared/domain/settle.ts';
import { aDelivery, DUE_AT } from '../../support/builders.ts';

const claimed = (over: Parameters<typeof aDelivery>[0] = {}) =>
  aDelivery({
    state: 'publishing',
    fence: 1,
    claimedBy: 'me',
    claimedAt: DUE_AT,
    leaseUntil: DUE_AT + 75_000,
    ...over,
  });

const facts = (over: Partial<SettleFacts> = {}): SettleFacts => ({
  now: DUE_AT + 1_000,
  safety: { kind: 'blind' },
  policy: { maxLate: 'PT1H', otherwise: 'miss' },
  unit: 0.5,
  ...over,
});

const SAFETIES: Safety[] = [
  { kind: 'blind' },
  { kind: 'findable', findAfterSeconds: 60 },
  { kind: 'idempotent', forMinutes: 50 },
];
const OUTCOMES: Outcome[] = [
  { kind: 'published', externalId: 'x', url: 'https://x.example/1' },
  { kind: 'pending', handle: 'h', checkAt: DUE_AT + 60_000 },
  { kind: 'rejected', code: 'refused', reason: 'no' },
  { kind: 'unauthorized', reason: 'token' },
  { kind: 'rateLimited', retryAt: DUE_AT + 60_000 },
  { kind: 'unavailable', reason: 'down' },
  { kind: 'uncertain', reason: 'timeout' },
];

describe('of what goes out part by part', () => {
  const out = { externalId: 'x', url: 'https://x.example/1' };
  const part = (n: number) => ({ kind: 'pending', handle: `h${n}`, checkAt: DUE_AT + n, out }) as const;

  test('the instant of the first accepting answer is when it was published, however long the rest takes', () => {
    const first = next(claimed(), part(1), facts({ startedAt: DUE_AT }));
    const second = next({ ...first, state: 'publishing' }, part(2), facts({ now: DUE_AT + 7_200_000 }));
    expect([first.publishedAt, second.publishedAt]).toEqual([DUE_AT + 1_000, DUE_AT + 1_000]);
  });

  test('the ids of all that is out are kept when the rest is given up, so that it can be taken away', () => {
    const first = next(claimed(), part(1), facts({ startedAt: DUE_AT }));
    const second = next({ ...first, state: 'publishing' }, { ...part(2), parts: ['p1'] }, facts());
    const third = next({ ...second, state: 'publishing' }, { kind: 'uncertain', reason: 'timeout' }, facts());
    expect(third).toMatchObject({ state: 'published', code: 'incomplete', externalId: 'x', parts: ['p1'] });
  });
});

describe('what becomes of an attempt', () => {
  test.each([
    ['published', 'published'],
    ['pending', 'pending'],
    ['rejected', 'failed'],
    ['unauthorized', 'held'],
    ['rateLimited', 'retrying'],
    ['unavailable', 'retrying'],
    ['uncertain', 'uncertain'],
  ])('%s makes it %s on a blind network', (kind, state) => {
    const outcome = OUTCOMES.find((one) => one.kind === kind);
    if (!outcome) throw new Error(kind);
    expect(next(claimed(), outcome, facts()).state).toBe(state);
  });

  test.each<Outcome>([
    { kind: 'pending', handle: 'h', checkAt: DUE_AT + 60_000.25 },
    { kind: 'rateLimited', retryAt: DUE_AT + 60_000.25 },
  ])(
    'asked to wait for a part of a millisecond ($kind), it waits for a whole one: a wake bears no other',
    (outcome) => {
      expect(next(claimed(), outcome, facts({ unit: 0 })).nextAttemptAt).toBe(DUE_AT + 60_001);
    },
  );

  test('the promise never moves, and no claim is left', () => {
    for (const outcome of OUTCOMES) {
      for (const safety of SAFETIES) {
        const settled = next(claimed(), outcome, facts({ safety }));
        expect(settled.dueAt).toBe(DUE_AT);
        expect(settled.claimedBy).toBeUndefined();
        expect(settled.leaseUntil).toBeUndefined();
      }
    }
  });

  test('what the network refuses after it was given all of it has failed, unless an earlier attempt is in doubt', () => {
    const refused: Outcome = { kind: 'rejected', code: 'media_refused', reason: 'codec' };
    const processing = claimed({ state: 'publishing', handle: 'h', startedAt: DUE_AT });
    expect(next(processing, refused, facts())).toMatchObject({ state: 'failed', code: 'media_refused' });
    expect(next({ ...processing, doubtSince: DUE_AT }, refused, facts()).state).toBe('uncertain');
  });

  test('a thread starts with its first post, keeps what stands beside it, and says what is missing', () => {
    const first = next(
      claimed(),
      {
        kind: 'pending',
        handle: 'h',
        checkAt: DUE_AT + 1_000,
        out: { externalId: '1', url: 'https://x.example/1' },
      },
      facts({ startedAt: DUE_AT + 5, now: DUE_AT + 90 }),
    );
    const outcome: Outcome = {
      kind: 'published',
      externalId: '1',
      url: 'https://x.example/1',
      parts: ['2', '3'],
      missing: 'the first comment was refused',
    };
    const settled = next({ ...first, state: 'publishing' }, outcome, facts({ startedAt: DUE_AT + 9_000 }));
    expect(settled).toMatchObject({
      state: 'published',
      startedAt: DUE_AT + 5,
      publishedAt: DUE_AT + 90,
      parts: ['2', '3'],
      code: 'incomplete',
      reason: 'the first comment was refused',
    });
    expect(settled.handle).toBeUndefined();

    // Whatever becomes of the rest, what is out is published.
    for (const end of OUTCOMES.filter(({ kind }) => kind === 'rejected' || kind === 'uncertain')) {
      const given = next({ ...first, state: 'publishing' }, end, facts());
      expect(given).toMatchObject({ state: 'published', code: 'incomplete', externalId: '1' });
    }
    // What has begun in time goes on, however long it takes.
    const late: Outcome = { kind: 'rateLimited', retryAt: DUE_AT + 3 * 3_600_000 };
    expect(next({ ...first, state: 'publishing' }, late, facts()).state).toBe('retrying');
  });

  test('a look on a findable network waits until its "absent" means something', () => {
    const settled = next(
      claimed(),
      { kind: 'uncertain', reason: 'timeout' },
      facts({ safety: SAFETIES[1] as Safety, startedAt: DUE_AT }),
    );
    expect(settled).toMatchObject({ state: 'retrying', doubtSince: DUE_AT });
    expect(settled.nextAttemptAt).toBeGreaterThanOrEqual(DUE_AT + 60_000);
  });

  test('a look is put off further where the network had let us wait for an answer', () => {
    const timeout: Outcome = { kind: 'uncertain', reason: 'timeout' };
    const safety: Safety = { kind: 'findable', findAfterSeconds: 30 };
    const silent = facts({ safety, startedAt: DUE_AT, now: DUE_AT + 20_000 });
    const first = next(claimed(), timeout, silent);
    expect(first.nextAttemptAt).toBe(DUE_AT + 120_000);
    const second = next({ ...first, state: 'publishing' }, timeout, { ...silent, now: DUE_AT + 120_000 });
    expect(second.nextAttemptAt).toBe(DUE_AT + 150_000);
  });

  test('a wait that reaches past the late policy ends by it', () => {
    const outcome: Outcome = { kind: 'rateLimited', retryAt: DUE_AT + 2 * 3_600_000 };
    expect(next(claimed(), outcome, facts()).state).toBe('missed');
    const hold = facts({ policy: { maxLate: 'PT1H', otherwise: 'hold' } });
    expect(next(claimed(), outcome, hold)).toMatchObject({ state: 'held', holds: [{ code: 'late' }] });
    expect(next(claimed({ byHand: true }), outcome, facts()).state).toBe('retrying');
  });

  test('every path of the table is a legal transition, and doubt never ends as failed or missed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...OUTCOMES),
        fc.constantFrom(...SAFETIES),
        fc.record({
          attempts: fc.nat(9),
          doubt: fc.boolean(),
          lateMs: fc.integer({ min: 0, max: 8_000_000 }),
          unit: fc.double({ min: 0, max: 1, noNaN: true }),
        }),
        (outcome, safety, { attempts, doubt, lateMs, unit }) => {
          const delivery = claimed({ attempts, ...(doubt ? { doubtSince: DUE_AT } : {}) });
          const settled = next(delivery, outcome, facts({ safety, unit, now: DUE_AT + lateMs }));
          expect(TRANSITIONS.publishing).toContain(settled.state);
          if (doubt) expect(['failed', 'missed']).not.toContain(settled.state);
          if (settled.state === 'retrying') expect(settled.nextAttemptAt).toBeGreaterThan(DUE_AT + lateMs);
          if (['failed', 'missed', 'uncertain', 'published'].includes(settled.state)) {
            expect(settled.nextAttemptAt).toBeUndefined();
          }
        },
      ),
    );
  });
});

test('the same send may be repeated only inside an idempotent network’s window', () => {
  const idempotent: Safety = { kind: 'idempotent', forMinutes: 50 };
  expect(mayResend(idempotent, DUE_AT, DUE_AT + 49 * 60_000)).toBe(true);
  expect(mayResend(idempotent, DUE_AT, DUE_AT + 50 * 60_000)).toBe(false);
  expect(mayResend({ kind: 'findable', findAfterSeconds: 1 }, DUE_AT, DUE_AT)).toBe(false);
  expect(mayResend({ kind: 'blind' }, DUE_AT, DUE_AT)).toBe(false);
});
