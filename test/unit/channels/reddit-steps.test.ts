import { describe, expect, test } from 'vitest';
import { reddit } from '../../../shared/channels/reddit.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { MINUTE, SECOND } from '../../../shared/domain/time.ts';
import { attempt } from '../../support/attempt.ts';
import { DUE_AT } from '../../support/builders.ts';
import {
  ACCESS_TOKEN,
  type FakeRedditOptions,
  FLAIRED,
  fakeReddit,
  SUBREDDIT,
  USERNAME,
} from '../../support/fake-networks/reddit.ts';
import type { Received } from '../../support/fake-networks/server.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

const NOW = DUE_AT + MINUTE;
const options = { subreddit: SUBREDDIT, title: 'Bread' };
const image: Variant = { text: 'Fresh bread', media: [anAttachment('loaf', { alt: '' })], options };
const talk: Variant = { text: 'Fresh bread', firstComment: 'Ask us anything.', options };
const account = { id: 't2_abc12', handle: USERNAME, url: `https://www.reddit.com/user/${USERNAME}/` };

async function world(variant: Variant, over: FakeRedditOptions = {}) {
  const network = await fakeReddit(over);
  const provider = reddit({ api: network.url, login: network.url });
  const credential = { accessToken: ACCESS_TOKEN, username: USERNAME };
  const channel = { id: 'chn_one', account, facts: {} };
  const request = aPublishRequest(credential, { variant, channel });
  const at = (handle: string) => ({ ...request, delivery: { ...request.delivery, handle } });
  const look = (asked = request, excluding: readonly string[] = []) =>
    provider.find?.({ ...asked, since: NOW, excluding: new Set(excluding) }, providerContext());
  return { network, provider, request, at, look, [Symbol.asyncDispose]: network.close };
}

const handleIn = (outcome: { kind: string; handle?: string } | undefined): string =>
  outcome?.kind === 'pending' && outcome.handle !== undefined
    ? outcome.handle
    : expect.fail(JSON.stringify(outcome));
const isComment = ({ url }: Received): boolean => url.pathname === '/api/comment';
const isLease = ({ url }: Received): boolean => url.pathname === '/api/media/asset.json';

describe('an image on Reddit', () => {
  test('is published when it stands among the account’s own posts, which Reddit itself does not tell', async () => {
    await using own = await world(image, { processing: 3 });
    const context = providerContext();
    const first = await own.provider.publish(own.request, context);
    expect(first).toMatchObject({ kind: 'pending', checkAt: NOW + 5 * SECOND });
    const again = await own.provider.poll?.(own.at(handleIn(first)), context);
    expect(again).toMatchObject({ kind: 'pending', checkAt: NOW + 10 * SECOND });
    const { outcome } = await attempt(own.provider, own.at(handleIn(again)), context);
    const [name = ''] = own.network.published();
    expect(outcome).toEqual({
      kind: 'published',
      externalId: name,
      url: `https://www.reddit.com/r/bread/comments/${name.slice(3)}/some_title/`,
    });
    expect(context.sends).toHaveLength(1);
  });

  test('is never taken for an equal post that was there before', async () => {
    await using own = await world(image, { processing: 1 });
    const before = own.network.post('Bread');
    const { outcome } = await attempt(own.provider, own.request, providerContext());
    expect(outcome).toMatchObject({ kind: 'published' });
    expect(outcome.kind === 'published' && outcome.externalId).not.toBe(before);
  });

  test('stays in doubt when Reddit has taken it and does not show it', async () => {
    await using own = await world(image, { processing: 1_000 });
    const handle = handleIn(await own.provider.publish(own.request, providerContext()));
    const late = providerContext({ now: () => NOW + 16 * MINUTE });
    expect(await own.provider.poll?.(own.at(handle), late)).toMatchObject({ kind: 'uncertain' });
    // It may still come: nothing may be sent again by itself.
    expect((await own.look(own.at(handle)))?.kind).toBe('cannotTell');
  });

  test('is found after an unclear answer, and not while it is not shown', async () => {
    await using own = await world(image, { processing: 1 });
    own.network.fault({ kind: 'drop' }, own.network.isPublish);
    expect((await own.provider.publish(own.request, providerContext())).kind).toBe('uncertain');
    expect(await own.look()).toEqual({ kind: 'absent' });
    expect(await own.look()).toMatchObject({ kind: 'found', externalId: own.network.published()[0] });
  });

  test('may be tried again when it could not be uploaded', async () => {
    await using own = await world(image);
    const isUpload = ({ url }: Received): boolean => url.pathname === '/upload';
    for (const when of [isLease, isUpload]) {
      own.network.fault({ kind: 'answer', status: 500, body: {} }, when);
      expect((await own.provider.publish(own.request, providerContext())).kind).toBe('unavailable');
    }
    expect(own.network.published()).toEqual([]);
  });
});

describe('a link that Reddit has already', () => {
  const link: Variant = { text: '', link: 'https://bakery.example/bread', options };

  test('may be our own, which came too late to be found: then it is looked for again', async () => {
    await using own = await world(link, { now: () => NOW });
    own.network.fault({ kind: 'drop' }, own.network.isPublish);
    expect((await own.provider.publish(own.request, providerContext())).kind).toBe('uncertain');
    expect((await own.provider.publish(own.request, providerContext())).kind).toBe('uncertain');
    expect(await own.look()).toMatchObject({ kind: 'found', externalId: own.network.published()[0] });
  });

  test('is refused where nothing of this delivery stands', async () => {
    await using own = await world(link, { now: () => DUE_AT - 60 * MINUTE });
    const { outcome } = await attempt(own.provider, own.request, providerContext());
    expect(outcome.kind).toBe('published');
    const again = await own.provider.publish(own.request, providerContext());
    expect(again).toMatchObject({ kind: 'rejected', code: 'duplicate' });
  });
});

describe('a gallery on Reddit', () => {
  const many = { ...image, media: Array.from({ length: 20 }, (_, n) => anAttachment(`${n}`, { alt: '' })) };

  test('is uploaded in steps when it takes long, and no image twice', async () => {
    await using own = await world(many);
    let now = NOW;
    // Each look at the clock is three seconds later.
    const context = providerContext({
      now: () => {
        now += 3 * SECOND;
        return now;
      },
    });
    const first = handleIn(await own.provider.publish(own.request, context));
    const uploaded = own.network.requests.filter(isLease).length;
    expect(uploaded).toBeGreaterThan(2);
    expect(uploaded).toBeLessThan(20);
    const { outcome, request } = await attempt(own.provider, own.at(first), context);
    expect(outcome.kind).toBe('published');
    expect(own.network.requests.filter(isLease)).toHaveLength(20);
    expect(request.delivery.handle?.length).toBeLessThan(600);
    const [link] = own.network.links.values();
    expect(link?.sent.items).toHaveLength(20);
  });

  test('goes on from an old handle after a crash', async () => {
    await using own = await world({ ...image, media: many.media.slice(0, 2) });
    const lost = JSON.stringify({ step: 'upload', assets: [] });
    for (const handle of [lost, 'no handle of ours']) {
      expect((await attempt(own.provider, own.at(handle), providerContext())).outcome.kind).toBe('published');
    }
  });
});

describe('a first comment on Reddit', () => {
  test('follows the post as a step of its own', async () => {
    await using own = await world(talk);
    const context = providerContext();
    const first = await own.provider.publish(own.request, context);
    expect(first).toMatchObject({ kind: 'pending', checkAt: NOW });
    expect(own.network.comments.size).toBe(0);
    const { outcome } = await attempt(own.provider, own.at(handleIn(first)), context);
    const [name] = own.network.published();
    const [comment] = own.network.comments.values();
    expect(comment).toMatchObject({ link_id: name, body: 'Ask us anything.' });
    expect(outcome).toMatchObject({ kind: 'published', externalId: name, parts: [comment?.name] });
    expect(context.sends).toHaveLength(2);
  });

  test('that is refused leaves the post published, and says what is missing', async () => {
    await using own = await world(talk);
    const body = { json: { errors: [['TOO_LONG', 'this is too long (max: 10)', 'text']] } };
    own.network.fault({ kind: 'answer', status: 200, body }, isComment);
    const { outcome } = await attempt(own.provider, own.request, providerContext());
    expect(outcome).toMatchObject({
      kind: 'published',
      externalId: own.network.published()[0],
      missing: 'the first comment was refused: HTTP 200: TOO_LONG: this is too long (max: 10)',
    });
  });

  test('that is too soon waits as long as Reddit says', async () => {
    await using own = await world(talk);
    const body = { json: { errors: [['RATELIMIT', 'try again in 3 minutes.', 'ratelimit']] } };
    own.network.fault({ kind: 'answer', status: 200, body }, isComment);
    const { outcome, request } = await attempt(own.provider, own.request, providerContext());
    expect(outcome).toEqual({ kind: 'rateLimited', retryAt: NOW + 4 * MINUTE });
    expect((await attempt(own.provider, request, providerContext())).outcome.kind).toBe('published');
    expect(own.network.published()).toHaveLength(1);
  });

  test('in doubt is looked for under the post, and sent again only when it is not there', async () => {
    await using own = await world(talk);
    for (const kind of ['lose', 'drop'] as const) {
      own.network.fault({ kind }, isComment);
      const tried = await attempt(own.provider, own.request, providerContext());
      expect(tried.outcome.kind).toBe('uncertain');
      const found = await own.look(tried.request);
      const name = own.network.published().at(-1);
      if (kind === 'lose') expect(found).toEqual({ kind: 'absent' });
      else expect(found).toMatchObject({ kind: 'found', externalId: name });
      expect(found).not.toHaveProperty('then');
    }
    expect(own.network.comments.size).toBe(1);
  });

  test('still follows when the post itself was in doubt and is found', async () => {
    await using own = await world(talk);
    own.network.fault({ kind: 'drop' }, own.network.isPublish);
    await own.provider.publish(own.request, providerContext());
    const found = await own.look();
    if (found?.kind !== 'found' || found.then === undefined) return expect.fail(JSON.stringify(found));
    const { outcome } = await attempt(own.provider, own.at(found.then), providerContext());
    expect(outcome).toMatchObject({ kind: 'published', externalId: found.externalId });
    expect(own.network.published()).toHaveLength(1);
    expect(own.network.comments.size).toBe(1);
  });
});

describe('looking for a post on Reddit', () => {
  test('goes by title, subreddit and time', async () => {
    let now = NOW - 2 * MINUTE;
    await using own = await world(talk, { now: () => now });
    own.network.post('Bread');
    now = NOW;
    own.network.post('Cake');
    expect(await own.look()).toEqual({ kind: 'absent' });
    const name = own.network.post(' Bread');
    expect(await own.look()).toMatchObject({ kind: 'found', externalId: name });
    expect(await own.look(own.request, [name])).toEqual({ kind: 'absent' });
    const variant = { ...talk, options: { ...options, subreddit: FLAIRED } };
    expect(await own.look({ ...own.request, variant })).toEqual({ kind: 'absent' });
  });

  test('cannot tell behind a page full of newer posts', async () => {
    await using own = await world(talk);
    for (let n = 0; n < 25; n++) own.network.post(`Post ${n}`);
    expect((await own.look())?.kind).toBe('cannotTell');
  });
});
