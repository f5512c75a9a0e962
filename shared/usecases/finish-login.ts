import { exchangeCode } from '../channels/oauth.ts';
import type { App, Choice, Context, MeasureFailure } from '../channels/provider.ts';
import type { Agency } from '../domain/agency.ts';
import { AppError, notFound } from '../domain/app-error.ts';
import type { Channel } from '../domain/channel.ts';
import { sha256 } from '../domain/ids.ts';
import { loginIdOf, type PendingLogin } from '../domain/login.ts';
import type { AnyProvider, Deps } from '../ports.ts';
import { sealChoices } from './choice-credentials.ts';
import { connectChosen } from './connect-chosen.ts';
import { providerContext } from './provider-context.ts';
import { secretText } from './secret-text.ts';
import { neededApp } from './set-app.ts';

/** What the browser brings back from the network. */
export type ComeBack = {
  readonly state?: string | undefined;
  readonly code?: string | undefined;
  /** RFC 6749 §4.1.2.1. */
  readonly error?: string | undefined;
  readonly error_description?: string | undefined;
};

export type FinishedLogin =
  | { kind: 'connected'; login: PendingLogin; channel: Channel }
  /** `token`: the one with which a form may choose, once. */
  | { kind: 'choose'; login: PendingLogin; token: string };

/**
 * Takes the login that a state belongs to, exactly once, exchanges the code and connects the account; where there
 * are several, they wait for a choice, their credentials sealed. A refusal ends the login and connects nothing.
 * @throws not_found (a state that is not ours), conflict (used, over, refused; what connecting a channel refuses),
 *   forbidden (declined at the network), unavailable (the network could not be asked)
 */
export async function finishLogin(deps: Deps, back: ComeBack): Promise<FinishedLogin> {
  const { agency, login } = await loginOf(deps, back.state ?? '');
  if (login.status !== 'waiting') throw used();
  if (deps.clock.now() >= login.expiresAt) throw over();
  const taken = await deps.logins.replace({ ...login, status: 'exchanging' }, login.version);
  if (taken === undefined) throw used();
  try {
    return await exchanged(deps, agency, taken, back);
  } catch (error) {
    if (error instanceof AppError) await noteFailure(deps, { ...taken, status: 'failed' }, error);
    throw error;
  }
}

/** What is left of a login that was refused; losing this note changes nothing that matters. */
export async function noteFailure(
  deps: Pick<Deps, 'logins' | 'log'>,
  login: PendingLogin,
  { code, message }: AppError,
): Promise<void> {
  await deps.logins
    .replace({ ...login, problem: { code, message } }, login.version)
    .catch((error) => deps.log.warn('login.note_lost', { loginId: login.id, error: String(error) }));
}

/** RFC 6749 §4.1.2.1, and LinkedIn's own: https://learn.microsoft.com/linkedin/shared/authentication/authorization-code-flow */
const DECLINED = new Set(['access_denied', 'user_cancelled_login', 'user_cancelled_authorize']);

export const used = (): AppError => new AppError('conflict', 'This login was used already: begin a new one.');
export const over = (): AppError => new AppError('conflict', 'This login is over: begin a new one.');

async function loginOf(
  deps: Pick<Deps, 'agencies' | 'logins'>,
  state: string,
): Promise<{ agency: Agency; login: PendingLogin }> {
  const [, agencyId] = /^(agy_[0-9a-z]{20})\.[\w-]{43}$/.exec(state) ?? [];
  const [agency, login] =
    agencyId === undefined
      ? []
      : await Promise.all([deps.agencies.get(agencyId), deps.logins.get(agencyId, loginIdOf(state))]);
  if (!agency || !login) throw notFound('login');
  return { agency, login };
}

async function exchanged(
  deps: Deps,
  agency: Agency,
  login: PendingLogin,
  back: ComeBack,
): Promise<FinishedLogin> {
  if (DECLINED.has(back.error ?? '')) {
    throw new AppError('forbidden', 'The login was declined at the network.');
  }
  if (back.error !== undefined || !back.code) {
    throw refused(back.error_description ?? back.error ?? 'it sent no code');
  }
  const provider = await deps.provider(login.network);
  if (!provider?.login) throw notFound('network');
  const app = await neededApp(deps, agency, login.network);
  const context = providerContext(deps, { agency });
  const choices = await choicesFor(deps, { agency, login, provider, app, code: back.code, context });
  const wanted = await wantedOf(deps, login, choices);
  const [first] = wanted;
  if (first === undefined) {
    throw new AppError('conflict', 'This login has no account that could be connected.');
  }
  if (wanted.length > 1) return keptForChoice(deps, agency, login, wanted);
  return {
    kind: 'connected',
    login,
    channel: await connectChosen(deps, { agency, login, value: first.credential, account: first.account }),
  };
}

async function choicesFor(
  deps: Pick<Deps, 'vault'>,
  {
    agency,
    login,
    provider,
    app,
    code,
    context,
  }: {
    agency: Agency;
    login: PendingLogin;
    provider: AnyProvider;
    app: App;
    code: string;
    context: Context;
  },
): Promise<readonly Choice<unknown>[]> {
  if (!provider.login) return [];
  const codeVerifier = await deps.vault.open(agency, login.id, 'verifier', login.verifier);
  const granted = { code, redirectUri: login.redirectUri, codeVerifier };
  const received = await exchangeCode(provider.login, app, granted, context);
  if (received.kind === 'refused') throw refused(received.reason);
  if (received.kind !== 'tokens') throw failed(received);
  const answer = await provider.login.choices({ tokens: received.tokens, app }, context);
  if (answer.kind !== 'choices') throw failed(answer);
  return answer.choices;
}

/** All of them; for a channel that is connected again only its own account. */
async function wantedOf(
  deps: Pick<Deps, 'channels'>,
  login: PendingLogin,
  choices: readonly Choice<unknown>[],
): Promise<readonly Choice<unknown>[]> {
  if (login.reconnect === undefined || choices.length === 0) return choices;
  const channel = await deps.channels.get(login.agencyId, login.reconnect);
  if (!channel) throw notFound('channel');
  const own = choices.filter(({ account }) => account.id === channel.account.id);
  if (own.length > 0) return own.slice(0, 1);
  throw new AppError('conflict', 'This login is of another account; connect that as its own channel.', {
    data: { account: channel.account.handle },
  });
}

async function keptForChoice(
  deps: Pick<Deps, 'vault' | 'logins' | 'random'>,
  agency: Agency,
  login: PendingLogin,
  choices: readonly Choice<unknown>[],
): Promise<FinishedLogin> {
  const token = `${agency.id}.${login.id}.${secretText(deps)}`;
  const waiting: PendingLogin = {
    ...login,
    status: 'choosing',
    choices: choices.map(({ account: { id, handle, url } }) => ({ id, handle, url })),
    credentials: await sealChoices(deps, agency, login, choices),
    formHash: sha256(token),
  };
  const stored = await deps.logins.replace(waiting, login.version);
  if (stored === undefined) throw used();
  return { kind: 'choose', login: stored, token };
}

/** A query parameter brings these words, so they may be anybody's: one short line. */
const refused = (reason: string): AppError =>
  new AppError('conflict', `The network refused: ${reason.replace(/[\p{Cc}\s]+/gu, ' ').slice(0, 200)}`);

function failed(failure: MeasureFailure): AppError {
  if (failure.kind === 'unauthorized') return refused(failure.reason);
  if (failure.kind === 'rateLimited') return new AppError('unavailable', 'The network asks to wait.');
  return new AppError('unavailable', `The network could not be asked: ${failure.reason}`);
}
