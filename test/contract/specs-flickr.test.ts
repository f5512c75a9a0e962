import { expect, test } from 'vitest';
import { flickr } from '../../shared/channels/flickr.ts';
import type { Variant } from '../../shared/domain/content.ts';
import { MINUTE } from '../../shared/domain/time.ts';
import { attempt } from '../support/attempt.ts';
import { DUE_AT } from '../support/builders.ts';
import { fakeFlickr } from '../support/fake-networks/flickr.ts';
import { FLICKR_KEYS } from '../support/fake-networks/flickr-signature.ts';
import type { Received } from '../support/fake-networks/server.ts';
import { anAttachment } from '../support/media.ts';
import { openApiChecks } from '../support/openapi-check.ts';
import { providerContext } from '../support/provider-context.ts';
import { aPublishRequest } from '../support/provider-request.ts';
import { describeBy, vendorDescription } from '../support/vendor-description.ts';

// The description of Flickr's API is another's, and partial.
const SPEC = vendorDescription('flickr.openapi.json');

const options = { title: 'Bread', tags: ['Krume & Co'], safety: 'moderate', contentType: 'screenshot' };
const VARIANTS: readonly Variant[] = [
  { text: 'One', media: [anAttachment('loaf')], options: { ...options, hidden: true } },
  { text: 'Two', media: [anAttachment('oven'), anAttachment('film', { type: 'video/mp4' })], options },
  { text: 'Three', media: [anAttachment('door')], options: { ...options, visibility: 'friendsAndFamily' } },
];
/** What Flickr documents on its own pages, and this description leaves out. */
const LEFT_OUT = [
  'flickr.photos.delete',
  'flickr.photos.getFavorites',
  'flickr.photos.setMeta',
  'flickr.photos.upload.checkTickets',
  'flickr.photosets.addPhoto',
  'flickr.photosets.create',
  'flickr.test.login',
];
const CHECKS = { basePath: '/services', extraQuery: ['format', 'nojsoncallback', 'extras'] };

const methodOf = ({ url, body }: Received): string =>
  url.searchParams.get('method') ?? new URLSearchParams(body).get('method') ?? 'upload';

describeBy(SPEC, 'A description of Flickr’s API allows', () => {
  test('every request that we send', async () => {
    const network = await fakeFlickr({ now: () => DUE_AT + MINUTE });
    const provider = flickr({ api: network.url, upload: network.url });
    const context = providerContext();
    const verified = await provider.verify(FLICKR_KEYS, context);
    if (verified.kind !== 'verified') return expect.fail(JSON.stringify(verified));
    const { account, facts } = verified;
    for (const [n, variant] of VARIANTS.entries()) {
      expect(provider.check(variant, facts)).toEqual([]);
      const asked = aPublishRequest(FLICKR_KEYS, { variant, channel: { id: 'chn_a', account, facts } });
      const request = { ...asked, delivery: { ...asked.delivery, key: `dlv_${n}.hash` } };
      const tried = await attempt(provider, request, context);
      if (tried.outcome.kind !== 'published') return expect.fail(JSON.stringify(tried.outcome));
      const { externalId, parts = [] } = tried.outcome;
      const edit = { credential: FLICKR_KEYS, account, facts, externalId, parts, was: variant };
      const edited = await provider.edit?.({ ...edit, variant: { ...variant, text: 'Anew' } }, context);
      expect(edited).toEqual({ kind: 'edited' });
      for (const wanted of [request, tried.request]) {
        await provider.find?.({ ...wanted, since: DUE_AT, excluding: new Set() }, context);
      }
    }
    const asked = { credential: FLICKR_KEYS, account, facts };
    const [externalId = ''] = network.published();
    await provider.metrics?.fetch({ ...asked, externalIds: [externalId] }, context);
    await provider.remove?.({ ...asked, externalId }, context);
    await network.close();

    const problemsOf = openApiChecks(SPEC, CHECKS);
    const called = new Set<string>();
    for (const request of network.requests) {
      const name = methodOf(request);
      called.add(name);
      // The description leaves out the slash that Flickr's address for uploads ends in.
      const url = new URL(request.url.href.replace(/\/upload\/$/, '/upload'));
      const problems = problemsOf({ ...request, url });
      const expected = LEFT_OUT.includes(name) ? ['no such operation'] : [];
      expect(
        problems.filter((problem) => !/async|dedup_check/.test(problem)),
        `${name} ${url.href}`,
      ).toEqual(expected);
    }
    const described = [
      'flickr.people.getPhotos',
      'flickr.photos.getInfo',
      'flickr.photosets.getList',
      'upload',
    ];
    expect([...called].sort()).toEqual([...LEFT_OUT, ...described].sort());
  });

  test('not what it forbids', () => {
    const problemsOf = openApiChecks(SPEC, CHECKS);
    const request = (method: string, path: string, form: Record<string, string> = {}): Received => {
      const parts = Object.entries(form).map(
        ([name, value]) => `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      );
      const body = parts.length === 0 ? '' : `${parts.join('')}--x--\r\n`;
      const headers = body === '' ? {} : { 'content-type': 'multipart/form-data; boundary=x' };
      const url = new URL(`/services${path}`, 'http://127.0.0.1');
      return { method, url, headers, body, bytes: Buffer.from(body), json: undefined };
    };
    const whole = { api_key: 'a', photo: 'b' };
    expect(problemsOf(request('POST', '/upload', whole))).toEqual([]);
    for (const wrong of [
      request('POST', '/upload', { api_key: 'a' }),
      request('POST', '/upload', { photo: 'b' }),
      request('POST', '/upload', { ...whole, is_public: 'yes' }),
      request('POST', '/upload', { ...whole, safety_level: '4' }),
      request('POST', '/upload', { ...whole, content_type: '0' }),
      request('GET', '/rest?method=flickr.photos.getInfo&api_key=a'),
      request('GET', '/rest?method=flickr.photos.getInfo&api_key=a&photo_id=x'),
      request('GET', '/rest?method=flickr.photos.getInfos&api_key=a&photo_id=1'),
      request('GET', '/rest?method=flickr.people.getPhotos&api_key=a'),
    ]) {
      expect(problemsOf(wrong), `${wrong.url.href} ${wrong.body}`).not.toEqual([]);
    }
  });
});
