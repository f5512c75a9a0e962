import * as z from 'zod';
import { notFound } from '../../shared/domain/app-error.ts';
import { appInput, type NetworkApp } from '../../shared/domain/network-app.ts';
import { toRfc3339 } from '../../shared/domain/time.ts';
import type { AnyProvider, Deps } from '../../shared/ports.ts';
import { deleteApp, setApp } from '../../shared/usecases/set-app.ts';
import { actorSchema, instantSchema, refusal } from './answers.ts';
import { providerOf } from './channel-input.ts';
import { wholeAgency } from './permission.ts';
import { type Route, route } from './route.ts';

const appSchema = z
  .object({
    network: z.string(),
    clientId: z.string(),
    scopes: z.array(z.string()).optional().describe('As they were set; absent: what is asked for by default'),
    redirectUri: z.string().describe('Register this address with the app at the network'),
    setAt: instantSchema,
    setBy: actorSchema,
  })
  .meta({ id: 'App' });

const tag = 'Connecting';
const MAX_NETWORK_NAME = 40;

/** Where every network sends the browser back to. */
export const redirectUriOf = (origin: string): string => `${origin}/v1/connect/callback`;

export const appRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/v1/apps',
    operationId: 'listApps',
    summary: 'The agency’s apps at the networks; never their secrets',
    description:
      '`redirectUri` is the address to register with an app; it is the same for all, also before the first app is set.',
    tag,
    scope: 'admin',
    answers: { 200: z.object({ items: z.array(appSchema), redirectUri: z.string() }) },
    handle: async ({ caller, origin }, deps) => {
      wholeAgency(caller);
      const apps = await deps.apps.list(caller.agency.id);
      const items = apps.map((app) => presentApp(app, origin));
      return { status: 200, body: { items, redirectUri: redirectUriOf(origin) } };
    },
  }),
  route({
    method: 'PUT',
    path: '/v1/apps/{network}',
    operationId: 'setApp',
    summary: 'Set the app by which the agency’s clients log in at a network',
    description:
      'Register an app at the network first, with the `redirectUri` of `GET /v1/apps`. The secret is stored encrypted ' +
      'and never shown again. `scopes`: what logins ask for, where the app holds fewer permissions than are asked for ' +
      'by default; LinkedIn’s self-serve apps want `openid`, `profile` and `w_member_social`. Only for networks with ' +
      'the capability `login`.',
    tag,
    scope: 'admin',
    body: appInput.meta({ id: 'AppInput' }),
    answers: { 200: appSchema },
    handle: async ({ caller, body, params, origin }, deps) => {
      wholeAgency(caller);
      const { id: network } = await withLogin(deps, params.network ?? '');
      const { agency, actor } = caller;
      const app = await setApp(deps, { agency, actor, network, app: body });
      return { status: 200, body: presentApp(app, origin) };
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/apps/{network}',
    operationId: 'deleteApp',
    summary: 'Forget an app and its secret',
    description:
      'Channels that were connected by it go on until their login ends; most cannot be renewed without it.',
    tag,
    scope: 'admin',
    answers: { 204: null },
    handle: async ({ caller, params }, deps) => {
      wholeAgency(caller);
      const { agency, actor } = caller;
      const { network = '' } = params;
      // Longer than any name, and maybe than any key that the table takes.
      if (network.length > MAX_NETWORK_NAME) throw notFound('app');
      await deleteApp(deps, { agency, actor, network });
      return { status: 204 };
    },
  }),
];

/** The provider of a network that one logs in at, or 422 at `/network`. */
export async function withLogin(deps: Pick<Deps, 'provider'>, network: string): Promise<AnyProvider> {
  const provider = await providerOf(deps, { network });
  if (provider.login === undefined) {
    throw refusal('login_unsupported', '/network', { network: provider.name });
  }
  return provider;
}

function presentApp(
  { network, clientId, scopes, setAt, setBy }: NetworkApp,
  origin: string,
): z.infer<typeof appSchema> {
  return {
    network,
    clientId,
    ...(scopes === undefined ? {} : { scopes: [...scopes] }),
    redirectUri: redirectUriOf(origin),
    setAt: toRfc3339(setAt),
    setBy,
  };
}
