import { describe, expect, test } from 'vitest';
import { googleBusiness } from '../../../shared/channels/google-business.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { MINUTE } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../../support/builders.ts';
import {
  fakeGoogleBusiness,
  GOOGLE_LOCATION,
  GOOGLE_TOKEN,
} from '../../support/fake-networks/google-business.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

const link = 'https://bakery.example/';
const event = { title: 'Open day', start: '2026-12-01', end: '2026-12-02' };
const plain: Variant = { text: 'Bread', link, media: [anAttachment('loaf', { alt: '' })] };

async function place(was: Variant = plain) {
  const network = await fakeGoogleBusiness({ now: () => DUE_AT + MINUTE });
  const { url } = network;
  const provider = googleBusiness({ posts: url, accounts: url, locations: url, tokenUrl: `${url}/token` });
  const credential = { accessToken: GOOGLE_TOKEN, location: GOOGLE_LOCATION };
  const request = aPublishRequest(credential, { variant: was });
  await provider.publish(request, providerContext());
  const [externalId = ''] = network.published();
  const who = { credential, account: request.channel.account, facts: {}, externalId, was };
  const edit = (change: Partial<Variant>) =>
    provider.edit?.({ ...who, variant: { ...was, ...change } }, providerContext());
  const mask = () => network.requests.at(-1)?.url.searchParams.get('updateMask');
  return { network, edit, mask, externalId, [Symbol.asyncDispose]: network.close };
}

describe('an edit', () => {
  test('says text and button anew, and leaves the photo', async () => {
    await using own = await place();
    const [{ media } = {}] = own.network.posts;
    const edited = await own.edit({
      text: 'Rolls',
      link: 'https://rolls.example/',
      options: { action: 'order' },
    });
    expect(edited).toEqual({ kind: 'edited' });
    expect(own.mask()).toBe('summary,callToAction');
    expect(own.network.posts[0]).toMatchObject({
      summary: 'Rolls',
      callToAction: { actionType: 'ORDER', url: 'https://rolls.example/' },
      media,
    });
  });

  test('without the link takes the button away', async () => {
    await using own = await place();
    expect(await own.edit({ link: undefined as never })).toEqual({ kind: 'edited' });
    expect(own.network.posts[0]).not.toHaveProperty('callToAction');
    expect(own.network.posts[0]).toHaveProperty('media');
  });

  test('changes an event’s name and days, and an offer’s code', async () => {
    await using own = await place({ text: 'Bread', link, options: { event, offer: { couponCode: 'RYE' } } });
    const options = {
      event: { ...event, title: 'Open days', end: '2026-12-03' },
      offer: { couponCode: 'OAT' },
    };
    expect(await own.edit({ options })).toEqual({ kind: 'edited' });
    expect(own.mask()).toBe('summary,event,offer');
    expect(own.network.posts[0]).toMatchObject({
      event: { title: 'Open days', schedule: { endDate: { day: 3 } } },
      offer: { couponCode: 'OAT', redeemOnlineUrl: link },
    });
  });

  test('makes no event of a plain post', async () => {
    await using own = await place();
    const asked = own.network.requests.length;
    expect(await own.edit({ options: { event } })).toMatchObject({ kind: 'rejected', code: 'not_editable' });
    expect(own.network.requests).toHaveLength(asked);
  });

  test('that Google rejects at once for its content says so, one that it still looks at is done', async () => {
    await using own = await place();
    own.network.begin('PROCESSING');
    expect(await own.edit({ text: 'Rolls' })).toEqual({ kind: 'edited' });
    own.network.begin('REJECTED');
    expect(await own.edit({ text: 'Rolls' })).toMatchObject({ kind: 'rejected', code: 'content_refused' });
  });

  test('of a post that is gone says so', async () => {
    await using own = await place();
    own.network.forget(own.externalId);
    expect(await own.edit({ text: 'Rolls' })).toMatchObject({ kind: 'rejected', code: 'gone' });
  });

  test.each([
    [400, 'INVALID_ARGUMENT', { kind: 'rejected', code: 'content_refused' }],
    [401, 'UNAUTHENTICATED', { kind: 'unauthorized' }],
    [403, 'PERMISSION_DENIED', { kind: 'unauthorized' }],
    [429, 'RESOURCE_EXHAUSTED', { kind: 'rateLimited' }],
    [500, 'INTERNAL', { kind: 'unavailable' }],
  ])('that is answered %i %s ends in %j', async (status, name, expected) => {
    await using own = await place();
    const body = { error: { code: status, status: name, message: 'No' } };
    own.network.fault({ kind: 'answer', status, body }, ({ method }) => method === 'PATCH');
    expect(await own.edit({ text: 'Rolls' })).toMatchObject(expected);
    expect(own.network.posts[0]?.summary).toBe('Bread');
  });
});
