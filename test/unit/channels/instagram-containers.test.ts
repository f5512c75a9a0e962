import { describe, expect, onTestFinished, test } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../../shared/domain/time.ts';
import { attempt } from '../../support/attempt.ts';
import { DUE_AT } from '../../support/builders.ts';
import { noObject } from '../../support/fake-networks/graph.ts';
import type { FakeInstagramOptions } from '../../support/fake-networks/instagram.ts';
import type { Received } from '../../support/fake-networks/server.ts';
import { instagramWorld } from '../../support/instagram-world.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';

async function setup(options: FakeInstagramOptions = {}) {
  const world = await instagramWorld(options);
  onTestFinished(world.network.close);
  return world;
}

const image = anAttachment('bread');
const video = anAttachment('oven', { type: 'video/mp4', width: 1_080, height: 1_920, alt: '' });
const look = { since: DUE_AT, excluding: new Set<string>() };
const handleIn = (outcome: { kind: string; handle?: string } | undefined): string =>
  outcome?.handle ?? expect.fail(`no handle: ${JSON.stringify(outcome)}`);
const isMade = ({ method, url }: Received) => method === 'POST' && url.pathname.endsWith('/media');

describe('a container', () => {
  test('that Instagram cannot process is refused in its words', async () => {
    const { network, provider, request } = await setup();
    network.breakContainers('ERROR');
    const { outcome } = await attempt(provider, request({ text: 'a', media: [image] }), providerContext());
    expect(outcome).toEqual({ kind: 'rejected', code: 'media_refused', reason: 'ERROR: the media' });
  });

  test('at which Instagram has failed itself is begun anew, but not for ever', async () => {
    const { network, provider, request } = await setup();
    network.breakContainers('ERROR', 'Media upload has failed with error code 2207053');
    const variant = { text: 'Oven', media: [video] };
    const { outcome } = await attempt(provider, request(variant), providerContext());
    expect(outcome).toMatchObject({ kind: 'rejected', reason: expect.stringContaining('2207053') });
    expect(network.requests.filter(isMade)).toHaveLength(3);

    const carousel = { text: 'Oven', media: [image, video] };
    const handle = handleIn(await provider.publish(request(carousel), providerContext()));
    network.mendContainers();
    const rest = await attempt(provider, request(carousel, handle), providerContext());
    expect(rest.outcome).toMatchObject({ kind: 'published', externalId: network.published()[0] });
    expect(network.published()).toHaveLength(1);
  });

  test('that has failed is absent, unless one like it stands there', async () => {
    const { network, provider, request } = await setup();
    const variant = { text: 'Bread', media: [image] };
    network.breakContainers('ERROR', '2207001');
    const handle = handleIn(await provider.publish(request(variant), providerContext()));
    const find = () => provider.find?.({ ...request(variant, handle), ...look }, providerContext());
    expect(await find()).toEqual({ kind: 'absent' });
    network.mendContainers();
    await attempt(provider, request(variant), providerContext());
    expect((await find())?.kind).toBe('cannotTell');
  });

  test('that has expired, or is forgotten, begins again', async () => {
    let now = DUE_AT + MINUTE;
    const { network, provider, request } = await setup({ now: () => now });
    const variant = { text: 'a', media: [image] };
    const given = providerContext({ now: () => now });
    const handle = handleIn(await provider.publish(request(variant), given));
    now += DAY + HOUR;
    expect((await attempt(provider, request(variant, handle), given)).outcome.kind).toBe('published');
    const forgotten = JSON.stringify({ is: 'container', id: '404', at: now });
    expect((await attempt(provider, request(variant, forgotten), given)).outcome.kind).toBe('published');
    expect(network.published()).toHaveLength(2);
  });

  test('that Instagram does not know is not made for ever', async () => {
    const { network, provider, request } = await setup();
    const isLook = ({ method, url }: Received) => method === 'GET' && /\/179\d+$/.test(url.pathname);
    for (let looks = 0; looks < 30; looks++) network.fault({ kind: 'answer', ...noObject('1') }, isLook);
    const { outcome } = await attempt(provider, request({ text: 'a', media: [image] }), providerContext());
    expect(outcome.kind).toBe('unavailable');
    expect(network.requests.filter(isMade)).toHaveLength(3);
  });
});
