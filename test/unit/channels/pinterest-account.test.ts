import { describe, expect, test } from 'vitest';
import { pinterest } from '../../../shared/channels/pinterest.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { told } from '../../../shared/domain/metrics.ts';
import { DAY, MINUTE, SECOND } from '../../../shared/domain/time.ts';
import { attempt } from '../../support/attempt.ts';
import { DUE_AT } from '../../support/builders.ts';
import {
  ACCESS_TOKEN,
  APP,
  BOARD,
  type FakePinterestOptions,
  fakePinterest,
  REFRESH_TOKEN,
  SECTION,
} from '../../support/fake-networks/pinterest.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

const NOW = DUE_AT + MINUTE;
const options = { board: BOARD, title: 'Bread' };
const image: Variant = { text: 'Fresh  bread\n', media: [anAttachment('loaf')], options };
const credential = { accessToken: ACCESS_TOKEN, refreshToken: REFRESH_TOKEN };

async function world(over: FakePinterestOptions = {}) {
  const network = await fakePinterest(over);
  const provider = pinterest(network.url);
  const request = aPublishRequest(credential, { variant: image });
  const who = { credential, account: request.channel.account, facts: {} };
  const look = (variant: Variant = image, excluding: readonly string[] = []) =>
    provider.find?.({ ...request, variant, since: NOW, excluding: new Set(excluding) }, providerContext());
  return { network, provider, request, who, look, [Symbol.asyncDispose]: network.close };
}

describe('looking for a pin', () => {
  test('finds it by title, text and link, however the white space came back', async () => {
    await using own = await world();
    const id = own.network.pin({ title: 'Bread', description: ' Fresh bread' });
    expect(await own.look()).toEqual({
      kind: 'found',
      externalId: id,
      url: `https://www.pinterest.com/pin/${id}/`,
    });
    expect(await own.look(image, [id])).toEqual({ kind: 'absent' });
  });

  test('takes the older of two equal ones', async () => {
    await using own = await world();
    const older = own.network.pin({ title: 'Bread', description: 'Fresh bread' });
    own.network.pin({ title: 'Bread', description: 'Fresh bread' });
    expect(await own.look()).toMatchObject({ externalId: older });
  });

  test('cannot tell when a new pin is alike in part: Pinterest may have changed a text', async () => {
    await using own = await world();
    own.network.pin({ title: 'Bread', description: 'Fresh &quot;bread&quot;' });
    expect((await own.look())?.kind).toBe('cannotTell');
  });

  test('does not mind pins that are older, or have nothing in common', async () => {
    let now = NOW - 2 * MINUTE;
    await using own = await world({ now: () => now });
    own.network.pin({ title: 'Bread', description: 'Fresh bread' });
    now = NOW;
    own.network.pin({ title: 'Cake', description: 'Cake' });
    expect(await own.look()).toEqual({ kind: 'absent' });
  });

  test('looks into the section that it was for', async () => {
    await using own = await world();
    own.network.pin({ title: 'Bread', description: 'Fresh bread', board_section_id: SECTION });
    const other = { ...image, options: { ...options, boardSection: '42' } };
    expect(await own.look({ ...image, options: { ...options, boardSection: SECTION } })).toMatchObject({
      kind: 'found',
    });
    expect(await own.look(other)).toEqual({ kind: 'absent' });
  });

  test('finds it at the end of a board that does not stand newest first', async () => {
    let now = NOW - 9 * DAY;
    await using own = await world({ now: () => now, order: 'oldest first' });
    for (let n = 0; n < 60; n++) {
      now += MINUTE;
      own.network.pin({ title: `${n}`, description: `${n}` });
    }
    now = NOW;
    expect(await own.look()).toEqual({ kind: 'absent' });
    const id = own.network.pin({ title: 'Bread', description: 'Fresh bread' });
    expect(await own.look()).toMatchObject({ kind: 'found', externalId: id });
  });

  test('reads no further than to pins from before', async () => {
    let now = NOW - 9 * DAY;
    await using own = await world({ now: () => now });
    for (let n = 0; n < 60; n++) {
      now += MINUTE;
      own.network.pin({ title: `${n}`, description: `${n}` });
    }
    now = NOW;
    own.network.pin({ title: 'Cake', description: 'Cake' });
    expect(await own.look()).toEqual({ kind: 'absent' });
    expect(own.network.requests).toHaveLength(1);
  });

  test('cannot tell behind pages full of newer pins', async () => {
    await using own = await world();
    for (let n = 0; n < 300; n++) own.network.pin({ title: `${n}`, description: `${n}` });
    expect((await own.look())?.kind).toBe('cannotTell');
  });
});

describe('metrics of a pin', () => {
  test('are those of its analytics; a video’s views are asked of videos only', async () => {
    await using own = await world();
    await attempt(own.provider, own.request, providerContext());
    const film = { ...image, media: [anAttachment('oven', { type: 'video/mp4' })] };
    await attempt(own.provider, { ...own.request, variant: film }, providerContext());
    const [pin = '', video = ''] = own.network.published();
    const metrics = await own.provider.metrics?.fetch(
      { ...own.who, externalIds: [pin, video] },
      providerContext(),
    );
    const common = { impressions: 240, clicks: 20, saves: 7, replies: 2, reactions: 12 };
    expect(metrics).toEqual(
      new Map([
        [pin, told(common)],
        [video, told({ ...common, videoViews: 33 })],
      ]),
    );
  });

  test('are null for days that Pinterest has not counted yet', async () => {
    await using own = await world({ dataStatus: 'PROCESSING' });
    const id = own.network.pin({});
    const metrics = await own.provider.metrics?.fetch({ ...own.who, externalIds: [id] }, providerContext());
    expect(metrics).toEqual(new Map([[id, told({ replies: 2, reactions: 12 })]]));
  });

  test('are left out where the account may not read them, and the others are told', async () => {
    await using own = await world();
    const [one, two] = [own.network.pin({}), own.network.pin({})];
    const refusal = { kind: 'answer', status: 403, body: { code: 403, message: 'Not authorized' } } as const;
    own.network.fault(refusal, ({ url }) => url.pathname === `/v5/pins/${one}/analytics`);
    const metrics = await own.provider.metrics?.fetch(
      { ...own.who, externalIds: [one, two] },
      providerContext(),
    );
    expect(metrics instanceof Map && [...metrics.keys()]).toEqual([two]);
  });

  test('wait when the token is refused or the budget is spent', async () => {
    await using own = await world();
    const id = own.network.pin({});
    const asked = { ...own.who, externalIds: [id] };
    own.network.fault({ kind: 'answer', status: 429, headers: { 'retry-after': '30' }, body: {} });
    expect(await own.provider.metrics?.fetch(asked, providerContext())).toEqual({
      kind: 'rateLimited',
      retryAt: NOW + 30 * SECOND,
    });
    const wrong = { ...asked, credential: { accessToken: 'wrong' } };
    expect(await own.provider.metrics?.fetch(wrong, providerContext())).toMatchObject({
      kind: 'unauthorized',
    });
  });

  test('tell the followers', async () => {
    await using own = await world();
    expect(await own.provider.metrics?.followers(own.who, providerContext())).toBe(84);
  });
});

describe('connecting Pinterest', () => {
  test('tells the boards, and takes the only one for granted', async () => {
    await using one = await world();
    expect(await one.provider.verify(credential, providerContext())).toMatchObject({
      account: { handle: 'bakery', url: 'https://www.pinterest.com/bakery/' },
      facts: { boards: `${BOARD} Bread`, board: BOARD },
    });
    await using two = await world({
      boards: [
        { id: '1', name: 'Bread' },
        { id: '2', name: 'Cake' },
      ],
    });
    const verified = await two.provider.verify(credential, providerContext());
    expect(verified).toMatchObject({ facts: { boards: '1 Bread, 2 Cake' } });
    expect(verified.kind === 'verified' && 'board' in verified.facts).toBe(false);
  });

  test('by a login offers the account that has logged in', async () => {
    await using own = await world();
    const tokens = { accessToken: ACCESS_TOKEN, refreshToken: REFRESH_TOKEN, expiresAt: NOW + 30 * DAY };
    expect(await own.provider.login?.choices({ tokens, app: APP }, providerContext())).toMatchObject({
      kind: 'choices',
      choices: [
        {
          account: { handle: 'bakery' },
          credential: { accessToken: ACCESS_TOKEN, refreshToken: REFRESH_TOKEN },
        },
      ],
    });
  });

  test('is renewed with a new refresh token each time', async () => {
    await using own = await world();
    const { renewal } = own.provider;
    const refreshed = await renewal?.refresh?.(credential, APP, providerContext());
    if (refreshed?.kind !== 'refreshed') return expect.fail(JSON.stringify(refreshed));
    expect(refreshed.credential.refreshToken).not.toBe(REFRESH_TOKEN);
    expect(renewal?.expiresAt(refreshed.credential)).toBe(NOW + 30 * DAY);
    expect((await own.provider.verify(refreshed.credential, providerContext())).kind).toBe('verified');
    // The old one is dead.
    expect(await renewal?.refresh?.(credential, APP, providerContext())).toMatchObject({
      kind: 'unauthorized',
    });
  });

  test('is not over because the network refuses the app', async () => {
    await using own = await world();
    const app = { ...APP, clientSecret: 'wrong' };
    const refused = await own.provider.renewal?.refresh?.(credential, app, providerContext());
    expect(refused).toMatchObject({ kind: 'unavailable' });
  });

  test('needs a new login where there is nothing to renew it with', async () => {
    await using own = await world();
    const { renewal } = own.provider;
    const bare = { accessToken: ACCESS_TOKEN };
    expect(renewal?.expiresAt(bare)).toBeUndefined();
    expect(await renewal?.refresh?.(bare, APP, providerContext())).toMatchObject({ kind: 'unauthorized' });
    expect(await renewal?.refresh?.(credential, undefined, providerContext())).toMatchObject({
      kind: 'unavailable',
    });
  });
});
