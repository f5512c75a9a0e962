import { expect, test } from 'vitest';
import { toHandle } from '../../shared/channels/youtube/handle.ts';
import { youtube } from '../../shared/channels/youtube.ts';
import type { Variant } from '../../shared/domain/content.ts';
import { attempt } from '../support/attempt.ts';
import { DUE_AT } from '../support/builders.ts';
import type { Received } from '../support/fake-networks/server.ts';
import { ACCESS_TOKEN, fakeYoutube, PLAYLIST_ID } from '../support/fake-networks/youtube.ts';
import { anAttachment } from '../support/media.ts';
import { openApiChecks } from '../support/openapi-check.ts';
import { aReceived } from '../support/openapi-request.ts';
import { providerContext } from '../support/provider-context.ts';
import { describeBy, vendorDescription } from '../support/vendor-description.ts';

const SPEC = vendorDescription('youtube.openapi.json');

const media = [anAttachment('bread', { type: 'video/mp4', bytes: 300_000, alt: '' })];
const VARIANTS: readonly Variant[] = [
  { text: '', media, options: { title: 'Bread', madeForKids: true, privacy: 'private' } },
  {
    text: 'How we bake it.',
    link: 'https://bakery.example/bread',
    media,
    firstComment: 'Ask us!',
    options: {
      title: 'Rye bread',
      madeForKids: false,
      privacy: 'unlisted',
      tags: ['bread', 'rye bread'],
      categoryId: '26',
      playlistId: PLAYLIST_ID,
      notifySubscribers: false,
      language: 'de',
    },
  },
];

describeBy(SPEC, 'YouTube’s API description allows', () => {
  test('every request that we send', async () => {
    const requests = await everyRequest();
    const problemsOf = checks();
    const called = new Set<string>();
    for (const request of requests) {
      called.add(`${request.method} ${request.url.pathname}`);
      expect(problemsOf(request), `${request.method} ${request.url.href}`).toEqual([]);
    }
    expect([...called].sort()).toEqual([
      'DELETE /youtube/v3/videos',
      'GET /youtube/v3/channels',
      'GET /youtube/v3/commentThreads',
      'GET /youtube/v3/playlistItems',
      'GET /youtube/v3/videos',
      'POST /upload/youtube/v3/videos',
      'POST /youtube/v3/commentThreads',
      'POST /youtube/v3/playlistItems',
      'PUT /upload/youtube/v3/videos',
      'PUT /youtube/v3/videos',
    ]);
  });

  test('not what it forbids', () => {
    const problemsOf = checks();
    const sent = (method: string, path: string, json?: unknown) => problemsOf(aReceived(method, path, json));
    const insert = '/upload/youtube/v3/videos?uploadType=resumable&part=snippet';
    expect(sent('GET', '/youtube/v3/clips?part=id')).not.toEqual([]);
    expect(sent('GET', '/youtube/v3/videos?id=1')).not.toEqual([]);
    expect(sent('GET', '/youtube/v3/videos?part=id&ids=1')).not.toEqual([]);
    expect(sent('POST', `${insert}&notify=true`, {})).not.toEqual([]);
    expect(sent('POST', insert, { status: { privacyStatus: 'friends' } })).not.toEqual([]);
    expect(sent('POST', insert, { snippet: { name: 'Bread' } })).not.toEqual([]);
    expect(sent('POST', insert, { snippet: { title: 'Bread' } })).toEqual([]);
    expect(sent('PUT', '/youtube/v3/videos?part=snippet', { snippet: { tags: 'bread' } })).not.toEqual([]);
    expect(
      sent('POST', '/youtube/v3/playlistItems?part=snippet', { snippet: { resourceId: 'a' } }),
    ).not.toEqual([]);
    // Newer than the description: https://developers.google.com/youtube/v3/revision_history#october-30,-2024
    expect(sent('POST', insert, { status: { containsSyntheticMedia: true } })).not.toEqual([]);
  });
});

/**
 * The description has no resumable uploads: the request that opens one is held to `videos.insert` by its query and to
 * `videos.update`, which takes the same resource as JSON, by its body. Chunks it knows nothing of.
 */
function checks(): (request: Received) => string[] {
  const problemsOf = openApiChecks(SPEC);
  return (request) => {
    if (request.url.pathname !== '/upload/youtube/v3/videos') return problemsOf(request);
    if (request.method === 'PUT') return request.url.searchParams.has('upload_id') ? [] : ['no session'];
    const asked = new URL(request.url.href.replace('/upload/', '/'));
    const { 'content-type': _type, ...headers } = request.headers;
    const empty = { ...request, url: asked, headers, body: '', bytes: new Uint8Array(), json: undefined };
    const update = new URL(`${asked.origin}${asked.pathname}?part=${asked.searchParams.get('part')}`);
    return [...problemsOf(empty), ...problemsOf({ ...request, method: 'PUT', url: update })];
  };
}

/** All that the provider can do, on its fake network. */
async function everyRequest(): Promise<readonly Received[]> {
  const network = await fakeYoutube();
  const provider = youtube(network.url);
  const credential = { accessToken: ACCESS_TOKEN };
  const context = providerContext();
  const verified = await provider.verify(credential, context);
  if (verified.kind !== 'verified') return expect.fail(JSON.stringify(verified));
  const who = { account: verified.account, facts: verified.facts };
  for (const [n, variant] of VARIANTS.entries()) {
    expect(provider.check(variant, who.facts)).toEqual([]);
    const delivery = { id: `dlv_${n}`, key: `dlv_${n}.hash`, dueAt: DUE_AT };
    const request = { variant, credential, channel: { id: 'chn_a', ...who }, delivery };
    const { outcome } = await attempt(provider, request, context);
    if (outcome.kind !== 'published') return expect.fail(JSON.stringify(outcome));
    const { externalId } = outcome;
    const anew = { ...variant, text: `${variant.text} Anew.` };
    const edit = { credential, ...who, was: variant, variant: anew, externalId };
    expect(await provider.edit?.(edit, context)).toEqual({ kind: 'edited' });
    const handle = toHandle({ step: 'comment', tries: 0, videoId: 'vid00000002' });
    const look = {
      ...request,
      delivery: { ...delivery, handle },
      since: DUE_AT,
      excluding: new Set<string>(),
    };
    await provider.find?.(look, context);
  }
  const externalIds = [...network.published()];
  await provider.metrics?.fetch({ credential, ...who, externalIds }, context);
  await provider.metrics?.followers({ credential, ...who }, context);
  for (const externalId of externalIds) await provider.remove?.({ credential, ...who, externalId }, context);
  await network.close();
  return network.requests;
}
