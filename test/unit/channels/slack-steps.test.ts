import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../shared/channels/provider.ts';
import { slack } from '../../../shared/channels/slack.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { HOUR, MINUTE, SECOND } from '../../../shared/domain/time.ts';
import { attempt } from '../../support/attempt.ts';
import { DUE_AT } from '../../support/builders.ts';
import {
  ACCESS_TOKEN,
  CHANNEL,
  type FakeSlackOptions,
  fakeSlack,
  TEAM,
} from '../../support/fake-networks/slack.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

const NOW = DUE_AT + MINUTE;
const credential = { accessToken: ACCESS_TOKEN, channelId: CHANNEL };
const account = {
  id: `${TEAM.team_id}/${CHANNEL}`,
  handle: '#news',
  url: `https://bakery.slack.com/archives/${CHANNEL}`,
};
const film = anAttachment('oven', { type: 'video/mp4', alt: '' });
const files: Variant = { text: 'Fresh bread', media: [anAttachment('loaf'), film] };

async function world(variant: Variant, over: FakeSlackOptions = {}, facts = { history: true, files: true }) {
  const network = await fakeSlack(over);
  const provider = slack(`${network.url}/api`);
  const request = aPublishRequest(credential, { variant, channel: { id: 'chn_one', account, facts } });
  const at = (handle: string) => ({ ...request, delivery: { ...request.delivery, handle } });
  const step = (handle: string, now = NOW) =>
    provider.poll?.(at(handle), providerContext({ now: () => now }));
  const look = (handle?: string, excluding: readonly string[] = []) =>
    provider.find?.(
      { ...(handle === undefined ? request : at(handle)), since: NOW, excluding: new Set(excluding) },
      providerContext(),
    );
  const run = () => attempt(provider, request, providerContext());
  const shown = () => network.requests.filter(({ url }) => url.pathname.endsWith('completeUploadExternal'));
  return { network, provider, request, step, look, run, shown, [Symbol.asyncDispose]: network.close };
}

const handleIn = (outcome: Outcome | undefined): string =>
  outcome?.kind === 'pending' ? outcome.handle : expect.fail(JSON.stringify(outcome));

describe('files', () => {
  test('are uploaded in one step and shown in the next, with their alt text', async () => {
    await using own = await world(files);
    const context = providerContext();
    const handle = handleIn(await own.provider.publish(own.request, context));
    expect(context.sends).toEqual([]);
    expect(JSON.parse(handle)).toEqual({ files: ['F00000001', 'F00000002'] });
    expect([...own.network.files.values()].map(({ alt }) => alt)).toEqual(['What is to be seen on loaf', '']);
    expect(await own.look(handle)).toEqual({ kind: 'absent' });
    expect((await own.step(handle))?.kind).toBe('published');
    const [message] = own.network.messages.values();
    expect(message).toMatchObject({ text: 'Fresh bread', fileIds: ['F00000001', 'F00000002'] });
    expect(await own.look(handle)).toMatchObject({ kind: 'found', externalId: `${CHANNEL}/${message?.ts}` });
  });

  test('of which some are there already are not uploaded again', async () => {
    await using own = await world(files);
    const late = { now: NOW };
    const slow = providerContext({ now: () => late.now });
    const http: typeof slow.http = (request) => {
      late.now += 10 * SECOND;
      return slow.http(request);
    };
    const handle = handleIn(await own.provider.publish(own.request, { ...slow, http }));
    expect(JSON.parse(handle)).toEqual({ files: ['F00000001'] });
    const next = handleIn(await own.step(handle));
    expect(JSON.parse(next)).toEqual({ files: ['F00000001', 'F00000002'] });
    expect((await own.step(next))?.kind).toBe('published');
  });

  test('wait until Slack tells the message, and are shown once', async () => {
    await using own = await world(files, { processing: 2 });
    const first = handleIn(await own.provider.publish(own.request, providerContext()));
    const second = handleIn(await own.step(first));
    const third = handleIn(await own.step(second, NOW + 3 * SECOND));
    expect(JSON.parse(third)).toMatchObject({ taken: NOW });
    const [ts = ''] = own.network.messages.keys();
    expect(await own.step(third)).toEqual({
      kind: 'published',
      externalId: `${CHANNEL}/${ts}`,
      url: `${account.url}/p${ts.replace('.', '')}`,
    });
    expect(own.shown()).toHaveLength(1);
  });

  test('whose message is never told are left to a person', async () => {
    await using own = await world(files, { processing: 99 });
    const handle = handleIn(
      await own.step(handleIn(await own.provider.publish(own.request, providerContext()))),
    );
    expect((await own.step(handle, NOW + HOUR))?.kind).toBe('uncertain');
    expect((await own.look(handle))?.kind).toBe('cannotTell');
  });

  test('that are shown already, though the answer was lost, are not shown again', async () => {
    await using own = await world(files);
    const handle = handleIn(await own.provider.publish(own.request, providerContext()));
    own.network.fault({ kind: 'drop' }, own.network.isPublish);
    expect((await own.step(handle))?.kind).toBe('uncertain');
    expect((await own.step(handle))?.kind).toBe('published');
    expect(own.network.messages.size).toBe(1);
  });

  test('that Slack has thrown away are uploaded anew, but not for ever', async () => {
    await using own = await world(files);
    const again = handleIn(await own.step(JSON.stringify({ files: ['F9', 'F8'] })));
    expect(JSON.parse(again)).toEqual({ anew: 1 });
    expect(JSON.parse(handleIn(await own.step(again)))).toEqual({
      anew: 1,
      files: ['F00000001', 'F00000002'],
    });
    const last = JSON.stringify({ files: ['F9', 'F8'], anew: 2 });
    expect(await own.step(last)).toMatchObject({ kind: 'rejected', code: 'media_refused' });
  });

  test('that were refused in doubt stay in doubt', async () => {
    await using own = await world(files);
    own.network.fault({ kind: 'drop' }, ({ url }) => url.pathname.endsWith('files.info'));
    expect((await own.step(JSON.stringify({ files: ['F9', 'F8'] })))?.kind).toBe('uncertain');
  });

  test('that could not be uploaded leave nothing behind', async () => {
    await using own = await world(files);
    own.network.fault({ kind: 'drop' }, ({ url }) => url.pathname.startsWith('/upload/'));
    expect((await own.run()).outcome.kind).toBe('unavailable');
    own.network.fault({ kind: 'answer', status: 200, body: { ok: false, error: 'file_uploads_disabled' } });
    expect((await own.run()).outcome).toMatchObject({ kind: 'rejected', code: 'needs_person' });
    expect(own.shown()).toEqual([]);
  });

  test('where the app may handle none, the channel must be connected anew', async () => {
    await using own = await world(files, { scopes: ['chat:write'] });
    expect((await own.run()).outcome).toMatchObject({ kind: 'unauthorized' });
  });
});

describe('a thread and its first comment', () => {
  const long = { text: 'One', thread: ['Two', 'Three'], firstComment: 'More?' };

  test('follow the post, which is told as soon as it is out', async () => {
    await using own = await world(long);
    const first = await own.provider.publish(own.request, providerContext());
    const [root = ''] = own.network.messages.keys();
    expect(first).toMatchObject({ kind: 'pending', checkAt: NOW, out: { externalId: `${CHANNEL}/${root}` } });
    expect(own.network.messages.size).toBe(1);
  });

  test('come in their order, each under the first message', async () => {
    await using own = await world(long);
    const { outcome } = await own.run();
    const [root, ...rest] = [...own.network.messages.values()];
    expect(rest.map(({ text }) => text)).toEqual(['Two', 'Three', 'More?']);
    expect(rest.every(({ threadTs }) => threadTs === root?.ts)).toBe(true);
    expect(outcome).toMatchObject({
      kind: 'published',
      externalId: `${CHANNEL}/${root?.ts}`,
      parts: rest.map(({ ts }) => ts),
    });
  });

  test('of which all is out sends nothing more', async () => {
    await using own = await world(long);
    const handle = JSON.stringify({ out: ['1.1', '1.2', '1.3', '1.4'] });
    expect(await own.step(handle)).toMatchObject({ kind: 'published', parts: ['1.2', '1.3', '1.4'] });
    expect(own.network.requests).toEqual([]);
  });

  test('are published without what Slack refuses of them', async () => {
    await using own = await world(long);
    await own.run();
    const [root = '', second = '', third = ''] = own.network.messages.keys();
    const no = { kind: 'answer', status: 200, body: { ok: false, error: 'msg_too_long' } } as const;
    own.network.fault(no);
    expect(await own.step(JSON.stringify({ out: [root, second] }))).toMatchObject({
      kind: 'published',
      parts: [second],
      missing: 'post 3 of the thread was refused: Slack: msg_too_long',
    });
    own.network.fault(no);
    expect(await own.step(JSON.stringify({ out: [root, second, third] }))).toMatchObject({
      missing: 'the first comment was refused: Slack: msg_too_long',
    });
  });

  test('follow files, too', async () => {
    await using own = await world({ ...files, thread: ['Two'] });
    expect((await own.run()).outcome).toMatchObject({ kind: 'published', parts: [expect.any(String)] });
    expect([...own.network.messages.values()].map(({ text }) => text)).toEqual(['Fresh bread', 'Two']);
  });
});

describe('looking for a message', () => {
  test('goes by its mark, whatever else says the same', async () => {
    await using own = await world({ text: 'Bread' });
    own.network.write('Bread');
    expect(await own.look()).toEqual({ kind: 'absent' });
    const { outcome } = await own.run();
    const externalId = outcome.kind === 'published' ? outcome.externalId : '';
    expect(await own.look()).toMatchObject({ kind: 'found', externalId });
    expect((await own.look(undefined, [externalId]))?.kind).toBe('cannotTell');
  });

  test('finds a part in its thread, and says how to go on', async () => {
    await using own = await world({ text: 'One', thread: ['Two', 'Three'] });
    const handle = handleIn(await own.provider.publish(own.request, providerContext()));
    expect(await own.look(handle)).toEqual({ kind: 'absent' });
    own.network.fault({ kind: 'drop' }, own.network.isPublish);
    expect((await own.step(handle))?.kind).toBe('uncertain');
    const [root, second] = own.network.messages.keys();
    const found = await own.look(handle);
    expect(found).toMatchObject({ kind: 'found', externalId: `${CHANNEL}/${second}` });
    const then = found?.kind === 'found' ? (found.then ?? '') : '';
    expect(JSON.parse(then)).toEqual({ out: [root, second] });
    expect(await own.step(then)).toMatchObject({ kind: 'published' });
    expect(own.network.messages.size).toBe(3);
  });

  test('reads on where more stands before it, and gives up at some point', async () => {
    await using own = await world({ text: 'Bread' }, { pageSize: 2 });
    await own.run();
    for (let n = 0; n < 7; n++) own.network.write(`${n}`);
    expect((await own.look())?.kind).toBe('found');
    for (let n = 0; n < 7; n++) own.network.write(`${n}`);
    expect((await own.look())?.kind).toBe('cannotTell');
  });

  test('does not take for all what Slack says is not all', async () => {
    await using own = await world({ text: 'Bread' });
    own.network.fault({ kind: 'answer', status: 200, body: { ok: true, messages: [], has_more: true } });
    expect((await own.look())?.kind).toBe('cannotTell');
  });

  test.each<[string, FakeSlackOptions]>([
    ['may not read', { scopes: ['chat:write', 'files:read', 'files:write'] }],
    ['is not a member', { isMember: false }],
  ])('tells nothing where the app %s', async (_, over) => {
    await using own = await world({ text: 'Bread' }, over, { history: false, files: true });
    expect((await own.look())?.kind).toBe('cannotTell');
    expect((await own.look(JSON.stringify({ files: ['F1'] })))?.kind).toBe('cannotTell');
  });
});
