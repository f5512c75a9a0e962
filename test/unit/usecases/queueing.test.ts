import { describe, expect, test } from 'vitest';
import { AppError } from '../../../shared/domain/app-error.ts';
import { cancelPost, deletePost } from '../../../shared/usecases/cancel-post.ts';
import { removeDelivery, resolveDelivery, retryDelivery } from '../../../shared/usecases/settle-by-hand.ts';
import { world } from '../../simulation/world.ts';
import { aBrand, aChannel, anActor, anId } from '../../support/builders.ts';
import { edit, headOf } from '../../support/editing.ts';

async function refusal(act: Promise<unknown>): Promise<AppError> {
  const error = await act.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof AppError) return error;
  throw new Error(`expected a refusal, got ${String(error)}`);
}

describe('T11 an idempotency key', () => {
  test('makes one post out of fifty parallel requests', async () => {
    const it = await world();
    const posts = await Promise.all(Array.from({ length: 50 }, () => it.queue({ key: 'once' })));
    expect(new Set(posts.map(({ id }) => id)).size).toBe(1);
    await it.pass(120);
    expect(it.networks.find.accepted).toHaveLength(1);
  });

  test('with another body is refused', async () => {
    const it = await world();
    await it.queue({ key: 'once' });
    expect((await refusal(it.queue({ key: 'once', text: 'Other.' }))).code).toBe('key_reused');
  });

  test('answers a replay long after the time has passed', async () => {
    const it = await world();
    const dueAt = new Date(it.clock.now() + 60_000).toISOString();
    const first = await it.queue({ key: 'once', more: { dueAt } });
    await it.pass(86_400);
    expect((await it.queue({ key: 'once', more: { dueAt } })).id).toBe(first.id);
  });

  test('never makes a second post after a delete', async () => {
    const it = await world();
    const post = await it.queue({ key: 'once', more: { dueAt: '2026-11-30T08:00:00Z' } });
    await deletePost(it.deps, { agencyId: it.agency.id, actor: anActor(), post });
    const again = it.queue({ key: 'once', more: { dueAt: '2026-11-30T08:00:00Z' } });
    expect((await refusal(again)).code).toBe('conflict');
    await it.pass(7_200);
    expect(it.networks.find.accepted).toHaveLength(0);
  });
});

describe('a post that cannot be queued', () => {
  const refused = async (change: Record<string, unknown>) => {
    const it = await world();
    const error = await refusal(it.queue({ more: change }));
    expect(it.publishQueue.sent).toHaveLength(0);
    return error.findings.map(({ rule, path }) => `${rule} ${path}`);
  };

  test.each([
    ['without channels', { channels: [] }, 'channels_empty /channels'],
    [
      'with a channel twice',
      { channels: [anId('chn', 'find'), anId('chn', 'find')] },
      'channel_twice /channels/1',
    ],
    ['with an unknown channel', { channels: [anId('chn', 'nowhere')] }, 'unknown_channel /channels/0'],
    ['in the past', { dueAt: '2026-11-30T06:58:00Z' }, 'time_past /dueAt'],
    ['without a time', { dueAt: undefined }, 'time_required /dueAt'],
    ['too far ahead', { dueAt: '2028-11-30T06:58:00Z' }, 'time_too_far /dueAt'],
    ['in a gap of the clock', { dueAt: { local: '2027-03-28T02:30' } }, 'time_gap /dueAt/local'],
    ['in an overlap of the clock', { dueAt: { local: '2027-10-31T02:30' } }, 'time_overlap /dueAt/local'],
    [
      'with a variant of an unlisted channel',
      { variants: { [anId('chn', 'blind')]: {} } },
      `unknown_variant /variants/${anId('chn', 'blind')}`,
    ],
    ['with a variant of an unknown network', { variants: { orkut: {} } }, 'unknown_network /variants/orkut'],
  ])('%s says so', async (_what, change, expected) => {
    expect(await refused(change)).toContain(expected);
  });

  test('to another brand’s channel answers like an unknown one', async () => {
    const it = await world();
    const other = aBrand({ id: anId('brd', 'other') });
    await it.deps.brands.create(other);
    const foreign = aChannel({
      id: anId('chn', 'foreign'),
      brandId: other.id,
      network: 'find',
      credential: '{}',
    });
    await it.deps.channels.create(foreign);
    const error = await refusal(it.queue({ more: { channels: [foreign.id] } }));
    expect(error.findings.map(({ rule }) => rule)).toEqual(['unknown_channel']);
  });

  test('to a channel that must be reconnected says so', async () => {
    const it = await world();
    await it.deps.channels.replace({ ...it.channels.find, health: 'expired' }, 1);
    const error = await refusal(it.queue());
    expect(error.findings).toMatchObject([{ rule: 'channel_not_connected', path: '/channels/0' }]);
  });
});

describe('times', () => {
  test('wall-clock times are read in the brand’s zone, and both sides of an overlap can be said', async () => {
    const it = await world();
    const post = await it.queue({ more: { dueAt: { local: '2026-12-01T09:00' } } });
    expect(post.deliveries[0]).toMatchObject({
      dueAt: Date.UTC(2026, 11, 1, 8),
      wall: { local: '2026-12-01T09:00', timeZone: 'Europe/Berlin' },
    });
    const later = await it.queue({ more: { dueAt: { local: '2027-10-31T02:30', disambiguation: 'later' } } });
    expect(later.deliveries[0]?.dueAt).toBe(Date.UTC(2027, 9, 31, 1, 30));
  });

  test('"now" means now', async () => {
    const it = await world();
    const post = await it.queue({ more: { dueAt: 'now' } });
    await it.pass(3);
    const delivery = await it.delivery(post.id);
    expect(delivery.state).toBe('published');
    expect((delivery.startedAt ?? 0) - delivery.dueAt).toBeLessThan(1_000);
  });

  test('a variant may have a time of its own', async () => {
    const it = await world();
    const variants = { blind: { dueAt: new Date(it.clock.now() + 600_000).toISOString() } };
    const post = await it.queue({ on: ['find', 'blind'], more: { variants } });
    await it.pass(120);
    expect((await it.delivery(post.id, 1)).state).toBe('published');
    expect((await it.delivery(post.id, 2)).state).toBe('scheduled');
    await it.pass(600);
    expect((await it.delivery(post.id, 2)).state).toBe('published');
  });
});

describe('a cancel', () => {
  test('that was acknowledged means nothing is sent', async () => {
    const it = await world();
    const post = await it.queue({ on: ['find', 'blind'] });
    await it.pass(59);
    const { refused } = await cancelPost(it.deps, { agencyId: it.agency.id, actor: anActor(), post });
    expect(refused).toEqual([]);
    await it.pass(600);
    expect(it.networks.find.accepted).toHaveLength(0);
    expect(it.networks.blind.accepted).toHaveLength(0);
  });

  test('of what is out is no cancel', async () => {
    const it = await world();
    const post = await it.queue({ on: ['find'] });
    await it.pass(120);
    await cancelPost(it.deps, { agencyId: it.agency.id, actor: anActor(), post: await headOf(it, post.id) });
    expect((await it.delivery(post.id)).state).toBe('published');
  });
});

describe('an edit', () => {
  test('moves a post: the old time sends nothing, the new one sends the new words', async () => {
    const it = await world();
    const post = await it.queue({ on: ['find'], inSeconds: 600 });
    const dueAt = new Date(it.clock.now() + 1_800_000).toISOString();
    const { post: edited } = await edit(it, post.id, { dueAt, content: { text: 'New words.' } });
    expect(edited.revision).toBe(2);
    await it.pass(1_200);
    expect(it.networks.find.accepted).toHaveLength(0);
    await it.pass(1_200);
    expect(it.networks.find.accepted.map(({ text }) => text)).toEqual(['New words.']);
  });

  test('of what is out is refused by name, and its sibling may still be edited', async () => {
    const it = await world();
    const later = { blind: { dueAt: new Date(it.clock.now() + 600_000).toISOString() } };
    const post = await it.queue({ on: ['find', 'blind'], more: { variants: later } });
    await it.pass(120);
    const error = await refusal(edit(it, post.id, { content: { text: 'New words.' } }));
    expect(error.code).toBe('conflict');
    expect(error.data).toEqual({ deliveries: [`dlv_${post.id.slice(5)}_01`] });

    await edit(it, post.id, { variants: { blind: { ...later.blind, text: 'Only here.' } } });
    await it.pass(900);
    expect(it.networks.blind.accepted.map(({ text }) => text)).toEqual(['Only here.']);
    expect(it.networks.find.accepted).toHaveLength(1);
  });

  test('takes channels away and adds others', async () => {
    const it = await world();
    const post = await it.queue({ on: ['find'], inSeconds: 600 });
    await edit(it, post.id, { channels: [it.channels.blind.id] });
    await it.pass(900);
    expect((await it.delivery(post.id, 1)).state).toBe('cancelled');
    expect((await it.delivery(post.id, 2)).state).toBe('published');
    expect(it.networks.find.accepted).toHaveLength(0);
  });

  test('queues a draft', async () => {
    const it = await world();
    const post = await it.queue({ more: { draft: true } });
    await it.pass(300);
    expect(it.networks.find.accepted).toHaveLength(0);
    await edit(it, post.id, { draft: false, dueAt: new Date(it.clock.now() + 60_000).toISOString() });
    await it.pass(120);
    expect(it.networks.find.accepted).toHaveLength(1);
  });
});

describe('a person', () => {
  const uncertainPost = async () => {
    const it = await world();
    it.networks.blind.script.push('acceptThenDrop');
    const post = await it.queue({ on: ['blind'] });
    await it.pass(120);
    return { it, act: { agency: it.agency, actor: anActor(), post: await headOf(it, post.id), n: 1 } };
  };

  test('cannot retry what may be out', async () => {
    const { it, act } = await uncertainPost();
    expect((await refusal(retryDelivery(it.deps, act))).code).toBe('conflict');
  });

  test('says that it is out, with its address', async () => {
    const { it, act } = await uncertainPost();
    await resolveDelivery(it.deps, {
      ...act,
      resolution: { outcome: 'published', url: 'https://blind.example/1' },
    });
    expect(await it.delivery(act.post.id)).toMatchObject({
      state: 'published',
      url: 'https://blind.example/1',
    });
    expect((await headOf(it, act.post.id)).attentionAt).toBeUndefined();
  });

  test('says that it is not out, and sends it', async () => {
    const { it, act } = await uncertainPost();
    await resolveDelivery(it.deps, { ...act, resolution: { outcome: 'not_published', then: 'send' } });
    await it.pass(30);
    expect((await it.delivery(act.post.id)).state).toBe('published');
    expect(it.networks.blind.accepted).toHaveLength(2);
  });

  test('is told where a network has no removal', async () => {
    const it = await world();
    const post = await it.queue({ on: ['find'] });
    await it.pass(120);
    const act = { agency: it.agency, actor: anActor(), post: await headOf(it, post.id), n: 1 };
    expect((await refusal(removeDelivery(it.deps, act))).message).toMatch(/by hand/);
  });
});

test('a create that is cut off after arming leaves only an orphan wake', async () => {
  const it = await world();
  const create = it.deps.posts.create;
  it.deps.posts.create = async () => {
    throw new Error('cut off');
  };
  await expect(it.queue()).rejects.toThrow('cut off');
  it.deps.posts.create = create;
  await it.pass(300);
  expect(it.networks.find.accepted).toHaveLength(0);
  expect(it.publishQueue.dead).toHaveLength(0);
});
