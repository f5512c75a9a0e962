import * as z from 'zod';
import type { Choice } from '../channels/provider.ts';
import type { Agency } from '../domain/agency.ts';
import type { PendingLogin } from '../domain/login.ts';
import type { Deps } from '../ports.ts';

const FIELD = 'choices';

const kept = z.object({
  common: z.record(z.string(), z.unknown()),
  own: z.record(z.string(), z.record(z.string(), z.unknown())),
});

/**
 * Seals the credential of each account that a login may post as. What all have alike, the login's own tokens above all,
 * is kept once: a workspace of 2,000 channels would not fit into an item otherwise, and what is sealed packs no more.
 */
export async function sealChoices(
  deps: Pick<Deps, 'vault'>,
  agency: Agency,
  login: Pick<PendingLogin, 'id'>,
  choices: readonly Choice<unknown>[],
): Promise<string> {
  const fields = choices.map(({ account, credential }) => [account.id, partsOf(credential)] as const);
  const [first = {}, ...others] = fields.map(([, parts]) => parts);
  const common = Object.fromEntries(
    Object.entries(first).filter(([name, value]) => others.every((parts) => parts[name] === value)),
  );
  const own = Object.fromEntries(
    fields.map(([id, parts]) => [
      id,
      Object.fromEntries(Object.entries(parts).filter(([name]) => !(name in common))),
    ]),
  );
  return deps.vault.seal(agency, login.id, FIELD, JSON.stringify({ common, own }));
}

/** The credential of one of them, as its provider wants it. */
export async function openChoice(
  deps: Pick<Deps, 'vault'>,
  agency: Agency,
  login: Pick<PendingLogin, 'id'>,
  sealed: string,
  accountId: string,
): Promise<unknown> {
  const { common, own } = kept.parse(JSON.parse(await deps.vault.open(agency, login.id, FIELD, sealed)));
  return { ...common, ...own[accountId] };
}

const partsOf = (credential: unknown): Readonly<Record<string, unknown>> =>
  z.record(z.string(), z.unknown()).parse(credential);
