import { describe, expect, onTestFinished, test } from 'vitest';
import { MINUTE, SECOND } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../../support/builders.ts';
import { type FakeLinkedin, MEMBER } from '../../support/fake-networks/linkedin.ts';
import { linkedinDelivery } from '../../support/linkedin-delivery.ts';
import { anAttachment } from '../../support/media.ts';

async function setup(...given: Parameters<typeof linkedinDelivery>) {
  const delivery = await linkedinDelivery(...given);
  onTestFinished(delivery.network.close);
  return delivery;
}

const paths = ({ requests }: FakeLinkedin) =>
  requests.map(
    ({ method, url }) =>
      `${method} ${url.pathname.replace(/urn.*?(?=\/|$)|\w{15,}/, 'ID')}${url.search.slice(0, 24)}`,
  );
const contents = ({ posts }: FakeLinkedin) => [...posts.values()].map(({ body }) => body.content);

describe('images', () => {
  test('are brought, waited for and posted in their order', async () => {
    const media = Array.from({ length: 6 }, (_, n) => anAttachment(`${n}`, { bytes: 1_000 + n }));
    const { network, finish, context } = await setup({ text: 'Look', media });
    const { outcome, handles } = await finish(context());
    expect(outcome.kind).toBe('published');
    const [content] = contents(network) as { multiImage: { images: { id: string }[] } }[];
    const sizes = content?.multiImage.images.map(({ id }) => {
      const asset = network.uploads.assets.get(id);
      expect(asset?.status).toBe('AVAILABLE');
      return asset?.parts.get(0)?.bytes;
    });
    expect(sizes).toEqual([1_000, 1_001, 1_002, 1_003, 1_004, 1_005]);
    expect(handles.length).toBeGreaterThan(0);
  });

  test('of a post of twenty come in several steps, with a short state', async () => {
    const media = Array.from({ length: 20 }, (_, n) => anAttachment(`${n}`, { bytes: 100 }));
    const { network, finish, context } = await setup({ text: 'Look', media }, { looks: 0 });
    const { outcome, handles } = await finish(context({ eachMs: 1_500 }));
    expect(outcome.kind).toBe('published');
    expect(handles.length).toBeGreaterThan(2);
    expect(Math.max(...handles.map(({ length }) => length))).toBeLessThan(600);
    expect(network.uploads.assets.size).toBe(20);
    expect(network.posts.size).toBe(1);
  });

  test('that cannot be processed are refused with LinkedIn’s words', async () => {
    const options = { processing: 'fails' } as const;
    const { network, finish, context } = await setup({ text: 'Look', media: [anAttachment('a')] }, options);
    expect((await finish(context())).outcome).toEqual({
      kind: 'rejected',
      code: 'media_refused',
      reason: 'Unsupported codec',
    });
    expect(network.posts.size).toBe(0);
  });

  test('of a member, whose token may not look, have a time of grace', async () => {
    const media = [anAttachment('a')];
    const { network, finish, context, at } = await setup(
      { text: 'Look', media },
      { author: MEMBER, app: 'self-serve' },
    );
    const { outcome } = await finish(context());
    expect(outcome.kind).toBe('published');
    expect(at()).toBeGreaterThanOrEqual(DUE_AT + MINUTE + 5 * SECOND);
    expect(network.posts.size).toBe(1);
  });

  test('are not sent again because LinkedIn does not answer for a moment', async () => {
    const { network, finish, context } = await setup({ text: 'Look', media: [anAttachment('a')] });
    network.fault({ kind: 'answer', status: 503, body: {} }, ({ url }) =>
      url.pathname.startsWith('/rest/images/'),
    );
    expect((await finish(context())).outcome).toMatchObject({ kind: 'unavailable' });
  });

  test('that LinkedIn finds unready at the last moment are posted a little later', async () => {
    const media = [anAttachment('a')];
    const { network, finish, context, at } = await setup({ text: 'Look', media });
    const body = {
      status: 400,
      code: 'MEDIA_ASSET_WAITING_UPLOAD',
      message: 'Media asset is waiting upload',
    };
    network.fault({ kind: 'answer', status: 400, body }, network.isPublish);
    expect((await finish(context())).outcome.kind).toBe('published');
    expect(at()).toBeGreaterThan(DUE_AT + MINUTE + 15 * SECOND);
    expect(network.uploads.assets.size).toBe(1);
  });
});

describe('a document', () => {
  test('goes up whole and is posted under its title', async () => {
    const media = [anAttachment('menu', { type: 'application/pdf', bytes: 4_000_000, alt: '' })];
    const { network, finish, context } = await setup({ text: 'Look', media, options: { title: 'Menu' } });
    expect((await finish(context())).outcome.kind).toBe('published');
    expect(contents(network)).toEqual([
      { media: { id: expect.stringContaining('urn:li:document:'), title: 'Menu' } },
    ]);
    expect([...network.uploads.assets.values()][0]?.parts.get(0)?.bytes).toBe(4_000_000);
  });
});

describe('a video', () => {
  const part = 4 * 1024 * 1024;
  const film = anAttachment('film', { type: 'video/mp4', bytes: 3 * part + 5, alt: '' });

  test('goes up in the parts that LinkedIn wants, without the token', async () => {
    const { network, finish, context } = await setup({
      text: 'Look',
      media: [film],
      options: { title: 'Film' },
    });
    const { outcome, handles } = await finish(context());
    expect(outcome.kind).toBe('published');
    expect(paths(network).slice(0, 7)).toEqual([
      'POST /rest/videos?action=initializeUpload',
      'PUT /dms-uploads/ID/0',
      'PUT /dms-uploads/ID/1',
      'PUT /dms-uploads/ID/2',
      'PUT /dms-uploads/ID/3',
      'POST /rest/videos?action=finalizeUpload',
      'GET /rest/videos/ID',
    ]);
    const [asset] = network.uploads.assets.values();
    expect([...(asset?.parts.values() ?? [])].map(({ bytes }) => bytes)).toEqual([part, part, part, 5]);
    expect(asset?.status).toBe('AVAILABLE');
    expect(contents(network)).toEqual([{ media: { id: asset?.urn, title: 'Film' } }]);
    expect(Math.max(...handles.map(({ length }) => length))).toBeLessThan(200);
  });

  test('that takes longer than a step goes on where it was, also after a crash', async () => {
    const { network, finish, context, withHandle, provider } = await setup({ text: 'Look', media: [film] });
    const slow = context({ eachMs: 7_000 });
    const begun = await finish({ ...slow, http: slow.http }, undefined);
    expect(begun.outcome.kind).toBe('published');
    const puts = () => network.requests.filter(({ method }) => method === 'PUT').length;
    expect(puts()).toBe(4);
    // The handle of the beginning once more, as after a crash before it was settled.
    await provider.poll?.(withHandle(begun.handles[0] ?? ''), slow);
    expect(puts()).toBe(4);
    expect(network.uploads.assets.size).toBe(1);
  });

  test('whose plan was overwritten by another one is begun anew, but not for ever', async () => {
    const { network, finish, context } = await setup({ text: 'Look', media: [film] });
    const lost = JSON.stringify({ video: { id: 'gone', anew: 0 } });
    expect((await finish(context(), lost)).outcome.kind).toBe('published');
    const tired = JSON.stringify({ video: { id: 'gone', anew: 4 } });
    expect((await finish(context(), tired)).outcome).toMatchObject({ code: 'media_refused' });
    expect(network.posts.size).toBe(1);
  });

  test('and another one of the same channel do not mix their parts', async () => {
    const one = await setup({ text: 'Look', media: [film] });
    const shared = one.context();
    const first = await one.provider.publish(one.request, shared);
    const second = await one.provider.publish(one.request, shared);
    if (first.kind !== 'pending' || second.kind !== 'pending') return expect.fail();
    expect((await one.finish(shared, first.handle)).outcome.kind).toBe('published');
    expect((await one.finish(shared, second.handle)).outcome.kind).not.toBe('pending');
    expect(one.network.uploads.assets.size).toBe(2);
  });

  test('of which a part fails for a moment is not begun anew', async () => {
    const { network, finish, context } = await setup({ text: 'Look', media: [film] });
    network.fault({ kind: 'answer', status: 503, body: {} }, ({ url }) => url.pathname.endsWith('/2'));
    expect((await finish(context())).outcome.kind).toBe('published');
    expect(network.uploads.assets.size).toBe(1);
  });
});
