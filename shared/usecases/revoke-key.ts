import type { Actor, ApiKey } from '../domain/agency.ts';
import { AppError, notFound } from '../domain/app-error.ts';
import type { Instant } from '../domain/time.ts';
import type { Deps } from '../ports.ts';

/** Ends a key at once. The last key that can make others stays, or the agency would have locked itself out. */
export async function revokeKey(
  deps: Pick<Deps, 'agencies' | 'audit' | 'clock'>,
  { agencyId, keyId, actor }: { agencyId: string; keyId: string; actor: Actor },
): Promise<void> {
  const at = deps.clock.now();
  const keys = await deps.agencies.keys(agencyId);
  const key = keys.find(({ id }) => id === keyId);
  if (key === undefined) throw notFound('key');
  const others = keys.filter(({ id }) => id !== keyId);
  if (makesKeys(key, at) && !others.some((other) => makesKeys(other, at))) {
    throw new AppError('conflict', 'This is the last admin key: make another one first.');
  }
  await deps.audit.append(agencyId, { at, actor, act: 'key.revoke', target: keyId });
  if (!(await deps.agencies.revokeKey(agencyId, keyId, at))) throw notFound('key');
}

function makesKeys(key: ApiKey, at: Instant): boolean {
  const active = key.revokedAt === undefined && (key.expiresAt === undefined || at < key.expiresAt);
  return active && key.scope === 'admin' && key.brandIds === undefined;
}
