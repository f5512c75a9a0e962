import { describe, expect, onTestFinished, test } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../../support/builders.ts';
import { MEMBER, PAGE } from '../../support/fake-networks/linkedin.ts';
import type { Received } from '../../support/fake-networks/server.ts';
import { linkedinDelivery } from '../../support/linkedin-delivery.ts';

async function setup(...given: Parameters<typeof linkedinDelivery>) {
  const delivery = await linkedinDelivery(...given);
  onTestFinished(delivery.network.close);
  return delivery;
}

const isComment = ({ url, method }: Received) => method === 'POST' && url.pathname.endsWith('/comments');

describe('a first comment', () => {
  const variant = { text: 'Hello', firstComment: 'More at krume.de' };

  test('follows the post, by the same author', async () => {
    const { network, finish, context } = await setup(variant);
    const given = context();
    const { outcome } = await finish(given);
    const [post] = network.posts.values();
    expect(post?.comments).toMatchObject([{ actor: PAGE, text: 'More at krume.de' }]);
    expect(outcome).toMatchObject({
      kind: 'published',
      externalId: post?.urn,
      parts: [post?.comments[0]?.urn],
    });
    expect(given.sends).toHaveLength(2);
  });

  test('that is refused is told, with the post published', async () => {
    const { network, finish, context } = await setup(variant);
    network.fault({ kind: 'answer', status: 400, body: { code: 'X', message: 'No' } }, isComment);
    expect((await finish(context())).outcome).toMatchObject({
      kind: 'published',
      externalId: network.published()[0],
      missing: 'the first comment was refused: HTTP 400: No',
    });
  });

  test('in doubt is looked for below the post', async () => {
    const { network, finish, context, find } = await setup(variant);
    network.fault({ kind: 'lose' }, isComment);
    const lost = await finish(context());
    expect(lost.outcome.kind).toBe('uncertain');
    const handle = lost.handles.at(-1);
    expect(await find(handle)).toEqual({ kind: 'absent' });
    network.fault({ kind: 'drop' }, isComment);
    await finish(context(), handle);
    const [post] = network.posts.values();
    const urn = post?.comments[0]?.urn;
    const found = await find(handle);
    expect(found).toMatchObject({
      kind: 'found',
      externalId: urn,
      then: JSON.stringify({ out: [post?.urn, urn] }),
    });
    const rest = await finish(context(), found?.kind === 'found' ? found.then : '');
    expect(rest.outcome).toMatchObject({ kind: 'published', externalId: post?.urn, parts: [urn] });
    expect(post?.comments).toHaveLength(1);
  });

  test('goes on after its post was in doubt and was found', async () => {
    const { network, finish, context, find } = await setup(variant);
    network.fault({ kind: 'drop' }, network.isPublish);
    expect((await finish(context())).outcome.kind).toBe('uncertain');
    const [urn] = network.published();
    expect(await find()).toMatchObject({
      kind: 'found',
      externalId: urn,
      then: JSON.stringify({ out: [urn] }),
    });
  });
});

describe('a duplicate', () => {
  test('of a post from before it was due is refused', async () => {
    for (const author of [PAGE, MEMBER]) {
      const { network, finish, context } = await setup({ text: 'Hello' }, { author });
      network.write('Hello', DUE_AT - 5 * MINUTE, author);
      expect((await finish(context())).outcome).toMatchObject({ kind: 'rejected', code: 'duplicate' });
    }
  });

  test('of a page’s post since it was due is to be looked for', async () => {
    const { network, finish, context, find } = await setup({ text: 'Hello' });
    const { urn } = network.write('Hello', DUE_AT + SECOND);
    expect((await finish(context())).outcome).toMatchObject({ kind: 'uncertain' });
    expect(await find()).toMatchObject({ kind: 'found', externalId: urn });
  });

  test('of a member’s post since it was due is for a person: the post that LinkedIn names may be nobody’s', async () => {
    const { network, finish, context } = await setup({ text: 'Hello' }, { author: MEMBER });
    const { urn } = network.write('Hello', DUE_AT + SECOND, MEMBER);
    const { outcome } = await finish(context());
    expect(outcome).toMatchObject({ kind: 'uncertain', reason: expect.stringContaining(urn) });
  });

  test('of what a member’s other post has said in the same minute does not take that post for its own', async () => {
    const { finish, context } = await setup({ text: 'Hello' }, { author: MEMBER });
    const first = await finish(context());
    expect(first.outcome.kind).toBe('published');
    expect((await finish(context())).outcome.kind).not.toBe('published');
  });
});

describe('what may be done after an unclear answer', () => {
  test('depends on whose channel it is', async () => {
    const { provider } = await setup({ text: 'Hello' });
    expect(provider.safety).toEqual({ kind: 'blind' });
    expect(provider.safetyFor?.({ page: false })).toEqual({ kind: 'blind' });
    expect(provider.safetyFor?.({ page: true })).toMatchObject({ kind: 'findable' });
  });

  test('is not told of a member', async () => {
    const { network, find } = await setup({ text: 'Hello' }, { author: MEMBER });
    expect(await find()).toMatchObject({ kind: 'cannotTell' });
    expect(network.requests).toEqual([]);
  });

  test('is not told by fifty newer posts', async () => {
    const { network, find } = await setup({ text: 'Hello' });
    for (let n = 0; n < 51; n++) network.write(`Other ${n}`, DUE_AT + MINUTE + n);
    expect(await find()).toMatchObject({ kind: 'cannotTell' });
    const old = await setup({ text: 'Hello' });
    for (let n = 0; n < 51; n++) old.network.write(`Other ${n}`, DUE_AT - HOUR + n);
    expect(await old.find()).toEqual({ kind: 'absent' });
  });
});
