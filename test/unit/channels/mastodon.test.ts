import { describe, expect, onTestFinished, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../../shared/channels/mastodon/limits.ts';
import { toMetrics } from '../../../shared/channels/mastodon/metrics.ts';
import { toOutcome, toRequest } from '../../../shared/channels/mastodon/steps.ts';
import { toInstance } from '../../../shared/channels/mastodon/verify.ts';
import { mastodon } from '../../../shared/channels/mastodon.ts';
import type { HttpAnswer } from '../../../shared/channels/provider.ts';
import { MINUTE } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../../support/builders.ts';
import {
  ACCESS_TOKEN,
  type FakeMastodonOptions,
  fakeMastodon,
} from '../../support/fake-networks/mastodon.ts';
import { providerContext } from '../../support/provider-context.ts';

const CREDENTIAL = { instanceUrl: 'https://social.example/web', accessToken: ACCESS_TOKEN };

const answered = (status: number, json: unknown, headers = {}): HttpAnswer => ({
  kind: 'answered',
  status,
  headers,
  text: JSON.stringify(json),
  json,
});

describe('the request', () => {
  test('carries the delivery’s key and all options by their names there', () => {
    const variant = { text: 'Hello', poll: { options: ['Rye', 'Wheat'], minutes: 60 } };
    const delivery = { id: 'dlv_a', key: 'dlv_a.hash', dueAt: DUE_AT };
    const options = { visibility: 'private', spoilerText: 'Bread', sensitive: true, language: 'de' } as const;
    const request = toRequest({ variant, credential: CREDENTIAL, delivery }, options);
    expect(request.url).toBe('https://social.example/api/v1/statuses');
    expect(request.headers?.['idempotency-key']).toBe('dlv_a.hash');
    expect(JSON.parse(String(request.body))).toEqual({
      status: 'Hello',
      visibility: 'private',
      spoiler_text: 'Bread',
      sensitive: true,
      language: 'de',
      poll: { options: ['Rye', 'Wheat'], expires_in: 3_600 },
    });
  });
});

describe('an answer to the posted status', () => {
  const url = 'https://social.example/@bakery/1';
  test.each([
    [200, { id: '1', uri: 'u', url }, { kind: 'published', externalId: '1@social.example', url }],
    [200, { id: '1', uri: 'https://u.example', url: null }, { kind: 'published', url: 'https://u.example' }],
    [200, { id: 7, url }, { kind: 'published', externalId: '7@social.example', url }],
    [200, {}, { kind: 'uncertain' }],
    [401, { error: 'The access token is invalid' }, { kind: 'unauthorized' }],
    [403, { error: 'Your login is currently disabled' }, { kind: 'unauthorized' }],
    [403, { error: 'This action is outside the authorized scopes' }, { kind: 'unauthorized' }],
    [403, { error: 'This action is not allowed' }, { kind: 'rejected', code: 'http_403' }],
    [404, { error: 'Record not found' }, { kind: 'rejected', code: 'http_404' }],
    [
      422,
      { error: 'Validation failed: Text is bad' },
      { kind: 'rejected', reason: 'HTTP 422: Validation failed: Text is bad' },
    ],
    [503, { error: 'There was a temporary problem' }, { kind: 'uncertain' }],
  ])('of status %i, %j', (status, json, expected) => {
    expect(toOutcome(answered(status, json), CREDENTIAL, DUE_AT)).toMatchObject(expected);
  });

  test('that limits the rate says until when, as an ISO instant', () => {
    const headers = { 'x-ratelimit-reset': '2026-11-30T08:05:00.123456Z' };
    const outcome = toOutcome(answered(429, { error: 'Too many requests' }, headers), CREDENTIAL, DUE_AT);
    expect(outcome).toEqual({ kind: 'rateLimited', retryAt: DUE_AT + 5 * MINUTE + 123 });
  });
});

describe('small readings', () => {
  test('an instance that tells no limits has Mastodon’s own', () => {
    const defaults = { ...DEFAULT_LIMITS };
    expect(toInstance(undefined)).toEqual({ facts: defaults });
    expect(toInstance({ configuration: { statuses: { max_characters: 'many' } } })).toEqual({
      facts: defaults,
    });
    const configuration = { statuses: { max_characters: 5_000, characters_reserved_per_url: 30 } };
    expect(toInstance({ domain: 'social.example', configuration })).toEqual({
      domain: 'social.example',
      facts: { ...defaults, maxCharacters: 5_000, urlCharacters: 30 },
    });
    const media_attachments = {
      supported_mime_types: ['image/png', 'audio/ogg', 'image/jpeg'],
      image_size_limit: 8_000_000,
    };
    expect(toInstance({ configuration: { media_attachments, polls: { min_expiration: 0 } } })).toEqual({
      facts: { ...defaults, imageBytes: 8_000_000, mediaTypes: 'image/jpeg,image/png' },
    });
  });

  test('quotes count as shares where they are told; what is not told is null', () => {
    const status = { id: '1', uri: 'u', created_at: '', content: '', spoiler_text: '' };
    expect(toMetrics({ ...status, reblogs_count: 2, quotes_count: 3, favourites_count: 0 })).toMatchObject({
      shares: 5,
      reactions: 0,
      replies: null,
      saves: null,
    });
    expect(toMetrics({ ...status, reblogs_count: 2 }).shares).toBe(2);
  });
});

describe('on an instance', () => {
  async function setup(options: FakeMastodonOptions = {}) {
    const network = await fakeMastodon(options);
    onTestFinished(network.close);
    const credential = { instanceUrl: network.url, accessToken: ACCESS_TOKEN };
    const context = providerContext();
    const verified = await mastodon.verify(credential, context);
    if (verified.kind !== 'verified') return expect.fail(JSON.stringify(verified));
    const { account, facts } = verified;
    const publish = (key: string) => {
      const delivery = { id: key, key, dueAt: DUE_AT };
      const channel = { id: 'chn_a', account, facts };
      return mastodon.publish({ variant: { text: 'Hello' }, credential, channel, delivery }, context);
    };
    return { network, credential, context, account, facts, publish };
  }

  test('the account is named with its host, the limits are the instance’s', async () => {
    const { network, account, facts } = await setup({ maxCharacters: 1_000 });
    const { host } = new URL(network.url);
    expect(account).toEqual({
      id: `109302@${host}`,
      handle: `bakery@${host}`,
      url: `${network.url}/@bakery`,
    });
    expect(facts).toMatchObject({ maxCharacters: 1_000, urlCharacters: 23 });
    expect(mastodon.check({ text: 'a'.repeat(1_000) }, facts)).toEqual([]);
  });

  test('an older one is asked the older way, for its limits and for each status', async () => {
    const { network, publish, context, ...who } = await setup({ version: '3.5', maxCharacters: 700 });
    expect(who.facts.maxCharacters).toBe(700);
    await publish('a');
    await publish('b');
    const [gone = '', stays = ''] = network.published();
    network.forget(gone);
    const metrics = await mastodon.metrics?.fetch({ ...who, externalIds: [gone, stays] }, context);
    if (!(metrics instanceof Map)) return expect.fail(JSON.stringify(metrics));
    expect(metrics.get(gone)).toBe('removed');
    expect(metrics.get(stays)).toMatchObject({ reactions: 5, shares: 2, replies: 1 });
  });

  test('a proxy’s 404 page does not mean that a status is gone', async () => {
    const { network, publish, context, ...who } = await setup();
    await publish('a');
    const externalIds = [...network.published()];
    const page = {
      kind: 'answer',
      status: 404,
      headers: { 'content-type': 'text/html' },
      body: '<p>?',
    } as const;
    network.fault(page);
    network.fault(page);
    expect(await mastodon.metrics?.fetch({ ...who, externalIds }, context)).toEqual(new Map());
  });

  test('the same key makes one status, another key a second', async () => {
    const { network, publish } = await setup();
    const first = await publish('a');
    expect(await publish('a')).toEqual(first);
    await publish('b');
    expect(network.statuses.size).toBe(2);
  });

  test('a refusal is told in the instance’s words', async () => {
    const { publish } = await setup({ maxCharacters: 3 });
    expect(await publish('a')).toMatchObject({
      kind: 'rejected',
      reason: 'HTTP 422: Validation failed: Text character limit of 3 exceeded',
    });
  });

  test('an option of another network is passed over, an invalid one is refused before anything is sent', async () => {
    const { network, credential, context, account, facts } = await setup();
    const publish = (options: Record<string, unknown>) =>
      mastodon.publish(
        {
          variant: { text: 'Hello', options },
          credential,
          channel: { id: 'chn_a', account, facts },
          delivery: { id: 'a', key: 'a', dueAt: DUE_AT },
        },
        context,
      );
    expect(await publish({ visibility: 'friends' })).toMatchObject({
      kind: 'rejected',
      code: 'option_invalid',
    });
    expect(network.statuses.size).toBe(0);
    expect(await publish({ visibility: 'private', langs: ['de'] })).toMatchObject({ kind: 'published' });
    const [sent] = network.requests.filter(network.isPublish);
    expect(sent?.json).toEqual({ status: 'Hello', visibility: 'private' });
  });

  test('a server that is no Mastodon is refused by name', async () => {
    const { network, credential, context } = await setup();
    network.fault({ kind: 'answer', status: 200, body: '<h1>Hello</h1>' });
    expect(await mastodon.verify(credential, context)).toMatchObject({ kind: 'refused' });
  });
});
