import { instagram } from '../../shared/channels/instagram.ts';
import type { Variant } from '../../shared/domain/content.ts';
import { DUE_AT } from './builders.ts';
import {
  ACCESS_TOKEN,
  type FakeInstagramOptions,
  fakeInstagram,
  USER_ID,
} from './fake-networks/instagram.ts';
import { aPublishRequest } from './provider-request.ts';

/** A fake Instagram, the provider that speaks to it, and what its functions are given. */
export async function instagramWorld(options: FakeInstagramOptions = {}) {
  const network = await fakeInstagram(options);
  const provider = instagram({ graph: network.url, api: network.url });
  const account = { id: USER_ID, handle: 'bakery', url: 'https://www.instagram.com/bakery/' };
  const credential = { accessToken: ACCESS_TOKEN };
  const request = (variant: Variant, handle?: string) => ({
    ...aPublishRequest(credential, { variant, channel: { id: 'chn_a', account, facts: {} } }),
    delivery: {
      id: 'dlv_one',
      key: 'dlv_one.key',
      dueAt: DUE_AT,
      ...(handle === undefined ? {} : { handle }),
    },
  });
  return { network, provider, request, who: { credential, account, facts: {} } };
}
