import { describe, expect, test } from 'vitest';
import type { Safety } from '../../../shared/domain/outcome.ts';
import { safetyOf } from '../../../shared/usecases/safety-of.ts';
import { world } from '../../simulation/world.ts';
import { fakeProvider } from '../../support/api-world.ts';

const blind = { kind: 'blind' } as const;
const findable = { kind: 'findable', findAfterSeconds: 20 } as const;

describe('what may be done after an unclear outcome', () => {
  test('is the same for every account of most networks', () => {
    expect(safetyOf(fakeProvider({ safety: findable }), { facts: {} })).toEqual(findable);
  });

  test('depends on the account where the network says so', () => {
    const safetyFor = ({ page }: { page?: unknown }) => (page === true ? findable : blind);
    const provider = fakeProvider({ safety: blind, safetyFor });
    expect(safetyOf(provider, { facts: { page: true } })).toEqual(findable);
    expect(safetyOf(provider, { facts: {} })).toEqual(blind);
  });

  /** A network whose posts can be looked for, of which the account decides whether they may. */
  async function lost(behaviour: 'acceptThenDrop' | 'brokenGateway', safety: Safety) {
    const it = await world();
    const { find } = it.networks;
    Object.assign(find.provider, { safety: blind, safetyFor: () => safety });
    find.script.push(behaviour);
    const post = await it.queue({ on: ['find'] });
    await it.clock.run(it.clock.now() + 300_000);
    return { delivery: await it.delivery(post.id), out: find.accepted.length };
  }

  test.each(['acceptThenDrop', 'brokenGateway'] as const)(
    'by %s, an account that can be read is looked at',
    async (how) => {
      const { delivery, out } = await lost(how, findable);
      expect(delivery.state).toBe('published');
      expect(out).toBe(1);
    },
  );

  test('an account that cannot be read is left to a person, at once and for good', async () => {
    const { delivery, out } = await lost('acceptThenDrop', blind);
    expect(delivery.state).toBe('uncertain');
    expect(out).toBe(1);
  });
});
