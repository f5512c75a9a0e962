import { describe, expect, test } from 'vitest';
import { flickr } from '../../../shared/channels/flickr.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { MINUTE } from '../../../shared/domain/time.ts';
import { attempt } from '../../support/attempt.ts';
import { DUE_AT } from '../../support/builders.ts';
import { fakeFlickr } from '../../support/fake-networks/flickr.ts';
import { FLICKR_KEYS } from '../../support/fake-networks/flickr-signature.ts';
import type { Received } from '../../support/fake-networks/server.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

const was: Variant = {
  text: 'Fresh bread',
  media: [
    anAttachment('loaf', { alt: 'A loaf' }),
    anAttachment('oven', { alt: '' }),
    anAttachment('door', { alt: 'A door' }),
  ],
  options: { title: 'Bread', tags: ['bread'] },
};
const isEdit = ({ body }: Received): boolean => body.startsWith('method=flickr.photos.setMeta&');

async function account() {
  const network = await fakeFlickr({ now: () => DUE_AT + MINUTE });
  const provider = flickr({ api: network.url, upload: network.url });
  const request = aPublishRequest(FLICKR_KEYS, { variant: was });
  await attempt(provider, request, providerContext());
  const [externalId = '', ...parts] = network.published();
  const who = { credential: FLICKR_KEYS, account: request.channel.account, facts: {}, externalId, was };
  const edit = (change: Partial<Variant>, others: readonly string[] = parts) =>
    provider.edit?.({ ...who, parts: others, variant: { ...was, ...change } }, providerContext());
  const words = () =>
    network.photos.map(({ fields }) => [fields.get('title'), fields.get('description')].join(': '));
  return { network, edit, words, externalId, parts, [Symbol.asyncDispose]: network.close };
}

describe('an edit', () => {
  test('says title and words of every photo anew, above what is to be seen on it', async () => {
    await using own = await account();
    const options = { ...was.options, title: 'Rolls & more' };
    const edited = await own.edit({ text: 'Fresh rolls', link: 'https://bakery.example/', options });
    expect(edited).toEqual({ kind: 'edited' });
    expect(own.words()).toEqual([
      'Rolls & more: Fresh rolls\n\nhttps://bakery.example/\n\nA loaf',
      'Rolls & more: Fresh rolls\n\nhttps://bakery.example/',
      'Rolls & more: Fresh rolls\n\nhttps://bakery.example/\n\nA door',
    ]);
    expect(own.network.photos[0]?.fields.get('tags')).toContain('bread');
  });

  test('that stopped half-way is mended by the same edit', async () => {
    await using own = await account();
    let seen = 0;
    own.network.fault({ kind: 'lose' }, (request) => isEdit(request) && ++seen === 2);
    expect(await own.edit({ text: 'Rolls' })).toMatchObject({ kind: 'unavailable' });
    expect(await own.edit({ text: 'Rolls' })).toEqual({ kind: 'edited' });
    expect(own.words().every((words) => words.startsWith('Bread: Rolls'))).toBe(true);
  });

  test('goes past a photo that somebody took off, and says so when the first is gone', async () => {
    await using own = await account();
    own.network.forget(own.parts[0] ?? '');
    expect(await own.edit({ text: 'Rolls' })).toEqual({ kind: 'edited' });
    expect(own.words()).toEqual(['Bread: Rolls\n\nA loaf', 'Bread: Rolls\n\nA door']);
    own.network.forget(own.externalId);
    expect(await own.edit({ text: 'More' })).toMatchObject({ kind: 'rejected', code: 'gone' });
  });

  test.each([
    ['tags', ['rolls']],
    ['visibility', 'private'],
    ['album', 'Rolls'],
  ])('leaves the option %s as it went out', async (name, value) => {
    await using own = await account();
    const edited = await own.edit({ options: { ...was.options, [name]: value } });
    expect(edited).toMatchObject({
      code: 'not_editable',
      reason: `Flickr cannot change /options/${name} any more`,
    });
    expect(own.network.requests.some(isEdit)).toBe(false);
  });

  test('of a set from which a photo is missing is left to a person', async () => {
    await using own = await account();
    expect(await own.edit({ text: 'Rolls' }, own.parts.slice(1))).toMatchObject({ code: 'not_editable' });
    expect(own.network.requests.some(isEdit)).toBe(false);
  });

  test.each([
    [98, { kind: 'unauthorized' }],
    [105, { kind: 'unavailable' }],
    [116, { kind: 'rejected', code: 'content_refused' }],
  ])('that is answered with error %i ends in %j', async (code, expected) => {
    await using own = await account();
    const body = { stat: 'fail', code, message: 'No' };
    own.network.fault({ kind: 'answer', status: 200, body }, isEdit);
    expect(await own.edit({ text: 'Rolls' })).toMatchObject(expected);
  });
});
