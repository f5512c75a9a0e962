import { SYSTEM } from '../domain/agency.ts';
import { idFromBytes } from '../domain/ids.ts';
import type { Deps } from '../ports.ts';
import { createKey } from './create-key.ts';

/** A new tenant with its first admin key. `key` is shown once and stored only as its hash. */
export async function createAgency(
  deps: Pick<Deps, 'agencies' | 'brands' | 'audit' | 'clock' | 'random' | 'vault'>,
  { name }: { name: string },
): Promise<{ agencyId: string; key: string }> {
  const agencyId = idFromBytes('agy', deps.random.bytes(20));
  const dataKey = await deps.vault.newDataKey(agencyId);
  await deps.agencies.create({ id: agencyId, name, dataKey, optInEvents: [], createdAt: deps.clock.now() });
  const { secret } = await createKey(deps, {
    agencyId,
    input: { actor: { name: `${name} admin` }, scope: 'admin' },
    actor: SYSTEM,
  });
  return { agencyId, key: secret };
}
