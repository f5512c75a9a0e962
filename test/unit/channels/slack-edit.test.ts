import { describe, expect, test } from 'vitest';
import { EDIT_REFUSALS, toEdit } from '../../../shared/channels/slack/edit.ts';
import { slack } from '../../../shared/channels/slack.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { attempt } from '../../support/attempt.ts';
import { DUE_AT } from '../../support/builders.ts';
import { ACCESS_TOKEN, CHANNEL, fakeSlack, TEAM } from '../../support/fake-networks/slack.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

const credential = { accessToken: ACCESS_TOKEN, channelId: CHANNEL };
const account = {
  id: `${TEAM.team_id}/${CHANNEL}`,
  handle: '#news',
  url: `https://bakery.slack.com/archives/${CHANNEL}`,
};
const link = 'https://bakery.example/bread';
const media = [anAttachment('loaf'), anAttachment('oven', { type: 'video/mp4', alt: '' })];

async function published(was: Variant) {
  const network = await fakeSlack();
  const provider = slack(`${network.url}/api`);
  const facts = { history: true, files: true };
  const request = aPublishRequest(credential, { variant: was, channel: { id: 'chn_one', account, facts } });
  await attempt(provider, request, providerContext());
  const [externalId = ''] = network.published();
  const who = { credential, account, facts, was };
  const edit = (change: Partial<Variant>, id = externalId) =>
    provider.edit?.({ ...who, externalId: id, variant: { ...was, ...change } }, providerContext());
  const message = () => network.messages.get(externalId.split('/')[1] ?? '');
  const find = () => provider.find?.({ ...request, since: DUE_AT, excluding: new Set() }, providerContext());
  return { network, edit, externalId, message, find, [Symbol.asyncDispose]: network.close };
}

describe('what is said anew', () => {
  test('is the whole text, escaped, and read as that of a new message is', () => {
    expect(toEdit({ text: 'Rolls & <more>', link }, undefined)).toEqual({
      text: `Rolls &amp; &lt;more&gt;\n\n${link}`,
      parse: 'none',
    });
  });

  test.each<[string, Variant, Variant, boolean]>([
    ['is taken back', { text: 'a', link }, { text: 'a' }, true],
    ['is another', { text: 'a', link }, { text: 'a', link: 'https://bakery.example/rolls' }, true],
    ['was in the text', { text: `a ${link} b` }, { text: 'a' }, true],
    ['stays', { text: 'a', link }, { text: 'b', link }, false],
    ['is new', { text: 'a' }, { text: 'a', link }, false],
  ])('loses its previews where a link %s', (_, was, variant, isLost) => {
    expect('attachments' in toEdit(variant, was)).toBe(isLost);
  });
});

describe('an edit', () => {
  test('changes the text, and leaves the mark by which it is found, and its thread', async () => {
    await using own = await published({ text: 'Bread', thread: ['And so on'] });
    const before = own.message();
    expect(await own.edit({ text: 'Rolls' })).toEqual({ kind: 'edited' });
    expect(own.message()).toEqual({ ...before, text: 'Rolls' });
    expect([...own.network.messages.values()].map(({ text }) => text)).toEqual(['Rolls', 'And so on']);
    expect(await own.find()).toMatchObject({ kind: 'found', externalId: own.externalId });
  });

  test('changes the text that stands with files, and keeps the files', async () => {
    await using own = await published({ text: 'Bread', media });
    expect(await own.edit({ text: 'Rolls', link })).toEqual({ kind: 'edited' });
    expect(own.message()).toMatchObject({
      text: `Rolls\n\n${link}`,
      fileIds: ['F00000001', 'F00000002'],
    });
  });

  test('does not leave the preview of a link that it takes back', async () => {
    await using own = await published({ text: 'Bread', link });
    expect(own.message()?.previews).toEqual([link]);
    expect(await own.edit({ text: 'Rolls' })).toEqual({ kind: 'edited' });
    expect(own.message()?.previews).toEqual([link]);
    expect(await own.edit({ link: 'https://bakery.example/rolls' })).toEqual({ kind: 'edited' });
    expect(own.message()?.previews).toEqual([]);
  });

  test('that would leave no text is refused', async () => {
    await using own = await published({ text: 'Bread', media });
    const asked = own.network.requests.length;
    expect(await own.edit({ text: ' ' })).toMatchObject({ kind: 'rejected', code: 'not_editable' });
    expect(own.network.requests).toHaveLength(asked);
  });

  test.each<[Variant, Record<string, unknown>, string | undefined]>([
    [{ text: 'Bread' }, { username: 'Baker' }, '/options/username'],
    [{ text: 'Bread' }, { iconUrl: 'https://bakery.example/a.png' }, '/options/iconUrl'],
    [{ text: 'Bread' }, { linkPreviews: false }, '/options/linkPreviews'],
    [{ text: 'Bread', media }, { linkPreviews: false }, undefined],
  ])('of %j cannot change every option: %j', async (was, options, path) => {
    await using own = await published(was);
    const reason = `Slack cannot change ${path} any more`;
    expect(await own.edit({ options })).toEqual(
      path === undefined ? { kind: 'edited' } : { kind: 'rejected', code: 'not_editable', reason },
    );
  });

  test('of a message that is gone says so', async () => {
    await using own = await published({ text: 'Bread' });
    own.network.forget(own.externalId);
    expect(await own.edit({ text: 'Rolls' })).toEqual({
      kind: 'rejected',
      code: 'gone',
      reason: 'Slack: message_not_found',
    });
  });

  test('of what somebody else wrote is refused', async () => {
    await using own = await published({ text: 'Bread' });
    const theirs = own.network.write('Cake');
    expect(await own.edit({ text: 'Rolls' }, `${CHANNEL}/${theirs}`)).toMatchObject({ code: 'not_editable' });
    expect(own.network.messages.get(theirs)?.text).toBe('Cake');
  });

  test.each<[string, object]>([
    ...[...EDIT_REFUSALS].map(([error, code]): [string, object] => [error, { kind: 'rejected', code }]),
    ['msg_too_long', { kind: 'rejected', code: 'content_refused' }],
    ['channel_not_found', { kind: 'rejected', code: 'needs_person' }],
    ['something_new', { kind: 'rejected', code: 'refused' }],
    ['token_revoked', { kind: 'unauthorized' }],
    ['ratelimited', { kind: 'rateLimited' }],
    ['update_failed', { kind: 'unavailable' }],
    ['external_channel_migrating', { kind: 'unavailable' }],
    ['team_added_to_org', { kind: 'unavailable' }],
    ['fatal_error', { kind: 'unavailable' }],
  ])('that is answered %s ends as told', async (error, expected) => {
    await using own = await published({ text: 'Bread' });
    own.network.fault({ kind: 'answer', status: 200, body: { ok: false, error } });
    expect(await own.edit({ text: 'Rolls' })).toMatchObject(expected);
    expect(own.message()?.text).toBe('Bread');
  });

  test('whose answer was lost can be made again', async () => {
    await using own = await published({ text: 'Bread' });
    own.network.fault({ kind: 'drop' });
    expect(await own.edit({ text: 'Rolls' })).toMatchObject({ kind: 'unavailable' });
    expect(await own.edit({ text: 'Rolls' })).toEqual({ kind: 'edited' });
  });
});
