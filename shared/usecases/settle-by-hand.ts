import type { Actor, Agency } from '../domain/agency.ts';
import { AppError, notFound } from '../domain/app-error.ts';
import { type Delivery, isOpen, isWithPerson, triesOf } from '../domain/delivery.ts';
import { deliveryId } from '../domain/ids.ts';
import { POINTER_AFTER } from '../domain/late-policy.ts';
import type { Post } from '../domain/post.ts';
import { onItsWay } from '../domain/release.ts';
import { without } from '../domain/settle.ts';
import type { Deps } from '../ports.ts';
import { announceDeliveries } from './announce.ts';
import { armWake } from './arm-wake.ts';
import { channelProvider } from './channel-provider.ts';
import { refuseFor } from './network-refusal.ts';
import { openCredential } from './open-credential.ts';
import { providerContext } from './provider-context.ts';
import { reindex } from './reindex.ts';
import { standingHolds } from './review-held.ts';
import { usableChannel } from './usable-channel.ts';

/** A person's word on one delivery. */
export type ByHand = {
  readonly agency: Agency;
  readonly actor: Actor;
  readonly post: Post;
  readonly n: number;
};

export type Resolution =
  | { outcome: 'published'; url?: string | undefined }
  | { outcome: 'not_published'; then: 'send' | 'fail' };

/** Sends again what certainly is not out: `failed`, `missed` or `held`; never what is `uncertain`. */
export async function retryDelivery(deps: Deps, act: ByHand): Promise<Post> {
  const delivery = pick(act, ['failed', 'missed', 'held'], 'retried');
  await refuseWhileStopped(deps, act, delivery);
  return writeByHand(deps, act, delivery, 'delivery.retry', sendNow(deps, delivery));
}

/** Lets a `held` delivery go, although it is late; refused while another hold stands. */
export async function releaseDelivery(deps: Deps, act: ByHand): Promise<Post> {
  const delivery = pick(act, ['held'], 'released');
  await refuseWhileStopped(deps, act, delivery);
  return writeByHand(deps, act, delivery, 'delivery.release', sendNow(deps, delivery));
}

/** A person looked on the network and says how an `uncertain` delivery ended, or one that somebody was asked to publish. */
export async function resolveDelivery(deps: Deps, act: ByHand & { resolution: Resolution }): Promise<Post> {
  const asked = act.post.deliveries.some((one) => one.n === act.n && isWithPerson(one));
  // A hold that came meanwhile stops nobody who was asked before.
  const delivery = pick(
    act,
    asked ? ['pending', 'retrying', 'held', 'uncertain'] : ['uncertain'],
    'resolved',
  );
  const { resolution } = act;
  if (isOpen(delivery) && resolution.outcome === 'not_published' && resolution.then === 'send') {
    throw new AppError('conflict', 'Somebody is being asked already: resolve it to fail, then retry it.');
  }
  const known = without(delivery, 'doubtSince', 'code', 'reason', 'handle', 'nextAttemptAt');
  const base: Delivery = { ...known, holds: [] };
  if (resolution.outcome === 'published') {
    const since = delivery.doubtSince ?? delivery.startedAt ?? deps.clock.now();
    return writeByHand(deps, act, delivery, 'delivery.resolve', {
      ...base,
      // It was one of the tries before, and no further one.
      attempts: triesOf(delivery) - 1,
      state: 'published',
      startedAt: delivery.startedAt ?? since,
      publishedAt: since,
      ...(resolution.url === undefined ? {} : { url: resolution.url }),
    });
  }
  const unsent = without(base, 'startedAt');
  if (resolution.then === 'send') {
    return writeByHand(deps, act, delivery, 'delivery.resolve', sendNow(deps, unsent));
  }
  const reason = 'A person found that it did not go out.';
  return writeByHand(deps, act, delivery, 'delivery.resolve', {
    ...unsent,
    attempts: triesOf(delivery),
    state: 'failed',
    code: 'not_published',
    reason,
  });
}

/**
 * Takes a publication off its network.
 * @throws AppError `conflict` when the network cannot, or refuses; `unavailable` when it could not be asked
 */
export async function removeDelivery(deps: Deps, act: ByHand): Promise<Post> {
  const delivery = pick(act, ['published'], 'removed');
  const stored = await deps.channels.get(act.agency.id, delivery.channelId);
  const provider = stored && (await channelProvider(deps, stored));
  if (!stored) throw notFound('channel');
  if (!provider?.remove || delivery.externalId === undefined) {
    throw new AppError(
      'conflict',
      `${provider?.name ?? delivery.network} has no removal by API; remove it there by hand.`,
    );
  }
  const { channel, failure } = await usableChannel(deps, act.agency, stored);
  const request = {
    credential: (await openCredential(deps, act.agency, channel)) as never,
    account: channel.account,
    facts: channel.facts,
    externalId: delivery.externalId,
    ...(delivery.parts === undefined ? {} : { parts: delivery.parts }),
  };
  const context = providerContext(deps, { agency: act.agency, channelId: channel.id });
  const removed = failure ?? (await provider.remove(request, context));
  if (removed.kind !== 'removed' && removed.kind !== 'absent') return refuseFor(deps, channel, removed);
  return writeByHand(deps, act, delivery, 'delivery.remove', { ...delivery, state: 'removed' });
}

function pick(act: ByHand, states: readonly Delivery['state'][], verb: string): Delivery {
  const delivery = act.post.deliveries.find(({ n }) => n === act.n);
  if (!delivery) throw notFound('delivery');
  if (states.includes(delivery.state)) return delivery;
  throw new AppError(
    'conflict',
    `Only what is ${states.join(', ')} can be ${verb}; this is ${delivery.state}.`,
    {
      data: { state: delivery.state },
    },
  );
}

async function refuseWhileStopped(deps: Deps, act: ByHand, delivery: Delivery): Promise<void> {
  if (act.post.draft) throw new AppError('conflict', 'Its post is a draft: queue that first.');
  const standing = await standingHolds(deps, act.post, delivery, await deps.holds.active(act.agency.id));
  if (standing.length === 0) return;
  throw new AppError('conflict', 'It is still held.', { data: { holds: standing.map(({ code }) => code) } });
}

/** Now, and however late: a person asked for it. */
function sendNow(deps: Pick<Deps, 'clock'>, delivery: Delivery): Delivery {
  return { ...onItsWay({ ...delivery, attempts: 0 }, deps.clock.now()), byHand: true };
}

/**
 * Writes a person's word on a delivery under the fence that was read, and tells it.
 * @throws AppError `conflict` when the delivery moved meanwhile
 */
export async function writeByHand(
  deps: Deps,
  act: ByHand,
  from: Delivery,
  verb: string,
  to: Delivery,
): Promise<Post> {
  const { agency, post, n, actor } = act;
  const next: Delivery = { ...to, fence: from.fence + 1 };
  const ref = { agencyId: agency.id, postId: post.id, n };
  const { publishedAt } = next;
  if (next.state === 'published' && publishedAt !== undefined && publishedAt - next.dueAt > POINTER_AFTER) {
    await deps.posts.addPointer(post, publishedAt);
  }
  // Whatever it becomes, a crash behind this write must leave somebody who brings the indexes in line.
  const net = (next.nextAttemptAt ?? deps.clock.now()) + 90_000;
  const written = await deps.posts.swapDelivery(ref, { fence: from.fence, states: [from.state] }, next, net);
  if (!written) throw new AppError('conflict', 'The delivery moved meanwhile; read it again.');
  if (next.nextAttemptAt !== undefined)
    await armWake(deps, { agencyId: agency.id, postId: post.id, at: next.nextAttemptAt });
  await deps.audit.append(agency.id, {
    at: deps.clock.now(),
    actor,
    act: verb,
    target: deliveryId(post.id, n),
  });
  const ended = next.state === 'failed' || next.state === 'published' ? [next] : [];
  await announceDeliveries(deps, agency, written, ended);
  return reindex(deps, written, written.deliveries);
}
