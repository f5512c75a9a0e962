import { describe, expect, test } from 'vitest';
import { mastodon } from '../../../shared/channels/mastodon.ts';
import { HOUR } from '../../../shared/domain/time.ts';
import { attempt } from '../../support/attempt.ts';
import { DUE_AT } from '../../support/builders.ts';
import { mastodonWorld } from '../../support/mastodon-world.ts';
import { anAttachment } from '../../support/media.ts';

const THREAD = {
  text: 'One',
  media: [anAttachment('loaf')],
  thread: ['Two', 'Three'],
  firstComment: 'More: https://bakery.example/',
  options: { visibility: 'unlisted', spoilerText: 'Bread' },
};
const isText = (text: string) => (request: { json: unknown }) =>
  (request.json as { status?: string } | undefined)?.status === text;
const look = { since: DUE_AT, excluding: new Set<string>() };

describe('a thread with a first comment', () => {
  test('goes out part by part, each an answer to the one before, the comment to the first', async () => {
    await using world = await mastodonWorld(THREAD);
    const { outcome } = await attempt(mastodon, world.request(), world.context());
    const [root = '', ...parts] = world.network.published();
    expect(outcome).toEqual({
      kind: 'published',
      externalId: root,
      url: `${world.network.url}/@bakery/${root.replace(/@.*/, '')}`,
      parts,
    });
    const [one, two, three, comment] = world.statuses();
    expect(world.statuses().map(({ text }) => text)).toEqual(['One', 'Two', 'Three', THREAD.firstComment]);
    expect([two, three, comment].map((status) => status?.in_reply_to_id)).toEqual([
      one?.id,
      two?.id,
      one?.id,
    ]);
    expect(world.statuses().map(({ media_attachments }) => media_attachments.length)).toEqual([1, 0, 0, 0]);
  });

  test('is as visible as its first post everywhere, and stands behind the same warning', async () => {
    await using world = await mastodonWorld(THREAD);
    await attempt(mastodon, world.request(), world.context());
    const alike = { visibility: 'unlisted', spoiler_text: 'Bread' };
    expect(world.statuses()).toMatchObject([alike, alike, alike, alike]);
  });

  test('has a key of its own for each part', async () => {
    await using world = await mastodonWorld(THREAD);
    await attempt(mastodon, world.request(), world.context());
    const keys = world.network.requests
      .filter(world.network.isPublish)
      .map(({ headers }) => headers['idempotency-key']);
    expect(keys).toEqual(['dlv_a.hash', 'dlv_a.hash.1', 'dlv_a.hash.2', 'dlv_a.hash.3']);
  });

  test('says as soon as the first post is public that it is', async () => {
    await using world = await mastodonWorld({ text: 'One', thread: ['Two'] });
    expect(await mastodon.publish(world.request(), world.context())).toMatchObject({
      kind: 'pending',
      checkAt: DUE_AT,
      out: { externalId: world.network.published()[0] },
    });
  });

  test('sends one part in one step, and the same one again from the same handle', async () => {
    await using world = await mastodonWorld({ text: 'One', thread: ['Two', 'Three'] });
    const first = await mastodon.publish(world.request(), world.context());
    const handle = first.kind === 'pending' ? first.handle : '';
    const step = world.context();
    const second = await mastodon.poll?.(world.request(handle), step);
    expect(step.sends).toHaveLength(1);
    expect(await mastodon.poll?.(world.request(handle), world.context())).toEqual(second);
    expect(world.statuses()).toHaveLength(2);
  });

  test('clears up a part in doubt by sending the same again', async () => {
    await using world = await mastodonWorld(THREAD);
    world.network.fault({ kind: 'drop' }, isText('Three'));
    const doubted = await attempt(mastodon, world.request(), world.context());
    expect(doubted.outcome.kind).toBe('uncertain');
    const { outcome } = await attempt(mastodon, doubted.request, world.context());
    expect(outcome).toMatchObject({ kind: 'published', parts: world.network.published().slice(1) });
    expect(world.statuses()).toHaveLength(4);
  });

  test('finds a part that is out when its key is forgotten, and goes on from there', async () => {
    await using world = await mastodonWorld({ text: 'Same', thread: ['Same', 'Same'] });
    world.network.fault({ kind: 'answer', status: 503, body: {} }, ({ json }) => {
      return (json as { in_reply_to_id?: string } | undefined)?.in_reply_to_id !== undefined;
    });
    const lost = await attempt(mastodon, world.request(), world.context());
    expect(await mastodon.find?.({ ...lost.request, ...look }, world.context())).toEqual({ kind: 'absent' });

    world.network.fault({ kind: 'drop' }, world.network.isPublish);
    const out = await attempt(mastodon, lost.request, world.context());
    world.time.now += HOUR;
    const found = await mastodon.find?.({ ...out.request, ...look }, world.context());
    if (found?.kind !== 'found' || found.then === undefined) return expect.fail(JSON.stringify(found));
    expect(found.externalId).toBe(world.network.published()[1]);
    const { outcome } = await attempt(mastodon, world.request(found.then), world.context());
    expect(outcome).toMatchObject({ kind: 'published', parts: world.network.published().slice(1) });
    expect(world.statuses()).toHaveLength(3);
  });

  test('goes on from a first post that was found, and is over when the last part was', async () => {
    await using world = await mastodonWorld({ text: 'One', thread: ['Two'] });
    world.network.fault({ kind: 'drop' }, isText('One'));
    const doubted = await attempt(mastodon, world.request(), world.context());
    const found = await mastodon.find?.({ ...doubted.request, ...look }, world.context());
    world.network.fault({ kind: 'drop' }, isText('Two'));
    const then = found?.kind === 'found' ? found.then : '';
    const part = await attempt(mastodon, world.request(then), world.context());
    const last = await mastodon.find?.({ ...part.request, ...look }, world.context());
    const context = world.context();
    const end = world.request(last?.kind === 'found' ? last.then : '');
    expect(await mastodon.poll?.(end, context)).toMatchObject({
      kind: 'published',
      externalId: world.network.published()[0],
      url: `${world.network.url}/@bakery/${world.statuses()[0]?.id}`,
      parts: [world.network.published()[1]],
    });
    expect(context.sends).toEqual([]);
  });

  test('is published without what is refused after its first post', async () => {
    await using world = await mastodonWorld(THREAD);
    const refused = { error: 'Validation failed: No' };
    world.network.fault({ kind: 'answer', status: 422, body: refused }, isText(THREAD.firstComment));
    const { outcome } = await attempt(mastodon, world.request(), world.context());
    expect(outcome).toMatchObject({
      kind: 'published',
      parts: world.network.published().slice(1),
      missing: 'the first comment was refused: HTTP 422: Validation failed: No',
    });
  });

  test('keeps its handle short', async () => {
    await using world = await mastodonWorld({ text: 'One', thread: Array(25).fill('More') });
    const { request } = await attempt(mastodon, world.request(), world.context());
    expect(request.delivery.handle?.length).toBeLessThan(650);
  });

  test('is taken off as a whole, and gone is gone', async () => {
    await using world = await mastodonWorld(THREAD);
    await attempt(mastodon, world.request(), world.context());
    const [externalId = '', ...parts] = world.network.published();
    world.network.forget(parts[1] ?? '');
    const what = { ...world.who, externalId, parts };
    expect(await mastodon.remove?.(what, world.context())).toEqual({ kind: 'removed' });
    expect(world.statuses()).toEqual([]);
    expect(await mastodon.remove?.(what, world.context())).toEqual({ kind: 'absent' });
  });
});
