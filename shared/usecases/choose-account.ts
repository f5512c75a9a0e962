import type { Agency } from '../domain/agency.ts';
import { AppError, notFound } from '../domain/app-error.ts';
import type { Channel } from '../domain/channel.ts';
import { finding } from '../domain/finding.ts';
import { sha256 } from '../domain/ids.ts';
import type { PendingLogin } from '../domain/login.ts';
import type { Deps } from '../ports.ts';
import { openChoice } from './choice-credentials.ts';
import { connectChosen } from './connect-chosen.ts';
import { noteFailure, over, used } from './finish-login.ts';

/** The button of a page was pressed: `token` is what `finishLogin` gave that page, and good for one press. */
export async function chooseByForm(
  deps: Deps,
  { token, choice }: { token: string; choice: string },
): Promise<{ login: PendingLogin; channel: Channel }> {
  const [, agencyId = '', loginId = ''] =
    /^(agy_[0-9a-z]{20})\.(lgn_[0-9a-z]{20})\.[\w-]{43}$/.exec(token) ?? [];
  const [agency, login] =
    agencyId === ''
      ? []
      : await Promise.all([deps.agencies.get(agencyId), deps.logins.get(agencyId, loginId)]);
  if (!agency || !login) throw notFound('login');
  if (login.formHash !== sha256(token)) throw used();
  return { login, channel: await chooseAccount(deps, { agency, login, choice }) };
}

/**
 * Connects one of the accounts that a login may post as. A refusal (the account stands elsewhere, say) leaves the
 * other ones to be chosen by the API until the login is over; the form's token is spent in any case.
 * @throws conflict (not waiting for a choice; over; what connecting a channel refuses), invalid (no such choice)
 */
export async function chooseAccount(
  deps: Deps,
  { agency, login, choice }: { agency: Agency; login: PendingLogin; choice: string },
): Promise<Channel> {
  const { choices, credentials, formHash: _spent, problem: _problem, ...rest } = login;
  if (login.status !== 'choosing' || !choices || credentials === undefined) throw used();
  if (deps.clock.now() >= login.expiresAt) throw over();
  const account = choices.find(({ id }) => id === choice);
  if (!account) {
    throw new AppError('invalid', 'The request was not understood; findings say why.', {
      findings: [finding('error', 'unknown_choice', '/choice')],
    });
  }
  const kept = { ...rest, choices, credentials };
  const taken = await deps.logins.replace({ ...kept, status: 'connecting' }, login.version);
  if (taken === undefined) throw used();
  try {
    const value = await openChoice(deps, agency, login, credentials, account.id);
    return await connectChosen(deps, { agency, login: taken, account, value });
  } catch (error) {
    if (error instanceof AppError) await noteFailure(deps, { ...taken, status: 'choosing' }, error);
    throw error;
  }
}
