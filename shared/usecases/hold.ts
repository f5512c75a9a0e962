import type { Actor } from '../domain/agency.ts';
import { AppError, notFound } from '../domain/app-error.ts';
import { type Delivery, isOpen, isWithPerson } from '../domain/delivery.ts';
import type { Hold, HoldInput, HoldScope } from '../domain/hold.ts';
import { holdCode } from '../domain/hold.ts';
import { deliveryId, idFromBytes } from '../domain/ids.ts';
import type { Post } from '../domain/post.ts';
import { type ReleaseVerdict, releaseVerdict } from '../domain/release.ts';
import { DAY, HOUR, type Instant, SECOND } from '../domain/time.ts';
import type { Deps } from '../ports.ts';
import { attentionPosts, brandPosts } from './brand-posts.ts';
import { reviewScope } from './release-channel.ts';
import { latePolicyOf, standingHolds } from './review-held.ts';

export type Placed = {
  readonly hold: Hold;
  readonly effectiveAt: Instant;
  /** How many queued deliveries it stops. */
  readonly held: number;
  /** What was already going out, and may still appear. Nothing else is sent after this answer. */
  readonly inFlight: readonly string[];
};

/**
 * Stops an agency, a brand or a channel. Workers claim first and read holds afterwards, so whoever misses this hold
 * has a claim that is visible here, and is named in `inFlight`.
 * @throws AppError `not_found` for a scope that is not the agency's; `invalid` when `until` has passed
 */
export async function placeHold(
  deps: Deps,
  { agencyId, actor, input }: { agencyId: string; actor: Actor; input: HoldInput },
): Promise<Placed> {
  const brandIds = await brandsOf(deps, agencyId, input.scope);
  const since = deps.clock.now();
  const until = input.until === undefined ? undefined : Date.parse(input.until);
  if (until !== undefined && until <= since) {
    throw new AppError('invalid', 'The hold would end before it begins.', {
      findings: [{ rule: 'time_past', severity: 'error', path: '/until', params: { at: input.until ?? '' } }],
    });
  }
  const hold: Hold = {
    id: idFromBytes('hld', deps.random.bytes(20)),
    agencyId,
    scope: input.scope,
    reason: input.reason,
    by: actor,
    since,
    ...(until === undefined ? {} : { until }),
  };
  await deps.holds.put(hold);
  const effectiveAt = deps.clock.now();
  await deps.audit.append(agencyId, {
    at: since,
    actor,
    act: 'hold.place',
    target: hold.id,
    data: { scope: input.scope },
  });

  // The calendar does not show yet what was queued a moment ago, and that may be going out already.
  if (!deps.settings.laptop) await deps.clock.sleep(INDEX_LAG);
  let held = 0;
  const inFlight: string[] = [];
  for (const brandId of brandIds) {
    // From two days back: what was due before is no longer going out, or is being retried and will meet the gate;
    // people who publish by hand are asked for 48 hours.
    const range = { from: effectiveAt - 50 * HOUR, to: effectiveAt + 401 * DAY };
    for await (const post of brandPosts(deps, agencyId, brandId, range)) {
      for (const delivery of post.draft ? [] : inScope(post, input.scope)) {
        const isGoing = delivery.state === 'publishing' || (isOpen(delivery) && isWithPerson(delivery));
        if (isGoing) inFlight.push(deliveryId(post.id, delivery.n));
        else if (isOpen(delivery)) held += 1;
      }
    }
  }
  return { hold, effectiveAt, held, inFlight };
}

/** How far DynamoDB's indexes may lag behind; the laptop's do not. */
const INDEX_LAG = 2.5 * SECOND;

export type Overdue = {
  readonly deliveryId: string;
  readonly dueAt: Instant;
  readonly then: ReleaseVerdict | 'stay';
};

export type Released = {
  readonly hold: Hold;
  /** What became overdue meanwhile, and what the late policy does with it; `stay`: something else stops it, too. */
  readonly overdue: readonly Overdue[];
};

/**
 * Ends a hold. Overdue deliveries are not simply sent: each is judged by its late policy, once nothing else stops it. A
 * dry run only tells.
 * @throws AppError `not_found`; `conflict` when it was released before
 */
export async function releaseHold(
  deps: Deps,
  { agencyId, actor, holdId, dryRun }: { agencyId: string; actor: Actor; holdId: string; dryRun: boolean },
): Promise<Released> {
  const hold = await deps.holds.get(agencyId, holdId);
  if (!hold) throw notFound('hold');
  const brandIds = await brandsOf(deps, agencyId, hold.scope);
  const overdue = await overdueUnder(deps, agencyId, hold, brandIds);
  const cutOff = hold.releasedAt !== undefined && (await isUnfinished(deps, hold, overdue));
  if (hold.releasedAt !== undefined && !cutOff) throw releasedBefore();
  if (dryRun) return { hold, overdue };

  const now = deps.clock.now();
  const released: Hold = cutOff ? hold : { ...hold, releasedAt: now, releasedBy: actor };
  if (!(await deps.holds.release(released)) && !cutOff) throw releasedBefore();
  await deps.audit.append(agencyId, { at: now, actor, act: 'hold.release', target: hold.id });
  const channelId = 'channelId' in hold.scope ? { channelId: hold.scope.channelId } : {};
  await reviewScope(deps, { agencyId, brandIds, ...channelId });
  return { hold: released, overdue };
}

const releasedBefore = (): AppError => new AppError('conflict', 'This hold was released before.');

/** A release that was cut off has left the hold in force, or deliveries held by nothing; this one finishes it. */
async function isUnfinished(
  deps: Pick<Deps, 'holds'>,
  hold: Hold,
  overdue: Released['overdue'],
): Promise<boolean> {
  const active = await deps.holds.active(hold.agencyId);
  if (active.some(({ id }) => id === hold.id)) return true;
  return overdue.length > 0 && !active.some(({ scope }) => holdCode(scope) === holdCode(hold.scope));
}

async function overdueUnder(
  deps: Deps,
  agencyId: string,
  hold: Hold,
  brandIds: readonly string[],
): Promise<Released['overdue']> {
  const now = deps.clock.now();
  const seen = new Set<string>();
  const others = (await deps.holds.active(agencyId)).filter(({ id }) => id !== hold.id);
  const overdue: Overdue[] = [];
  const recent = brandIds.map((id) => brandPosts(deps, agencyId, id, { from: now - 2 * HOUR, to: now }));
  for (const source of [attentionPosts(deps, agencyId), ...recent]) {
    for await (const post of source) {
      if (seen.has(post.id) || !brandIds.includes(post.brandId)) continue;
      seen.add(post.id);
      for (const delivery of inScope(post, hold.scope)) {
        const stopped =
          delivery.state === 'held' && delivery.holds.some(({ code }) => code === holdCode(hold.scope));
        if (!stopped || delivery.dueAt > now) continue;
        const standing = await standingHolds(deps, post, delivery, others);
        const then =
          standing.length > 0 ? 'stay' : releaseVerdict(delivery, await latePolicyOf(deps, post), now);
        overdue.push({ deliveryId: deliveryId(post.id, delivery.n), dueAt: delivery.dueAt, then });
      }
    }
  }
  return overdue.sort((a, b) => a.dueAt - b.dueAt);
}

async function brandsOf(
  deps: Pick<Deps, 'brands' | 'channels'>,
  agencyId: string,
  scope: HoldScope,
): Promise<string[]> {
  if ('agency' in scope) return (await deps.brands.list(agencyId)).map(({ id }) => id);
  if ('brandId' in scope) {
    if (!(await deps.brands.get(agencyId, scope.brandId))) throw notFound('brand');
    return [scope.brandId];
  }
  const channel = await deps.channels.get(agencyId, scope.channelId);
  if (!channel) throw notFound('channel');
  return [channel.brandId];
}

const inScope = (post: Post, scope: HoldScope): readonly Delivery[] =>
  'channelId' in scope
    ? post.deliveries.filter(({ channelId }) => channelId === scope.channelId)
    : post.deliveries;
