import type { Delivery } from '../domain/delivery.ts';
import { idFromBytes } from '../domain/ids.ts';
import type { Post } from '../domain/post.ts';
import { DAY, HOUR, type Instant, SECOND } from '../domain/time.ts';
import type { Deps } from '../ports.ts';
import type { Expected } from '../post-ports.ts';
import { channelProvider } from './channel-provider.ts';
import { CLAIM_FRESH_MS } from './provider-context.ts';
import type { UnsentClaims } from './unfinished-wake.ts';

/**
 * How long a claim lasts. Longer than the function's timeout (60 s), so a claim that ran out has no worker left;
 * shorter than the queue's visibility (90 s), so the redelivered message finds it expired and takes over.
 */
const LEASE = 75 * SECOND;

export type Claim = {
  /** The head as the claim left it. */
  readonly post: Post;
  /** The delivery as claimed. */
  readonly delivery: Delivery;
  /** Of the monotonic clock, taken before the write: the claim is never younger than this says. */
  readonly claimedAtMs: number;
  /** When the worker before us, which died under its claim, may have begun to send at the latest. */
  readonly lastStart?: Instant;
};

type Claiming = Pick<Deps, 'posts' | 'clock' | 'random' | 'provider' | 'channels'>;

/**
 * Takes some deliveries of one post before they are worked on; undefined for what another worker has, or what has
 * moved. What nobody has sent yet is taken by one write, all or nothing; when that fails, and for what is taken
 * over from a worker that died, each has a write of its own.
 * @param unsent claims that may be taken over while their lease lives; those that are tried here go in, too
 */
export async function claimAll(
  deps: Claiming,
  post: Post,
  deliveries: readonly Delivery[],
  unsent: UnsentClaims,
): Promise<PromiseSettledResult<Claim | undefined>[]> {
  const fresh = deliveries.filter((one) => one.state !== 'publishing' || isUnsent(one, unsent));
  const together = fresh.length > 1 ? claimTogether(deps, post, fresh, unsent) : undefined;
  return Promise.allSettled(
    deliveries.map(async (delivery) => {
      const claims = fresh.includes(delivery) ? await together : undefined;
      return (
        claims?.find((one) => one.delivery.n === delivery.n) ??
        claim(deps, post, delivery, { isFresh: fresh.includes(delivery), unsent })
      );
    }),
  );
}

/** Its worker has failed before it sent, and has handed its claim on with the message. */
const isUnsent = ({ claimedBy = '', sending }: Delivery, unsent: UnsentClaims): boolean =>
  unsent.has(claimedBy) && sending !== true;

async function claimTogether(
  deps: Claiming,
  post: Post,
  deliveries: readonly Delivery[],
  unsent: UnsentClaims,
): Promise<readonly Claim[] | undefined> {
  const claimedAtMs = deps.clock.monotonic();
  const claimed = deliveries.map((delivery) => taken(deps, delivery, deps.clock.now()));
  for (const { claimedBy = '' } of claimed) unsent.add(claimedBy);
  await showInCalendar(deps, post, deliveries);
  const written = await deps.posts.swapDeliveries(
    { agencyId: post.agencyId, postId: post.id },
    deliveries.map((delivery, index) => ({
      n: delivery.n,
      expected: asSeen(delivery),
      next: claimed[index] as Delivery,
    })),
  );
  return written && claimed.map((delivery) => ({ post: written, delivery, claimedAtMs }));
}

/** Not only under this fence: its worker may have marked it since, or settled it. */
const asSeen = ({ fence, state, sending }: Delivery): Expected => ({
  fence,
  states: [state],
  unmarked: sending !== true,
});

/** A delivery as its claim leaves it. */
const taken = (deps: Pick<Deps, 'random'>, delivery: Delivery, now: number): Delivery => ({
  ...delivery,
  state: 'publishing',
  fence: delivery.fence + 1,
  claimedBy: idFromBytes('evt', deps.random.bytes(20)).slice(4),
  claimedAt: now,
  leaseUntil: now + LEASE,
});

/** Takes a delivery before it is worked on; undefined when another worker has it, or it has moved. */
async function claim(
  deps: Claiming,
  post: Post,
  delivery: Delivery,
  { isFresh, unsent }: { isFresh: boolean; unsent: UnsentClaims },
): Promise<Claim | undefined> {
  const now = deps.clock.now();
  if (!isFresh && (delivery.leaseUntil ?? 0) > now) return undefined;
  const claimedAtMs = deps.clock.monotonic();
  const lastStart = isFresh ? undefined : await startBeforeUs(deps, post.agencyId, delivery, now);
  const doubtSince = delivery.doubtSince ?? lastStart;
  const claimed: Delivery = {
    ...taken(deps, delivery, now),
    ...(doubtSince === undefined ? {} : { doubtSince }),
  };
  // Else the next taker could not tell when the worker before us may have begun to send.
  if (lastStart === undefined) unsent.add(claimed.claimedBy ?? '');
  await showInCalendar(deps, post, [delivery]);
  const written = await deps.posts.swapDelivery(
    { agencyId: post.agencyId, postId: post.id, n: delivery.n },
    asSeen(delivery),
    claimed,
  );
  if (!written) return undefined;
  return { post: written, delivery: claimed, claimedAtMs, ...(lastStart === undefined ? {} : { lastStart }) };
}

/** Long after its time it must be found by whoever looks in the calendar for what is going out just now. */
async function showInCalendar(
  deps: Pick<Deps, 'posts' | 'clock'>,
  post: Post,
  deliveries: readonly Delivery[],
): Promise<void> {
  const now = deps.clock.now();
  if (deliveries.some(({ dueAt }) => now - dueAt > DAY))
    await deps.posts.addPointer(post, now - (now % HOUR));
}

/** The worker before us died under its claim: may its request have gone out? */
async function startBeforeUs(
  deps: Pick<Deps, 'provider' | 'channels'>,
  agencyId: string,
  delivery: Delivery,
  now: number,
): Promise<Instant | undefined> {
  const channel = await deps.channels.get(agencyId, delivery.channelId);
  const blind = (await channelProvider(deps, channel ?? delivery))?.safety.kind === 'blind';
  // Blind networks are marked before the irreversible request; without the mark it was certainly not sent.
  if (blind && !delivery.sending) return undefined;
  // The latest instant at which it may have begun: what is not found counts only some time after that.
  // After a boot the lease ended with the process.
  return Math.min(now, (delivery.claimedAt ?? now) + CLAIM_FRESH_MS, delivery.leaseUntil ?? now);
}
