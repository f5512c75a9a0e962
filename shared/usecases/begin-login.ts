import { authorizationUrl } from '../channels/oauth.ts';
import type { Actor, Agency } from '../domain/agency.ts';
import type { Brand } from '../domain/brand.ts';
import type { Channel } from '../domain/channel.ts';
import { LOGIN_LASTS, loginIdOf, type PendingLogin } from '../domain/login.ts';
import type { AnyProvider, Deps } from '../ports.ts';
import { secretText } from './secret-text.ts';
import { neededApp } from './set-app.ts';

export type BeginLogin = {
  readonly agency: Agency;
  readonly actor: Actor;
  readonly brand: Brand;
  /** With a `login`. */
  readonly provider: AnyProvider;
  readonly name?: string | undefined;
  readonly options: Readonly<Record<string, unknown>>;
  readonly shared: boolean;
  /** A channel of this brand and network that gets a new credential. */
  readonly reconnect?: Channel | undefined;
  readonly returnUrl?: string | undefined;
  /** Where the network sends the browser back to. */
  readonly redirectUri: string;
};

/**
 * Begins a login at a network: whoever opens `url` logs in there and comes back. The state in it is 256 random bits
 * and stands in no table; the login's id is derived from it.
 * @throws conflict when the agency has no app at this network
 */
export async function beginLogin(
  deps: Pick<Deps, 'apps' | 'logins' | 'vault' | 'clock' | 'random' | 'audit'>,
  input: BeginLogin,
): Promise<{ login: PendingLogin; url: string }> {
  const { agency, provider, name, reconnect, returnUrl, redirectUri } = input;
  if (!provider.login) throw new Error(`${provider.id} has no login`);
  const app = await neededApp(deps, agency, provider.id);
  const state = `${agency.id}.${secretText(deps)}`;
  const codeVerifier = secretText(deps);
  const id = loginIdOf(state);
  const now = deps.clock.now();
  const login: PendingLogin = {
    id,
    agencyId: agency.id,
    brandId: input.brand.id,
    network: provider.id,
    ...(name === undefined ? {} : { name }),
    options: input.options,
    shared: input.shared,
    ...(reconnect === undefined ? {} : { reconnect: reconnect.id }),
    ...(returnUrl === undefined ? {} : { returnUrl }),
    redirectUri,
    verifier: await deps.vault.seal(agency, id, 'verifier', codeVerifier),
    status: 'waiting',
    version: 1,
    startedAt: now,
    startedBy: input.actor,
    expiresAt: now + LOGIN_LASTS,
  };
  const url = await authorizationUrl(provider.login, app, { redirectUri, state, codeVerifier });
  await deps.logins.create(login);
  await deps.audit.append(agency.id, {
    at: now,
    actor: input.actor,
    act: 'login.begin',
    target: id,
    data: { brandId: input.brand.id, network: provider.id },
  });
  return { login, url };
}
