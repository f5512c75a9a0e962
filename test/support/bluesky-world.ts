import { bluesky } from '../../shared/channels/bluesky.ts';
import type { PublishRequest } from '../../shared/channels/provider.ts';
import type { Variant } from '../../shared/domain/content.ts';
import { DUE_AT } from './builders.ts';
import { APP_PASSWORD, DID, type FakeBlueskyOptions, fakeBluesky, HANDLE } from './fake-networks/bluesky.ts';
import { providerContext, type TestContextOptions } from './provider-context.ts';

/** A Bluesky with one account, and a delivery to it. */
export async function blueskyWorld(variant: Variant, options: FakeBlueskyOptions = {}) {
  const time = { now: DUE_AT };
  const network = await fakeBluesky({ now: () => time.now, ...options });
  const credential = { serviceUrl: network.url, identifier: HANDLE, appPassword: APP_PASSWORD };
  const account = { id: DID, handle: HANDLE, url: `https://bsky.app/profile/${HANDLE}` };
  const facts = { pds: network.url };
  const context = (own: TestContextOptions = {}) => providerContext({ now: () => time.now, ...own });
  const request = (handle?: string, key = 'dlv_a.hash'): PublishRequest<typeof credential> => ({
    variant,
    credential,
    channel: { id: 'chn_a', account, facts },
    delivery: { id: 'dlv_a', key, dueAt: DUE_AT, ...(handle === undefined ? {} : { handle }) },
  });
  return {
    network,
    provider: bluesky(network.url),
    time,
    context,
    request,
    who: { credential, account, facts },
    /** Oldest first. */
    records: (): readonly Record<string, unknown>[] => [...network.records.values()],
    [Symbol.asyncDispose]: network.close,
  };
}
