import type { ApiKey } from '../../shared/domain/agency.ts';
import { AppError } from '../../shared/domain/app-error.ts';
import { sha256 } from '../../shared/domain/ids.ts';
import { HOUR } from '../../shared/domain/time.ts';
import type { Deps } from '../../shared/ports.ts';
import { allows } from './permission.ts';
import type { RateLimit } from './rate-limit.ts';
import type { Caller, Route } from './route.ts';

type Needs = Pick<Deps, 'agencies' | 'clock' | 'log'>;
export type Authenticated = {
  readonly caller: Caller;
  /** Resolves when the key's last use is noted; never rejects. A frozen Lambda would lose what is not awaited. */
  readonly noted: Promise<void>;
};

/**
 * Who calls. Missing, unknown, revoked and expired keys are one and the same 401; a scope below the route's is 403;
 * too many requests in a row are 429.
 */
export async function authenticate(
  deps: Needs,
  needed: Exclude<Route['scope'], 'public'>,
  authorization: string | undefined,
  limit: RateLimit,
): Promise<Authenticated> {
  const now = deps.clock.now();
  const secret = /^Bearer +(\S+)$/i.exec(authorization?.trim() ?? '')?.[1];
  const key = secret === undefined ? undefined : await deps.agencies.keyByHash(sha256(secret));
  if (key === undefined || !isActive(key, now)) throw unauthenticated();
  const waitSeconds = limit(key.id, deps.clock.monotonic());
  if (waitSeconds > 0) {
    throw new AppError('too_many_requests', 'Too many requests with this key.', {
      data: { retryAfterSeconds: waitSeconds },
    });
  }
  if (!allows(key.scope, needed)) {
    throw new AppError('forbidden', `This needs a key with scope ${needed}; this one has ${key.scope}.`, {
      data: { needed, scope: key.scope },
    });
  }
  const noted = note(deps, key, now);
  const agency = await deps.agencies.get(key.agencyId);
  if (agency === undefined) throw unauthenticated();
  const actor = { keyId: key.id, ...key.actor };
  const brands = key.brandIds === undefined ? {} : { brandIds: key.brandIds };
  return { caller: { agency, keyId: key.id, actor, scope: key.scope, ...brands }, noted };
}

function isActive(key: ApiKey, now: number): boolean {
  return key.revokedAt === undefined && (key.expiresAt === undefined || now < key.expiresAt);
}

function unauthenticated(): AppError {
  return new AppError('unauthenticated', 'A valid API key is needed: Authorization: Bearer sp_…');
}

/** Each note is a write that is paid for; whether a key is still in use is a question of days. */
const NOTED_EVERY = 12 * HOUR;

async function note(deps: Needs, key: ApiKey, now: number): Promise<void> {
  if (key.lastUsedAt !== undefined && now - key.lastUsedAt < NOTED_EVERY) return;
  try {
    await deps.agencies.touchKey(key, now);
  } catch (error) {
    deps.log.warn('last use of a key not noted', { keyId: key.id, error: String(error) });
  }
}
