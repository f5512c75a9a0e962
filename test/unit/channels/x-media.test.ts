import { describe, expect, onTestFinished, test } from 'vitest';
import { createHttp } from '../../../shared/channels/http.ts';
import { SEGMENT } from '../../../shared/channels/x/segments.ts';
import { DAY, SECOND } from '../../../shared/domain/time.ts';
import { attempt } from '../../support/attempt.ts';
import { DUE_AT } from '../../support/builders.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';
import { xDelivery } from '../../support/x-delivery.ts';

async function setup(...given: Parameters<typeof xDelivery>) {
  const delivery = await xDelivery(...given);
  onTestFinished(delivery.network.close);
  return delivery;
}

describe('images', () => {
  test('go up with their alt text before the post, in one step and in their order', async () => {
    const media = [anAttachment('one'), anAttachment('two', { alt: '', type: 'image/png' })];
    const { network, provider, request, paths } = await setup({ text: 'Look', media });
    const outcome = await provider.publish(request, providerContext());
    expect(outcome.kind).toBe('published');
    expect(paths().sort()).toEqual([
      'POST /2/media/metadata',
      'POST /2/media/upload',
      'POST /2/media/upload',
      'POST /2/tweets',
    ]);
    const sessions = [...network.uploads.sessions.values()];
    expect(sessions.map(({ total, alt }) => [total, alt])).toContainEqual([
      300_000,
      'What is to be seen on one',
    ]);
    const order = [...network.posts.values()][0]?.mediaIds.map(
      (id) => network.uploads.sessions.get(id)?.type,
    );
    expect(order).toEqual(['image/jpeg', 'image/png']);
  });

  test('that X refuses keep the post from being sent', async () => {
    const { network, provider, request } = await setup({ text: 'Look', media: [anAttachment('one')] });
    const isUpload = ({ url }: { url: URL }) => url.pathname === '/2/media/upload';
    network.fault({ kind: 'answer', status: 400, body: { detail: 'broken' } }, isUpload);
    expect(await provider.publish(request, providerContext())).toMatchObject({ code: 'media_refused' });
    network.fault({ kind: 'hang' }, isUpload);
    const impatient = providerContext({ http: createHttp({ allowLoopback: true, timeoutMs: 200 }) });
    expect(await provider.publish(request, impatient)).toMatchObject({ kind: 'unavailable' });
    expect(network.posts.size).toBe(0);
  });

  test('fail for want of a permission by the name of that', async () => {
    const { network, provider, request } = await setup({ text: 'Look', media: [anAttachment('one')] });
    const body = {
      type: 'https://api.x.com/2/problems/not-authorized-for-resource',
      detail: 'No media.write',
    };
    network.fault({ kind: 'answer', status: 403, body });
    expect(await provider.publish(request, providerContext())).toMatchObject({ code: 'configuration' });
  });
});

describe('a video', () => {
  const bytes = 3 * SEGMENT + 1_000;
  const film = anAttachment('film', { type: 'video/mp4', bytes, alt: '' });

  test('goes up in segments, is waited for, and is posted', async () => {
    const { network, provider, request, paths } = await setup({ text: 'Look', media: [film] });
    const { outcome } = await attempt(provider, request, providerContext());
    expect(outcome.kind).toBe('published');
    expect(paths()).toEqual([
      'POST /2/media/upload/initialize',
      ...Array(4).fill('POST /2/media/upload/ID/append'),
      'POST /2/media/upload/ID/finalize',
      ...Array(3).fill('GET /2/media/upload'),
      'POST /2/tweets',
    ]);
    const [session] = network.uploads.sessions.values();
    expect([...(session?.segments.values() ?? [])]).toEqual([SEGMENT, SEGMENT, SEGMENT, 1_000]);
  });

  test('that takes longer than a step goes on where it was, also after a crash', async () => {
    const { network, provider, request, withHandle } = await setup({ text: 'Look', media: [film] });
    let now = DUE_AT;
    const http = createHttp({ allowLoopback: true });
    const slow = providerContext({
      now: () => now,
      http: (one) => {
        now += 10 * SECOND;
        return http(one);
      },
    });
    const first = await provider.publish(request, slow);
    if (first.kind !== 'pending') return expect.fail(JSON.stringify(first));
    expect(JSON.parse(first.handle).upload).toMatchObject({ sent: 2, finalized: false });
    expect(first.handle.length).toBeLessThan(600);
    // The step after it is lost, and done again by the same handle.
    await provider.poll?.(withHandle(first.handle), slow);
    const { outcome } = await attempt(provider, withHandle(first.handle), providerContext());
    expect(outcome.kind).toBe('published');
    expect(network.uploads.sessions.size).toBe(1);
    expect(network.posts.size).toBe(1);
  });

  test('whose session X has forgotten begins anew, but not for ever', async () => {
    const { network, provider, request, withHandle } = await setup({ text: 'Look', media: [film] });
    const upload = { id: '1', sent: 1, finalized: false, at: DUE_AT, anew: 0 };
    const lost = await provider.poll?.(withHandle(JSON.stringify({ upload })), providerContext());
    expect(lost).toMatchObject({ kind: 'pending' });
    const { outcome } = await attempt(provider, withHandle(JSON.stringify({ upload })), providerContext());
    expect(outcome.kind).toBe('published');
    const tired = JSON.stringify({ upload: { ...upload, anew: 3 } });
    expect(await provider.poll?.(withHandle(tired), providerContext())).toMatchObject({
      code: 'media_refused',
    });
    expect(network.posts.size).toBe(1);
    expect(request.delivery.handle).toBeUndefined();
  });

  test('that was brought there a day ago is brought again', async () => {
    const { network, provider, withHandle } = await setup({ text: 'Look', media: [film] });
    const upload = { id: '1', sent: 4, finalized: true, at: DUE_AT - DAY, anew: 0 };
    const { outcome } = await attempt(provider, withHandle(JSON.stringify({ upload })), providerContext());
    expect(outcome.kind).toBe('published');
    expect(network.uploads.sessions.size).toBe(1);
  });

  test('is not begun anew because X does not answer for a moment', async () => {
    const { network, provider, withHandle } = await setup({ text: 'Look', media: [film] });
    const upload = { id: '1', sent: 4, finalized: true, at: DUE_AT, anew: 0 };
    network.fault({ kind: 'answer', status: 503, body: {} });
    const outcome = await provider.poll?.(withHandle(JSON.stringify({ upload })), providerContext());
    expect(outcome).toMatchObject({ kind: 'unavailable' });
  });

  test('that X cannot read is refused with X’s words', async () => {
    const { network, provider, request } = await setup(
      { text: 'Look', media: [film] },
      { processing: 'fails' },
    );
    const { outcome } = await attempt(provider, request, providerContext());
    expect(outcome).toEqual({ kind: 'rejected', code: 'media_refused', reason: 'Unsupported codec' });
    expect(network.posts.size).toBe(0);
  });

  test('and a GIF have categories of their own', async () => {
    const gif = anAttachment('dance', { type: 'image/gif', width: 480, height: 360 });
    const { network, provider, request } = await setup({ text: 'Look', media: [gif] });
    expect((await attempt(provider, request, providerContext())).outcome.kind).toBe('published');
    const [session] = network.uploads.sessions.values();
    expect(session).toMatchObject({ category: 'tweet_gif', alt: 'What is to be seen on dance' });
  });
});
