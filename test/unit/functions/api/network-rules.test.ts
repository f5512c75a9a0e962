import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { aboutRoutes } from '../../../../functions/api/about.ts';
import { channelRoutes } from '../../../../functions/api/channels.ts';
import { postRoutes } from '../../../../functions/api/posts.ts';
import { checkContent } from '../../../../shared/channels/check-content.ts';
import type { AnyProvider } from '../../../../shared/ports.ts';
import { givenBrand, givenChannel, rules } from '../../../support/api-steps.ts';
import { type ApiReply, apiWorld, fakeProvider } from '../../../support/api-world.ts';
import { anId } from '../../../support/builders.ts';
import { aMedia } from '../../../support/media.ts';

const DUE = '2026-11-30T09:00:00+01:00';

/** A network that takes one small JPEG, wants a visibility, and charges. */
const picky = (over: Partial<AnyProvider> = {}): AnyProvider => {
  const provider: AnyProvider = fakeProvider({
    id: 'x',
    name: 'X',
    limits: {
      text: 100,
      unit: 'characters',
      media: { least: 0, most: 1, alt: 20, image: { types: ['image/jpeg'], maxBytes: 500_000 } },
    },
    check: (variant) => [
      ...checkContent(provider, variant),
      ...(variant.options?.visibility === undefined
        ? [{ rule: 'required', severity: 'error', path: '/options/visibility', params: {} } as const]
        : []),
    ],
    price: ({ link }) => ({ usd: link === undefined ? 0.015 : 0.2, source: 'https://x.example/pricing' }),
    ...over,
  });
  return provider;
};

async function setup(provider = picky()) {
  const routes = [...postRoutes, ...channelRoutes, ...aboutRoutes];
  const world = await apiWorld({ routes, providers: [provider] });
  const brand = await givenBrand(world);
  const channel = await givenChannel(world, { network: 'x', options: { visibility: 'quiet' } });
  const validate = (over: object): Promise<ApiReply> =>
    world.request('POST', '/v1/posts/validate', {
      body: { brandId: brand.id, content: { text: 'Bread' }, channels: [channel.id], dueAt: DUE, ...over },
    });
  return { world, brand, channel, validate };
}

describe('a channel’s own options', () => {
  test('are the defaults of its posts', async () => {
    const { validate } = await setup();
    expect(rules(await validate({}))).toEqual([]);
  });

  test('are missed where neither channel nor post says one', async () => {
    const { world, brand } = await setup();
    const bare = await givenChannel(world, { id: anId('chn', 'bare'), network: 'x', options: {} });
    const reply = await world.request('POST', '/v1/posts/validate', {
      body: { brandId: brand.id, content: { text: 'Bread' }, channels: [bare.id], dueAt: DUE },
    });
    expect(rules(reply)).toEqual([['required', '/content/options/visibility']]);
  });
});

describe('options', () => {
  const strict = (id: string, name: string) =>
    picky({
      id,
      name,
      options: z.strictObject({ visibility: z.string(), [`${id}Only`]: z.string() }).partial(),
    });
  async function both() {
    const routes = [...postRoutes, ...channelRoutes, ...aboutRoutes];
    const world = await apiWorld({ routes, providers: [strict('x', 'X'), strict('threads', 'Threads')] });
    const brand = await givenBrand(world);
    const options = { visibility: 'quiet' };
    const one = await givenChannel(world, { network: 'x', options });
    const two = await givenChannel(world, { id: anId('chn', 'two'), network: 'threads', options });
    return (over: object, headers = {}): Promise<ApiReply> =>
      world.request('POST', '/v1/posts/validate', {
        body: {
          brandId: brand.id,
          content: { text: 'Bread' },
          channels: [one.id, two.id],
          dueAt: DUE,
          ...over,
        },
        headers,
      });
  }

  test('of the base concern the networks that know them; what none knows is a mistake', async () => {
    const validate = await both();
    expect(rules(await validate({ content: { text: 'Bread', options: { xOnly: 'a' } } }))).toEqual([]);
    const found = await validate({ content: { text: 'Bread', options: { xOnyl: 'a' } } });
    expect(rules(found)).toEqual([
      ['unknown_field', '/content/options/xOnyl'],
      ['unknown_field', '/content/options/xOnyl'],
    ]);
  });

  test('of a wrong kind are told of in words, in the reader’s language', async () => {
    const validate = await both();
    const body = { variants: { x: { options: { xOnly: 5 } } } };
    const found = await validate(body, { 'accept-language': 'de' });
    expect(found.body.findings).toMatchObject([
      { path: '/variants/x/options/xOnly', message: '„variants.x.options.xOnly“ muss ein Text sein.' },
    ]);
  });
});

describe('media of a post', () => {
  test('are held against the network’s limits, with the path of each file', async () => {
    const { world, brand, validate } = await setup();
    const place = { agencyId: world.agency.id, brandId: brand.id };
    const fits = await world.deps.media.create(aMedia('fits', place));
    const large = aMedia('large', place);
    const [file] = large.files;
    await world.deps.media.create({ ...large, files: file ? [{ ...file, bytes: 600_000 }] : [] });
    const attached = (mediaId: string, alt = 'A loaf') => ({
      content: { text: 'Bread', media: [{ mediaId, alt }] },
    });
    expect(rules(await validate(attached(fits.id)))).toEqual([]);
    expect(rules(await validate(attached(large.id)))).toEqual([['media_too_large', '/content/media/0']]);
    expect(rules(await validate(attached(fits.id, '')))).toEqual([['alt_missing', '/content/media/0/alt']]);
    expect(rules(await validate({ variants: { x: attached(large.id).content } }))).toEqual([
      ['media_too_large', '/variants/x/media/0'],
    ]);
  });

  test('must be there, ready, and of this brand', async () => {
    const { world, brand, validate } = await setup();
    const place = { agencyId: world.agency.id, brandId: brand.id };
    const waiting = await world.deps.media.create(aMedia('waiting', { ...place, state: 'waiting' }));
    const other = await world.deps.media.create(aMedia('other', { ...place, brandId: anId('brd', 'other') }));
    for (const { id } of [waiting, other, aMedia('nowhere', place)]) {
      const reply = await validate({ content: { text: 'Bread', media: [{ mediaId: id, alt: '' }] } });
      expect(rules(reply)).toEqual([['unknown_media', '/content/media/0/mediaId']]);
    }
  });
});

describe('names of networks', () => {
  test('“twitter” means x, for channels and for variants', async () => {
    const { world, brand, validate } = await setup();
    const reply = await validate({ variants: { twitter: { text: 'To X alone' } } });
    expect(reply.body).toMatchObject({ valid: true, channels: [{ network: 'x', text: 'To X alone' }] });
    const wrong = await validate({ variants: { twitter: { text: 'x'.repeat(101) } } });
    expect(rules(wrong)).toEqual([['text_too_long', '/variants/twitter/text']]);
    const twice = await validate({ variants: { twitter: { text: 'a' }, x: { text: 'b' } } });
    expect(rules(twice)).toEqual([['variant_twice', '/variants/twitter']]);
    const connected = await world.request('POST', `/v1/brands/${brand.id}/channels`, {
      body: { network: 'twitter', name: 'Ours', credential: { host: 'another', token: 'good' } },
    });
    expect(connected).toMatchObject({ status: 201, body: { network: 'x' } });
  });

  test('a retired one is told with its day and what took its place', async () => {
    const { world, brand, validate } = await setup();
    const asked = await world.request('POST', `/v1/brands/${brand.id}/channels`, {
      body: { network: 'google+', name: 'Old', credential: {} },
    });
    expect(asked.status).toBe(422);
    expect(rules(asked)).toEqual([['network_retired', '/network']]);
    expect(asked.body.findings[0].message).toContain('2019-04-02');
    expect(rules(await validate({ variants: { vine: { text: 'a' } } }))).toEqual([
      ['network_retired', '/variants/vine'],
    ]);
    const { body } = await world.request('GET', '/v1/networks', { headers: { 'accept-language': 'de' } });
    expect(body.retired.map(({ id }: { id: string }) => id)).toEqual([
      'google-plus',
      'vine',
      'myspace',
      'facebook-profile',
      'facebook-group',
    ]);
    expect(body.retired[0]).toMatchObject({ successors: ['google-business', 'youtube'] });
    expect(body.retired[0].why).toContain('geschlossen');
  });
});

describe('before anything is queued', () => {
  test('what the network charges is shown', async () => {
    const { validate } = await setup();
    const plain = await validate({});
    expect(plain.body.channels[0].price).toEqual({ usd: 0.015, source: 'https://x.example/pricing' });
    const linked = await validate({ content: { text: 'Bread', link: 'https://bakery.example/' } });
    expect(linked.body.channels[0].price.usd).toBe(0.2);
  });

  test.each([
    ['2027-01-20', ['api_version_ends']],
    ['2027-02-20', []],
  ])('an API version that ends on %s gives %j', async (endsOn, expected) => {
    const api = { version: 'v1', endsOn, source: 'https://x.example/versions' };
    const { world, validate } = await setup(picky({ api }));
    const reply = await validate({});
    expect(rules(reply).map(([rule]) => rule)).toEqual(expected);
    expect(reply.body.valid).toBe(true);
    const { body } = await world.request('GET', '/v1/networks');
    expect(body.items[0].api).toEqual(api);
  });
});

describe('an edit of one channel', () => {
  test('leaves alone what is out on another, options and media of it included', async () => {
    const { world, brand, channel } = await setup();
    const place = { agencyId: world.agency.id, brandId: brand.id };
    const loaf = await world.deps.media.create(aMedia('loaf', place));
    const other = await givenChannel(world, {
      id: anId('chn', 'other'),
      network: 'x',
      account: { id: 'other', handle: '@other', url: 'https://other/' },
      options: { visibility: 'public' },
    });
    const { body: post } = await world.request('POST', `/v1/brands/${brand.id}/posts`, {
      body: {
        content: { text: 'Bread', media: [{ mediaId: loaf.id, alt: 'A loaf' }] },
        channels: [channel.id, other.id],
        dueAt: DUE,
      },
    });
    const stored = await world.deps.posts.get(world.agency.id, post.id);
    const [first] = stored?.deliveries ?? [];
    if (!stored || !first) return expect.fail('no post');
    const out = { ...first, state: 'published', publishedAt: first.dueAt, startedAt: first.dueAt } as const;
    await world.deps.posts.replace({
      ...stored,
      deliveries: stored.deliveries.map((one) => (one.n === first.n ? out : one)),
    });
    const reply = await world.request('PATCH', `/v1/posts/${post.id}`, {
      body: { variants: { [other.id]: { text: 'Cake' } } },
    });
    expect(reply.status).toBe(200);
    expect(reply.body.deliveries).toMatchObject([{ state: 'published' }, { state: 'scheduled' }]);
  });
});
