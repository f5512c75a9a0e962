import type { Delivery } from '../../shared/domain/delivery.ts';
import { deliveryId } from '../../shared/domain/ids.ts';
import { DEFAULT_LATE_POLICY, maxLateMs } from '../../shared/domain/late-policy.ts';
import type { Post } from '../../shared/domain/post.ts';
import { attentionAtOf } from '../../shared/domain/post-status.ts';
import type { Deps } from '../../shared/ports.ts';
import type { HeldPromise, Observed, Problem } from './observer.ts';
import { statusByHand } from './recount.ts';
import { isPart, partOf, type Sent, wholeOf } from './sim-networks.ts';

/** How early, by the true clock, a machine may send whose own clock is wrong: headers know seconds, and take a way. */
const EARLY_UNDER_SKEW = 1_000 + 16;
/** So long after the gate a claim may still send, and by so much clocks may differ. */
const LATE_AFTER_GATE = 40_000 + 1_500;
/** What had passed the gate when a network asked for a pause, and is on its way. */
const UNDER_WAY = 40_000;

/** Judges a run that has come to rest: what was promised against what happened. */
export async function judge(
  deps: Pick<Deps, 'posts'>,
  observed: Observed,
  skewed: boolean,
): Promise<Problem[]> {
  const problems = [...observed.problems];
  const say = (kind: Problem['kind'], what: string): void => void problems.push({ kind, what });
  const wanted = new Map<string, number>();
  const owners = await ownersOf(deps, observed);
  for (const [postId, { agencyId, acknowledged }] of observed.created) {
    const post = await deps.posts.get(agencyId, postId);
    if (!post) {
      if (acknowledged) say('lost', `${postId} was acknowledged and is gone`);
      continue;
    }
    for (const delivery of post.deliveries) {
      const id = deliveryId(postId, delivery.n);
      for (const text of observed.texts.get(id) ?? []) {
        const place = placeOf(delivery.channelId, text);
        wanted.set(place, (wanted.get(place) ?? 0) + 1);
        if (delivery.network !== 'thread') continue;
        const part = placeOf(delivery.channelId, partOf(text));
        wanted.set(part, (wanted.get(part) ?? 0) + 1);
      }
      judgeDelivery(post, delivery, { observed, owners }, say);
      judgeLateness(post, delivery, observed, say);
    }
    if (post.wakeAt !== undefined && post.deliveries.every(({ state }) => state !== 'held')) {
      say('miscounted', `${postId} is over and stands in the wake index`);
    }
    if (post.attentionAt !== attentionAtOf(post))
      say('miscounted', `${postId} attention ${post.attentionAt}`);
    statusByHand(post, (what) => say('miscounted', what));
  }
  judgeCopies(observed, wanted, say);
  const tolerance = skewed ? EARLY_UNDER_SKEW : 0;
  for (const sent of observed.sent) {
    if (sent.at < sent.dueAt - tolerance) say('early', `${sent.deliveryId} by ${sent.dueAt - sent.at} ms`);
    judgePromises(sent, observed, say);
    judgePatience(sent, observed, say);
  }
  return problems;
}

type Say = (kind: Problem['kind'], what: string) => void;

/** Which delivery says that a publication is its own. */
async function ownersOf(deps: Pick<Deps, 'posts'>, observed: Observed): Promise<Map<string, string>> {
  const owners = new Map<string, string>();
  for (const [postId, { agencyId }] of observed.created) {
    for (const { n, externalId } of (await deps.posts.get(agencyId, postId))?.deliveries ?? []) {
      if (externalId !== undefined) owners.set(externalId, deliveryId(postId, n));
    }
  }
  return owners;
}

type Judged = { readonly observed: Observed; readonly owners: ReadonlyMap<string, string> };

function judgeDelivery(post: Post, delivery: Delivery, { observed, owners }: Judged, say: Say): void {
  const { state, n, channelId } = delivery;
  const id = deliveryId(post.id, n);
  const texts = observed.texts.get(id) ?? new Set<string>();
  const mine = observed.accepted.filter((one) => one.deliveryId === id && !isPart(one.text));
  // Equal texts on one account are one another's equal: which of them is whose, nobody can tell.
  const alike = observed.accepted.filter((one) => one.channelId === channelId && texts.has(one.text));
  // One of the same words that was in doubt, too, may have looked first and taken it for its own.
  const unowned = mine.filter((one) => (owners.get(one.id) ?? id) === id);
  if (
    ['failed', 'missed', 'cancelled'].includes(state) &&
    unowned.length > 0 &&
    alike.length <= mine.length
  ) {
    say('liveButFailed', `${id} is ${state} and live as ${mine[0]?.id}`);
  }
  if (state === 'published' && alike.length === 0) say('lost', `${id} is published nowhere`);
  const isWhole = delivery.network !== 'thread' || hasPart(delivery, observed);
  const isIncomplete = delivery.code === 'incomplete';
  if (state === 'published' && !isWhole && !isIncomplete && !observed.byHand.has(id)) {
    say('lost', `the rest of ${id}`);
  }
  if (isIncomplete && ![...observed.alerts].some((key) => key.startsWith(`${id}.published.`))) {
    say('untold', `${id} is incomplete`);
  }
  const late = delivery.holds.some(({ code }) => code === 'late');
  const isOpen = ['scheduled', 'publishing', 'pending', 'retrying'].includes(state);
  // What waits in a draft waits for its author.
  if ((isOpen || (state === 'held' && !late)) && !(post.draft && state === 'scheduled')) {
    say('stuck', `${id} is ${state} (${delivery.holds.map(({ code }) => code).join()})`);
  }
  if (['blind', 'idem'].includes(delivery.network) && mine.length > 1 && !observed.byHand.has(id)) {
    say('duplicate', `${id} ${mine.length} times`);
  }
  const isWatched = post.deletedAt === undefined && !post.draft && !observed.byHand.has(id);
  if (['failed', 'missed', 'uncertain'].includes(state) && isWatched) {
    const noted = [...observed.alerts].some((key) => key.startsWith(`${id}.${state}.`));
    const told = observed.events.some(
      ({ type, data }) =>
        type === `delivery.${state}` &&
        (data.deliveries as { deliveryId: string }[]).some((one) => one.deliveryId === id),
    );
    if (!noted || !told) say('untold', `${id} is ${state}, noted ${noted}, told ${told}`);
  }
  if (new Set(mine.map(({ text }) => text)).size > 1) say('mixedEdit', `${id} went out in two versions`);
}

/** Nothing goes out later than its late policy lets it, and what the policy did is what it says. */
function judgeLateness(post: Post, delivery: Delivery, { sent, byHand }: Observed, say: Say): void {
  const id = deliveryId(post.id, delivery.n);
  if (byHand.has(id)) return;
  const policy = post.latePolicy ?? DEFAULT_LATE_POLICY;
  for (const one of sent) {
    const late = one.at - one.dueAt - maxLateMs(policy);
    // The rest of a thread that has begun in time goes on.
    if (one.deliveryId !== id || isPart(one.text) || late <= LATE_AFTER_GATE) continue;
    say('tooLate', `${id} was sent ${late} ms after its late policy`);
  }
  const isLate = delivery.holds.some(({ code }) => code === 'late');
  const did = delivery.state === 'missed' ? 'miss' : isLate ? 'hold' : undefined;
  if (did !== undefined && (did !== policy.otherwise || policy.maxLate === null)) {
    say('tooLate', `${id} is ${delivery.state} against its late policy`);
  }
}

/** A machine that has heard a network ask for a pause gives it one. Later steps of what is under way ask for themselves. */
function judgePatience(sent: Sent, { waits }: Observed, say: Say): void {
  if (!['find', 'idem', 'blind'].includes(sent.network)) return;
  const asked = waits.find(
    ({ machine, channelId, at, until }) =>
      machine === sent.machine &&
      channelId === sent.channelId &&
      sent.at > at + UNDER_WAY &&
      sent.at < until - 1_500,
  );
  if (asked) say('impatient', `${sent.deliveryId} ${asked.until - sent.at} ms before the end of a pause`);
}

/** The second post of a thread is out, under the id that the delivery has of it. */
const hasPart = ({ parts = [] }: Delivery, { accepted }: Observed): boolean =>
  parts.length === 1 && accepted.some((one) => one.id === parts[0] && isPart(one.text));

/**
 * No more copies of a text on an account than deliveries that were to bring it there. Two deliveries of equal text
 * may be credited with each other's copy; there are two copies then, and both are wanted.
 */
function judgeCopies(observed: Observed, wanted: ReadonlyMap<string, number>, say: Say): void {
  const live = new Map<string, { ids: Set<string>; by: Set<string> }>();
  for (const { id, channelId, text, deliveryId: by } of observed.accepted) {
    const place = placeOf(channelId, text);
    const there = live.get(place) ?? { ids: new Set(), by: new Set() };
    live.set(place, there);
    there.ids.add(id);
    there.by.add(by);
  }
  for (const [place, { ids, by }] of live) {
    if (ids.size > Math.max(by.size, wanted.get(place) ?? 0)) {
      say('duplicate', `${[...by].join()} as ${[...ids].join()}`);
    }
  }
}

const placeOf = (channelId: string, text: string): string => `${channelId} ${text}`;

function judgePromises(sent: Sent, observed: Observed, say: Say): void {
  const cancelledAt = observed.cancelled.get(sent.deliveryId);
  if (cancelledAt !== undefined && sent.at > cancelledAt) say('afterCancel', sent.deliveryId);
  for (const held of observed.held) {
    if (sent.at <= held.at || sent.at >= held.endsAt || !covers(held, sent, observed)) continue;
    if (!held.inFlight.has(sent.deliveryId))
      say('afterHold', `${sent.deliveryId} ${sent.at - held.at} ms after`);
  }
  for (const { at, texts } of observed.edits) {
    const text = texts.get(sent.deliveryId);
    if (text === undefined || sent.at <= at || sent.text === '') continue;
    const later = observed.edits.some((edit) => edit.at > at && edit.texts.has(sent.deliveryId));
    if (!later && wholeOf(sent.text) !== text)
      say('mixedEdit', `${sent.deliveryId} sent its old words after an edit`);
  }
}

function covers({ agencyId, scope }: HeldPromise, sent: Sent, observed: Observed): boolean {
  const postId = `post_${sent.deliveryId.slice(4, 24)}`;
  const post = observed.created.get(postId);
  if (post?.agencyId !== agencyId) return false;
  if ('agency' in scope) return true;
  return 'brandId' in scope ? scope.brandId === post.brandId : scope.channelId === sent.channelId;
}
