import { describe, expect, test } from 'vitest';
import { googleBusiness } from '../../../shared/channels/google-business.ts';
import { DAY, MINUTE } from '../../../shared/domain/time.ts';
import { attempt } from '../../support/attempt.ts';
import { DUE_AT } from '../../support/builders.ts';
import {
  fakeGoogleBusiness,
  GOOGLE_LOCATION,
  GOOGLE_TOKEN,
} from '../../support/fake-networks/google-business.ts';
import { providerContext } from '../../support/provider-context.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

const NOW = DUE_AT + MINUTE;
const credential = { accessToken: GOOGLE_TOKEN, location: GOOGLE_LOCATION };

/** A business with so many posts from before, all about other things. */
async function business(older: number, order?: 'newest first' | 'oldest first') {
  let now = NOW - 9 * DAY;
  const network = await fakeGoogleBusiness({ now: () => now, ...(order === undefined ? {} : { order }) });
  const { url } = network;
  const provider = googleBusiness({ posts: url, accounts: url, locations: url, tokenUrl: `${url}/token` });
  const publish = (text: string) =>
    attempt(provider, aPublishRequest(credential, { variant: { text } }), providerContext());
  for (let n = 0; n < older; n++) {
    now += MINUTE;
    await publish(`Post ${n}`);
  }
  now = NOW;
  const find = () =>
    provider.find?.(
      {
        ...aPublishRequest(credential, { variant: { text: 'Fresh bread' } }),
        since: NOW,
        excluding: new Set(),
      },
      providerContext(),
    );
  return { network, publish, find, [Symbol.asyncDispose]: network.close };
}

describe('looking for a post of a business', () => {
  test('finds it at the end of a list that does not stand newest first', async () => {
    await using own = await business(120, 'oldest first');
    expect(await own.find()).toEqual({ kind: 'absent' });
    const { outcome } = await own.publish('Fresh bread');
    const externalId = outcome.kind === 'published' ? outcome.externalId : expect.fail(outcome.kind);
    expect(await own.find()).toMatchObject({ kind: 'found', externalId });
  });

  test('reads no further than to posts from before', async () => {
    await using own = await business(120);
    const before = own.network.requests.length;
    expect(await own.find()).toEqual({ kind: 'absent' });
    expect(own.network.requests).toHaveLength(before + 1);
  });
});
