import { expect, test } from 'vitest';
import { discourse } from '../../shared/channels/discourse.ts';
import type { Variant } from '../../shared/domain/content.ts';
import { MINUTE } from '../../shared/domain/time.ts';
import { attempt } from '../support/attempt.ts';
import { DUE_AT } from '../support/builders.ts';
import { DISCOURSE_KEY, fakeDiscourse } from '../support/fake-networks/discourse.ts';
import type { Received } from '../support/fake-networks/server.ts';
import { anAttachment } from '../support/media.ts';
import { openApiChecks } from '../support/openapi-check.ts';
import { providerContext } from '../support/provider-context.ts';
import { aPublishRequest } from '../support/provider-request.ts';
import { describeBy, vendorDescription } from '../support/vendor-description.ts';

const SPEC = vendorDescription('discourse.openapi.json');

const text = 'Fresh bread, from six in the morning.';
const VARIANTS: readonly Variant[] = [
  { text, options: { title: 'Fresh bread every day', category: 5 } },
  { text, options: { title: 'With a picture of it', category: 5 }, media: [anAttachment('loaf')] },
  {
    text,
    link: 'https://bakery.example/bread',
    poll: { options: ['Rye', 'Wheat'], minutes: 60 },
    thread: ['And rolls.', 'And cake.'],
    firstComment: 'Ask us here.',
    options: { title: 'Which bread do you like?' },
  },
];
/** What the forum does, and its code shows, though the description is silent about it. */
const SILENT = [
  'GET /about.json',
  'GET /posts/baker/pending.json',
  'GET /t/a-topic/{id}.json',
  'GET /topics/created-by/baker.json',
];
/** The description has a topic's new title within `topic`, where its code, and its makers' own example, do not look. */
const FLAT = 'PUT /t/-/{id}.json';
const EXTRA = ['include_raw', 'username_filters'];

describeBy(SPEC, 'Discourse’s API description allows', () => {
  test('every request that we send', async () => {
    const network = await fakeDiscourse({ now: () => DUE_AT + MINUTE });
    const credential = { forumUrl: network.url, apiKey: DISCOURSE_KEY, username: 'baker' };
    const context = providerContext();
    const verified = await discourse.verify(credential, context);
    if (verified.kind !== 'verified') return expect.fail(JSON.stringify(verified));
    const { account, facts } = verified;
    for (const [n, variant] of VARIANTS.entries()) {
      expect(discourse.check(variant, facts)).toEqual([]);
      const asked = aPublishRequest(credential, { variant, channel: { id: 'chn_a', account, facts } });
      const request = { ...asked, delivery: { ...asked.delivery, key: `dlv_${n}.hash` } };
      const tried = await attempt(discourse, request, context);
      expect(tried.outcome.kind).toBe('published');
      for (const wanted of [request, tried.request]) {
        await discourse.find?.({ ...wanted, since: DUE_AT, excluding: new Set() }, context);
      }
    }
    network.moderate();
    const variant = { text, options: { title: 'A topic to be moderated' } };
    const asked = aPublishRequest(credential, { variant, channel: { id: 'chn_a', account, facts } });
    const waiting = await discourse.publish(asked, context);
    const handle = waiting.kind === 'pending' ? waiting.handle : expect.fail(waiting.kind);
    network.decide('approve');
    await discourse.poll?.({ ...asked, delivery: { ...asked.delivery, handle } }, context);
    const [was] = VARIANTS;
    if (was === undefined) return expect.fail('no variants');
    const anew = {
      ...was,
      text: `${text} And rolls.`,
      options: { ...was.options, title: 'Fresh rolls today' },
    };
    const edit = { credential, account, facts, externalId: '40', was, variant: anew };
    expect(await discourse.edit?.(edit, context)).toEqual({ kind: 'edited' });
    await discourse.metrics?.fetch({ credential, account, facts, externalIds: network.published() }, context);
    await discourse.remove?.({ credential, account, facts, externalId: '40' }, context);
    await network.close();

    const problemsOf = openApiChecks(SPEC, { extraQuery: EXTRA });
    const called = new Set<string>();
    for (const request of network.requests) {
      const name = `${request.method} ${request.url.pathname.replace(/\/\d+\.json/, '/{id}.json').replace(/sendeplan-\w+/, '{mark}')}`;
      called.add(name);
      const flat = name === FLAT ? ['body must NOT have unevaluated properties (title)'] : [];
      const expected = SILENT.includes(name) ? ['no such operation'] : flat;
      expect(problemsOf(request), `${name} ${request.body.slice(0, 300)}`).toEqual(expected);
    }
    expect([...called].sort()).toEqual(
      [
        ...SILENT,
        'DELETE /t/{id}.json',
        'GET /t/external_id/{mark}.json',
        'GET /t/{id}.json',
        'GET /u/baker.json',
        'POST /posts.json',
        'POST /uploads.json',
        'PUT /posts/{id}.json',
        'PUT /t/-/{id}.json',
      ].sort(),
    );
  });

  test('not what it forbids', () => {
    const problemsOf = openApiChecks(SPEC, { extraQuery: EXTRA });
    const request = (method: string, path: string, json?: unknown): Received => {
      const body = json === undefined ? '' : JSON.stringify(json);
      const headers = {
        'api-key': 'a',
        'api-username': 'b',
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      };
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
      request('POST', '/posts.json', {}),
      request('POST', '/posts.json', { raw: 1 }),
      request('POST', '/posts.json', { raw: 'a', category: 'news' }),
      request('POST', '/posts.json', { raw: 'a', externalId: 'b' }),
      request('PUT', '/posts/1.json', { raw: 'a' }),
      request('PUT', '/posts/1.json', { post: { edit_reason: 'a' } }),
      request('PUT', '/t/1.json', { title: 'a' }),
      request('POST', '/topics.json', { raw: 'a' }),
      request('POST', '/uploads.json', { upload_type: 'composer' }),
      request('GET', '/t/1.json?page_size=3'),
      { ...request('GET', '/t/1.json'), headers: {} },
    ]) {
      expect(problemsOf(wrong), `${wrong.method} ${wrong.url.href} ${wrong.body}`).not.toEqual([]);
    }
    // Tags are taken, and the description of new posts does not name them.
    const tagged = problemsOf(request('POST', '/posts.json', { raw: 'a', tags: ['bread'] }));
    expect(tagged).toEqual([expect.stringContaining('tags')]);
  });
});
