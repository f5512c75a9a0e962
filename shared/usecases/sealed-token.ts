import type { Agency } from '../domain/agency.ts';
import { notFound } from '../domain/app-error.ts';
import type { Deps } from '../ports.ts';

/**
 * A token for a link in a mail: sealed with the agency's key and bound to its owner and field, so that it cannot be
 * forged or used for anything else, and stands in no table.
 */
export async function sealedToken(
  deps: Pick<Deps, 'vault'>,
  agency: Agency,
  { owner, field, plain }: { owner: string; field: string; plain: string },
): Promise<string> {
  const sealed = await deps.vault.seal(agency, owner, field, plain);
  return Buffer.from(`${agency.id}.${owner}.${sealed}`, 'utf8').toString('base64url');
}

/** @throws AppError `not_found` for every token that is not ours */
export async function openToken(
  deps: Pick<Deps, 'vault' | 'agencies'>,
  field: string,
  token: string,
): Promise<{ agency: Agency; owner: string; plain: string }> {
  const match = /^(agy_[0-9a-z]+)\.([a-z]+_[0-9a-z_]+)\.(.+)$/s.exec(
    Buffer.from(token.slice(0, 2_000), 'base64url').toString('utf8'),
  );
  const [, agencyId = '', owner = '', sealed = ''] = match ?? [];
  const agency = match ? await deps.agencies.get(agencyId) : undefined;
  if (!agency) throw notFound('link');
  try {
    return { agency, owner, plain: await deps.vault.open(agency, owner, field, sealed) };
  } catch (error) {
    // A key service that is away is no forged token: the reader must be able to try again.
    if (isFault(error)) throw error;
    throw notFound('link');
  }
}

/** AWS errors carry `$metadata`; errors of the network carry a `syscall`. A token that does not open has neither. */
function isFault(error: unknown): boolean {
  return typeof error === 'object' && error !== null && ('$metadata' in error || 'syscall' in error);
}
