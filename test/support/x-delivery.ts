import { x } from '../../shared/channels/x.ts';
import type { Variant } from '../../shared/domain/content.ts';
import { DUE_AT } from './builders.ts';
import { ACCESS_TOKEN, type FakeXOptions, fakeX, USER_ID } from './fake-networks/x.ts';
import { providerContext } from './provider-context.ts';
import { aPublishRequest } from './provider-request.ts';

/** A delivery to the fake X. */
export async function xDelivery(variant: Variant, options: FakeXOptions = {}) {
  const network = await fakeX(options);
  const provider = x(network.url);
  const account = { id: USER_ID, handle: 'bakery', url: 'https://x.com/bakery' };
  const channel = { id: 'chn_one', account, facts: {} };
  const request = aPublishRequest({ accessToken: ACCESS_TOKEN }, { variant, channel });
  const withHandle = (handle: string) => ({ ...request, delivery: { ...request.delivery, handle } });
  const paths = () =>
    network.requests.map(({ method, url }) => `${method} ${url.pathname.replace(/\d{19}/, 'ID')}`);
  const look = { since: DUE_AT, excluding: new Set<string>() };
  const find = (handle?: string) =>
    provider.find?.({ ...(handle === undefined ? request : withHandle(handle)), ...look }, providerContext());
  return { network, provider, request, withHandle, paths, find };
}
