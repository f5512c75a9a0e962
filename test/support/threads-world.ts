import { threads } from '../../shared/channels/threads.ts';
import type { Variant } from '../../shared/domain/content.ts';
import { DUE_AT } from './builders.ts';
import { ACCESS_TOKEN, type FakeThreadsOptions, fakeThreads, USER_ID } from './fake-networks/threads.ts';
import { aPublishRequest } from './provider-request.ts';

/** A fake Threads, the provider that speaks to it, and what its functions are given. */
export async function threadsWorld(options: FakeThreadsOptions = {}) {
  const network = await fakeThreads(options);
  const provider = threads({ graph: network.url });
  const account = { id: USER_ID, handle: 'bakery', url: 'https://www.threads.com/@bakery' };
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
  const made = () => [...network.threads.values()].map((one) => one.made);
  return { network, provider, request, made, who: { credential, account, facts: {} } };
}
