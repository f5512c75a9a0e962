import type { App } from '../channels/provider.ts';
import type { Actor, Agency } from '../domain/agency.ts';
import { AppError, notFound } from '../domain/app-error.ts';
import type { NetworkApp } from '../domain/network-app.ts';
import type { Deps } from '../ports.ts';

const FIELD = 'app';

/** Keeps the agency's app at a network, its secret sealed; one that was there before is replaced. */
export async function setApp(
  deps: Pick<Deps, 'apps' | 'vault' | 'clock' | 'audit'>,
  { agency, actor, network, app }: { agency: Agency; actor: Actor; network: string; app: App },
): Promise<NetworkApp> {
  const stored: NetworkApp = {
    agencyId: agency.id,
    network,
    clientId: app.clientId,
    clientSecret: await deps.vault.seal(agency, network, FIELD, app.clientSecret),
    ...(app.scopes === undefined ? {} : { scopes: app.scopes }),
    setAt: deps.clock.now(),
    setBy: actor,
  };
  await deps.apps.put(stored);
  await deps.audit.append(agency.id, {
    at: stored.setAt,
    actor,
    act: 'app.set',
    target: network,
    data: { clientId: app.clientId },
  });
  return stored;
}

/** @throws not_found when there is none */
export async function deleteApp(
  deps: Pick<Deps, 'apps' | 'clock' | 'audit'>,
  { agency, actor, network }: { agency: Agency; actor: Actor; network: string },
): Promise<void> {
  if ((await deps.apps.get(agency.id, network)) === undefined) throw notFound('app');
  await deps.apps.delete(agency.id, network);
  await deps.audit.append(agency.id, { at: deps.clock.now(), actor, act: 'app.delete', target: network });
}

/** The app with its secret in the clear. It goes to the network and nowhere else. */
export async function openApp(
  deps: Pick<Deps, 'apps' | 'vault'>,
  agency: Agency,
  network: string,
): Promise<App | undefined> {
  const app = await deps.apps.get(agency.id, network);
  if (app === undefined) return undefined;
  const clientSecret = await deps.vault.open(agency, network, FIELD, app.clientSecret);
  return { clientId: app.clientId, clientSecret, scopes: app.scopes };
}

/** @throws conflict when the agency has not said which app to log in with */
export async function neededApp(
  deps: Pick<Deps, 'apps' | 'vault'>,
  agency: Agency,
  network: string,
): Promise<App> {
  const app = await openApp(deps, agency, network);
  if (app !== undefined) return app;
  throw new AppError('conflict', 'There is no app for this network yet: register one by PUT /v1/apps.', {
    data: { network },
  });
}
