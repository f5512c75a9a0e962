import * as z from 'zod';
import { notFound } from '../../shared/domain/app-error.ts';
import type { Brand } from '../../shared/domain/brand.ts';
import type { Channel } from '../../shared/domain/channel.ts';
import { loginInput, type PendingLogin } from '../../shared/domain/login.ts';
import type { AnyProvider, Deps } from '../../shared/ports.ts';
import { beginLogin } from '../../shared/usecases/begin-login.ts';
import { channelProvider } from '../../shared/usecases/channel-provider.ts';
import { chooseAccount } from '../../shared/usecases/choose-account.ts';
import { refusal } from './answers.ts';
import { redirectUriOf, withLogin } from './apps.ts';
import { checkOptions } from './channel-input.ts';
import { channelSchema, presentChannel, tagged } from './channel-view.ts';
import { loginSchema, newLoginSchema, presentLogin } from './login-view.ts';
import { isId, visibleBrand } from './lookup.ts';
import { seesBrand } from './permission.ts';
import { type ApiRequest, type Route, route } from './route.ts';

const tag = 'Connecting';

export const connectRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/v1/brands/{brandId}/channels/connect',
    operationId: 'beginLogin',
    summary: 'Connect an account by logging in at its network',
    description:
      'Send whoever owns the account to `url` within 15 minutes: they log in at the network and come back to a page ' +
      'that says how it went. If the login may post as several accounts, that page lets them choose; a program chooses ' +
      'by `POST /v1/connect/{loginId}/choose`. With `reconnect` the channel gets a new login, of the same account.',
    tag,
    scope: 'admin',
    body: loginInput.meta({ id: 'LoginInput' }),
    answers: { 201: newLoginSchema },
    handle: async (request, deps) => {
      const { caller, body, origin } = request;
      const brand = await visibleBrand(request, deps, request.params.brandId ?? '');
      const provider = await withLogin(deps, body.network);
      checkOptions(provider, body.options);
      const { login, url } = await beginLogin(deps, {
        ...body,
        agency: caller.agency,
        actor: caller.actor,
        brand,
        provider,
        reconnect: await channelFor(deps, brand, provider, body.reconnect),
        redirectUri: redirectUriOf(origin),
      });
      return {
        status: 201,
        headers: { location: `/v1/connect/${login.id}` },
        body: { ...presentLogin(login, deps.clock.now(), request.language), url },
      };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/connect/{loginId}',
    operationId: 'getLogin',
    summary: 'How a login stands, and what there is to choose from',
    tag,
    scope: 'admin',
    answers: { 200: loginSchema },
    handle: async (request, deps) => {
      const login = await visibleLogin(request, deps);
      return { status: 200, body: presentLogin(login, deps.clock.now(), request.language) };
    },
  }),
  route({
    method: 'POST',
    path: '/v1/connect/{loginId}/choose',
    operationId: 'chooseAccount',
    summary: 'Choose which account of a login is connected',
    description: 'Answers with the channel. The page that offered the choice is of no use after that.',
    tag,
    scope: 'admin',
    body: z
      .strictObject({ choice: z.string().min(1).describe('The `id` of one of `choices`') })
      .meta({ id: 'AccountChoice', examples: [{ choice: 'id-of-the-account' }] }),
    answers: { 200: channelSchema },
    handle: async (request, deps) => {
      const login = await visibleLogin(request, deps);
      const { agency } = request.caller;
      const channel = await chooseAccount(deps, { agency, login, choice: request.body.choice });
      return {
        status: 200,
        headers: tagged(channel),
        body: presentChannel(channel, await channelProvider(deps, channel)),
      };
    },
  }),
];

/** Unknown, another agency's and outside the key's brands are all the same. */
async function visibleLogin(
  { caller, params }: Pick<ApiRequest, 'caller' | 'params'>,
  deps: Pick<Deps, 'logins'>,
): Promise<PendingLogin> {
  const { loginId } = params;
  const login = isId('lgn', loginId) ? await deps.logins.get(caller.agency.id, loginId) : undefined;
  if (login === undefined || !seesBrand(caller, login.brandId)) throw notFound('login');
  return login;
}

async function channelFor(
  deps: Pick<Deps, 'channels'>,
  brand: Brand,
  provider: AnyProvider,
  id: string | undefined,
): Promise<Channel | undefined> {
  if (id === undefined) return undefined;
  const channel = await deps.channels.get(brand.agencyId, id);
  if (channel?.brandId !== brand.id) throw refusal('unknown_channel', '/reconnect');
  if (channel.network === provider.id) return channel;
  throw refusal('invalid_value', '/reconnect', { rule: 'must be a channel of this network' });
}
