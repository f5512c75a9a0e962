import type { Agency } from '../domain/agency.ts';
import { notFound } from '../domain/app-error.ts';
import type { Account, Channel } from '../domain/channel.ts';
import type { PendingLogin } from '../domain/login.ts';
import type { Deps } from '../ports.ts';
import { connectChannel } from './connect-channel.ts';
import { updateChannel } from './update-channel.ts';

/**
 * Connects the account that a login has led to, or gives its channel the new credential: the same way, with the same
 * refusals, as a credential that came in a request. `login` is taken: nobody else works with it.
 */
export async function connectChosen(
  deps: Deps,
  {
    agency,
    login,
    account,
    value,
  }: { agency: Agency; login: PendingLogin; account: Account; value: unknown },
): Promise<Channel> {
  const channel = await (login.reconnect === undefined
    ? connected(deps, agency, login, account, value)
    : reconnected(deps, agency, login, login.reconnect, value));
  const { choices: _choices, credentials: _credentials, formHash: _hash, problem: _problem, ...rest } = login;
  const ended: PendingLogin = { ...rest, status: 'connected', channelId: channel.id };
  // The channel stands; that the login does not say so must not look like a failure.
  await deps.logins
    .replace(ended, login.version)
    .catch((error) => deps.log.warn('login.note_lost', { loginId: login.id, error: String(error) }));
  return channel;
}

async function connected(
  deps: Deps,
  agency: Agency,
  login: PendingLogin,
  account: Account,
  credential: unknown,
): Promise<Channel> {
  const brand = await deps.brands.get(agency.id, login.brandId);
  if (!brand) throw notFound('brand');
  const provider = await deps.provider(login.network);
  if (!provider) throw notFound('network');
  return connectChannel(deps, {
    agency,
    actor: login.startedBy,
    brand,
    provider,
    name: login.name ?? (account.handle.slice(0, 100).toWellFormed() || provider.name),
    credential,
    options: login.options,
    shared: login.shared,
  });
}

async function reconnected(
  deps: Deps,
  agency: Agency,
  login: PendingLogin,
  channelId: string,
  value: unknown,
): Promise<Channel> {
  const channel = await deps.channels.get(agency.id, channelId);
  if (!channel) throw notFound('channel');
  const provider = await deps.provider(login.network);
  if (!provider) throw notFound('network');
  return updateChannel(deps, { agency, actor: login.startedBy, channel, credential: { provider, value } });
}
