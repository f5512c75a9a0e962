import type { Actor, Agency } from '../domain/agency.ts';
import { AppError, notFound } from '../domain/app-error.ts';
import type { Brand } from '../domain/brand.ts';
import { type Content, canonicalJson, contentHash, resolveVariant } from '../domain/content.ts';
import { type Delivery, isOpen, isUntouched } from '../domain/delivery.ts';
import type { Finding } from '../domain/finding.ts';
import { deliveryId } from '../domain/ids.ts';
import type { Post, PostInput } from '../domain/post.ts';
import { released, without } from '../domain/settle.ts';
import type { Deps } from '../ports.ts';
import { announceScheduled } from './announce.ts';
import { armed, deliveryOf, shapeOf, wakeSoon } from './create-post.ts';
import { disarmOld } from './disarm-old.ts';
import { markEndingBefore } from './mark-expiring.ts';
import { type Plan, type Planned, planPost } from './plan-post.ts';

export type EditPost = {
  readonly agency: Agency;
  readonly actor: Actor;
  readonly brand: Brand;
  /** The head that the author saw. */
  readonly post: Post;
  /** The whole request after the patch, checked by `postInput`. */
  readonly input: PostInput;
};

/**
 * Replaces what a post says, where and when, as a new revision. Only deliveries that change are touched, and only
 * while nobody works on them and all their attempts were certainly not sent. New instants are armed first, the head
 * is written conditionally, old schedules are removed last.
 * @throws AppError `invalid` with findings; `conflict` naming the deliveries that cannot be changed any more
 */
export async function editPost(
  deps: Deps,
  edit: EditPost,
): Promise<{ post: Post; content: Content; findings: readonly Finding[] }> {
  const { agency, brand, post, input } = edit;
  const content = await deps.posts.content(agency.id, post.id, post.revision, post.contentHash);
  if (!content) throw notFound('post');
  // A draft promises nothing: queued when its time is over, it would go out at once, or be missed.
  const isKept = !post.draft || input.draft;
  const promised = new Set(isKept ? post.deliveries.map(({ dueAt }) => dueAt) : []);
  const gone = await goneChannels(deps, post);
  const plan = await planPost(deps, { agencyId: agency.id, brand, input, promised, gone });
  const findings = plan.findings.filter((one) => !settledChannel(post, one.channelId));
  if (findings.some(({ severity }) => severity === 'error')) {
    throw new AppError('invalid', 'The post cannot be changed like this.', { findings });
  }

  const now = deps.clock.now();
  const deliveries = merged({ post, before: content, plan, now, draft: input.draft, gone });
  const { dueAt: _dueAt, latePolicy: _latePolicy, campaign: _campaign, ...rest } = post;
  const changed: Post = {
    ...rest,
    revision: post.revision + 1,
    contentHash: contentHash(plan.content),
    draft: input.draft,
    ...(input.latePolicy ? { latePolicy: input.latePolicy } : {}),
    labels: input.labels,
    ...(input.campaign === undefined ? {} : { campaign: input.campaign }),
    ...(plan.dueAt === undefined ? {} : { dueAt: plan.dueAt }),
    deliveries,
  };
  await deps.posts.putContent(agency.id, post.id, changed.revision, changed.contentHash, plan.content);
  const written = await deps.posts.replace(await armed(deps, changed));
  if (!written) throw new AppError('conflict', 'The post moved while you changed it; read it again.');

  await wakeSoon(deps, written);
  await disarmOld(deps, post, written);
  if (!written.draft) await markEndingBefore(deps, plan);
  await deps.audit.append(agency.id, {
    at: now,
    actor: edit.actor,
    act: 'post.edit',
    target: post.id,
    data: { revision: written.revision },
  });
  if (post.draft && !written.draft) {
    await announceScheduled(deps, agency, written).catch((error) =>
      deps.log.error('event.lost', { postId: post.id, type: 'post.scheduled', error: String(error) }),
    );
  }
  return { post: written, content: plan.content, findings };
}

type Merging = {
  readonly post: Post;
  readonly before: Content;
  readonly plan: Plan;
  readonly now: number;
  readonly draft: boolean;
  readonly gone: ReadonlyMap<string, string>;
};

/** Deliveries of the new revision: unchanged ones as they are, changed ones anew, dropped ones cancelled, new ones behind. */
function merged({ post, before, plan, now, draft, gone }: Merging): Delivery[] {
  const refused: string[] = [];
  const result: Delivery[] = [];
  // Of a draft nothing moves, and nothing is told or counted: it can hold nothing that is out, or may be.
  const isWithdrawn = draft && !post.draft;
  for (const delivery of post.deliveries) {
    const planned = plan.planned.find(({ channel }) => channel.id === delivery.channelId);
    if (isWithdrawn && !isUntouched(delivery) && delivery.state !== 'cancelled')
      refused.push(deliveryId(post.id, delivery.n));
    else if (planned && isSame(delivery, before, planned) && !changesDraft(post, delivery, draft))
      result.push(delivery);
    else if (gone.has(delivery.channelId)) result.push(delivery);
    else if (delivery.state === 'cancelled' && !planned) result.push(delivery);
    else if (!isUntouched(delivery) && delivery.state !== 'cancelled')
      refused.push(deliveryId(post.id, delivery.n));
    else result.push(planned ? renewed(delivery, planned, now) : dropped(delivery));
  }
  if (refused.length > 0) {
    throw new AppError('conflict', 'Some deliveries can no longer be changed.', {
      data: { deliveries: refused },
    });
  }
  const known = new Set(post.deliveries.map(({ channelId }) => channelId));
  let n = Math.max(0, ...post.deliveries.map((delivery) => delivery.n));
  for (const planned of plan.planned) {
    if (known.has(planned.channel.id)) continue;
    n += 1;
    result.push(deliveryOf(planned, n, now));
  }
  return result;
}

/** Channels that were deleted when their deliveries were over, with their networks: these stay, whatever is edited. */
async function goneChannels(deps: Pick<Deps, 'channels'>, post: Post): Promise<ReadonlyMap<string, string>> {
  const over = post.deliveries.filter((one) => !isOpen(one));
  const channels = await Promise.all(over.map((one) => deps.channels.get(post.agencyId, one.channelId)));
  const gone = over.filter((_, index) => channels[index] === undefined);
  return new Map(gone.map(({ channelId, network }) => [channelId, network]));
}

/** A draft's deliveries get their timers when it is queued; made a draft again, none may be claimed as it was seen before. */
const changesDraft = (post: Post, { state }: Delivery, draft: boolean): boolean =>
  (post.draft || draft) && ['scheduled', 'retrying', 'held'].includes(state);

function isSame(delivery: Delivery, before: Content, { channel, said, due }: Planned): boolean {
  const was = resolveVariant(before, channel.network, channel.id);
  return (
    canonicalJson(was) === canonicalJson(said) &&
    delivery.dueAt === (due?.at ?? 0) &&
    delivery.state !== 'cancelled'
  );
}

/** What has failed or been missed stays so under new words, until a person retries it or gives it a new time. */
function renewed(delivery: Delivery, planned: Planned, now: number): Delivery {
  const over = delivery.state === 'failed' || delivery.state === 'missed';
  // What the network was given of the old words is let lie: a retry begins with the new ones.
  if (over && planned.due?.at === delivery.dueAt)
    return { ...without(delivery, 'handle'), shape: shapeOf(planned), fence: delivery.fence + 1 };
  const { askedAt, byHand } = delivery;
  return {
    ...deliveryOf(planned, delivery.n, now),
    fence: delivery.fence + 1,
    // A person has asked for it in spite of its time; another time is a new promise.
    ...(byHand && planned.due?.at === delivery.dueAt ? { byHand } : {}),
    // Who was asked before is asked anew, in a round of its own.
    ...(askedAt === undefined ? {} : { askedAt }),
  };
}

function dropped(delivery: Delivery): Delivery {
  return { ...without(released(delivery), 'nextAttemptAt'), state: 'cancelled', fence: delivery.fence + 1 };
}

/** A rule that a channel breaks today does not matter where its delivery is out already. */
function settledChannel(post: Post, channelId: string | undefined): boolean {
  const delivery = post.deliveries.find((one) => one.channelId === channelId);
  return delivery !== undefined && ['published', 'removed'].includes(delivery.state);
}
