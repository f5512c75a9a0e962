import { describe, expect, onTestFinished, test } from 'vitest';
import { toVideoState, videoEntity } from '../../../shared/channels/facebook/video.ts';
import { facebook } from '../../../shared/channels/facebook.ts';
import { attempt } from '../../support/attempt.ts';
import { DUE_AT } from '../../support/builders.ts';
import { fakeFacebook, PAGE_ID, PAGE_TOKEN } from '../../support/fake-networks/facebook.ts';
import { SHORT_TOKEN } from '../../support/fake-networks/facebook-login.ts';
import { noObject, refusal } from '../../support/fake-networks/graph.ts';
import type { Received } from '../../support/fake-networks/server.ts';
import { providerContext } from '../../support/provider-context.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

async function setup() {
  const network = await fakeFacebook();
  onTestFinished(network.close);
  const provider = facebook({ graph: network.url, upload: network.url });
  const account = { id: PAGE_ID, handle: 'bakery', url: 'https://www.facebook.com/bakery' };
  const credential = { accessToken: PAGE_TOKEN };
  const variant = { text: 'Bread', firstComment: 'Recipe: flour, water, salt' };
  const request = aPublishRequest(credential, { variant, channel: { id: 'chn_a', account, facts: {} } });
  return { network, provider, request, who: { credential, account, facts: {} } };
}

const isComment = ({ method, url }: Received) => method === 'POST' && url.pathname.endsWith('/comments');
const look = { since: DUE_AT, excluding: new Set<string>() };

describe('the first comment', () => {
  test('follows in a step of its own, and is told as a part', async () => {
    const { network, provider, request } = await setup();
    const given = providerContext();
    const first = await provider.publish(request, given);
    const [id = ''] = network.published();
    expect(first).toMatchObject({ kind: 'pending', out: { externalId: id } });
    expect(given.sends).toHaveLength(1);
    const { outcome } = await attempt(
      provider,
      { ...request, delivery: { ...request.delivery, handle: first.kind === 'pending' ? first.handle : '' } },
      given,
    );
    const comments = network.posts.get(id)?.comments ?? [];
    expect(comments).toMatchObject([{ message: 'Recipe: flour, water, salt' }]);
    expect(outcome).toMatchObject({ kind: 'published', externalId: id, parts: [comments[0]?.id] });
  });

  test.each([
    ['is refused', refusal(400, 100, 'Comments are off')],
    ['is not allowed', refusal(403, 200, 'Requires pages_manage_engagement')],
    ['has lost its post', noObject('1')],
  ])('that %s is missing, and the post stands', async (_name, answer) => {
    const { network, provider, request } = await setup();
    network.fault({ kind: 'answer', ...answer }, isComment);
    const { outcome } = await attempt(provider, request, providerContext());
    expect(outcome).toMatchObject({
      kind: 'published',
      missing: expect.stringContaining('the first comment was refused'),
    });
  });

  test('that must wait waits', async () => {
    const { network, provider, request } = await setup();
    network.fault({ kind: 'answer', ...refusal(400, 32, 'Page request limit reached') }, isComment);
    const limited = await attempt(provider, request, providerContext());
    expect(limited.outcome.kind).toBe('rateLimited');
    const { outcome } = await attempt(provider, limited.request, providerContext());
    expect(outcome.kind).toBe('published');
    expect(network.published()).toHaveLength(1);
  });

  test('of which the answer was lost is looked for, and not sent twice', async () => {
    const { network, provider, request } = await setup();
    network.fault({ kind: 'drop' }, isComment);
    const lost = await attempt(provider, request, providerContext());
    expect(lost.outcome.kind).toBe('uncertain');
    const found = await provider.find?.({ ...lost.request, ...look }, providerContext());
    const handle = found?.kind === 'found' ? found.then : expect.fail(found?.kind);
    const given = providerContext();
    const delivery = { ...request.delivery, ...(handle === undefined ? {} : { handle }) };
    const { outcome } = await attempt(provider, { ...request, delivery }, given);
    expect(outcome).toMatchObject({ kind: 'published', externalId: network.published()[0] });
    expect(given.sends).toEqual([]);
    if (found?.kind === 'found') expect(outcome).toMatchObject({ parts: [found.externalId] });
  });

  test('that never arrived is absent, and sent', async () => {
    const { network, provider, request } = await setup();
    network.fault({ kind: 'lose' }, isComment);
    const lost = await attempt(provider, request, providerContext());
    expect(await provider.find?.({ ...lost.request, ...look }, providerContext())).toEqual({
      kind: 'absent',
    });
    const { outcome } = await attempt(provider, lost.request, providerContext());
    expect(outcome).toMatchObject({ kind: 'published', parts: [expect.any(String)] });
  });

  test('comes after a post that was found', async () => {
    const { network, provider, request } = await setup();
    network.fault({ kind: 'drop' }, network.isPublish);
    await provider.publish(request, providerContext());
    const found = await provider.find?.({ ...request, ...look }, providerContext());
    expect(found).toMatchObject({
      kind: 'found',
      externalId: network.published()[0],
      then: expect.any(String),
    });
  });
});

describe('metrics', () => {
  test('come in one request for many posts, from insights that are alive', async () => {
    const { network, provider, request, who } = await setup();
    await attempt(provider, request, providerContext());
    network.write('By hand');
    const externalIds = [...network.published()];
    const before = network.requests.length;
    const metrics = await provider.metrics?.fetch({ ...who, externalIds }, providerContext());
    expect(network.requests.length - before).toBe(1);
    expect(metrics instanceof Map && metrics.get(externalIds[0] ?? '')).toEqual({
      impressions: null,
      views: 120,
      reach: 90,
      reactions: 11,
      replies: 1,
      shares: 3,
      saves: null,
      clicks: 7,
      videoViews: null,
    });
    expect(network.requests.at(-1)?.body).not.toMatch(/impressions|page_fans|video_views_unique/);
  });

  test('are counts alone where insights may not be read', async () => {
    const { network, provider, who } = await setup();
    network.write('By hand');
    const [externalId = ''] = network.published();
    const counts = { reactions: { summary: { total_count: 2 } }, comments: { summary: { total_count: 0 } } };
    const denied = { error: { message: 'Requires read_insights', code: 10 } };
    const answers = [
      { code: 200, body: JSON.stringify(counts) },
      { code: 403, body: JSON.stringify(denied) },
    ];
    network.fault({ kind: 'answer', status: 200, body: answers });
    const metrics = await provider.metrics?.fetch({ ...who, externalIds: [externalId] }, providerContext());
    expect(metrics instanceof Map && metrics.get(externalId)).toMatchObject({
      views: null,
      reactions: 2,
      replies: 0,
      shares: 0,
    });
  });

  test('stop for all when the token is dead, and leave out what Facebook leaves out', async () => {
    const { network, provider, who } = await setup();
    const dead = { error: { message: 'Session has expired', code: 190, error_subcode: 463 } };
    const both = { code: 400, body: JSON.stringify(dead) };
    network.fault({ kind: 'answer', status: 200, body: [both, both] });
    const ask = () => provider.metrics?.fetch({ ...who, externalIds: ['1_2'] }, providerContext());
    expect(await ask()).toMatchObject({ kind: 'unauthorized' });
    network.fault({ kind: 'answer', status: 200, body: [null, null] });
    expect(await ask()).toEqual(new Map());
  });

  test('do not call a post removed while the token cannot read its own Page', async () => {
    const { network, provider, who } = await setup();
    network.fault({ kind: 'answer', ...noObject('me') }, ({ method }) => method === 'GET');
    const metrics = await provider.metrics?.fetch({ ...who, externalIds: ['1_2'] }, providerContext());
    expect(metrics).toEqual(new Map());
  });

  test('tell the followers', async () => {
    const { provider, who } = await setup();
    expect(await provider.metrics?.followers(who, providerContext())).toBe(512);
  });
});

describe('logging in', () => {
  test('offers every Page that the person may publish on, once, with the Page’s own token', async () => {
    const { provider } = await setup();
    const app = { clientId: 'app', clientSecret: 'secret' };
    const login = await provider.login?.choices(
      { tokens: { accessToken: SHORT_TOKEN }, app },
      providerContext(),
    );
    expect(login?.kind === 'choices' && login.choices.map(({ account }) => account.id)).toEqual([
      PAGE_ID,
      '3',
      '4',
    ]);
    expect(login?.kind === 'choices' && login.choices[0]?.credential).toEqual({ accessToken: PAGE_TOKEN });
  });

  test('fails with a token that Facebook does not exchange', async () => {
    const { provider } = await setup();
    const app = { clientId: 'app', clientSecret: 'wrong' };
    const login = await provider.login?.choices(
      { tokens: { accessToken: SHORT_TOKEN }, app },
      providerContext(),
    );
    expect(login).toMatchObject({ kind: 'unauthorized' });
  });

  test('is refused where the person has kept the right to publish, and says which', async () => {
    const { network, provider } = await setup();
    const data = [
      { permission: 'pages_show_list', status: 'granted' },
      { permission: 'pages_manage_posts', status: 'declined' },
    ];
    const isPermissions = ({ url }: Received) => url.pathname.endsWith('/permissions');
    network.fault({ kind: 'answer', status: 200, body: { data } }, isPermissions);
    const log = () =>
      provider.login?.choices(
        { tokens: { accessToken: SHORT_TOKEN }, app: { clientId: 'app', clientSecret: 'secret' } },
        providerContext(),
      );
    expect(await log()).toEqual({
      kind: 'unauthorized',
      reason: expect.stringContaining('pages_manage_posts'),
    });
    // Who may not be asked what was given is believed.
    network.fault({ kind: 'answer', status: 500, body: {} }, isPermissions);
    expect(await log()).toMatchObject({ kind: 'choices' });
  });

  test('gives a token that ends only where it says so', () => {
    const { renewal } = facebook();
    expect(renewal?.expiresAt({ accessToken: 'a' })).toBeUndefined();
    expect(renewal?.expiresAt({ accessToken: 'a', expiresAt: '2026-12-01T00:00:00Z' })).toBe(
      Date.parse('2026-12-01T00:00:00Z'),
    );
  });
});

describe('how far a video is', () => {
  test.each([
    [{ video_status: 'processing', uploading_phase: { status: 'in_progress' } }, 'uploading'],
    [{ uploading_phase: { status: 'complete' }, publishing_phase: { status: 'not_started' } }, 'uploaded'],
    [{ video_status: 'ready' }, 'ready'],
    [{ video_status: 'processing', publishing_phase: { status: 'in_progress' } }, 'publishing'],
    [{ video_status: 'ready', publishing_phase: { status: 'complete' } }, 'out'],
    [{ video_status: 'error' }, 'failed'],
    [{ video_status: 'expired' }, 'failed'],
    [{ processing_phase: { status: 'error', error: { message: 'bad' } } }, 'failed'],
  ])('%j is “%s”', (status, is) => {
    expect(toVideoState(videoEntity.parse({ id: '1', status }), PAGE_ID).is).toBe(is);
  });

  test('its post is named with the Page, whether Facebook does so or not', () => {
    const named = (post_id: string) =>
      toVideoState(videoEntity.parse({ id: '1', status: {}, post_id }), PAGE_ID).postId;
    expect([named('7'), named(`${PAGE_ID}_7`)]).toEqual([`${PAGE_ID}_7`, `${PAGE_ID}_7`]);
  });
});
