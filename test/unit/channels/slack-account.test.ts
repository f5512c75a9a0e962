import { describe, expect, test } from 'vitest';
import { slack } from '../../../shared/channels/slack.ts';
import { told } from '../../../shared/domain/metrics.ts';
import { HOUR, MINUTE, toRfc3339 } from '../../../shared/domain/time.ts';
import { attempt } from '../../support/attempt.ts';
import { DUE_AT } from '../../support/builders.ts';
import {
  ACCESS_TOKEN,
  APP,
  CHANNEL,
  type FakeSlackOptions,
  fakeSlack,
  REFRESH_TOKEN,
  TEAM,
} from '../../support/fake-networks/slack.ts';
import { providerContext } from '../../support/provider-context.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

const NOW = DUE_AT + MINUTE;
const credential = { accessToken: ACCESS_TOKEN, channelId: CHANNEL };
const rotating = { ...credential, refreshToken: REFRESH_TOKEN, expiresAt: toRfc3339(NOW + HOUR) };
const account = {
  id: `${TEAM.team_id}/${CHANNEL}`,
  handle: '#news',
  url: `https://bakery.slack.com/archives/${CHANNEL}`,
};
const who = { credential, account, facts: {} };

async function world(over: FakeSlackOptions = {}) {
  const network = await fakeSlack(over);
  const provider = slack(`${network.url}/api`);
  const channel = { id: 'chn_one', account, facts: {} };
  const publish = async (thread: string[] = []) => {
    const request = aPublishRequest(credential, { variant: { text: 'Bread', thread }, channel });
    const { outcome } = await attempt(provider, request, providerContext());
    return outcome.kind === 'published' ? outcome : expect.fail(JSON.stringify(outcome));
  };
  const measure = (externalIds: string[]) =>
    provider.metrics?.fetch({ ...who, externalIds }, providerContext());
  return { network, provider, publish, measure, [Symbol.asyncDispose]: network.close };
}

describe('connecting', () => {
  test('tells workspace, channel and what the app may', async () => {
    await using own = await world();
    expect(await own.provider.verify(credential, providerContext())).toEqual({
      kind: 'verified',
      account,
      facts: { history: true, files: true },
    });
  });

  test('does with an app that may only write, and says so', async () => {
    await using own = await world({ scopes: ['chat:write'] });
    expect(await own.provider.verify(credential, providerContext())).toEqual({
      kind: 'verified',
      account: { ...account, handle: CHANNEL },
      facts: { history: false, files: false },
    });
  });

  test('knows that who is not in the channel may not read it', async () => {
    await using own = await world({ isMember: false });
    expect(await own.provider.verify(credential, providerContext())).toMatchObject({
      facts: { history: false },
    });
  });

  test('is refused for an archived channel, and for one that is not there', async () => {
    await using own = await world({ isArchived: true });
    expect((await own.provider.verify(credential, providerContext())).kind).toBe('refused');
    const other = { ...credential, channelId: 'C0NOTHERE' };
    expect((await own.provider.verify(other, providerContext())).kind).toBe('refused');
  });

  test('waits when Slack does not say what the app may read', async () => {
    await using own = await world();
    const isHistory = ({ url }: { url: URL }) => url.pathname.endsWith('history');
    const body = { ok: false, error: 'fatal_error' };
    for (const fault of [{ kind: 'drop' }, { kind: 'answer', status: 200, body }] as const) {
      own.network.fault(fault, isHistory);
      expect((await own.provider.verify(credential, providerContext())).kind).toBe('unreachable');
    }
  });
});

describe('logging in', () => {
  const tokens = { accessToken: ACCESS_TOKEN, refreshToken: REFRESH_TOKEN, expiresAt: NOW + HOUR };

  test('offers every channel, on all pages', async () => {
    await using own = await world();
    const found = await own.provider.login?.choices({ tokens, app: APP }, providerContext());
    if (found?.kind !== 'choices') return expect.fail(JSON.stringify(found));
    expect(found.choices.map(({ account: { handle } }) => handle)).toEqual(['#news', '#inner']);
    expect(found.choices[0]).toEqual({ account, credential: rotating });
    for (const choice of found.choices) {
      expect(own.provider.credential.safeParse(choice.credential).success).toBe(true);
    }
  });

  test('asks for what posting, looking and measuring need', () => {
    const { scopes, scopeSeparator } = slack().login ?? expect.fail('there is no login');
    expect(scopeSeparator).toBe(',');
    expect(scopes).toEqual(
      expect.arrayContaining([
        'chat:write',
        'channels:history',
        'files:write',
        'files:read',
        'reactions:read',
      ]),
    );
  });

  test('fails with a token that Slack does not know', async () => {
    await using own = await world();
    const wrong = { tokens: { accessToken: 'xoxb-wrong' }, app: APP };
    expect((await own.provider.login?.choices(wrong, providerContext()))?.kind).toBe('unauthorized');
  });
});

describe('a token', () => {
  test('ends only where the app rotates it', () => {
    const { renewal } = slack();
    expect(renewal?.expiresAt(credential)).toBeUndefined();
    expect(renewal?.expiresAt(rotating)).toBe(NOW + HOUR);
    expect(renewal?.renews?.(credential)).toBe(false);
    expect(renewal?.renews?.(rotating)).toBe(true);
  });

  test('is renewed together with its refresh token', async () => {
    await using own = await world();
    expect(await own.provider.renewal?.refresh?.(rotating, APP, providerContext())).toEqual({
      kind: 'refreshed',
      credential: {
        accessToken: `${ACCESS_TOKEN}-next`,
        refreshToken: `${REFRESH_TOKEN}-next`,
        expiresAt: toRfc3339(NOW + 12 * HOUR),
        channelId: CHANNEL,
      },
    });
    const again = await own.provider.renewal?.refresh?.(rotating, APP, providerContext());
    expect(again).toMatchObject({ kind: 'unauthorized' });
  });

  test('waits for the app to be known, and needs a login without a refresh token', async () => {
    await using own = await world();
    const refresh = own.provider.renewal?.refresh;
    expect((await refresh?.(rotating, undefined, providerContext()))?.kind).toBe('unavailable');
    expect((await refresh?.(credential, APP, providerContext()))?.kind).toBe('unauthorized');
    const wrongApp = { ...APP, clientSecret: 'wrong' };
    expect((await refresh?.(rotating, wrongApp, providerContext()))?.kind).toBe('unavailable');
  });
});

describe('measuring', () => {
  test('counts reactions and what stands in the thread', async () => {
    await using own = await world();
    const { externalId } = await own.publish(['Two', 'Three']);
    expect(await own.measure([externalId])).toEqual(
      new Map([[externalId, told({ reactions: 5, replies: 2 })]]),
    );
  });

  test('asks for the reactions alone where the app may not read the channel', async () => {
    await using own = await world({ scopes: ['chat:write', 'reactions:read'] });
    const { externalId } = await own.publish();
    const gone = `${CHANNEL}/1.000001`;
    expect(await own.measure([externalId, gone])).toEqual(
      new Map<string, unknown>([
        [externalId, told({ reactions: 5 })],
        [gone, 'removed'],
      ]),
    );
  });

  test('tells nothing where the app may do neither, and finds nothing wrong with that', async () => {
    await using own = await world({ scopes: ['chat:write'] });
    const { externalId } = await own.publish();
    expect(await own.measure([externalId])).toEqual(new Map());
    expect(await own.provider.metrics?.followers(who, providerContext())).toBeNull();
  });

  test('takes the stone of a deleted message for removed', async () => {
    await using own = await world();
    const message = { ts: '1.000001', subtype: 'tombstone', text: 'This message was deleted.' };
    own.network.fault({ kind: 'answer', status: 200, body: { ok: true, messages: [message] } });
    expect(await own.measure([`${CHANNEL}/1.000001`])).toEqual(new Map([[`${CHANNEL}/1.000001`, 'removed']]));
  });

  test('counts the channel’s members', async () => {
    await using own = await world();
    expect(await own.provider.metrics?.followers(who, providerContext())).toBe(84);
  });

  test('waits when Slack asks for that', async () => {
    await using own = await world();
    const headers = { 'retry-after': '30' };
    own.network.fault({ kind: 'answer', status: 429, headers, body: { ok: false, error: 'ratelimited' } });
    expect(await own.measure([`${CHANNEL}/1.000001`])).toMatchObject({ kind: 'rateLimited' });
  });
});

describe('removing', () => {
  test('takes the thread along', async () => {
    await using own = await world();
    const { externalId, parts = [] } = await own.publish(['Two', 'Three']);
    const remove = () => own.provider.remove?.({ ...who, externalId, parts }, providerContext());
    expect(await remove()).toEqual({ kind: 'removed' });
    expect(own.network.messages.size).toBe(0);
    expect(await remove()).toEqual({ kind: 'absent' });
  });

  test('is left to a person where the workspace forbids it', async () => {
    await using own = await world();
    own.network.fault({ kind: 'answer', status: 200, body: { ok: false, error: 'cant_delete_message' } });
    const removed = await own.provider.remove?.({ ...who, externalId: `${CHANNEL}/1.1` }, providerContext());
    expect(removed).toMatchObject({ kind: 'rejected', code: 'needs_person' });
  });
});
