import { describe, expect, test } from 'vitest';
import { slugFor } from '../../../shared/channels/tumblr/post.ts';
import { tumblr } from '../../../shared/channels/tumblr.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { told } from '../../../shared/domain/metrics.ts';
import { HOUR, MINUTE, SECOND } from '../../../shared/domain/time.ts';
import { attempt } from '../../support/attempt.ts';
import { DUE_AT } from '../../support/builders.ts';
import {
  ACCESS_TOKEN,
  APP,
  BLOG,
  type FakeTumblrOptions,
  fakeTumblr,
  REFRESH_TOKEN,
} from '../../support/fake-networks/tumblr.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

const NOW = DUE_AT + MINUTE;
const credential = { accessToken: ACCESS_TOKEN, refreshToken: REFRESH_TOKEN, blog: BLOG.name };
const account = { id: BLOG.uuid, handle: BLOG.name, url: BLOG.url };
const words: Variant = {
  text: 'Fresh bread\n\nFrom six.',
  options: { title: 'Bread', tags: ['bread', 'rolls'] },
};
const film: Variant = { text: 'The oven', media: [anAttachment('oven', { type: 'video/mp4', alt: '' })] };

async function world(over: FakeTumblrOptions = {}, variant = words) {
  const network = await fakeTumblr(over);
  const provider = tumblr(network.url);
  const request = aPublishRequest(credential, { variant, channel: { id: 'chn_one', account, facts: {} } });
  const who = { credential, account, facts: {} };
  const look = (excluding: readonly string[] = []) =>
    provider.find?.({ ...request, since: NOW, excluding: new Set(excluding) }, providerContext());
  const step = (handle: string, now = NOW) =>
    provider.poll?.(
      { ...request, delivery: { ...request.delivery, handle } },
      providerContext({ now: () => now }),
    );
  return { network, provider, request, who, look, step, [Symbol.asyncDispose]: network.close };
}

const handleIn = (outcome: { kind: string; handle?: string } | undefined): string =>
  outcome?.kind === 'pending' && outcome.handle !== undefined
    ? outcome.handle
    : expect.fail(JSON.stringify(outcome));

describe('a post on Tumblr', () => {
  test('has its tags one by one, and goes by the blog’s UUID', async () => {
    await using own = await world();
    expect((await own.provider.publish(own.request, providerContext())).kind).toBe('published');
    const [post] = own.network.posts.values();
    expect(post?.tags).toEqual(['bread', 'rolls']);
    expect(own.network.requests[0]?.url.pathname).toContain(encodeURIComponent(BLOG.uuid));
  });

  test('takes its files along in one form, the post first', async () => {
    const media = [anAttachment('loaf'), anAttachment('rolls', { type: 'image/png', bytes: 5 })];
    await using own = await world({}, { ...words, media });
    expect((await own.provider.publish(own.request, providerContext())).kind).toBe('published');
    const [post] = own.network.posts.values();
    expect(post?.files).toEqual({ 'file-0': 300_000, 'file-1': 5 });
    const [sent] = own.network.requests;
    expect(sent?.headers['content-length']).toBe(String(sent?.bytes.length));
    expect(sent?.body.slice(0, 200)).toMatch(
      /^--sendeplan-\w+\r\ncontent-disposition: form-data; name="json"\r\ncontent-type: application\/json\r\n\r\n{/,
    );
  });

  test('is refused before anything is sent when a file does not fit', async () => {
    await using own = await world({}, { ...words, media: [anAttachment('loaf', { bytes: 11_000_000 })] });
    const context = providerContext();
    expect(await own.provider.publish(own.request, context)).toMatchObject({ code: 'media_refused' });
    expect(context.sends).toEqual([]);
  });
});

describe('a video on Tumblr', () => {
  test('waits for its transcoding, and nothing is sent again meanwhile', async () => {
    await using own = await world({ transcoding: true }, film);
    const first = await own.provider.publish(own.request, providerContext());
    expect(first).toMatchObject({ kind: 'pending', checkAt: NOW + 15 * SECOND });
    const handle = handleIn(first);
    expect(handleIn(await own.step(handle))).toBe(handle);
    own.network.transcode('shown');
    const [id] = own.network.published();
    expect(await own.step(handle)).toMatchObject({ kind: 'published', externalId: id });
    expect(own.network.requests.filter(own.network.isPublish)).toHaveLength(1);
  });

  test('that is gone after an hour was refused', async () => {
    await using own = await world({ transcoding: true }, film);
    const handle = handleIn(await own.provider.publish(own.request, providerContext()));
    own.network.transcode('failed');
    expect((await own.step(handle))?.kind).toBe('pending');
    expect(await own.step(handle, NOW + HOUR)).toMatchObject({ kind: 'rejected', code: 'media_refused' });
  });

  test('that never gets ready is left to a person', async () => {
    await using own = await world({ transcoding: true }, film);
    const handle = handleIn(await own.provider.publish(own.request, providerContext()));
    expect(await own.step(handle, NOW + HOUR)).toMatchObject({ kind: 'uncertain' });
  });

  test('of which the answer was lost is not listed while it waits, and is looked for before it is sent again', async () => {
    await using own = await world({ transcoding: true }, film);
    own.network.fault({ kind: 'drop' }, own.network.isPublish);
    expect((await own.provider.publish(own.request, providerContext())).kind).toBe('uncertain');
    expect(await own.look()).toEqual({ kind: 'absent' });
    expect((await own.provider.publish(own.request, providerContext())).kind).toBe('uncertain');
    own.network.transcode('shown');
    expect(await own.look()).toMatchObject({ kind: 'found', externalId: own.network.published()[0] });
    expect(own.network.published()).toHaveLength(1);
  });

  test('is looked after later when Tumblr cannot be asked, or the token has ended', async () => {
    await using own = await world({ transcoding: true }, film);
    const handle = handleIn(await own.provider.publish(own.request, providerContext()));
    own.network.fault({ kind: 'drop' });
    expect(handleIn(await own.step(handle))).toBe(handle);
    own.network.fault({ kind: 'answer', status: 401, body: { meta: { status: 401, msg: 'Unauthorized' } } });
    expect(await own.step(handle)).toMatchObject({ kind: 'unauthorized' });
  });
});

describe('looking for a post on Tumblr', () => {
  test('finds it by its slug, whatever became of its text', async () => {
    await using own = await world();
    const { outcome } = await attempt(own.provider, own.request, providerContext());
    const [id] = own.network.published();
    expect(outcome).toMatchObject({ externalId: id });
    const slug = slugFor('Bread', own.request.delivery.key);
    expect(await own.look()).toEqual({ kind: 'found', externalId: id, url: `${BLOG.url}post/${id}/${slug}` });
  });

  test('finds it by its text where Tumblr made another slug, and not what others own', async () => {
    await using own = await world({ ownSlugs: true });
    await attempt(own.provider, own.request, providerContext());
    const [id = ''] = own.network.published();
    expect(await own.look()).toMatchObject({ kind: 'found', externalId: id });
    expect(await own.look([id])).toEqual({ kind: 'absent' });
  });

  test('never takes another delivery’s post for its own, though their texts are equal', async () => {
    await using own = await world();
    const other = { ...own.request, delivery: { ...own.request.delivery, key: 'dlv_two.0123456789abcdef' } };
    await attempt(own.provider, other, providerContext());
    expect(await own.look()).toEqual({ kind: 'absent' });
  });

  test('cannot tell without a text, when there are new posts of other hands', async () => {
    await using own = await world({}, { ...film, text: '' });
    expect(await own.look()).toEqual({ kind: 'absent' });
    own.network.write('Something else');
    expect((await own.look())?.kind).toBe('cannotTell');
  });

  test('cannot tell behind a page full of newer posts', async () => {
    await using own = await world();
    for (let n = 0; n < 20; n++) own.network.write(`Post ${n}`);
    expect((await own.look())?.kind).toBe('cannotTell');
  });
});

describe('a blog on Tumblr', () => {
  test.each(['bakery', 'bakery.tumblr.com', BLOG.uuid])('is known by %s', async (blog) => {
    await using own = await world();
    const verified = await own.provider.verify({ ...credential, blog }, providerContext());
    expect(verified).toEqual({ kind: 'verified', account, facts: {} });
  });

  test('is refused where the login may not post to it', async () => {
    await using own = await world();
    const verified = await own.provider.verify({ ...credential, blog: 'staff' }, providerContext());
    expect(verified).toMatchObject({ kind: 'refused' });
  });

  test('is one of those that a login offers', async () => {
    await using own = await world();
    const tokens = { accessToken: ACCESS_TOKEN, refreshToken: REFRESH_TOKEN };
    const offered = await own.provider.login?.choices({ tokens, app: APP }, providerContext());
    if (offered?.kind !== 'choices') return expect.fail(JSON.stringify(offered));
    expect(offered.choices.map((choice) => choice.account.handle)).toEqual(['bakery', 'mill']);
    expect(offered.choices[0]?.credential).toEqual({ ...credential, blog: BLOG.uuid });
  });

  test('is renewed by a refresh token that is good once', async () => {
    await using own = await world();
    const { renewal } = own.provider;
    const refreshed = await renewal?.refresh?.(credential, APP, providerContext());
    if (refreshed?.kind !== 'refreshed') return expect.fail(JSON.stringify(refreshed));
    expect(refreshed.credential.refreshToken).not.toBe(REFRESH_TOKEN);
    expect(refreshed.credential.blog).toBe(BLOG.name);
    expect(renewal?.expiresAt(refreshed.credential)).toBe(NOW + 42 * MINUTE);
    expect(await renewal?.refresh?.(credential, APP, providerContext())).toMatchObject({
      kind: 'unauthorized',
    });
    expect((await renewal?.refresh?.(refreshed.credential, APP, providerContext()))?.kind).toBe('refreshed');
  });

  test('is not over because the network refuses the app', async () => {
    await using own = await world();
    const app = { ...APP, clientSecret: 'wrong' };
    const refused = await own.provider.renewal?.refresh?.(credential, app, providerContext());
    expect(refused).toMatchObject({ kind: 'unavailable' });
  });

  test('needs a new login where there is nothing to renew it with', async () => {
    await using own = await world();
    const { refreshToken: _none, ...bare } = credential;
    const refresh = own.provider.renewal?.refresh;
    expect(await refresh?.(bare, APP, providerContext())).toMatchObject({ kind: 'unauthorized' });
    expect(await refresh?.(credential, undefined, providerContext())).toMatchObject({ kind: 'unavailable' });
  });

  test('tells its followers, and the notes of a post', async () => {
    await using own = await world();
    const id = own.network.write('Bread');
    const metrics = await own.provider.metrics?.fetch({ ...own.who, externalIds: [id] }, providerContext());
    expect(metrics).toEqual(new Map([[id, told({ reactions: 14 })]]));
    expect(await own.provider.metrics?.followers(own.who, providerContext())).toBe(84);
  });
});
