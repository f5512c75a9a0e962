import {
  type Context,
  type FindRequest,
  type Found,
  type Outcome,
  type PublishRequest,
  UnreadableHandle,
} from '../channels/provider.ts';
import type { Agency } from '../domain/agency.ts';
import type { Channel } from '../domain/channel.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { LatePolicy } from '../domain/late-policy.ts';
import type { Post } from '../domain/post.ts';
import { mayResend, next, uncertain, without } from '../domain/settle.ts';
import { DAY, HOUR, type Instant, SECOND } from '../domain/time.ts';
import type { AnyProvider, Deps } from '../ports.ts';
import { brandPosts } from './brand-posts.ts';
import { keepable } from './keepable.ts';
import { CLAIM_FRESH_MS, providerContext } from './provider-context.ts';
import { safetyOf } from './safety-of.ts';

export type Reconciled =
  /** Certainly not out: send as if for the first time. */
  | { kind: 'absent' }
  /** The same send again makes no second post. */
  | { kind: 'resend' }
  /** The look itself ended this attempt: found, to be looked for again later, or a person must decide. */
  | { kind: 'settled'; delivery: Delivery; outcome: Outcome };

type Doubt = {
  readonly agency: Agency;
  readonly post: Post;
  readonly channel: Channel;
  readonly provider: AnyProvider;
  readonly request: PublishRequest<unknown>;
  readonly delivery: Delivery;
  readonly policy: LatePolicy;
  /** When a worker that died may have begun to send at the latest. */
  readonly lastStart?: Instant;
};

/** Clears up an attempt whose outcome is unknown, before anything is sent again. */
export async function reconcile(deps: Deps, doubt: Doubt): Promise<Reconciled> {
  const { provider, delivery } = doubt;
  const now = deps.clock.now();
  const since = delivery.doubtSince ?? now;
  const safety = safetyOf(provider, doubt.channel);
  if (mayResend(safety, since, now)) return { kind: 'resend' };
  if (!provider.find) return person(delivery, 'Nobody can tell whether it went out.');

  const found = await look(deps, doubt, since);
  if (found.kind === 'found') {
    const told: Outcome =
      found.then === undefined
        ? { kind: 'published', externalId: found.externalId, url: found.url }
        : { kind: 'pending', handle: found.then, checkAt: now, ...outOf(delivery, found) };
    const outcome = keepable(told, doubt.channel.account.url);
    if (outcome.kind === 'uncertain') return again(doubt, outcome.reason, now);
    const startedAt = delivery.startedAt ?? since;
    const facts = { ...factsOf(doubt, now), ...(found.then === undefined ? {} : { startedAt }) };
    return { kind: 'settled', delivery: next(without(delivery, 'doubtSince'), outcome, facts), outcome };
  }
  if (found.kind === 'absent') {
    if (now >= tellsFrom(doubt, since)) return { kind: 'absent' };
    return again(doubt, 'Not found yet.', now);
  }
  return again(doubt, found.reason, now);
}

/** From when on "absent" means something: some time after the last send that may be under way. */
function tellsFrom({ provider, channel, lastStart = 0 }: Doubt, since: Instant): Instant {
  const safety = safetyOf(provider, channel);
  return Math.max(since, lastStart) + (safety.kind === 'findable' ? safety.findAfterSeconds * SECOND : 0);
}

/** A root that was found is out; a part that was found does not stand for the whole, but beside it. */
const outOf = (delivery: Delivery, { externalId, url }: { externalId: string; url: string }) =>
  delivery.externalId === undefined
    ? { out: { externalId, url } }
    : { parts: [...(delivery.parts ?? []), externalId] };

/** Not found yet, or not to be told now: look again later, and in the end ask a person. */
function again(doubt: Doubt, reason: string, now: number): Reconciled {
  const outcome: Outcome = { kind: 'uncertain', reason };
  const delivery = next(doubt.delivery, outcome, factsOf(doubt, now));
  if (delivery.nextAttemptAt === undefined) return { kind: 'settled', delivery, outcome };
  const nextAttemptAt = Math.max(delivery.nextAttemptAt, tellsFrom(doubt, delivery.doubtSince ?? now));
  return { kind: 'settled', delivery: { ...delivery, nextAttemptAt }, outcome };
}

function person(delivery: Delivery, reason: string): Reconciled {
  const looked = { ...delivery, attempts: delivery.attempts + 1 };
  return { kind: 'settled', delivery: uncertain(looked, reason), outcome: { kind: 'uncertain', reason } };
}

const factsOf = ({ provider, channel, policy }: Doubt, now: number) => ({
  now,
  safety: safetyOf(provider, channel),
  policy,
  unit: 0.5,
});

/** Asks the network, and reserves what it finds: two equal texts must never claim one publication. */
async function look(deps: Deps, doubt: Doubt, doubtSince: number): Promise<Found> {
  const { agency, post, channel, provider, request, delivery } = doubt;
  const ref = { agencyId: post.agencyId, postId: post.id, n: delivery.n };
  const context = providerContext(deps, { agency, channelId: channel.id });
  const safety = safetyOf(provider, channel);
  const marked = safety.kind === 'findable' && safety.marked === true;
  const since = doubtSince - CLAIM_FRESH_MS;
  const excluding = new Set<string>();
  for (let looks = 0; looks < 5; looks++) {
    const found = await find(provider, { ...request, since, excluding }, context);
    if (found.kind !== 'found') return found;
    if (!marked) {
      // Only now: whoever published what was found has claimed before, and can be seen.
      const others = await othersOn(deps, post, delivery, channel, since);
      for (const id of others.owned) excluding.add(id);
      if (excluding.has(found.externalId)) continue;
      if (others.sending) return { kind: 'cannotTell', reason: 'Another post is going out there just now.' };
    }
    if (await deps.posts.reserveExternalId(ref, channel.network, found.externalId)) return found;
    excluding.add(found.externalId);
  }
  return { kind: 'cannotTell', reason: 'Several equal publications stand on the network.' };
}

/** A look that cannot read what was out before would take the first part that it finds for the last. */
async function find(provider: AnyProvider, request: FindRequest<unknown>, context: Context): Promise<Found> {
  try {
    return (await provider.find?.(request as never, context)) ?? { kind: 'absent' };
  } catch (error) {
    if (!(error instanceof UnreadableHandle)) throw error;
    return { kind: 'cannotTell', reason: error.message };
  }
}

/**
 * What other deliveries own on this network, and whether one is going out on this account right now: of every brand
 * that this account stands in, and by whatever channel of it.
 */
async function othersOn(
  deps: Deps,
  post: Post,
  delivery: Delivery,
  { agencyId, network, account }: Channel,
  since: number,
): Promise<{ owned: readonly string[]; sending: boolean }> {
  const owned: string[] = [];
  let sending = false;
  const range = { from: since - DAY, to: deps.clock.now() + HOUR };
  const brandIds = await deps.channels.accountBrands(agencyId, network, account.id);
  for (const brandId of new Set([post.brandId, ...brandIds])) {
    const channels = await deps.channels.list(agencyId, brandId);
    const same = new Set([delivery.channelId]);
    for (const one of channels)
      if (one.network === network && one.account.id === account.id) same.add(one.id);
    for await (const head of brandPosts(deps, agencyId, brandId, range)) {
      for (const other of head.deliveries) {
        if (head.id === post.id && other.n === delivery.n) continue;
        if (other.network === delivery.network && other.externalId) owned.push(other.externalId);
        sending ||= same.has(other.channelId) && other.state === 'publishing';
      }
    }
  }
  return { owned, sending };
}
