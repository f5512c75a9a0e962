import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bluesky } from '../../shared/channels/bluesky.ts';
import { mastodon } from '../../shared/channels/mastodon.ts';
import type { Provider } from '../../shared/channels/provider.ts';
import type { Variant } from '../../shared/domain/content.ts';
import { DUE_AT } from '../support/builders.ts';
import { APP_PASSWORD, fakeBluesky, HANDLE } from '../support/fake-networks/bluesky.ts';
import { ACCESS_TOKEN, fakeMastodon } from '../support/fake-networks/mastodon.ts';
import type { FakeNetwork, Received } from '../support/fake-networks/server.ts';
import { callProblems } from '../support/lexicon.ts';
import { openApiChecks } from '../support/openapi-check.ts';
import { aReceived } from '../support/openapi-request.ts';
import { providerContext } from '../support/provider-context.ts';

// The networks' descriptions are large and not ours; developers may have them in a folder beside the repository.
const SPECS = new URL('../../../shared/specs/', import.meta.url);
const lexicons = new URL('bluesky/lexicons/', SPECS);
const openApi = new URL('mastodon.openapi.json', SPECS);

const titled = (name: string, file: URL): string =>
  existsSync(file) ? name : `${name} (skipped: there is no folder with the networks’ descriptions)`;

describe.skipIf(!existsSync(lexicons))(titled('Bluesky’s lexicons allow', lexicons), () => {
  test('every request that we send', async () => {
    const requests = await everyRequest(
      bluesky,
      await fakeBluesky(),
      (serviceUrl) => ({ serviceUrl, identifier: HANDLE, appPassword: APP_PASSWORD }),
      [
        { text: 'Hello' },
        { text: 'é'.repeat(300) },
        { text: '', link: 'https://bakery.example/bread' },
        {
          text: `🥖 @${HANDLE} #Brot https://bakery.example/a_(b)?x=ü`,
          link: 'https://bakery.example/bread',
          options: { langs: ['de', 'en', 'pt-BR'], cardTitle: 'Bread', cardDescription: 'From seven.' },
        },
      ],
    );
    const called = new Set<string>();
    for (const { url, json } of requests) {
      const method = url.pathname.replace('/xrpc/', '');
      called.add(method);
      expect(callProblems(lexicons, method, url.searchParams, json), url.pathname).toEqual([]);
    }
    expect([...called].sort()).toEqual([
      'app.bsky.actor.getProfile',
      'app.bsky.feed.getPosts',
      'com.atproto.identity.resolveHandle',
      'com.atproto.repo.deleteRecord',
      'com.atproto.repo.getRecord',
      'com.atproto.repo.putRecord',
      'com.atproto.server.createSession',
      'com.atproto.server.refreshSession',
    ]);
  });

  test('not what they forbid', () => {
    const record = { $type: 'app.bsky.feed.post', text: 'a'.repeat(301), langs: ['a', 'b'], more: 1 };
    const body = { repo: 'nobody', collection: 'app.bsky.feed.post', rkey: 'mine', record };
    expect(callProblems(lexicons, 'com.atproto.repo.putRecord', new URLSearchParams(), body)).toEqual([
      'com.atproto.repo.putRecord/repo: no at-identifier',
      'record/createdAt: missing',
      'record/text: too many graphemes',
      'record/langs/0: no language',
      'record/langs/1: no language',
      'record/more: unknown',
      'rkey: no TID',
    ]);
  });
});

describe.skipIf(!existsSync(openApi))(titled('Mastodon’s API description allows', openApi), () => {
  test('every request that we send', async () => {
    const requests = await everyRequest(
      mastodon,
      await fakeMastodon({ version: '4.5' }),
      (instanceUrl) => ({ instanceUrl, accessToken: ACCESS_TOKEN }),
      [
        { text: 'Hello' },
        { text: 'Hello', link: 'https://bakery.example/bread' },
        ...(['public', 'unlisted', 'private', 'direct'] as const).map((visibility) => ({
          text: 'Hello',
          options: { visibility, spoilerText: 'Bread', sensitive: true, language: 'de' },
        })),
        { text: 'Which?', poll: { options: ['Rye', 'Wheat'], minutes: 60 } },
      ],
    );
    const problemsOf = mastodonChecks();
    for (const request of requests) expect(problemsOf(request), request.url.href).toEqual([]);
    expect(requests.filter(({ method }) => method === 'POST')).toHaveLength(7);
  });

  test('not what it forbids', () => {
    const problemsOf = mastodonChecks();
    expect(problemsOf(aReceived('GET', '/api/v9/statuses'))).toEqual(['no such operation']);
    expect(problemsOf(aReceived('GET', '/api/v1/statuses?ids=1'))).toEqual(['no parameter ids']);
    expect(problemsOf(aReceived('POST', '/api/v1/statuses', { status: 1 }))).not.toEqual([]);
    expect(problemsOf(aReceived('POST', '/api/v1/statuses', { status: 'a', more: 1 }))).not.toEqual([]);
    expect(problemsOf(aReceived('POST', '/api/v1/statuses', { status: 'a', visibility: 'x' }))).not.toEqual(
      [],
    );
  });
});

/** Lets a provider do all it can on its fake network, the variants published one after another. */
async function everyRequest<Credential>(
  provider: Provider<Credential>,
  network: FakeNetwork & { expireAccess?: () => void },
  toCredential: (url: string) => Credential,
  variants: readonly Variant[],
): Promise<readonly Received[]> {
  const credential = toCredential(network.url);
  const context = providerContext();
  const verified = await provider.verify(credential, context);
  if (verified.kind !== 'verified') return expect.fail(JSON.stringify(verified));
  const { account, facts } = verified;
  for (const [n, variant] of variants.entries()) {
    expect(provider.check(variant, facts)).toEqual([]);
    const delivery = { id: `dlv_${n}`, key: `dlv_${n}.hash`, dueAt: DUE_AT };
    const request = { variant, credential, channel: { id: 'chn_a', account, facts }, delivery };
    expect((await provider.publish(request, context)).kind).toBe('published');
    await provider.find?.({ ...request, since: DUE_AT, excluding: new Set() }, context);
  }
  network.expireAccess?.();
  const externalIds = [...network.published()];
  const [externalId = ''] = externalIds;
  await provider.metrics?.followers({ credential, account, facts }, context);
  await provider.remove?.({ credential, account, facts, externalId }, context);
  await provider.metrics?.fetch({ credential, account, facts, externalIds }, context);
  await network.close();
  return network.requests;
}

/**
 * The description names texts and polls under `oneOf`, which a poll with a text, though allowed in words, cannot meet:
 * each is held against its own.
 */
const mastodonChecks = () =>
  openApiChecks(openApi, {
    // In words it is any text, by its type an object.
    unchecked: ['Idempotency-Key'],
    bodySchema: ({ method, url, json }) => {
      if (method !== 'POST' || url.pathname !== '/api/v1/statuses') return undefined;
      const isPoll = typeof json === 'object' && json !== null && 'poll' in json;
      return `#/components/schemas/${isPoll ? 'PollStatus' : 'TextStatus'}`;
    },
  });
