import { setTimeout } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { createHttp } from '../../shared/channels/http.ts';
import { measureMessage } from '../../shared/domain/messages.ts';
import type { AnyProvider, Deps } from '../../shared/ports.ts';
import { renewChannel } from '../../shared/usecases/renew-channel.ts';
import { usableChannel } from '../../shared/usecases/usable-channel.ts';
import { givenBrand } from './api-steps.ts';
import { type ApiReply, apiWorld } from './api-world.ts';
import { MADE_AT } from './builders.ts';
import { fakeOauth, OAUTH_APP, oauthProvider } from './fake-networks/oauth.ts';

/** An API with a brand, and a network on loopback at which one logs in. */
export async function connectingWorld(
  over: { provider?: Partial<AnyProvider>; deps?: Partial<Deps>; lasts?: number; until?: number } = {},
) {
  // The API's clock is the network's, too, as soon as there is one.
  let now = (): number => MADE_AT;
  const { lasts, until } = over;
  const network = await fakeOauth({
    now: () => now(),
    ...(lasts === undefined ? {} : { lasts }),
    ...(until === undefined ? {} : { until }),
  });
  onTestFinished(network.close);
  const provider = oauthProvider(network.url, over.provider);
  const world = await apiWorld({
    providers: [provider],
    deps: {
      http: createHttp({ allowLoopback: true }),
      clock: { now: () => now(), monotonic: () => performance.now(), sleep: () => setTimeout(2) },
      ...over.deps,
    },
  });
  now = () => world.time.now;
  const brand = await givenBrand(world);

  const setApp = (): Promise<ApiReply> => world.request('PUT', '/v1/apps/oauthnet', { body: OAUTH_APP });
  const begin = (body: object = {}, key = 'admin'): Promise<ApiReply> =>
    world.request('POST', `/v1/brands/${brand.id}/channels/connect`, {
      key,
      body: { network: 'oauthnet', ...body },
    });
  const visit = (url: URL, headers: Record<string, string> = {}): Promise<ApiReply> =>
    world.request('GET', url.pathname + url.search, { key: null, headers });
  const press = (form: Record<string, string>): Promise<ApiReply> =>
    world.request('POST', '/v1/connect/choose', {
      key: null,
      body: new URLSearchParams(form).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  /** Begins a login and comes back from the network. */
  const dance = async (accounts: readonly string[], body: object = {}) => {
    const login = (await begin(body)).body;
    const page = await visit(network.logIn(login.url, accounts));
    return { login, page, status: (await world.request('GET', `/v1/connect/${login.id}`)).body };
  };
  /** A channel that was connected by logging in. */
  const connected = async () => {
    await setApp();
    const { status } = await dance(['bakery']);
    const channel = await world.deps.channels.get(world.agency.id, status.channelId);
    if (!channel) throw new Error(JSON.stringify(status));
    return channel;
  };
  const credentialOf = async (channelId: string) => {
    const channel = await world.deps.channels.get(world.agency.id, channelId);
    return JSON.parse(
      await world.deps.vault.open(world.agency, channelId, 'credential', channel?.credential ?? ''),
    );
  };
  return { world, network, provider, brand, setApp, begin, visit, press, dance, connected, credentialOf };
}
export type ConnectingWorld = Awaited<ReturnType<typeof connectingWorld>>;

/** The same with a channel that was connected by a login of two hours, and what its renewal is watched by. */
export async function renewingWorld(over: Parameters<typeof connectingWorld>[0] = {}) {
  const it = await connectingWorld(over);
  const channel = await it.connected();
  const { deps, agency, time } = it.world;
  const present = async () => {
    const found = await deps.channels.get(agency.id, channel.id);
    if (!found) throw new Error('the channel is gone');
    return found;
  };
  return {
    ...it,
    channel,
    present,
    pass: (ms: number) => {
      time.now += ms;
    },
    renew: () => renewChannel(deps, { agencyId: agency.id, channelId: channel.id }),
    use: async () => usableChannel(deps, agency, await present()),
    /** Token requests after that of the login. */
    renewals: () => it.network.tokenRequests().length - 1,
    told: () => it.world.seen.events.map((event) => (event as { type: string }).type),
    alerts: () => it.world.seen.reportMessages.length,
  };
}

/** What the measure queue was sent. */
export const messagesOf = ({ world }: Pick<ConnectingWorld, 'world'>) =>
  world.seen.measureMessages.map((message) => measureMessage.parse(message));
