import { describe, expect, test } from 'vitest';
import { pinterest } from '../../../shared/channels/pinterest.ts';
import { UnreadableHandle } from '../../../shared/channels/provider.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { HOUR, MINUTE, SECOND } from '../../../shared/domain/time.ts';
import { attempt } from '../../support/attempt.ts';
import { DUE_AT } from '../../support/builders.ts';
import {
  ACCESS_TOKEN,
  BOARD,
  type FakePinterestOptions,
  fakePinterest,
} from '../../support/fake-networks/pinterest.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

const options = { board: BOARD, title: 'Oven' };
const film: Variant = { text: 'The oven', media: [anAttachment('oven', { type: 'video/mp4' })], options };
const NOW = DUE_AT + MINUTE;
const credential = { accessToken: ACCESS_TOKEN };

async function world(over: FakePinterestOptions = {}, variant = film) {
  const network = await fakePinterest(over);
  const provider = pinterest(network.url);
  const request = aPublishRequest(credential, { variant });
  const step = (handle: string, now = NOW) =>
    provider.poll?.(
      { ...request, delivery: { ...request.delivery, handle } },
      providerContext({ now: () => now }),
    );
  return { network, provider, request, step, [Symbol.asyncDispose]: network.close };
}

const pendingOf = (outcome: { kind: string; handle?: string } | undefined): string =>
  outcome?.kind === 'pending' && outcome.handle !== undefined
    ? outcome.handle
    : expect.fail(JSON.stringify(outcome));

describe('a video on Pinterest', () => {
  test('is uploaded, looked after, and pinned when it is ready', async () => {
    await using own = await world({ processing: 2 });
    const context = providerContext();
    const first = await own.provider.publish(own.request, context);
    expect(first).toMatchObject({ kind: 'pending', checkAt: NOW + 5 * SECOND });
    expect(context.sends).toEqual([]);
    const { outcome } = await attempt(own.provider, own.request, context);
    expect(outcome.kind).toBe('published');
    expect(context.sends).toHaveLength(1);
    expect([...own.network.pins.values()]).toMatchObject([{ description: 'The oven', title: 'Oven' }]);
  });

  test('is sent whole, with all that its form asks for', async () => {
    await using own = await world();
    await own.provider.publish(own.request, providerContext());
    const upload = own.network.requests.find(({ url }) => url.pathname.startsWith('/pinterest-media'));
    expect(upload?.bytes.length).toBeGreaterThan(300_000);
    expect([...own.network.videos.values()]).toMatchObject([{ status: 'processing' }]);
  });

  test('leaves a short handle without rights or addresses in it', async () => {
    await using own = await world();
    const handle = pendingOf(await own.provider.publish(own.request, providerContext()));
    expect(handle.length).toBeLessThan(100);
    expect(Object.keys(JSON.parse(handle))).toEqual(['videoId', 'since']);
  });

  test('is not uploaded again when the step after it is repeated', async () => {
    await using own = await world({ processing: 5 });
    const handle = pendingOf(await own.provider.publish(own.request, providerContext()));
    expect(pendingOf(await own.step(handle))).toBe(handle);
    expect(pendingOf(await own.step(handle))).toBe(handle);
    expect(own.network.videos.size).toBe(1);
  });

  test('is uploaded anew when Pinterest has forgotten it', async () => {
    await using own = await world();
    const handle = pendingOf(await own.provider.publish(own.request, providerContext()));
    own.network.forgetVideo(JSON.parse(handle).videoId);
    const fresh = pendingOf(await own.step(handle, NOW + MINUTE));
    expect(JSON.parse(fresh)).toMatchObject({ since: JSON.parse(handle).since });
    expect(fresh).not.toBe(handle);
    await expect(own.step('no handle of ours')).rejects.toThrow(UnreadableHandle);
  });

  test('is refused when Pinterest cannot process it', async () => {
    await using own = await world({ processing: 'failed' });
    const handle = pendingOf(await own.provider.publish(own.request, providerContext()));
    expect(await own.step(handle)).toMatchObject({ kind: 'rejected', code: 'media_refused' });
  });

  test('is given up after an hour', async () => {
    await using own = await world({ processing: 'never' });
    const handle = pendingOf(await own.provider.publish(own.request, providerContext()));
    expect((await own.step(handle, NOW + HOUR))?.kind).toBe('pending');
    expect(await own.step(handle, NOW + HOUR + SECOND)).toMatchObject({ kind: 'rejected' });
    expect(own.network.published()).toEqual([]);
  });

  test.each([
    ['the registration', /\/v5\/media$/],
    ['the upload', /^\/pinterest-media-upload\//],
  ])('may be tried again when %s fails, since nothing is public', async (_what, path) => {
    await using own = await world();
    for (const fault of [{ kind: 'drop' }, { kind: 'answer', status: 500, body: {} }] as const) {
      own.network.fault(fault, ({ url, method }) => method === 'POST' && path.test(url.pathname));
      expect((await own.provider.publish(own.request, providerContext())).kind).toBe('unavailable');
    }
    expect((await own.provider.publish(own.request, providerContext())).kind).toBe('pending');
  });

  test('is pinned with the same upload after a pin that was lost on the way', async () => {
    await using own = await world();
    own.network.fault({ kind: 'lose' }, own.network.isPublish);
    const lost = await attempt(own.provider, own.request, providerContext());
    expect(lost.outcome.kind).toBe('uncertain');
    const look = { ...lost.request, since: NOW, excluding: new Set<string>() };
    expect(await own.provider.find?.(look, providerContext())).toEqual({ kind: 'absent' });
    const again = await attempt(own.provider, lost.request, providerContext());
    expect(again.outcome.kind).toBe('published');
    expect(own.network.videos.size).toBe(1);
  });
});

describe('files that Pinterest does not take', () => {
  test.each<[string, Variant]>([
    ['none', { ...film, media: [] }],
    [
      'one of them too large',
      { ...film, media: [anAttachment('a'), anAttachment('b', { bytes: 30_000_000 })] },
    ],
  ])('are refused before anything is asked of it: %s', async (_what, variant) => {
    await using own = await world({}, variant);
    const outcome = await own.provider.publish(own.request, providerContext());
    expect(outcome).toMatchObject({ kind: 'rejected', code: 'media_refused' });
    expect(own.network.requests).toEqual([]);
  });
});
