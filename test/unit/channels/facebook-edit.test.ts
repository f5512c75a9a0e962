import { describe, expect, test } from 'vitest';
import { facebook } from '../../../shared/channels/facebook.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { attempt } from '../../support/attempt.ts';
import { fakeFacebook, PAGE_ID, PAGE_TOKEN } from '../../support/fake-networks/facebook.ts';
import { refusal } from '../../support/fake-networks/graph.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

const link = 'https://bakery.example/';

async function page() {
  const network = await fakeFacebook({ looks: 0 });
  const provider = facebook({ graph: network.url, upload: network.url });
  const account = { id: PAGE_ID, handle: 'bakery', url: 'https://www.facebook.com/bakery' };
  const credential = { accessToken: PAGE_TOKEN };
  const publish = async (variant: Variant) => {
    const request = aPublishRequest(credential, { variant, channel: { id: 'chn_a', account, facts: {} } });
    const { outcome } = await attempt(provider, request, providerContext());
    return outcome.kind === 'published' ? outcome.externalId : expect.fail(JSON.stringify(outcome));
  };
  const edit = (externalId: string, was: Variant, change: Partial<Variant>) =>
    provider.edit?.(
      { credential, account, facts: {}, was, variant: { ...was, ...change }, externalId },
      providerContext(),
    );
  const only = () => [...network.posts.values()][0];
  return { network, publish, edit, only, [Symbol.asyncDispose]: network.close };
}

describe('an edit', () => {
  test('says a card’s text anew and leaves its link', async () => {
    await using network = await page();
    const was = { text: 'Bread', link };
    const id = await network.publish(was);
    expect(await network.edit(id, was, { text: 'Rolls' })).toEqual({ kind: 'edited' });
    expect(network.only()).toMatchObject({ message: 'Rolls', link });
  });

  test('of a card’s link is refused before anything is asked', async () => {
    await using network = await page();
    const was = { text: 'Bread', link };
    const id = await network.publish(was);
    const asked = network.network.requests.length;
    const edited = await network.edit(id, was, { link: 'https://other.example/' });
    expect(edited).toEqual({
      kind: 'rejected',
      code: 'not_editable',
      reason: 'Facebook cannot change /link any more',
    });
    expect(network.network.requests).toHaveLength(asked);
  });

  test('of the link below photos changes the text that it stands in', async () => {
    await using network = await page();
    const was = { text: 'Bread', link, media: [anAttachment('a')] };
    const id = await network.publish(was);
    expect(await network.edit(id, was, { link: 'https://other.example/' })).toEqual({ kind: 'edited' });
    expect(network.only()).toMatchObject({
      message: 'Bread\n\nhttps://other.example/',
      photos: [{ alt: 'What is to be seen on a' }],
    });
  });

  test('cannot make a Reel of a video', async () => {
    await using network = await page();
    const video = anAttachment('oven', { type: 'video/mp4', width: 1_080, height: 1_920 });
    const was = { text: 'Oven', media: [video] };
    const id = await network.publish(was);
    expect(await network.edit(id, was, { text: 'Rolls' })).toEqual({ kind: 'edited' });
    expect(await network.edit(id, was, { options: { videoAs: 'reel' } })).toMatchObject({
      code: 'not_editable',
    });
    expect(network.only()).toMatchObject({ message: 'Rolls' });
  });

  test('of a video that has no post yet changes its description', async () => {
    await using network = await page();
    const video = anAttachment('oven', { type: 'video/mp4', width: 1_080, height: 1_920 });
    await network.publish({ text: 'Oven', media: [video] });
    const ids = network.network.requests.map(({ url }) => /v25\.0\/(\d{15})$/.exec(url.pathname)?.[1]);
    const id = ids.find((one) => one !== undefined && one !== PAGE_ID);
    expect(await network.edit(id ?? '', { text: 'Oven' }, { text: 'Rolls' })).toEqual({ kind: 'edited' });
    expect(new URLSearchParams(network.network.requests.at(-1)?.body).get('description')).toBe('Rolls');
  });

  test('of a post that is gone says so', async () => {
    await using network = await page();
    const was = { text: 'Bread' };
    const id = await network.publish(was);
    network.network.forget(id);
    expect(await network.edit(id, was, { text: 'Rolls' })).toMatchObject({ kind: 'rejected', code: 'gone' });
  });

  test.each([
    [400, 368, 'rateLimited'],
    [401, 190, 'unauthorized'],
    [400, 200, 'unauthorized'],
    [500, 2, 'unavailable'],
    [400, 100, 'rejected'],
  ])('answered %i with code %i is %s', async (status, code, kind) => {
    await using network = await page();
    const was = { text: 'Bread' };
    const id = await network.publish(was);
    network.network.fault(
      { kind: 'answer', ...refusal(status, code, 'No') },
      ({ method }) => method === 'POST',
    );
    expect((await network.edit(id, was, { text: 'Rolls' }))?.kind).toBe(kind);
    expect(network.only()).toMatchObject({ message: 'Bread' });
  });
});
