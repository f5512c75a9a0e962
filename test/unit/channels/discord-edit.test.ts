import { describe, expect, test } from 'vitest';
import { toEdit } from '../../../shared/channels/discord/edit.ts';
import { discord } from '../../../shared/channels/discord.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { MINUTE } from '../../../shared/domain/time.ts';
import { attempt } from '../../support/attempt.ts';
import { DUE_AT } from '../../support/builders.ts';
import {
  CHANNEL,
  type FakeDiscordOptions,
  fakeDiscord,
  GUILD,
  THREAD,
  WEBHOOK_URL,
} from '../../support/fake-networks/discord.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

const credential = { webhookUrl: WEBHOOK_URL };
const account = { id: CHANNEL, handle: 'Bakery', url: `https://discord.com/channels/${GUILD}/${CHANNEL}` };

async function published(was: Variant, over: FakeDiscordOptions = {}) {
  const network = await fakeDiscord(over);
  const provider = discord(network.url);
  const channel = { id: 'chn_one', account, facts: { guildId: GUILD } };
  await attempt(provider, aPublishRequest(credential, { variant: was, channel }), providerContext());
  const [externalId = ''] = network.published();
  const who = { credential, account, facts: channel.facts, externalId, was };
  const edit = (change: Partial<Variant>) =>
    provider.edit?.({ ...who, variant: { ...was, ...change } }, providerContext());
  const message = () => network.messages.get(externalId.split('/')[1] ?? '');
  return { network, edit, externalId, message, [Symbol.asyncDispose]: network.close };
}

describe('what is said anew', () => {
  test('is the whole text, which wakes nobody unless that is asked for', () => {
    expect(toEdit({ text: 'Rolls @everyone', link: 'https://bakery.example' }, {})).toEqual({
      content: 'Rolls @everyone\n\nhttps://bakery.example',
      allowed_mentions: { parse: [] },
    });
    expect(toEdit({ text: 'a' }, { mentions: ['everyone'] })).toMatchObject({
      allowed_mentions: { parse: ['everyone'] },
    });
  });

  test('has the embeds and flags that are ours, also to take them away', () => {
    const embeds = [{ title: 'Rolls', color: '#5865f2' }];
    const ours = { embeds, noPreviews: true, silent: true };
    expect(toEdit({ text: '' }, ours)).toMatchObject({
      content: '',
      embeds: [{ title: 'Rolls', color: 0x5865f2 }],
      flags: 4_100,
    });
    expect(toEdit({ text: 'a' }, { silent: true }, ours)).toMatchObject({ embeds: [], flags: 4_096 });
    expect(Object.keys(toEdit({ text: 'a' }, {}, { silent: true }))).toEqual(['content', 'allowed_mentions']);
  });
});

describe('an edit', () => {
  test('changes the text, and keeps files and sender', async () => {
    const media = [anAttachment('loaf'), anAttachment('oven', { type: 'video/mp4', alt: '' })];
    await using own = await published({ text: 'Bread', media, options: { username: 'Bakery' } });
    const before = own.message();
    expect(await own.edit({ text: 'Rolls' })).toEqual({ kind: 'edited' });
    expect(own.message()?.files).toEqual(before?.files);
    expect(own.message()?.body).toEqual({ ...before?.body, content: 'Rolls' });
    expect(await own.edit({ text: '' })).toEqual({ kind: 'edited' });
    expect(own.message()?.body.content).toBe('');
  });

  test('takes embeds away that were there', async () => {
    await using own = await published({ text: 'Bread', options: { embeds: [{ title: 'Price' }] } });
    expect(await own.edit({ options: {} })).toEqual({ kind: 'edited' });
    expect(own.message()?.body.embeds).toEqual([]);
  });

  test('finds a message in its thread', async () => {
    await using own = await published({ text: 'Bread', options: { threadId: THREAD } });
    expect(await own.edit({ text: 'Rolls' })).toEqual({ kind: 'edited' });
    expect(own.network.requests.at(-1)?.url.searchParams.get('thread_id')).toBe(THREAD);
    expect(own.message()?.body.content).toBe('Rolls');
  });

  test('finds a message in a forum', async () => {
    await using own = await published({ text: 'Bread', options: { threadName: 'Fresh' } }, { forum: true });
    expect(await own.edit({ text: 'Rolls' })).toEqual({ kind: 'edited' });
    expect(own.message()?.body.content).toBe('Rolls');
  });

  test('of a poll is refused, as Discord would', async () => {
    const poll = { question: 'Which?', options: ['Rye', 'Wheat'], minutes: 60 };
    await using own = await published({ text: 'You decide.', poll });
    const asked = own.network.requests.length;
    expect(await own.edit({ text: 'Decide!' })).toMatchObject({ kind: 'rejected', code: 'not_editable' });
    expect(own.network.requests).toHaveLength(asked);
  });

  test.each([
    ['username', 'Baker'],
    ['avatarUrl', 'https://bakery.example/a.png'],
    ['threadId', THREAD],
    ['threadName', 'Fresh'],
    ['tagIds', ['7']],
    ['silent', true],
  ])('cannot change the option %s', async (name, value) => {
    await using own = await published({ text: 'Bread' });
    expect(await own.edit({ options: { [name]: value } })).toEqual({
      kind: 'rejected',
      code: 'not_editable',
      reason: `Discord cannot change /options/${name} any more`,
    });
  });

  test('with an option that is not valid is refused before anything is sent', async () => {
    await using own = await published({ text: 'Bread' });
    expect(await own.edit({ options: { embeds: [{ color: 'red' }] } })).toMatchObject({
      code: 'option_invalid',
    });
  });

  test('of a message that is gone says so', async () => {
    await using own = await published({ text: 'Bread' });
    own.network.forget(own.externalId);
    expect(await own.edit({ text: 'Rolls' })).toEqual({
      kind: 'rejected',
      code: 'gone',
      reason: 'HTTP 404: Unknown Message',
    });
  });

  test.each<[number, number, object]>([
    [404, 10_003, { kind: 'rejected', code: 'gone' }],
    [404, 10_015, { kind: 'unauthorized' }],
    [401, 50_027, { kind: 'unauthorized' }],
    [403, 50_005, { kind: 'rejected', code: 'not_editable' }],
    [403, 520_003, { kind: 'rejected', code: 'not_editable' }],
    [400, 50_083, { kind: 'rejected', code: 'configuration' }],
    [400, 50_035, { kind: 'rejected', code: 'content_refused' }],
    [429, 30_046, { kind: 'rateLimited', retryAt: DUE_AT + 2 * MINUTE }],
    [503, 0, { kind: 'unavailable' }],
  ])('that is answered %i with code %i ends as told', async (status, code, expected) => {
    await using own = await published({ text: 'Bread' });
    own.network.fault({ kind: 'answer', status, body: { code, message: 'No' } });
    expect(await own.edit({ text: 'Rolls' })).toMatchObject(expected);
    expect(own.message()?.body.content).toBe('Bread');
  });

  test('whose answer was lost can be made again', async () => {
    await using own = await published({ text: 'Bread' });
    own.network.fault({ kind: 'drop' });
    expect(await own.edit({ text: 'Rolls' })).toMatchObject({ kind: 'unavailable' });
    expect(await own.edit({ text: 'Rolls' })).toEqual({ kind: 'edited' });
  });
});
