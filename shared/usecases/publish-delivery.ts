import { type Context, type Outcome, type PublishRequest, UnreadableHandle } from '../channels/provider.ts';
import type { Agency } from '../domain/agency.ts';
import type { Brand } from '../domain/brand.ts';
import { type Channel, works } from '../domain/channel.ts';
import type { Content } from '../domain/content.ts';
import type { Delivery } from '../domain/delivery.ts';
import { activeHolds, admit } from '../domain/gate.ts';
import type { Hold } from '../domain/hold.ts';
import { deliveryId } from '../domain/ids.ts';
import { DEFAULT_LATE_POLICY } from '../domain/late-policy.ts';
import type { Post } from '../domain/post.ts';
import { heldBy } from '../domain/release.ts';
import { mayBeOut, next, released, uncertain, without } from '../domain/settle.ts';
import { HOUR } from '../domain/time.ts';
import type { AnyProvider, Deps } from '../ports.ts';
import { askPerson } from './ask-person.ts';
import { channelProvider } from './channel-provider.ts';
import type { Claim } from './claim.ts';
import { deliveryKey } from './delivery-key.ts';
import { keepable } from './keepable.ts';
import { markExpired } from './mark-expired.ts';
import { openCredential } from './open-credential.ts';
import { type AttemptTrace, providerContext } from './provider-context.ts';
import { reconcile } from './reconcile.ts';
import { safetyOf } from './safety-of.ts';
import { type Settled, settleDelivery } from './settle-delivery.ts';
import type { SettleWriter } from './settle-writer.ts';
import type { UnsentClaims } from './unfinished-wake.ts';
import { usableChannel } from './usable-channel.ts';
import { variantFor } from './variant-for.ts';

export type Publishing = {
  readonly agency: Agency;
  /** Gone brands still end their deliveries, by the default late policy. */
  readonly brand: Brand | undefined;
  readonly post: Post;
  /** Read after the claim. */
  readonly holds: readonly Hold[];
  readonly content: Content | undefined;
  readonly claim: Claim;
  /** Of this post: writes what becomes of its deliveries. */
  readonly writer: SettleWriter;
  readonly unsent: UnsentClaims;
};

/**
 * Runs one claimed delivery to the end of this attempt: clears up an earlier doubt, asks the gate, sends, settles.
 * @returns what was written, or undefined when the claim was lost meanwhile.
 */
export async function publishDelivery(deps: Deps, work: Publishing): Promise<Settled | undefined> {
  const { agency, post, content, claim } = work;
  let { delivery } = claim;
  const found = await deps.channels.get(post.agencyId, delivery.channelId);
  const provider = await channelProvider(deps, found ?? delivery);
  const usable = found && (await usableChannel(deps, agency, found));
  const channel = usable?.channel;
  const settle = (to: Delivery, outcome: Outcome | { kind: 'gate' }): Promise<Settled | undefined> =>
    settleDelivery(deps, { post, claimed: delivery, next: to, outcome, writer: work.writer });
  const now = deps.clock.now();
  const policy = post.latePolicy ?? work.brand?.latePolicy ?? DEFAULT_LATE_POLICY;
  const safety = provider && channel ? safetyOf(provider, channel) : ({ kind: 'blind' } as const);
  const facts = { now, safety, policy, unit: unitOf(deps) };
  const broken = missingPart(provider, channel, content);
  if (broken || !provider || !channel || !content) {
    const outcome: Outcome = {
      kind: 'rejected',
      code: broken ?? 'internal',
      reason: `This delivery has lost its ${broken}.`,
    };
    return settle(next(delivery, outcome, facts), outcome);
  }

  const request = await requestFor(deps, { agency, channel, post, delivery, content });
  if (!request) return settle(next(delivery, MEDIA_GONE, facts), MEDIA_GONE);
  // With a login that is refused nobody can look: the doubt waits with the delivery for a new one.
  if (delivery.doubtSince !== undefined && works(channel)) {
    const { lastStart } = claim;
    const doubt = { agency, post, channel, provider, request, delivery, policy };
    const cleared = await reconcile(deps, lastStart === undefined ? doubt : { ...doubt, lastStart });
    if (cleared.kind === 'settled') return settle(cleared.delivery, cleared.outcome);
    if (cleared.kind === 'absent') delivery = without(delivery, 'doubtSince');
  }

  // Renewing a login and looking on the network may have taken their time.
  const judgedAt = deps.clock.now();
  const standing = activeHolds(work.holds, { brandId: post.brandId, channelId: channel.id }, judgedAt);
  const admission = admit(delivery, standing, { now: judgedAt, policy, health: channel.health });
  if (admission.kind === 'hold') {
    return settle(heldBy(released(delivery), admission.holds), { kind: 'gate' });
  }
  if (admission.kind === 'miss') return settle(tooLate(delivery), { kind: 'gate' });

  const trace: AttemptTrace = {};
  const told = usable?.failure ?? (await attempt(deps, { ...work, channel, provider, request, trace }));
  const outcome = keepable(told, channel.account.url);
  // Before the settling, which may fail on its way: the other posts of this channel must hear of it all the same.
  if (outcome.kind === 'rateLimited') {
    deps.budgets.note(channel.id, Math.min(outcome.retryAt, deps.clock.now() + LONGEST_PAUSE));
  }
  const startedAt = trace.startedAt === undefined ? {} : { startedAt: trace.startedAt };
  const settled = await settle(
    next(delivery, outcome, { ...facts, now: deps.clock.now(), ...startedAt }),
    outcome,
  );
  // Behind the settling: a refusal is a certain end, and must not become a doubt because this fails.
  if (outcome.kind === 'unauthorized') await markExpired(deps, channel, outcome.reason);
  return settled;
}

/** One delivery waits as long as it was told; for the others of its channel the network is asked anew each hour. */
const LONGEST_PAUSE = HOUR;

/** A throw here is a broken promise: a bug, or a part of ours that failed. What it means depends on whether it was sent. */
async function attempt(
  deps: Deps,
  {
    agency,
    post,
    channel,
    provider,
    request,
    claim,
    writer,
    unsent,
    trace,
  }: Pick<Publishing, 'agency' | 'post' | 'claim' | 'writer' | 'unsent'> & {
    channel: Channel;
    provider: AnyProvider;
    request: PublishRequest<unknown>;
    trace: AttemptTrace;
  },
): Promise<Outcome> {
  const { delivery, claimedAtMs } = claim;
  unsent.delete(delivery.claimedBy ?? '');
  const markSending = async (): Promise<boolean> => {
    const ref = { agencyId: post.agencyId, postId: post.id, n: delivery.n };
    const mark: Delivery = { ...delivery, sending: true };
    const expected = { fence: delivery.fence, states: ['publishing'] } as const;
    const marked = await deps.posts.swapDelivery(ref, expected, mark);
    if (marked) writer.saw(marked);
    return marked !== undefined;
  };
  const guard = {
    dueAt: delivery.dueAt,
    claimedAtMs,
    budgetSpent: (until: number) => deps.budgets.note(channel.id, until),
    ...(provider.safety.kind === 'blind' ? { markSending } : {}),
    ask: (what: 'first' | 'reminder') => askPerson(deps, post, delivery, what),
  };
  const context = providerContext(deps, { agency, channelId: channel.id }, guard, trace);
  try {
    const goesOn =
      delivery.handle === undefined ? undefined : await goOn(provider, request, delivery, context);
    if (goesOn !== undefined) return goesOn;
    const retryAt = deps.budgets.blockedUntil(channel.id);
    if (retryAt !== undefined) return { kind: 'rateLimited', retryAt };
    const { handle: _handle, ...ref } = request.delivery;
    return await provider.publish({ ...request, delivery: ref } as never, context);
  } catch (error) {
    deps.log.error('publish.threw', {
      agencyId: post.agencyId,
      brandId: post.brandId,
      deliveryId: request.delivery.id,
      network: provider.id,
      error: String(error),
    });
    const reason = 'an internal error';
    return trace.startedAt === undefined ? { kind: 'unavailable', reason } : { kind: 'uncertain', reason };
  }
}

/**
 * The next step of what has begun. Undefined: its handle is another version's and nothing of it can be out, so it is
 * begun anew; where a part may be out, the throw stands, and nothing is sent that could be that part again.
 */
async function goOn(
  provider: AnyProvider,
  request: PublishRequest<unknown>,
  delivery: Delivery,
  context: Context,
): Promise<Outcome | undefined> {
  try {
    return await provider.poll?.(request as never, context);
  } catch (error) {
    if (error instanceof UnreadableHandle && !mayBeOut(delivery)) return undefined;
    throw error;
  }
}

async function requestFor(
  deps: Pick<Deps, 'vault' | 'media'>,
  {
    agency,
    channel,
    post,
    delivery,
    content,
  }: { agency: Agency; channel: Channel; post: Post; delivery: Delivery; content: Content },
): Promise<PublishRequest<unknown> | undefined> {
  const credential = await openCredential(deps, agency, channel);
  const id = deliveryId(post.id, delivery.n);
  const { said, variant, missing } = await variantFor(deps, channel, content);
  if (missing.length > 0) return undefined;
  return {
    variant,
    credential,
    channel: { id: channel.id, account: channel.account, facts: channel.facts },
    delivery: {
      id,
      key: deliveryKey(post.id, delivery, said),
      dueAt: delivery.dueAt,
      ...(delivery.handle === undefined ? {} : { handle: delivery.handle }),
    },
  };
}

const MEDIA_GONE: Outcome = {
  kind: 'rejected',
  code: 'media',
  reason: 'A file of this post is not there any more.',
};

function missingPart(provider: unknown, channel: unknown, content: unknown): string | undefined {
  if (!channel) return 'channel';
  if (!provider) return 'network';
  return content ? undefined : 'content';
}

function tooLate(delivery: Delivery): Delivery {
  const reason = 'It could not go out in time.';
  if (mayBeOut(delivery)) return uncertain(delivery, reason);
  return { ...without(released(delivery), 'nextAttemptAt'), state: 'missed', code: 'too_late', reason };
}

/** A random number from 0 to 1. */
function unitOf(deps: Pick<Deps, 'random'>): number {
  return (deps.random.bytes(1)[0] ?? 0) / 255;
}
