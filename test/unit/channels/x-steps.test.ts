import { describe, expect, onTestFinished, test } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../../shared/domain/time.ts';
import { attempt } from '../../support/attempt.ts';
import { DUE_AT } from '../../support/builders.ts';
import type { FakeX } from '../../support/fake-networks/x.ts';
import { providerContext } from '../../support/provider-context.ts';
import { xDelivery } from '../../support/x-delivery.ts';

async function setup(...given: Parameters<typeof xDelivery>) {
  const delivery = await xDelivery(...given);
  onTestFinished(delivery.network.close);
  return delivery;
}

const texts = ({ posts }: FakeX) => [...posts.values()].map(({ text }) => text);
const bodies = ({ posts }: FakeX) => [...posts.values()].map(({ body }) => body);
const outOf = (outcome: unknown) => JSON.parse((outcome as { handle: string }).handle).out;

describe('a thread', () => {
  const variant = {
    text: 'One',
    thread: ['Two', 'Three'],
    firstComment: 'And?',
    options: { madeWithAi: true },
  };

  test('is a chain of replies, and the first comment answers to its head', async () => {
    const { network, provider, request, withHandle } = await setup(variant);
    const given = providerContext();
    const first = await provider.publish(request, given);
    const [root = ''] = network.published();
    expect(first).toMatchObject({ kind: 'pending', out: { externalId: root } });
    const handle = first.kind === 'pending' ? first.handle : '';
    const { outcome } = await attempt(provider, withHandle(handle), given);
    const [, two, three, comment] = network.published();
    expect(texts(network)).toEqual(['One', 'Two', 'Three', 'And?']);
    expect(bodies(network).map(({ reply }) => reply)).toEqual([
      undefined,
      { in_reply_to_tweet_id: root },
      { in_reply_to_tweet_id: two },
      { in_reply_to_tweet_id: root },
    ]);
    expect(bodies(network).map(({ made_with_ai }) => made_with_ai)).toEqual([
      true,
      undefined,
      undefined,
      undefined,
    ]);
    expect(outcome).toEqual({
      kind: 'published',
      externalId: root,
      url: `https://x.com/bakery/status/${root}`,
      parts: [two, three, comment],
    });
    expect(given.sends).toHaveLength(4);
  });

  test('of which X refuses a post is published all the same, and says what is missing', async () => {
    const { network, provider, request } = await setup(variant);
    const isTwo = ({ body, method }: { body: string; method: string }) =>
      method === 'POST' && body.includes('Two');
    network.fault({ kind: 'answer', status: 403, body: { detail: 'No replies' } }, isTwo);
    const { outcome } = await attempt(provider, request, providerContext());
    expect(outcome).toMatchObject({
      kind: 'published',
      externalId: network.published()[0],
      parts: [],
      missing: 'post 2 of the thread was refused: HTTP 403: No replies',
    });
  });

  test('of which a post is in doubt is looked for there, and goes on where it is', async () => {
    const { network, provider, request, find } = await setup(variant);
    const isTwo = ({ body, method }: { body: string; method: string }) =>
      method === 'POST' && body.includes('Two');
    network.fault({ kind: 'lose' }, isTwo);
    const lost = await attempt(provider, request, providerContext());
    expect(lost.outcome.kind).toBe('uncertain');
    expect(await find(lost.request.delivery.handle)).toEqual({ kind: 'absent' });

    network.fault({ kind: 'drop' }, isTwo);
    const sent = await attempt(provider, lost.request, providerContext());
    const found = await find(sent.request.delivery.handle);
    const [root, two] = network.published();
    expect(found).toMatchObject({
      kind: 'found',
      externalId: two,
      then: JSON.stringify({ out: [root, two] }),
    });
    const handle = found?.kind === 'found' ? found.then : undefined;
    const rest = { ...request, delivery: { ...request.delivery, handle: handle ?? '' } };
    expect((await attempt(provider, rest, providerContext())).outcome).toMatchObject({
      kind: 'published',
      externalId: root,
      parts: [two, expect.any(String), expect.any(String)],
    });
    expect(texts(network)).toEqual(['One', 'Two', 'Three', 'And?']);
  });

  test('whose head is in doubt goes on with the rest when it is found', async () => {
    const { network, provider, request, find } = await setup({ text: 'One', thread: ['Two'] });
    network.fault({ kind: 'drop' }, network.isPublish);
    expect((await attempt(provider, request, providerContext())).outcome.kind).toBe('uncertain');
    const found = await find();
    expect(found).toMatchObject({ kind: 'found', then: JSON.stringify({ out: network.published() }) });
  });

  test('that is whole when its last post is found needs nothing more', async () => {
    const { network, provider, withHandle } = await setup({ text: 'One', thread: ['Two'] });
    const given = providerContext();
    const outcome = await provider.poll?.(withHandle(JSON.stringify({ out: ['1', '2'] })), given);
    expect(outcome).toMatchObject({ kind: 'published', externalId: '1', parts: ['2'] });
    expect(given.sends).toEqual([]);
    expect(network.requests).toEqual([]);
  });

  test('of 26 posts keeps its state short', async () => {
    const thread = Array.from({ length: 25 }, (_, n) => `Post ${n + 2}`);
    const { network, provider, request } = await setup({ text: 'Post 1', thread });
    const { outcome, request: last } = await attempt(provider, request, providerContext());
    expect(outcome.kind).toBe('published');
    expect(network.posts.size).toBe(26);
    expect(last.delivery.handle?.length).toBeLessThan(600);
    expect(outOf({ handle: last.delivery.handle })).toHaveLength(25);
  });
});

describe('a duplicate', () => {
  test('of something that stood there before it was due is refused', async () => {
    const { network, provider, request } = await setup({ text: 'Hello' });
    network.write('Hello', DUE_AT - HOUR);
    expect(await provider.publish(request, providerContext())).toMatchObject({
      kind: 'rejected',
      code: 'duplicate',
    });
  });

  test('of what may be our own of an earlier attempt is looked for', async () => {
    const { network, provider, request, find } = await setup({ text: 'Hello' });
    const { id } = network.write('Hello', DUE_AT + SECOND);
    expect(await provider.publish(request, providerContext())).toMatchObject({ kind: 'uncertain' });
    expect(await find()).toMatchObject({ kind: 'found', externalId: id });
  });

  test('cannot be judged while the timeline is silent', async () => {
    const { network, provider, request } = await setup({ text: 'Hello' });
    network.write('Hello', DUE_AT - HOUR);
    network.fault(
      { kind: 'answer', status: 503, body: {} },
      ({ url }) => url.pathname.endsWith('/tweets') && url.pathname.includes('users'),
    );
    expect(await provider.publish(request, providerContext())).toMatchObject({ kind: 'uncertain' });
  });
});

describe('looking and removing', () => {
  test('cannot tell what more than a hundred newer posts hide', async () => {
    const { network, find } = await setup({ text: 'Hello' });
    for (let n = 0; n < 101; n++) network.write(`Other ${n}`, DUE_AT + MINUTE + n);
    expect(await find()).toMatchObject({ kind: 'cannotTell' });
  });

  test('a thread goes from its end, and again when it was interrupted', async () => {
    const { network, provider, request } = await setup({ text: 'One', thread: ['Two', 'Three'] });
    await attempt(provider, request, providerContext());
    const [externalId = '', ...parts] = network.published();
    const { account, facts } = request.channel;
    const whole = { credential: request.credential, account, facts, externalId, parts };
    network.fault({ kind: 'answer', status: 503, body: {} }, ({ url }) =>
      url.pathname.endsWith(parts[0] ?? ''),
    );
    expect(await provider.remove?.(whole, providerContext())).toMatchObject({ kind: 'unavailable' });
    expect(texts(network)).toEqual(['One', 'Two']);
    expect(await provider.remove?.(whole, providerContext())).toEqual({ kind: 'removed' });
    expect(network.posts.size).toBe(0);
  });
});
