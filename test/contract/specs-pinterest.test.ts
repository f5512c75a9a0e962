import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { pinterest } from '../../shared/channels/pinterest.ts';
import type { Variant } from '../../shared/domain/content.ts';
import { attempt } from '../support/attempt.ts';
import { DUE_AT } from '../support/builders.ts';
import {
  ACCESS_TOKEN,
  APP,
  BOARD,
  fakePinterest,
  REFRESH_TOKEN,
  SECTION,
} from '../support/fake-networks/pinterest.ts';
import type { Received } from '../support/fake-networks/server.ts';
import { anAttachment } from '../support/media.ts';
import { openApiChecks } from '../support/openapi-check.ts';
import { aReceived } from '../support/openapi-request.ts';
import { providerContext } from '../support/provider-context.ts';
import { aPublishRequest } from '../support/provider-request.ts';
import { describeBy, vendorDescription } from '../support/vendor-description.ts';

const SPEC = vendorDescription('pinterest.openapi.json');

const images = (count: number) => Array.from({ length: count }, (_, n) => anAttachment(`image-${n}`));
const VARIANTS: readonly Variant[] = [
  { text: '', media: images(1), options: { board: BOARD, title: 'A' } },
  {
    text: 'a'.repeat(800),
    link: `https://bakery.example/${'a'.repeat(2_000)}`,
    media: images(2),
    options: { board: BOARD, boardSection: SECTION, title: 'a'.repeat(100), altText: 'a'.repeat(500) },
  },
  { text: 'Five', media: images(5), options: { board: BOARD, title: 'Five' } },
  {
    text: 'Film',
    media: [anAttachment('film', { type: 'video/quicktime' })],
    options: { board: BOARD, title: 'Film', coverSeconds: 3 },
  },
];

describeBy(SPEC, 'Pinterest’s API description allows', () => {
  test('every request that we send', async () => {
    const network = await fakePinterest();
    const provider = pinterest(network.url);
    const credential = { accessToken: ACCESS_TOKEN, refreshToken: REFRESH_TOKEN };
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
      expect(found?.kind).toBe('found');
    }
    const externalIds = [...network.published()];
    const [externalId = ''] = externalIds;
    await provider.metrics?.fetch({ credential, account, facts, externalIds }, context);
    await provider.metrics?.followers({ credential, account, facts }, context);
    await provider.remove?.({ credential, account, facts, externalId }, context);
    await provider.login?.choices({ tokens: { accessToken: ACCESS_TOKEN }, app: APP }, context);
    await provider.renewal?.refresh?.(credential, APP, context);
    await network.close();

    const problemsOf = pinterestChecks();
    const called = new Set<string>();
    // Videos go to Pinterest's bucket, which the description leaves to S3.
    for (const request of network.requests.filter(({ url }) => url.pathname.startsWith('/v5/'))) {
      called.add(`${request.method} ${request.url.pathname.replace(/\d{10,}/g, '{id}')}`);
      expect(
        problemsOf(request),
        `${request.method} ${request.url.href} ${request.body.slice(0, 300)}`,
      ).toEqual([]);
    }
    expect([...called].sort()).toEqual([
      'DELETE /v5/pins/{id}',
      'GET /v5/boards',
      'GET /v5/boards/{id}/pins',
      'GET /v5/boards/{id}/sections/{id}/pins',
      'GET /v5/media/{id}',
      'GET /v5/pins/{id}',
      'GET /v5/pins/{id}/analytics',
      'GET /v5/user_account',
      'POST /v5/media',
      'POST /v5/oauth/token',
      'POST /v5/pins',
    ]);
  });

  const source = { source_type: 'image_url', url: 'https://media.example/a.jpg' };
  const item = { url: 'https://media.example/a.jpg' };
  test.each([
    ['another path', 'POST', '/v5/pin', {}],
    ['a board that is no number', 'POST', '/v5/pins', { board_id: 'bread', media_source: source }],
    [
      'a long text',
      'POST',
      '/v5/pins',
      { board_id: BOARD, description: 'a'.repeat(801), media_source: source },
    ],
    ['a long title', 'POST', '/v5/pins', { board_id: BOARD, title: 'a'.repeat(101), media_source: source }],
    ['an unknown field', 'POST', '/v5/pins', { board_id: BOARD, text: 'a', media_source: source }],
    [
      'an image without address',
      'POST',
      '/v5/pins',
      { board_id: BOARD, media_source: { source_type: 'image_url' } },
    ],
    [
      'six images',
      'POST',
      '/v5/pins',
      { board_id: BOARD, media_source: { source_type: 'multiple_image_urls', items: Array(6).fill(item) } },
    ],
    ['another kind of media', 'POST', '/v5/media', { media_type: 'image' }],
    ['a page that is too large', 'GET', `/v5/boards/${BOARD}/pins?page_size=251`, undefined],
    [
      'a metric that there is not',
      'GET',
      '/v5/pins/1/analytics?start_date=2026-11-01&end_date=2026-11-30&metric_types=LIKES',
      undefined,
    ],
    ['analytics without a time', 'GET', '/v5/pins/1/analytics?metric_types=IMPRESSION', undefined],
  ])('not %s', (_what, method, path, body) => {
    const problemsOf = pinterestChecks();
    expect(problemsOf(aReceived(method, path, body))).not.toEqual([]);
  });
});

const metricTypes = z.object({
  components: z.object({
    parameters: z.object({
      query_pin_analytics_metric_types: z.object({
        schema: z.object({ items: z.object({ oneOf: z.array(z.object({ enum: z.array(z.string()) })) }) }),
      }),
    }),
  }),
});

/**
 * The description asks each metric to be of exactly one of two lists that have most metrics in common, which none of
 * those can meet; what is meant is that all of them are of one list, of a pin or of a video.
 */
function pinterestChecks(): (request: Received) => string[] {
  const problemsOf = openApiChecks(SPEC, {
    basePath: '/v5',
    unchecked: ['metric_types'],
    // Which of three schemas it is hangs on `grant_type`, which the description says by a discriminator only.
    bodySchema: ({ url }) =>
      url.pathname === '/v5/oauth/token' ? '#/components/schemas/OauthAccessTokenRequestRefresh' : undefined,
  });
  const { components } = metricTypes.parse(JSON.parse(readFileSync(SPEC, 'utf8')));
  const lists = components.parameters.query_pin_analytics_metric_types.schema.items.oneOf;
  return (request) => {
    const asked = request.url.searchParams.get('metric_types')?.split(',') ?? [];
    const isOneList = lists.some((list) => asked.every((name) => list.enum.includes(name)));
    return [...problemsOf(request), ...(isOneList ? [] : [`metric_types ${asked.join(',')}`])];
  };
}
