import { expect, test } from 'vitest';
import { discord } from '../../shared/channels/discord.ts';
import type { Variant } from '../../shared/domain/content.ts';
import { attempt } from '../support/attempt.ts';
import { fakeDiscord, THREAD, WEBHOOK_URL } from '../support/fake-networks/discord.ts';
import type { Received } from '../support/fake-networks/server.ts';
import { anAttachment } from '../support/media.ts';
import { openApiChecks } from '../support/openapi-check.ts';
import { aReceived } from '../support/openapi-request.ts';
import { providerContext } from '../support/provider-context.ts';
import { aPublishRequest } from '../support/provider-request.ts';
import { describeBy, vendorDescription } from '../support/vendor-description.ts';

const SPEC = vendorDescription('discord.openapi.json');

/** It is silent on the parts of a form that are files: https://docs.discord.com/developers/reference#uploading-files */
const FILE = /^body must NOT have unevaluated properties \(files\[\d\]\)$/;
const checks = () => {
  const problemsOf = openApiChecks(SPEC, { jsonField: 'payload_json' });
  return (request: Received) => problemsOf(request).filter((problem) => !FILE.test(problem));
};

const embed = {
  title: 't'.repeat(256),
  description: 'd'.repeat(1_000),
  url: 'https://bakery.example',
  color: '#FFFFFF',
  author: { name: 'Bakery', url: 'https://bakery.example' },
  imageUrl: 'https://bakery.example/a.png',
  thumbnailUrl: 'https://bakery.example/b.png',
  footer: 'f'.repeat(1_000),
  fields: [{ name: 'Price', value: '3 €', inline: true }],
};
const VARIANTS: readonly Variant[] = [
  { text: 'Hello' },
  { text: 'x'.repeat(1_900), link: 'https://bakery.example/bread?a=b&c=d' },
  { text: 'Hello', options: { threadId: THREAD, mentions: ['users', 'roles', 'everyone'], silent: true } },
  {
    text: '',
    options: {
      embeds: [embed, { title: 'b' }],
      username: 'Bakery',
      avatarUrl: 'https://bakery.example/c.png',
    },
  },
  { text: 'Hello', options: { noPreviews: true }, media: [anAttachment('a', { alt: 'a'.repeat(1_024) })] },
  {
    text: '',
    media: [
      anAttachment('film', { type: 'video/mp4' }),
      anAttachment('dance', { type: 'image/gif', alt: 'Dough' }),
    ],
  },
  { text: 'Menu', media: [anAttachment('menu', { type: 'application/pdf' }), anAttachment('a')] },
  { text: '', poll: { question: 'Which?', options: ['Rye', 'o'.repeat(55)], minutes: 43_200 } },
];

describeBy(SPEC, 'Discord’s API description allows', () => {
  test('every request that we send', async () => {
    const networks = [await fakeDiscord(), await fakeDiscord({ forum: true })] as const;
    const forum: Variant = { text: 'Hello', options: { threadName: 'Bread', tagIds: ['1', '2'] } };
    const credential = { webhookUrl: WEBHOOK_URL };
    const context = providerContext();
    for (const [network, variants] of [
      [networks[0], VARIANTS],
      [networks[1], [forum]],
    ] as const) {
      const provider = discord(network.url);
      const verified = await provider.verify(credential, context);
      if (verified.kind !== 'verified') return expect.fail(JSON.stringify(verified));
      const { account, facts } = verified;
      for (const variant of variants) {
        expect(provider.check(variant, facts)).toEqual([]);
        expect(provider.options.safeParse(variant.options ?? {}).success).toBe(true);
        const channel = { id: 'chn_a', account, facts };
        const tried = await attempt(provider, aPublishRequest(credential, { variant, channel }), context);
        expect(tried.outcome.kind).toBe('published');
        if (tried.outcome.kind !== 'published' || variant.poll !== undefined) continue;
        const { externalId } = tried.outcome;
        for (const options of [variant.options ?? {}, { ...variant.options, embeds: [], noPreviews: true }]) {
          const change = { ...variant, text: 'Mended', options };
          const edit = { variant: change, was: variant, credential, account, facts, externalId };
          expect(await provider.edit?.(edit, context)).toEqual({ kind: 'edited' });
        }
      }
      const externalIds = [...network.published()];
      await provider.metrics?.fetch({ credential, account, facts, externalIds }, context);
      for (const externalId of externalIds) {
        await provider.remove?.({ credential, account, facts, externalId }, context);
      }
      await network.close();
    }

    const problemsOf = checks();
    const called = new Set<string>();
    for (const request of networks.flatMap(({ requests }) => requests)) {
      called.add(`${request.method} ${request.url.pathname.split('/').slice(4, 5).join('')}`);
      const shown = `${request.method} ${request.url.search} ${request.body.slice(0, 300)}`;
      expect(problemsOf(request), shown).toEqual([]);
    }
    expect([...called].sort()).toEqual([
      'DELETE messages',
      'GET ',
      'GET messages',
      'PATCH messages',
      'POST ',
    ]);
  });

  const poll = { question: { text: 'a' }, answers: [{ poll_media: { text: 'b' } }] };
  test.each<[string, string, object | undefined]>([
    ['POST', '', { content: 'x'.repeat(2_001) }],
    ['POST', '', { content: 'a', text: 'b' }],
    ['POST', '', { content: 'a', allowed_mentions: { parse: ['all'] } }],
    ['POST', '', { embeds: [{ title: 't'.repeat(257) }] }],
    ['POST', '', { embeds: [{ color: '#ffffff' }] }],
    ['POST', '', { poll: { ...poll, duration: 769 } }],
    ['POST', '', { attachments: [{ filename: 'a.png' }] }],
    ['POST', '?wait=perhaps', { content: 'a' }],
    ['POST', '?thread=1', { content: 'a' }],
    ['POST', '', undefined],
    ['PUT', '', { content: 'a' }],
    ['PATCH', '/messages/1', { content: 'x'.repeat(2_001) }],
    ['PATCH', '/messages/1', { content: 'a', username: 'Bakery' }],
    ['PATCH', '/messages/1?wait=true', { content: 'a' }],
    ['DELETE', '/messages/abc', undefined],
  ])('not what it forbids: %s %s %o', (method, path, body) => {
    expect(checks()(aReceived(method, `/webhooks/1/abc${path}`, body))).not.toEqual([]);
  });
});
