import type { Actor, ApiKey, KeyInput } from '../domain/agency.ts';
import { AppError } from '../domain/app-error.ts';
import { type Finding, finding } from '../domain/finding.ts';
import { idFromBytes, sha256 } from '../domain/ids.ts';
import { toRfc3339 } from '../domain/time.ts';
import type { Deps } from '../ports.ts';

/** 256 random bits. */
const SECRET_BYTES = 32;

/** Makes an API key. `secret` is in this answer and nowhere else: only its SHA-256 is stored. */
export async function createKey(
  deps: Pick<Deps, 'agencies' | 'brands' | 'audit' | 'clock' | 'random'>,
  { agencyId, input, actor }: { agencyId: string; input: KeyInput; actor: Actor },
): Promise<{ key: ApiKey; secret: string }> {
  const at = deps.clock.now();
  const expiresAt = input.expiresAt === undefined ? undefined : Date.parse(input.expiresAt);
  const findings: Finding[] = [];
  if (expiresAt !== undefined && expiresAt <= at) {
    findings.push(finding('error', 'time_past', '/expiresAt', { at: toRfc3339(expiresAt) }));
  }
  for (const [i, brandId] of (input.brandIds ?? []).entries()) {
    if ((await deps.brands.get(agencyId, brandId)) === undefined) {
      findings.push(finding('error', 'unknown_brand', `/brandIds/${i}`));
    }
  }
  if (findings.length > 0) {
    throw new AppError('invalid', 'The request was not understood; findings say why.', { findings });
  }
  const secret = `sp_${Buffer.from(deps.random.bytes(SECRET_BYTES)).toString('base64url')}`;
  const { name, email } = input.actor;
  const key: ApiKey = {
    id: idFromBytes('key', deps.random.bytes(20)),
    agencyId,
    hash: sha256(secret),
    actor: { name, ...(email === undefined ? {} : { email }) },
    scope: input.scope,
    ...(input.brandIds === undefined ? {} : { brandIds: [...new Set(input.brandIds)] }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    createdAt: at,
    createdBy: actor,
  };
  await deps.audit.append(agencyId, {
    at,
    actor,
    act: 'key.create',
    target: key.id,
    data: { name, scope: key.scope },
  });
  await deps.agencies.putKey(key);
  return { key, secret };
}
