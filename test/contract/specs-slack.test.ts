import { expect, test } from 'vitest';
import { slack } from '../../shared/channels/slack.ts';
import type { Variant } from '../../shared/domain/content.ts';
import { attempt } from '../support/attempt.ts';
import { DUE_AT } from '../support/builders.ts';
import type { Received } from '../support/fake-networks/server.ts';
import { ACCESS_TOKEN, APP, CHANNEL, fakeSlack } from '../support/fake-networks/slack.ts';
import { anAttachment } from '../support/media.ts';
import { openApiChecks } from '../support/openapi-check.ts';
import { aReceived } from '../support/openapi-request.ts';
import { providerContext } from '../support/provider-context.ts';
import { aPublishRequest } from '../support/provider-request.ts';
import { describeBy, vendorDescription } from '../support/vendor-description.ts';

const SPEC = vendorDescription('slack.web.swagger2.json');

/** It is of 2020: these came later, and only https://docs.slack.dev/reference/methods has them. */
const LATER = ['files.getUploadURLExternal', 'files.completeUploadExternal'];
const withoutMark = (request: Received): Received => {
  if (typeof request.json !== 'object' || request.json === null) return request;
  const { metadata: _later, ...rest } = request.json as Record<string, unknown>;
  return aReceived(request.method, request.url.pathname, rest);
};
const checks = () =>
  openApiChecks(SPEC, {
    extraQuery: ['include_all_metadata'],
    // It may stand in the header `authorization`, too.
    unchecked: ['token'],
  });

const VARIANTS: readonly Variant[] = [
  { text: 'Hello <there> & everywhere' },
  { text: 'Hello', link: 'https://bakery.example/bread?a=b&c=d', options: { linkPreviews: false } },
  { text: 'Hello', options: { username: 'Bakery', iconUrl: 'https://bakery.example/a.png' } },
  { text: 'One', thread: ['Two', 'Three'], firstComment: 'More?' },
  { text: 'Files', media: [anAttachment('a'), anAttachment('menu', { type: 'application/pdf', alt: '' })] },
];

describeBy(SPEC, 'Slack’s API description allows', () => {
  test('every request that we send and it describes', async () => {
    const full = await fakeSlack();
    const poor = await fakeSlack({ scopes: ['chat:write', 'reactions:read'] });
    const credential = { accessToken: ACCESS_TOKEN, channelId: CHANNEL };
    const context = providerContext();
    for (const network of [full, poor]) {
      const provider = slack(`${network.url}/api`);
      const verified = await provider.verify(credential, context);
      if (verified.kind !== 'verified') return expect.fail(JSON.stringify(verified));
      const { account, facts } = verified;
      const channel = { id: 'chn_a', account, facts };
      for (const variant of network === full ? VARIANTS : VARIANTS.slice(0, 1)) {
        expect(provider.check(variant, facts)).toEqual([]);
        const tried = await attempt(provider, aPublishRequest(credential, { variant, channel }), context);
        expect(tried.outcome.kind).toBe('published');
        if (tried.outcome.kind !== 'published') continue;
        const { externalId } = tried.outcome;
        const change = { ...variant, text: 'Mended & <more>', link: 'https://bakery.example/new' };
        const edit = { variant: change, was: variant, credential, account, facts, externalId };
        expect(await provider.edit?.(edit, context)).toEqual({ kind: 'edited' });
        await provider.find?.({ ...tried.request, since: DUE_AT, excluding: new Set() }, context);
      }
      const [externalId = '', ...others] = network.published();
      const externalIds = [externalId, ...others];
      await provider.metrics?.fetch({ credential, account, facts, externalIds }, context);
      await provider.metrics?.followers({ credential, account, facts }, context);
      await provider.login?.choices({ tokens: { accessToken: ACCESS_TOKEN }, app: APP }, context);
      await provider.remove?.({ credential, account, facts, externalId }, context);
      await network.close();
    }

    const problemsOf = checks();
    const called = new Set<string>();
    for (const request of [...full.requests, ...poor.requests]) {
      const [, name = ''] = /^\/api\/(.+)$/.exec(request.url.pathname) ?? [];
      if (name === '' || LATER.includes(name)) continue;
      called.add(name);
      const shown = `${name} ${request.url.search} ${request.body.slice(0, 300)}`;
      expect(problemsOf(withoutMark(request)), shown).toEqual([]);
    }
    expect([...called].sort()).toEqual([
      'auth.test',
      'chat.delete',
      'chat.postMessage',
      'chat.update',
      'conversations.history',
      'conversations.info',
      'conversations.list',
      'conversations.replies',
      'files.info',
      'reactions.get',
    ]);
  });

  test.each<[string, string, object | undefined]>([
    ['GET', 'chat.postMessage', undefined],
    ['POST', 'chat.postTweet', {}],
    ['POST', 'chat.postMessage', { text: 'a' }],
    ['POST', 'chat.postMessage', { channel: 'C1', content: 'a' }],
    ['POST', 'chat.update', { channel: 'C1', text: 'a' }],
    ['POST', 'chat.update', { channel: 'C1', ts: '1.1', content: 'a' }],
    ['POST', 'chat.delete', { channel: 'C1', timestamp: '1.1' }],
    ['GET', 'conversations.history?channel=C1&limit=many', undefined],
    ['GET', 'conversations.history?channel=C1&since=1', undefined],
    ['GET', 'reactions.get?channel=C1&ts=1.1', undefined],
  ])('not what it forbids: %s %s %o', (method, path, body) => {
    expect(checks()(aReceived(method, `/api/${path}`, body))).not.toEqual([]);
  });
});
