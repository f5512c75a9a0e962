import { describe, expect, test } from 'vitest';
import { reddit } from '../../../shared/channels/reddit.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { told } from '../../../shared/domain/metrics.ts';
import { DAY, MINUTE } from '../../../shared/domain/time.ts';
import { attempt } from '../../support/attempt.ts';
import { DUE_AT } from '../../support/builders.ts';
import {
  ACCESS_TOKEN,
  APP,
  type FakeRedditOptions,
  FLAIRED,
  fakeReddit,
  REFRESH_TOKEN,
  SUBREDDIT,
  USERNAME,
} from '../../support/fake-networks/reddit.ts';
import { providerContext } from '../../support/provider-context.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

const NOW = DUE_AT + MINUTE;
const credential = { accessToken: ACCESS_TOKEN, refreshToken: REFRESH_TOKEN, username: USERNAME };
const account = { id: 't2_abc12', handle: USERNAME, url: `https://www.reddit.com/user/${USERNAME}/` };
const variant: Variant = {
  text: 'Fresh bread',
  firstComment: 'Ask us anything.',
  options: { subreddit: SUBREDDIT, title: 'Bread' },
};

async function world(over: FakeRedditOptions = {}) {
  const network = await fakeReddit(over);
  const provider = reddit({ api: network.url, login: network.url });
  const channel = { id: 'chn_one', account, facts: {} };
  const request = aPublishRequest(credential, { variant, channel });
  const who = { credential, account, facts: {} };
  return { network, provider, request, who, [Symbol.asyncDispose]: network.close };
}

describe('connecting Reddit', () => {
  test('tells whose the token is, with a User-Agent of its own', async () => {
    await using own = await world();
    expect(await own.provider.verify(credential, providerContext())).toEqual({
      kind: 'verified',
      account,
      facts: {},
    });
    expect(own.network.requests[0]?.headers['user-agent']).toBe('server:sendeplan:0.1 (by /u/bakery)');
  });

  test('refuses a token of another account, and a suspended one', async () => {
    await using own = await world();
    const other = { ...credential, username: 'mill' };
    expect(await own.provider.verify(other, providerContext())).toMatchObject({ kind: 'refused' });
    await using suspended = await world({ suspended: true });
    expect(await suspended.provider.verify(credential, providerContext())).toMatchObject({ kind: 'refused' });
  });

  test('by a login learns the account’s name, which every request needs', async () => {
    await using own = await world();
    const tokens = { accessToken: ACCESS_TOKEN, refreshToken: REFRESH_TOKEN };
    expect(await own.provider.login?.choices({ tokens, app: APP }, providerContext())).toEqual({
      kind: 'choices',
      choices: [{ account, credential }],
    });
    expect(own.provider.login?.parameters).toEqual({ duration: 'permanent' });
  });

  test('is renewed with the same refresh token, which stays good', async () => {
    await using own = await world();
    const { renewal } = own.provider;
    for (let round = 0; round < 2; round++) {
      const refreshed = await renewal?.refresh?.(credential, APP, providerContext());
      if (refreshed?.kind !== 'refreshed') return expect.fail(JSON.stringify(refreshed));
      expect(refreshed.credential).toMatchObject({ refreshToken: REFRESH_TOKEN, username: USERNAME });
      expect(renewal?.expiresAt(refreshed.credential)).toBe(NOW + DAY);
      expect((await own.provider.verify(refreshed.credential, providerContext())).kind).toBe('verified');
    }
  });

  test('needs a new login when its refresh token was taken back, but not when the app is refused', async () => {
    await using own = await world();
    const refresh = own.provider.renewal?.refresh;
    const taken = { ...credential, refreshToken: 'taken-back' };
    expect(await refresh?.(taken, APP, providerContext())).toMatchObject({ kind: 'unauthorized' });
    const app = { ...APP, clientSecret: 'wrong' };
    expect(await refresh?.(credential, app, providerContext())).toMatchObject({ kind: 'unavailable' });
  });

  test('needs a new login where there is nothing to renew it with', async () => {
    await using own = await world();
    const { renewal } = own.provider;
    const bare = { accessToken: ACCESS_TOKEN, username: USERNAME };
    expect(await renewal?.refresh?.(bare, APP, providerContext())).toMatchObject({ kind: 'unauthorized' });
    expect(await renewal?.refresh?.(credential, undefined, providerContext())).toMatchObject({
      kind: 'unavailable',
    });
  });
});

describe('posts on Reddit', () => {
  test('are measured together, and “removed” when somebody took them off', async () => {
    await using own = await world();
    const [stands, gone, deleted] = [own.network.post('1'), own.network.post('2'), own.network.post('3')];
    own.network.forget(gone);
    await own.provider.remove?.({ ...own.who, externalId: deleted }, providerContext());
    const before = own.network.requests.length;
    const externalIds = [stands, gone, deleted, 't3_unknown', 'no id'];
    const metrics = await own.provider.metrics?.fetch({ ...own.who, externalIds }, providerContext());
    expect(metrics).toEqual(
      new Map<string, unknown>([
        [stands, told({ reactions: 12, replies: 3, shares: 1 })],
        [gone, 'removed'],
        [deleted, 'removed'],
      ]),
    );
    expect(own.network.requests).toHaveLength(before + 1);
    expect(await own.provider.metrics?.followers(own.who, providerContext())).toBe(84);
  });

  test('go with their first comment when they are removed', async () => {
    await using own = await world();
    const { outcome } = await attempt(own.provider, own.request, providerContext());
    if (outcome.kind !== 'published') return expect.fail(JSON.stringify(outcome));
    const gone = { ...own.who, externalId: outcome.externalId, parts: outcome.parts ?? [] };
    expect(await own.provider.remove?.(gone, providerContext())).toEqual({ kind: 'removed' });
    expect(own.network.published()).toEqual([]);
    expect(own.network.comments.size).toBe(0);
    expect(await own.provider.remove?.(gone, providerContext())).toEqual({ kind: 'absent' });
  });

  test('are refused once where the subreddit wants a flair, and taken with it', async () => {
    await using own = await world();
    const said = { text: 'Rye', options: { subreddit: FLAIRED, title: 'Rye' } };
    const bare = await own.provider.publish({ ...own.request, variant: said }, providerContext());
    expect(bare).toMatchObject({ kind: 'rejected', code: 'configuration' });
    const flaired = { ...said, options: { ...said.options, flairId: 'f-1' } };
    const taken = await own.provider.publish({ ...own.request, variant: flaired }, providerContext());
    expect(taken.kind).toBe('published');
  });
});
