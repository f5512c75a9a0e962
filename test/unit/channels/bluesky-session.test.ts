import { describe, expect, onTestFinished, test } from 'vitest';
import { bluesky } from '../../../shared/channels/bluesky.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../../support/builders.ts';
import { APP_PASSWORD, DID, fakeBluesky, HANDLE } from '../../support/fake-networks/bluesky.ts';
import { providerContext } from '../../support/provider-context.ts';

const ACCOUNT = { id: DID, handle: HANDLE, url: `https://bsky.app/profile/${HANDLE}` };

async function setup(text = 'Hello', tellsDidDoc = true) {
  const time = { now: DUE_AT };
  const network = await fakeBluesky({ now: () => time.now, tellsDidDoc });
  onTestFinished(network.close);
  const credential = { serviceUrl: network.url, identifier: HANDLE, appPassword: APP_PASSWORD };
  const context = providerContext({ now: () => time.now });
  const channel = { id: 'chn_a', account: ACCOUNT, facts: { pds: network.url } };
  const publish = (key: string, own = context, options = {}) => {
    const delivery = { id: key, key, dueAt: DUE_AT };
    return bluesky().publish({ variant: { text, options }, credential, channel, delivery }, own);
  };
  const count = (method: string) => network.calls(`com.atproto.server.${method}`).length;
  return { time, network, credential, context, channel, publish, count };
}

describe('the login session', () => {
  test('is kept: many posts log in once', async () => {
    const { publish, count, network } = await setup();
    for (const key of ['a', 'b', 'c']) expect((await publish(key)).kind).toBe('published');
    expect(count('createSession')).toBe(1);
    expect(network.records.size).toBe(3);
  });

  test('without a DID document goes on at the server that gave it', async () => {
    const { publish, network, credential, context, time } = await setup('Hello', false);
    expect(await bluesky().verify(credential, context)).toMatchObject({
      kind: 'verified',
      facts: { pds: network.url },
    });
    expect((await publish('a')).kind).toBe('published');
    time.now += 2 * HOUR;
    expect((await publish('b')).kind).toBe('published');
  });

  test('is refreshed before it ends, and made new when it is long over', async () => {
    const { publish, count, time } = await setup();
    await publish('a');
    time.now += 2 * HOUR - 30 * SECOND;
    expect((await publish('b')).kind).toBe('published');
    expect([count('createSession'), count('refreshSession')]).toEqual([1, 1]);
    time.now += 91 * DAY;
    expect((await publish('c')).kind).toBe('published');
    expect([count('createSession'), count('refreshSession')]).toEqual([2, 2]);
  });

  test('that the network drops early costs one attempt, certainly not sent', async () => {
    const { publish, network } = await setup();
    await publish('a');
    network.expireAccess();
    expect(await publish('b')).toMatchObject({ kind: 'unavailable' });
    expect(network.records.size).toBe(1);
    expect((await publish('b')).kind).toBe('published');
  });

  test('that the network drops early is renewed at once for reads', async () => {
    const { publish, network, credential, context, channel, count } = await setup();
    await publish('a');
    network.expireAccess();
    const followers = await bluesky().metrics?.followers({ credential, ...channel }, context);
    expect(followers).toBe(311);
    expect(count('refreshSession')).toBe(1);
  });

  test('of a deleted app password ends as unauthorized', async () => {
    const { publish, network } = await setup();
    await publish('a');
    network.revokeAppPassword();
    expect((await publish('b')).kind).toBe('unavailable');
    expect(await publish('b')).toMatchObject({ kind: 'unauthorized' });
  });

  test('is never used for another account than the channel’s', async () => {
    const { publish, network, channel } = await setup();
    channel.account = { ...ACCOUNT, id: 'did:plc:somebodyelse' };
    expect(await publish('a')).toMatchObject({ kind: 'unauthorized' });
    expect(network.records.size).toBe(0);
  });

  test('waits as long as the network says when there were too many logins', async () => {
    const { publish, time } = await setup();
    for (let n = 0; n < 30; n++) await publish(`${n}`, providerContext({ now: () => time.now }));
    expect(await publish('one too many', providerContext({ now: () => time.now }))).toEqual({
      kind: 'rateLimited',
      retryAt: DUE_AT + 5 * MINUTE,
    });
  });
});

describe('on the network', () => {
  test('a second send is a success when the first one made the record, even with other facets', async () => {
    const { publish, network } = await setup(`Hello @${HANDLE}`);
    network.fault({ kind: 'answer', status: 502, body: {} }, ({ url }) =>
      url.pathname.endsWith('resolveHandle'),
    );
    network.fault({ kind: 'drop' }, network.isPublish);
    expect((await publish('a')).kind).toBe('uncertain');
    const [uri] = network.published();
    expect(network.records.get(uri ?? '')).not.toHaveProperty('facets');
    expect(await publish('a')).toMatchObject({ kind: 'published', externalId: uri });
    expect(network.records.size).toBe(1);
  });

  test('mentions are resolved, and a wrong password is refused at once', async () => {
    const { publish, network, credential, context } = await setup(`Hello @${HANDLE} and @nobody.example`);
    await publish('a');
    const [record] = [...network.records.values()];
    expect(record?.facets).toHaveLength(1);
    expect(JSON.stringify(record?.facets)).toContain(DID);
    const verified = await bluesky().verify({ ...credential, appPassword: 'wrong' }, context);
    expect(verified).toMatchObject({ kind: 'refused' });
  });

  test('an option of another network is passed over, an invalid one is refused before anything is sent', async () => {
    const { publish, network, context } = await setup();
    expect(await publish('a', context, { langs: 'de' })).toMatchObject({
      kind: 'rejected',
      code: 'option_invalid',
    });
    expect(network.requests).toEqual([]);
    expect(await publish('a', context, { langs: ['de'], visibility: 'private' })).toMatchObject({
      kind: 'published',
    });
    expect([...network.records.values()][0]).toMatchObject({ langs: ['de'] });
  });

  test('a post that the app view hides is left out, not called removed', async () => {
    const { publish, network, credential, context, channel } = await setup();
    await publish('a');
    await publish('b');
    const [hidden = '', gone = ''] = network.published();
    network.hide(hidden);
    network.forget(gone);
    const request = { credential, ...channel, externalIds: [hidden, gone] };
    expect(await bluesky().metrics?.fetch(request, context)).toEqual(new Map([[gone, 'removed']]));
  });
});
