import { expect, test } from 'vitest';
import { x } from '../../shared/channels/x.ts';
import type { Variant } from '../../shared/domain/content.ts';
import { attempt } from '../support/attempt.ts';
import { DUE_AT } from '../support/builders.ts';
import type { Received } from '../support/fake-networks/server.ts';
import { ACCESS_TOKEN, fakeX } from '../support/fake-networks/x.ts';
import { anAttachment } from '../support/media.ts';
import { openApiChecks } from '../support/openapi-check.ts';
import { providerContext } from '../support/provider-context.ts';
import { aPublishRequest } from '../support/provider-request.ts';
import { describeBy, vendorDescription } from '../support/vendor-description.ts';

const SPEC = vendorDescription('x.openapi.json');

const VARIANTS: readonly Variant[] = [
  { text: 'Hello' },
  { text: 'Hello', link: 'https://bakery.org/bread?a=b&c=d' },
  ...(['following', 'mentionedUsers', 'subscribers', 'verified'] as const).map((replySettings) => ({
    text: `For ${replySettings}`,
    options: { replySettings, communityId: '1493446837214187523', madeWithAi: true, paidPartnership: true },
  })),
  { text: 'Which?', poll: { options: ['Rye', 'Wheat', 'Spelt', 'o'.repeat(25)], minutes: 10_080 } },
  {
    text: '',
    media: [1, 2, 3, 4].map((n) => anAttachment(`${n}`, { type: n === 1 ? 'image/webp' : 'image/png' })),
  },
  { text: 'Dance', media: [anAttachment('gif', { type: 'image/gif', width: 100 })] },
  {
    text: 'Film',
    media: [anAttachment('film', { type: 'video/mp4', bytes: 11_000_000, alt: 'a'.repeat(1_000) })],
  },
  { text: 'Film 2', media: [anAttachment('film', { type: 'video/quicktime', bytes: 1_000 })] },
  { text: 'One', thread: ['Two', 'Three'], firstComment: 'And?' },
];

describeBy(SPEC, 'X’s API description allows', () => {
  test('every request that we send', async () => {
    const network = await fakeX();
    const provider = x(network.url);
    const credential = { accessToken: ACCESS_TOKEN };
    const context = providerContext();
    const verified = await provider.verify(credential, context);
    if (verified.kind !== 'verified') return expect.fail(JSON.stringify(verified));
    const { account, facts } = verified;
    for (const variant of VARIANTS) {
      expect(provider.check(variant, facts)).toEqual([]);
      const channel = { id: 'chn_a', account, facts };
      const tried = await attempt(provider, aPublishRequest(credential, { variant, channel }), context);
      expect(tried.outcome.kind).toBe('published');
      const found = await provider.find?.({ ...tried.request, since: DUE_AT, excluding: new Set() }, context);
      expect(found?.kind).not.toBe('cannotTell');
    }
    const old = network.write('Old', DUE_AT - 90 * 24 * 3_600_000);
    const externalIds = [...network.published()];
    await provider.metrics?.fetch({ credential, account, facts, externalIds }, context);
    await provider.metrics?.followers({ credential, account, facts }, context);
    await provider.remove?.({ credential, account, facts, externalId: old.id }, context);
    await network.close();

    const problemsOf = openApiChecks(SPEC);
    const called = new Set<string>();
    for (const request of network.requests) {
      called.add(`${request.method} ${request.url.pathname.replace(/\d{10,}/, '{id}')}`);
      expect(
        problemsOf(request),
        `${request.method} ${request.url.href} ${request.body.slice(0, 300)}`,
      ).toEqual([]);
    }
    expect([...called].sort()).toEqual([
      'DELETE /2/tweets/{id}',
      'GET /2/media/upload',
      'GET /2/tweets',
      'GET /2/users/me',
      'GET /2/users/{id}/tweets',
      'POST /2/media/metadata',
      'POST /2/media/upload',
      'POST /2/media/upload/initialize',
      'POST /2/media/upload/{id}/append',
      'POST /2/media/upload/{id}/finalize',
      'POST /2/tweets',
    ]);
  });

  test('not what it forbids', () => {
    const problemsOf = openApiChecks(SPEC);
    const request = (method: string, path: string, json?: unknown): Received => {
      const body = json === undefined ? '' : JSON.stringify(json);
      const headers = json === undefined ? {} : { 'content-type': 'application/json' };
      return {
        method,
        url: new URL(path, 'http://127.0.0.1'),
        headers,
        body,
        bytes: Buffer.from(body),
        json,
      };
    };
    for (const wrong of [
      request('POST', '/2/posts', { text: 'a' }),
      request('POST', '/2/tweets'),
      request('POST', '/2/tweets', { text: 1 }),
      request('POST', '/2/tweets', { text: 'a', replySettings: 'following' }),
      request('POST', '/2/tweets', { text: 'a', reply_settings: 'nobody' }),
      request('POST', '/2/tweets', { text: 'a', media: { media_ids: ['1', '2', '3', '4', '5'] } }),
      request('POST', '/2/tweets', { text: 'a', poll: { options: ['a', 'b'], duration_minutes: 4 } }),
      request('POST', '/2/media/upload/initialize', { media_category: 'tweet_film' }),
      request('GET', '/2/tweets?post.fields=text'),
      request('GET', '/2/tweets?ids=1&tweet.fields=text'),
      request('GET', '/2/users/1/tweets?max_results=4'),
    ]) {
      expect(problemsOf(wrong), `${wrong.method} ${wrong.url.href} ${wrong.body}`).not.toEqual([]);
    }
  });
});
