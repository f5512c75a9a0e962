import { expect, test } from 'vitest';
import type { Variant } from '../../../shared/domain/content.ts';
import { type FakeLinkedinOptions, MEMBER } from '../../support/fake-networks/linkedin.ts';
import { refusal } from '../../support/fake-networks/linkedin-uploads.ts';
import { linkedinDelivery } from '../../support/linkedin-delivery.ts';

const link = 'https://bakery.example/';

async function published(was: Variant, options: FakeLinkedinOptions & { author?: string } = {}) {
  const { network, provider, request, context, finish } = await linkedinDelivery(was, options);
  await finish(context());
  const [externalId = ''] = network.published();
  const { credential, channel } = request;
  const who = { credential, account: channel.account, facts: channel.facts, externalId, was };
  const edit = (change: Partial<Variant>) =>
    provider.edit?.({ ...who, variant: { ...was, ...change } }, context());
  const body = () => network.posts.get(externalId)?.body;
  return { network, edit, body, externalId, [Symbol.asyncDispose]: network.close };
}

test('An edit says the commentary anew, escaped, with its link', async () => {
  await using world = await published({ text: 'Bread', link });
  const edited = await world.edit({ text: 'Rolls (fresh) #rolls', link: 'https://rolls.example/' });
  expect(edited).toEqual({ kind: 'edited' });
  expect(world.body()?.commentary).toBe('Rolls \\(fresh\\) #rolls\n\nhttps://rolls.example/');
});

test('A member’s post, which nobody may read, can be edited', async () => {
  await using world = await published({ text: 'Bread' }, { author: MEMBER, app: 'self-serve' });
  expect(await world.edit({ text: 'Rolls' })).toEqual({ kind: 'edited' });
  expect(world.body()?.commentary).toBe('Rolls');
});

test('The link and the words of a card stay as they went out', async () => {
  const was = { text: 'Bread', link, options: { cardTitle: 'Bakery' } };
  await using world = await published(was);
  const asked = world.network.requests.length;
  for (const change of [{ link: 'https://rolls.example/' }, { options: { cardTitle: 'Rolls' } }]) {
    expect(await world.edit(change)).toMatchObject({ kind: 'rejected', code: 'not_editable' });
  }
  expect(world.network.requests).toHaveLength(asked);
  expect(await world.edit({ text: 'Rolls' })).toEqual({ kind: 'edited' });
  expect(world.body()).toMatchObject({ commentary: 'Rolls', content: { article: { source: link } } });
});

test('Who sees a post stays as it was', async () => {
  await using world = await published({ text: 'Bread' }, { author: MEMBER });
  expect(await world.edit({ options: { visibility: 'connections' } })).toMatchObject({
    code: 'not_editable',
    reason: 'LinkedIn cannot change /options/visibility any more',
  });
});

test('An edit of a post that is gone says so', async () => {
  await using world = await published({ text: 'Bread' });
  world.network.forget(world.externalId);
  expect(await world.edit({ text: 'Rolls' })).toMatchObject({ kind: 'rejected', code: 'gone' });
});

test.each([
  [401, 'REVOKED_ACCESS_TOKEN', { kind: 'unauthorized' }],
  [403, 'ACCESS_DENIED', { kind: 'rejected', code: 'configuration' }],
  [409, 'CONFLICT', { kind: 'unavailable' }],
  [422, 'UNPROCESSABLE_ENTITY', { kind: 'rejected', code: 'content_refused' }],
  [429, 'TOO_MANY_REQUESTS', { kind: 'rateLimited' }],
  [500, 'SERVER_ERROR', { kind: 'unavailable' }],
])('An edit that is answered %i %s ends in %j', async (status, code, expected) => {
  await using world = await published({ text: 'Bread' });
  world.network.fault({ kind: 'answer', ...refusal(status, code, 'No') }, ({ method }) => method === 'POST');
  expect(await world.edit({ text: 'Rolls' })).toMatchObject(expected);
  expect(world.body()?.commentary).toBe('Bread');
});
