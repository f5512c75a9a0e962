import { expect, test } from 'vitest';
import { bluesky } from '../../shared/channels/bluesky.ts';
import { mastodon } from '../../shared/channels/mastodon.ts';
import type { Provider } from '../../shared/channels/provider.ts';
import type { Variant } from '../../shared/domain/content.ts';
import { attempt } from '../support/attempt.ts';
import { DUE_AT } from '../support/builders.ts';
import { APP_PASSWORD, DID, fakeBluesky, HANDLE } from '../support/fake-networks/bluesky.ts';
import { ACCESS_TOKEN, fakeMastodon } from '../support/fake-networks/mastodon.ts';
import type { FakeNetwork, Received } from '../support/fake-networks/server.ts';
import { callProblems } from '../support/lexicon.ts';
import { anAttachment } from '../support/media.ts';
import { openApiChecks } from '../support/openapi-check.ts';
import { aReceived } from '../support/openapi-request.ts';
import { providerContext } from '../support/provider-context.ts';
import { describeBy, vendorDescription } from '../support/vendor-description.ts';

const lexicons = vendorDescription('bluesky/lexicons/');
const openApi = vendorDescription('mastodon.openapi.json');

describeBy(lexicons, 'Bluesky’s lexicons allow', () => {
  test('every request that we send', async () => {
    const network = await fakeBluesky();
    const credential = { serviceUrl: network.url, identifier: HANDLE, appPassword: APP_PASSWORD };
    const requests = await everyRequest(bluesky(network.url), network, credential, [
      { text: 'Hello' },
      { text: 'é'.repeat(300) },
      { text: '', link: 'https://bakery.example/bread' },
      {
        text: `🥖 @${HANDLE} #Brot https://bakery.example/a_(b)?x=ü`,
        link: 'https://bakery.example/bread',
        options: {
          langs: ['de', 'en', 'pt-BR'],
          warnings: ['nudity'],
          cardTitle: 'Bread',
          cardDescription: 'From seven.',
        },
      },
      { text: '', media: [...'abcd'].map((name) => anAttachment(name, { alt: name === 'a' ? '' : name })) },
      { text: 'Hello', link: 'https://bakery.example/bread', media: [anAttachment('a')] },
      {
        text: 'Hello',
        link: 'https://bakery.example/bread',
        media: [anAttachment('a', { type: 'image/webp' })],
        options: { cardImage: true },
      },
      { text: 'Small', media: [anAttachment('small', { type: 'video/mp4' })] },
      { text: 'Large', media: [anAttachment('large', { type: 'video/mp4', bytes: 17_000_000 })] },
      { text: 'One', thread: ['Two #brot', 'Three'], firstComment: `@${HANDLE} https://bakery.example/` },
    ]);
    const called = new Set<string>();
    for (const request of requests) {
      const method = request.url.pathname.replace('/xrpc/', '');
      called.add(method);
      expect(lexiconProblems(method, request), request.url.pathname).toEqual([]);
    }
    expect([...called].sort()).toEqual([
      'app.bsky.actor.getProfile',
      'app.bsky.feed.getPosts',
      'app.bsky.video.finishUpload',
      'app.bsky.video.getJobStatus',
      'app.bsky.video.getUploadLimits',
      'app.bsky.video.startUpload',
      'app.bsky.video.uploadPart',
      'app.bsky.video.uploadVideo',
      'com.atproto.identity.resolveHandle',
      'com.atproto.repo.deleteRecord',
      'com.atproto.repo.getRecord',
      'com.atproto.repo.putRecord',
      'com.atproto.repo.uploadBlob',
      'com.atproto.server.createSession',
      'com.atproto.server.getServiceAuth',
      'com.atproto.server.refreshSession',
    ]);
  });

  test('not what they forbid', () => {
    const record = { $type: 'app.bsky.feed.post', text: 'a'.repeat(301), langs: ['a', 'b'], more: 1 };
    const body = { repo: 'nobody', collection: 'app.bsky.feed.post', rkey: 'mine', record };
    const query = new URLSearchParams();
    expect(callProblems(lexicons, 'com.atproto.repo.putRecord', { query, body })).toEqual([
      'com.atproto.repo.putRecord/repo: no at-identifier',
      'record/createdAt: missing',
      'record/text: too many graphemes',
      'record/langs/0: no language',
      'record/langs/1: no language',
      'record/more: unknown',
      'rkey: no TID',
    ]);
  });

  test('nor what they forbid of files, replies and uploads', () => {
    const image = { $type: 'blob', ref: { $link: 'b' }, mimeType: 'image/png', size: 1 };
    const large = {
      ...image,
      ref: { $link: `b${'a'.repeat(58)}` },
      mimeType: 'video/webm',
      size: 300_000_001,
    };
    const problems = (more: object) => {
      const record = { $type: 'app.bsky.feed.post', text: '', createdAt: '2026-11-30T08:00:00Z', ...more };
      const body = { repo: DID, collection: 'app.bsky.feed.post', rkey: '3mabcdefghijk', record };
      return callProblems(lexicons, 'com.atproto.repo.putRecord', { query: new URLSearchParams(), body });
    };
    expect(problems({ embed: { $type: 'app.bsky.embed.images', images: [{ image }] } })).toEqual([
      'record/embed/images/0/alt: missing',
      'record/embed/images/0/image: no blob',
    ]);
    expect(problems({ embed: { $type: 'app.bsky.embed.video', video: large } })).toEqual([
      'record/embed/video: video/webm is not accepted',
      'record/embed/video: too large',
    ]);
    const ref = { uri: `at://${DID}/app.bsky.feed.post/3mabcdefghijk`, cid: 'no cid' };
    expect(problems({ reply: { root: ref } })).toEqual([
      'record/reply/parent: missing',
      'record/reply/root/cid: no cid',
    ]);
    const query = new URLSearchParams({ jobId: 'a', partNumber: 'first', more: '1' });
    expect(callProblems(lexicons, 'app.bsky.video.uploadPart', { query, type: 'video/mp4' })).toEqual([
      'app.bsky.video.uploadPart/partNumber: no such integer',
      'app.bsky.video.uploadPart/more: unknown',
      'app.bsky.video.uploadPart: no application/octet-stream',
    ]);
  });
});

describeBy(openApi, 'Mastodon’s API description allows', () => {
  test('every request that we send', async () => {
    const network = await fakeMastodon({ version: '4.5' });
    const credential = { instanceUrl: network.url, accessToken: ACCESS_TOKEN };
    const requests = await everyRequest(mastodon, network, credential, [
      { text: 'Hello' },
      { text: 'Hello', link: 'https://bakery.example/bread' },
      ...(['public', 'unlisted', 'private', 'direct'] as const).map((visibility) => ({
        text: 'Hello',
        options: { visibility, spoilerText: 'Bread', sensitive: true, language: 'de' },
      })),
      { text: 'Which?', poll: { options: ['Rye', 'Wheat'], minutes: 60 } },
      { text: '', media: [anAttachment('a'), anAttachment('b', { alt: 'An oven' })] },
      { text: 'At work', media: [anAttachment('film', { type: 'video/mp4' })] },
      { text: 'One', thread: ['Two', 'Three'], firstComment: 'More', options: { visibility: 'unlisted' } },
    ]);
    const problemsOf = mastodonChecks();
    for (const request of requests) expect(problemsOf(request), request.url.href).toEqual([]);
    const posts = requests.filter(({ method }) => method === 'POST').map(({ url }) => url.pathname);
    expect(posts.filter((path) => path === '/api/v1/statuses')).toHaveLength(13);
    expect(posts.filter((path) => path === '/api/v2/media')).toHaveLength(3);
    expect(requests.map(({ url }) => url.pathname)).toContain('/api/v1/media/900002');
    expect(requests.filter(({ method }) => method === 'PUT')).toHaveLength(10);
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
    expect(problemsOf(aReceived('POST', '/api/v1/statuses', { media_ids: 'a' }))).not.toEqual([]);
    expect(problemsOf(aReceived('POST', '/api/v1/statuses', { status: 'a', in_reply_to_id: 1 }))).not.toEqual(
      [],
    );
    expect(problemsOf(aReceived('PUT', '/api/v1/statuses/1', { status: 'a', media_ids: ['1'] }))).toEqual([]);
    expect(problemsOf(aReceived('PUT', '/api/v1/statuses/1', { visibility: 'public' }))).not.toEqual([]);
    expect(problemsOf(aReceived('PUT', '/api/v1/statuses/1', { poll: { expires_in: '300' } }))).not.toEqual(
      [],
    );
    const form = (name: string) =>
      `--b\r\ncontent-disposition: form-data; name="${name}"; filename="a"\r\n\r\nx\r\n--b--\r\n`;
    const asForm = { 'content-type': 'multipart/form-data; boundary=b' };
    expect(problemsOf(aReceived('POST', '/api/v2/media', form('file'), asForm))).toEqual([]);
    expect(problemsOf(aReceived('POST', '/api/v2/media', form('image'), asForm))).not.toEqual([]);
  });
});

function lexiconProblems(method: string, { url, headers, json }: Received): string[] {
  const type = headers['content-type']?.split(';')[0];
  return callProblems(lexicons, method, { query: url.searchParams, type, body: json });
}

/** Lets a provider do all it can on its fake network, the variants published one after another. */
async function everyRequest<Credential>(
  provider: Provider<Credential>,
  network: FakeNetwork & { expireAccess?: () => void },
  credential: Credential,
  variants: readonly Variant[],
): Promise<readonly Received[]> {
  const context = providerContext();
  const verified = await provider.verify(credential, context);
  if (verified.kind !== 'verified') return expect.fail(JSON.stringify(verified));
  const { account, facts } = verified;
  for (const [n, variant] of variants.entries()) {
    expect(provider.check(variant, facts).filter(({ severity }) => severity === 'error')).toEqual([]);
    const delivery = { id: `dlv_${n}`, key: `dlv_${n}.hash`, dueAt: DUE_AT };
    const asked = { variant, credential, channel: { id: 'chn_a', account, facts }, delivery };
    const { outcome, request } = await attempt(provider, asked, context);
    expect(outcome.kind, JSON.stringify(outcome)).toBe('published');
    await provider.find?.({ ...request, since: DUE_AT, excluding: new Set() }, context);
    if (provider.edit === undefined || outcome.kind !== 'published') continue;
    const anew = { ...variant, text: `${variant.text} (mended)` };
    const { externalId } = outcome;
    const edit = { credential, account, facts, externalId, was: variant, variant: anew };
    expect(await provider.edit(edit, context)).toEqual({ kind: 'edited' });
  }
  network.expireAccess?.();
  const externalIds = [...network.published()];
  const [externalId = '', ...parts] = externalIds;
  await provider.metrics?.followers({ credential, account, facts }, context);
  await provider.remove?.({ credential, account, facts, externalId, parts }, context);
  await provider.metrics?.fetch({ credential, account, facts, externalIds }, context);
  await network.close();
  return network.requests;
}

/**
 * The description names texts, media and polls under `oneOf`, which a poll or an image with a text, though allowed in
 * words, cannot meet: each is held against its own.
 */
const mastodonChecks = () =>
  openApiChecks(openApi, {
    // In words it is any text, by its type an object.
    unchecked: ['Idempotency-Key'],
    bodySchema: ({ method, url, json }) => {
      if (method !== 'POST' || url.pathname !== '/api/v1/statuses') return undefined;
      const has = (name: string) => typeof json === 'object' && json !== null && name in json;
      const kind = has('poll') ? 'PollStatus' : has('media_ids') ? 'MediaStatus' : 'TextStatus';
      return `#/components/schemas/${kind}`;
    },
  });
