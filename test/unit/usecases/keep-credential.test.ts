import { describe, expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../../shared/domain/time.ts';
import { placeParked } from '../../../shared/usecases/keep-credential.ts';
import { messagesOf, renewingWorld } from '../../support/connecting.ts';

type World = Awaited<ReturnType<typeof renewingWorld>>;

describe('a credential that came and could not be written', () => {
  /** The table takes no write of a channel, as after the network's answer in a crash of the store. */
  const storeAway = (it: World) => {
    const { replace } = it.world.deps.channels;
    Object.assign(it.world.deps.channels, {
      replace: async () => {
        throw new Error('the store is away');
      },
    });
    return () => Object.assign(it.world.deps.channels, { replace });
  };
  const deliver = async (it: World) => {
    for (const message of messagesOf(it)) {
      if (message.kind === 'credential') await placeParked(it.world.deps, message);
    }
  };

  test('waits in the queue, sealed, and is in its place when the store comes back', async () => {
    const it = await renewingWorld();
    it.pass(3 * HOUR);
    const comeBack = storeAway(it);
    expect((await it.use()).failure).toMatchObject({ kind: 'unavailable' });
    expect(messagesOf(it)).toMatchObject([{ kind: 'credential', channelId: it.channel.id }]);
    comeBack();
    // Nobody uses the old refresh token meanwhile, which is void.
    it.pass(MINUTE);
    await it.renew();
    expect(it.renewals()).toBe(1);
    await deliver(it);
    await deliver(it);
    expect(await it.credentialOf(it.channel.id)).toMatchObject({ refreshToken: 'refresh-3' });
    expect((await it.use()).failure).toBeUndefined();
    it.pass(2 * HOUR);
    expect((await it.use()).failure).toBeUndefined();
    expect([it.renewals(), (await it.present()).health]).toEqual([2, 'connected']);
  });

  test('brings a channel back that was taken for expired meanwhile', async () => {
    const it = await renewingWorld();
    it.pass(3 * HOUR);
    const comeBack = storeAway(it);
    await it.use();
    comeBack();
    it.pass(5 * MINUTE);
    await it.renew();
    expect((await it.present()).health).toBe('expired');
    await deliver(it);
    expect(await it.present()).toMatchObject({ health: 'connected' });
  });

  test('does not take the place of a login that was made meanwhile', async () => {
    const it = await renewingWorld();
    it.pass(3 * HOUR);
    const comeBack = storeAway(it);
    await it.use();
    comeBack();
    await it.dance(['bakery'], { reconnect: it.channel.id });
    const fresh = await it.credentialOf(it.channel.id);
    await deliver(it);
    expect(await it.credentialOf(it.channel.id)).toEqual(fresh);
  });

  test('is tried again while the queue is away, too', async () => {
    const it = await renewingWorld();
    it.pass(3 * HOUR);
    const comeBack = storeAway(it);
    const { send } = it.world.deps.measureQueue;
    let fails = 2;
    Object.assign(it.world.deps.measureQueue, {
      send: async (...args: Parameters<typeof send>) => {
        fails -= 1;
        if (fails === 0) comeBack();
        if (fails >= 0) throw new Error('the queue is away');
        await send(...args);
      },
    });
    expect((await it.use()).failure).toBeUndefined();
    expect(await it.credentialOf(it.channel.id)).toMatchObject({ refreshToken: 'refresh-3' });
  });

  test('stays beside what others changed in the channel at the same time', async () => {
    const it = await renewingWorld();
    it.pass(3 * HOUR);
    const { replace } = it.world.deps.channels;
    let isFirst = true;
    Object.assign(it.world.deps.channels, {
      replace: async (...args: Parameters<typeof replace>) => {
        const present = await it.present();
        if (isFirst) await replace({ ...present, name: 'Renamed' }, present.version);
        isFirst = false;
        return replace(...args);
      },
    });
    await it.use();
    expect((await it.present()).name).toBe('Renamed');
    expect(await it.credentialOf(it.channel.id)).toMatchObject({ refreshToken: 'refresh-3' });
  });

  test('counts as written when only the answer of the write was lost', async () => {
    const it = await renewingWorld();
    it.pass(3 * HOUR);
    const { replace } = it.world.deps.channels;
    Object.assign(it.world.deps.channels, {
      replace: async (...args: Parameters<typeof replace>) => {
        await replace(...args);
        Object.assign(it.world.deps.channels, { replace });
        throw new Error('the answer was lost');
      },
    });
    await it.use();
    await deliver(it);
    expect(await it.credentialOf(it.channel.id)).toMatchObject({ refreshToken: 'refresh-3' });
    expect((await it.use()).failure).toBeUndefined();
    expect(it.renewals()).toBe(1);
  });
});
