import { describe, expect, test } from 'vitest';
import type { Renewal } from '../../../shared/channels/provider.ts';
import { postInput } from '../../../shared/domain/post.ts';
import { DAY, HOUR, MINUTE, toRfc3339 } from '../../../shared/domain/time.ts';
import { editPost } from '../../../shared/usecases/edit-post.ts';
import { keepCredential } from '../../../shared/usecases/keep-credential.ts';
import { validatePost } from '../../../shared/usecases/validate-post.ts';
import { world } from '../../simulation/world.ts';
import { anActor } from '../../support/builders.ts';
import { asFunction } from '../../support/held-to-rights.ts';

type World = Awaited<ReturnType<typeof world>>;

/** A world whose channel `find` ends after so long. */
async function ending(after: number, renewal: Partial<Renewal<{ token: string }>> = {}) {
  const it = await world();
  const at = it.clock.now() + after;
  const whole: Renewal<{ token: string }> = { expiresAt: () => at, ...renewal };
  Object.assign(it.networks.find.provider, { renewal: whole });
  const ends = { at, renews: renewal.refresh !== undefined };
  const channel = await it.deps.channels.replace({ ...it.channels.find, ends, renewAt: at }, 1);
  if (!channel) throw new Error('not stored');
  return { ...it, at, channel };
}
const present = (it: World) => it.deps.channels.get(it.agency.id, it.channels.find.id);
const bodyFor = (it: World, dueAt: number) => ({
  content: { text: 'Fresh bread.' },
  channels: [it.channels.blind.id, it.channels.find.id],
  dueAt: toRfc3339(dueAt),
});
const findingsFor = async (it: World, dueAt: number) => {
  const input = postInput.parse(bodyFor(it, dueAt));
  const { findings } = await validatePost(it.deps, { agencyId: it.agency.id, brand: it.brand, input });
  return findings;
};

describe('a post that is due after its channel’s login ends', () => {
  test('is queued with a warning at the channel, and people are told once', async () => {
    const it = await ending(DAY);
    await it.queue({ on: ['blind', 'find'], inSeconds: (DAY + HOUR) / 1_000 });
    await it.queue({ on: ['find'], inSeconds: (DAY + 2 * HOUR) / 1_000 });
    expect((await present(it))?.health).toBe('expiring');
    expect(it.events).toMatchObject([
      { type: 'channel.expiring', channelId: it.channel.id, data: { endsAt: toRfc3339(it.at) } },
    ]);
  });

  test('is warned of by the dry run, which tells nobody', async () => {
    const it = await ending(DAY);
    expect(await findingsFor(it, it.at)).toEqual([
      {
        rule: 'channel_expires_before',
        severity: 'warning',
        path: '/channels/1',
        channelId: it.channel.id,
        params: { name: it.channel.name, endsAt: toRfc3339(it.at) },
      },
    ]);
    expect([(await present(it))?.health, it.events]).toEqual(['connected', []]);
  });

  test('is told of when it is moved there', async () => {
    const it = await ending(DAY);
    const post = await it.queue({ on: ['find'], inSeconds: 3_600 });
    expect(it.events).toEqual([]);
    const input = postInput.parse({ ...bodyFor(it, it.at + HOUR), channels: [it.channel.id] });
    const { agency, brand } = it;
    const { findings } = await editPost(it.deps, { agency, actor: anActor(), brand, post, input });
    expect(findings).toMatchObject([{ rule: 'channel_expires_before', path: '/channels/0' }]);
    expect(it.events).toMatchObject([{ type: 'channel.expiring' }]);
  });

  test('is fine when it is due before, or when the login is renewed by itself', async () => {
    const it = await ending(DAY);
    expect(await findingsFor(it, it.at - MINUTE)).toEqual([]);
    const renewed = await ending(DAY, { refresh: async () => ({ kind: 'unavailable', reason: 'away' }) });
    expect(await findingsFor(renewed, renewed.at + DAY)).toEqual([]);
  });
});

describe('a delivery whose channel’s login has ended unnoticed', () => {
  test('goes out with a renewed one', async () => {
    const it = await ending(HOUR, {
      refresh: async () => ({ kind: 'refreshed', credential: { token: 'new' } }),
    });
    const post = await it.queue({ on: ['find'], inSeconds: 7_200 });
    await it.pass(7_260);
    expect(await it.delivery(post.id)).toMatchObject({ state: 'published' });
    expect((await present(it))?.credential).toBe('{"token":"new"}');
  });

  test('is tried again while it cannot be renewed, and sends nothing meanwhile', async () => {
    let away = true;
    const it = await ending(HOUR, {
      refresh: async () =>
        away ? { kind: 'unavailable', reason: 'away' } : { kind: 'refreshed', credential: { token: 'new' } },
    });
    const post = await it.queue({ on: ['find'], inSeconds: 7_200 });
    await it.pass(7_205);
    expect(await it.delivery(post.id)).toMatchObject({ state: 'retrying', code: 'unavailable' });
    expect([it.networks.find.accepted.length, (await present(it))?.health]).toEqual([0, 'connected']);
    away = false;
    await it.pass(60);
    expect(await it.delivery(post.id)).toMatchObject({ state: 'published' });
    expect(it.networks.find.accepted).toHaveLength(1);
  });

  test('waits for a person when the network refuses to renew it', async () => {
    const it = await ending(HOUR, { refresh: async () => ({ kind: 'unauthorized', reason: 'revoked' }) });
    const post = await it.queue({ on: ['find'], inSeconds: 7_200 });
    await it.pass(7_260);
    expect(await it.delivery(post.id)).toMatchObject({ state: 'held', code: 'channel_expired' });
    expect((await present(it))?.health).toBe('expired');
    expect(it.networks.find.accepted).toEqual([]);
  });

  test('goes out when the old one was refused while a new one was on its way', async () => {
    const it = await ending(3 * HOUR);
    const { agency, channel } = it;
    const post = await it.queue({ on: ['find'], inSeconds: 7_200 });
    it.networks.find.script.push('unauthorized');
    await it.pass(7_260);
    expect(await it.delivery(post.id)).toMatchObject({ state: 'held', code: 'channel_expired' });
    const { provider } = it.networks.find;
    // Whoever renews has no right to send wakes, and does not know what waits.
    await asFunction('measure', () =>
      keepCredential(it.deps, { agency, channel, provider, value: { token: 'new' } }),
    );
    expect((await present(it))?.health).toBe('connected');
    await it.pass(240);
    expect(await it.delivery(post.id)).toMatchObject({ state: 'published' });
  });

  test('is looked at ever more seldom while nobody brings a new one', async () => {
    const it = await ending(3 * HOUR);
    const post = await it.queue({ on: ['find'], inSeconds: 7_200 });
    it.networks.find.script.push('unauthorized');
    await it.pass(7_260);
    const looks = new Set<number>();
    for (let minutes = 0; minutes < 240; minutes++) {
      await it.pass(60);
      looks.add((await it.deps.posts.get(it.agency.id, post.id))?.wakeAt ?? 0);
    }
    expect(looks.size).toBeLessThan(12);
  });
});
