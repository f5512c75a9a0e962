import type { Channel } from '../../shared/domain/channel.ts';
import type { HoldScope } from '../../shared/domain/hold.ts';
import { deliveryId } from '../../shared/domain/ids.ts';
import { placeHold, releaseHold } from '../../shared/usecases/hold.ts';
import { resolveDelivery, retryDelivery } from '../../shared/usecases/settle-by-hand.ts';
import { updateChannel } from '../../shared/usecases/update-channel.ts';
import { anActor } from '../support/builders.ts';
import type { People } from './people.ts';
import type { Act } from './scenario.ts';
import type { SimWorld } from './sim-world.ts';

/** People who hold, release, reconnect, and decide what the system leaves to them. */
export function peopleInCharge(world: SimWorld, { ask, posts, agencyOf }: People) {
  const { clock, observed, networks } = world;
  const random = world.random.fork('in charge');

  async function release(agencyId: string, holdId: string): Promise<void> {
    await ask(`release ${holdId}`, (deps) =>
      releaseHold(deps, { agencyId, actor: anActor(), holdId, dryRun: false }),
    );
  }

  async function reconnect(channel: Channel): Promise<void> {
    const token = `${channel.id}:${clock.now()}`;
    await ask(`reconnect ${channel.name}`, async (deps) => {
      const present = await deps.channels.get(channel.agencyId, channel.id);
      const provider = await deps.provider(channel.network);
      if (!present || !provider) throw new Error('no channel');
      return updateChannel(deps, {
        agency: agencyOf(channel.agencyId),
        actor: anActor(),
        channel: present,
        credential: { provider, value: { token } },
      });
    });
  }

  return {
    reconnect,

    async hold(act: Extract<Act, { kind: 'hold' }>): Promise<void> {
      const { agencyId, brandId, id } = act.on;
      const scope: HoldScope =
        act.scope === 'agency' ? { agency: true } : act.scope === 'brand' ? { brandId } : { channelId: id };
      const end = clock.now() + act.lastsMs;
      const until = act.endsByItself ? { until: new Date(end).toISOString() } : {};
      const answer = await ask(`hold ${act.scope}`, async (deps) => {
        await deps.agencies.get(agencyId);
        return placeHold(deps, {
          agencyId,
          actor: anActor(),
          input: { scope, reason: 'a crisis', ...until },
        });
      });
      if (!answer) return;
      // Clocks may differ from each other by a second or two at the end of a hold that ends by itself.
      const endsAt = act.endsByItself ? end - 3_000 : Number.POSITIVE_INFINITY;
      const promise = { agencyId, scope, at: answer.at, inFlight: new Set(answer.value.inFlight), endsAt };
      observed.held.push(promise);
      if (act.endsByItself) return;
      await clock.sleep(Math.max(0, end - clock.now()));
      promise.endsAt = Math.min(promise.endsAt, clock.now());
      await release(agencyId, answer.value.hold.id);
    },

    async revoke({ on, lastsMs }: Extract<Act, { kind: 'revoke' }>): Promise<void> {
      networks.revoked.add(`${on.id}:1`);
      await clock.sleep(lastsMs);
      await reconnect(on);
    },

    /** Looks at what waits for a person, and decides some of it by what really is on the network. */
    async decide(share: number): Promise<void> {
      for (const seen of posts.values()) {
        const { deps } = world.boot('api');
        const post = await Promise.race([deps.posts.get(seen.agencyId, seen.id), clock.sleep(10_000)]).catch(
          () => undefined,
        );
        for (const { n, state, doubtSince } of post?.deliveries ?? []) {
          if (
            !post ||
            post.deletedAt !== undefined ||
            !['uncertain', 'failed', 'missed', 'held'].includes(state)
          )
            continue;
          if (!random.chance(share)) continue;
          const id = deliveryId(post.id, n);
          const act = { agency: agencyOf(post.agencyId), actor: anActor(), post, n };
          observed.byHand.add(id);
          if (state !== 'uncertain') {
            await ask(`retry ${id}`, (on) => retryDelivery(on, act));
            continue;
          }
          // Whatever was under way has arrived long since.
          if (clock.now() - (doubtSince ?? 0) < 5 * 60_000) continue;
          const live = observed.accepted.find((one) => one.deliveryId === id);
          const resolution = live
            ? ({ outcome: 'published', url: `https://${live.network}.example/${live.id}` } as const)
            : ({ outcome: 'not_published', then: random.chance(0.5) ? 'send' : 'fail' } as const);
          await ask(`resolve ${id}`, (on) => resolveDelivery(on, { ...act, resolution }));
        }
      }
    },

    /** Ends every hold that is still there, also those whose placing was never answered. */
    async releaseAll(agencyIds: readonly string[]): Promise<void> {
      for (const promise of observed.held) promise.endsAt = Math.min(promise.endsAt, clock.now());
      for (const agencyId of agencyIds) {
        const { deps } = world.boot('api');
        for (const { id } of await deps.holds.active(agencyId)) await release(agencyId, id);
      }
    },
  };
}
