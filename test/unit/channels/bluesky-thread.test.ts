import { describe, expect, test } from 'vitest';
import { mintTid } from '../../../shared/channels/bluesky/tid.ts';
import { attempt } from '../../support/attempt.ts';
import { blueskyWorld } from '../../support/bluesky-world.ts';
import { DUE_AT } from '../../support/builders.ts';
import { DID, HANDLE } from '../../support/fake-networks/bluesky.ts';

const THREAD = { text: 'One', thread: ['Two #brot', 'Three'], firstComment: 'More: https://bakery.example/' };
const uri = (part: number) => `at://${DID}/app.bsky.feed.post/${mintTid('dlv_a.hash', DUE_AT, part)}`;
const look = { since: DUE_AT, excluding: new Set<string>() };
const isText = (text: string) => (request: { json: unknown; url: URL }) =>
  request.url.pathname.endsWith('putRecord') &&
  (request.json as { record: { text: string } }).record.text === text;

describe('a thread with a first comment', () => {
  test('goes out part by part, each an answer to the one before, the comment to the first', async () => {
    await using world = await blueskyWorld(THREAD);
    const { outcome } = await attempt(world.provider, world.request(), world.context());
    expect(outcome).toEqual({
      kind: 'published',
      externalId: uri(0),
      url: `https://bsky.app/profile/${HANDLE}/post/${mintTid('dlv_a.hash', DUE_AT)}`,
      parts: [uri(1), uri(2), uri(3)],
    });
    const records = world.records() as unknown as {
      text: string;
      createdAt: string;
      reply?: { root: { uri: string }; parent: { uri: string } };
      facets?: unknown[];
    }[];
    expect(records.map(({ text }) => text)).toEqual(['One', 'Two #brot', 'Three', THREAD.firstComment]);
    expect(records.map(({ reply }) => reply && [reply.root.uri, reply.parent.uri])).toEqual([
      undefined,
      [uri(0), uri(0)],
      [uri(0), uri(1)],
      [uri(0), uri(0)],
    ]);
    expect(records.map(({ createdAt }) => createdAt)).toEqual([
      '2026-11-30T08:00:00Z',
      '2026-11-30T08:00:00.001Z',
      '2026-11-30T08:00:00.002Z',
      '2026-11-30T08:00:00.003Z',
    ]);
    expect(records.map(({ facets = [] }) => facets.length)).toEqual([0, 1, 0, 1]);
  });

  test('says as soon as the first post is public that it is', async () => {
    await using world = await blueskyWorld(THREAD);
    expect(await world.provider.publish(world.request(), world.context())).toMatchObject({
      kind: 'pending',
      checkAt: DUE_AT,
      out: { externalId: uri(0) },
    });
  });

  test('sends one part in one step, and the same one again from the same handle', async () => {
    await using world = await blueskyWorld(THREAD);
    const first = await world.provider.publish(world.request(), world.context());
    const handle = first.kind === 'pending' ? first.handle : '';
    const step = world.context();
    const second = await world.provider.poll?.(world.request(handle), step);
    expect(step.sends).toHaveLength(1);
    expect(await world.provider.poll?.(world.request(handle), world.context())).toEqual(second);
    expect(world.records()).toHaveLength(2);
  });

  test('clears up a part in doubt by sending the same again', async () => {
    await using world = await blueskyWorld(THREAD);
    world.network.fault({ kind: 'drop' }, isText('Three'));
    const doubted = await attempt(world.provider, world.request(), world.context());
    expect(doubted.outcome.kind).toBe('uncertain');
    const { outcome } = await attempt(world.provider, doubted.request, world.context());
    expect(outcome).toMatchObject({ kind: 'published', parts: [uri(1), uri(2), uri(3)] });
    expect(world.records()).toHaveLength(4);
  });

  test('finds a part that is out, and goes on from there; does not find one that is not', async () => {
    await using world = await blueskyWorld(THREAD);
    world.network.fault({ kind: 'lose' }, isText('Two #brot'));
    const lost = await attempt(world.provider, world.request(), world.context());
    expect(await world.provider.find?.({ ...lost.request, ...look }, world.context())).toEqual({
      kind: 'absent',
    });
    world.network.fault({ kind: 'drop' }, isText('Two #brot'));
    const out = await attempt(world.provider, lost.request, world.context());
    const found = await world.provider.find?.({ ...out.request, ...look }, world.context());
    if (found?.kind !== 'found' || found.then === undefined) return expect.fail(JSON.stringify(found));
    expect(found.externalId).toBe(uri(1));
    const rest = await attempt(world.provider, world.request(found.then), world.context());
    expect(rest.outcome).toMatchObject({ kind: 'published', parts: [uri(1), uri(2), uri(3)] });
    expect(world.records()).toHaveLength(4);
  });

  test('goes on from a first post that was found, and is over when the last part was', async () => {
    await using world = await blueskyWorld({ text: 'One', thread: ['Two'] });
    world.network.fault({ kind: 'drop' }, isText('One'));
    const doubted = await attempt(world.provider, world.request(), world.context());
    const found = await world.provider.find?.({ ...doubted.request, ...look }, world.context());
    const then = found?.kind === 'found' ? (found.then ?? '') : '';
    world.network.fault({ kind: 'drop' }, isText('Two'));
    const part = await attempt(world.provider, world.request(then), world.context());
    const last = await world.provider.find?.({ ...part.request, ...look }, world.context());
    const end = last?.kind === 'found' ? (last.then ?? '') : '';
    const context = world.context();
    expect(await world.provider.poll?.(world.request(end), context)).toMatchObject({
      kind: 'published',
      externalId: uri(0),
      parts: [uri(1)],
    });
    expect(context.sends).toEqual([]);
  });

  test('is published without what is refused after its first post', async () => {
    await using world = await blueskyWorld(THREAD);
    const refused = { error: 'InvalidRequest', message: 'Bad record' };
    world.network.fault({ kind: 'answer', status: 400, body: refused }, isText('Three'));
    const { outcome } = await attempt(world.provider, world.request(), world.context());
    expect(outcome).toMatchObject({
      kind: 'published',
      externalId: uri(0),
      parts: [uri(1)],
      missing: 'post 3 of the thread was refused: HTTP 400: Bad record',
    });
  });

  test('keeps its handle short', async () => {
    await using world = await blueskyWorld({ text: 'One', thread: Array(25).fill('More') });
    const { outcome, request } = await attempt(world.provider, world.request(), world.context());
    expect(outcome).toMatchObject({ kind: 'published' });
    expect(request.delivery.handle?.length).toBeLessThan(300);
  });

  test('is taken off as a whole, and gone is gone', async () => {
    await using world = await blueskyWorld(THREAD);
    await attempt(world.provider, world.request(), world.context());
    const what = { ...world.who, externalId: uri(0), parts: [uri(1), uri(2), uri(3)] };
    world.network.forget(uri(2));
    expect(await world.provider.remove?.(what, world.context())).toEqual({ kind: 'removed' });
    expect(world.records()).toEqual([]);
    expect(await world.provider.remove?.(what, world.context())).toEqual({ kind: 'absent' });
  });

  test('that could be taken off only in part still has its first post', async () => {
    await using world = await blueskyWorld(THREAD);
    await attempt(world.provider, world.request(), world.context());
    const isDelete = ({ url }: { url: URL }) => url.pathname.endsWith('deleteRecord');
    world.network.fault({ kind: 'answer', status: 503, body: {} }, isDelete);
    const what = { ...world.who, externalId: uri(0), parts: [uri(1), uri(2), uri(3)] };
    expect(await world.provider.remove?.(what, world.context())).toMatchObject({ kind: 'unavailable' });
    expect(world.records()).toHaveLength(4);
  });
});
