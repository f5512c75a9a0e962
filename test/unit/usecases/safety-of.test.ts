import { describe, expect, test } from 'vitest';
import { safetyOf } from '../../../shared/usecases/safety-of.ts';
import { fakeProvider } from '../../support/api-world.ts';

describe('what may be done after an unclear outcome', () => {
  const blind = { kind: 'blind' } as const;
  const findable = { kind: 'findable', findAfterSeconds: 60 } as const;

  test('is the same for every account of most networks', () => {
    expect(safetyOf(fakeProvider({ safety: findable }), { facts: {} })).toEqual(findable);
  });

  test('depends on the account where the network says so', () => {
    const provider = fakeProvider({
      safety: blind,
      safetyFor: ({ page }) => (page === true ? findable : blind),
    });
    expect(safetyOf(provider, { facts: { page: true } })).toEqual(findable);
    expect(safetyOf(provider, { facts: {} })).toEqual(blind);
  });
});
