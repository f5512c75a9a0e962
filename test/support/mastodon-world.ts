import { mastodon } from '../../shared/channels/mastodon.ts';
import type { PublishRequest } from '../../shared/channels/provider.ts';
import type { Variant } from '../../shared/domain/content.ts';
import { DUE_AT } from './builders.ts';
import { ACCESS_TOKEN, type FakeMastodonOptions, fakeMastodon } from './fake-networks/mastodon.ts';
import { providerContext } from './provider-context.ts';

/** An instance with one account that is connected, and a delivery to it. */
export async function mastodonWorld(variant: Variant, options: FakeMastodonOptions = {}) {
  const time = { now: DUE_AT };
  const network = await fakeMastodon({ now: () => time.now, ...options });
  const credential = { instanceUrl: network.url, accessToken: ACCESS_TOKEN };
  const context = () => providerContext({ now: () => time.now });
  const verified = await mastodon.verify(credential, context());
  if (verified.kind !== 'verified') throw new Error(JSON.stringify(verified));
  const { account, facts } = verified;
  const request = (handle?: string): PublishRequest<typeof credential> => ({
    variant,
    credential,
    channel: { id: 'chn_a', account, facts },
    delivery: { id: 'dlv_a', key: 'dlv_a.hash', dueAt: DUE_AT, ...(handle === undefined ? {} : { handle }) },
  });
  const sent = (path: string) => network.requests.filter(({ url }) => url.pathname.startsWith(path));
  return {
    network,
    time,
    context,
    request,
    who: { credential, account, facts },
    statuses: () => [...network.statuses.values()],
    uploads: () => sent('/api/v2/media'),
    looks: () => sent('/api/v1/media/'),
    [Symbol.asyncDispose]: network.close,
  };
}
