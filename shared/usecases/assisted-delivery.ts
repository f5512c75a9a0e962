import type { Agency } from '../domain/agency.ts';
import { notFound } from '../domain/app-error.ts';
import type { Brand } from '../domain/brand.ts';
import type { Channel } from '../domain/channel.ts';
import { type Delivery, isWithPerson } from '../domain/delivery.ts';
import { deliveryId, parseDeliveryId } from '../domain/ids.ts';
import type { Post } from '../domain/post.ts';
import type { Task } from '../domain/task.ts';
import type { Deps } from '../ports.ts';
import type { DeliveryRef } from '../post-ports.ts';
import { channelProvider } from './channel-provider.ts';
import { deliveryKey } from './delivery-key.ts';
import { openCredential } from './open-credential.ts';
import { standingHolds } from './review-held.ts';
import { openToken, sealedToken } from './sealed-token.ts';
import { variantFor } from './variant-for.ts';

/** A delivery that somebody publishes by hand, with all that this person must know. */
export type AssistedDelivery = {
  readonly agency: Agency;
  readonly brand: Brand;
  readonly post: Post;
  readonly delivery: Delivery;
  readonly channel: Channel;
  /** Of the network, for people. */
  readonly network: string;
  readonly task: Task;
  /** Of its words and time as they are now: what a link was made for may have changed since. */
  readonly key: string;
};

/**
 * What somebody who follows the link in a mail may do: say what became of it (`open`; `held`: say that it is out, and
 * otherwise leave it), wait a moment (`moving`), or nothing any more.
 */
export type Standing = 'open' | 'held' | 'moving' | 'published' | 'failed' | 'off' | 'changed';

/** Whom a link was sent to, and how things stand. */
export type Followed = AssistedDelivery & { readonly to: string; readonly standing: Standing };

type Reading = Pick<
  Deps,
  'agencies' | 'brands' | 'posts' | 'channels' | 'media' | 'vault' | 'provider' | 'holds' | 'clock'
>;

const FIELD = 'assist';

/** Undefined when something of it is gone, or nobody publishes by hand there. */
export async function assistedDelivery(
  deps: Omit<Reading, 'holds' | 'clock'>,
  { agencyId, postId, n }: DeliveryRef,
): Promise<AssistedDelivery | undefined> {
  const [agency, post] = await Promise.all([deps.agencies.get(agencyId), deps.posts.get(agencyId, postId)]);
  const delivery = post?.deliveries.find((one) => one.n === n);
  if (!agency || !post || !delivery) return undefined;
  const [brand, channel, content] = await Promise.all([
    deps.brands.get(agencyId, post.brandId),
    deps.channels.get(agencyId, delivery.channelId),
    deps.posts.content(agencyId, post.id, post.revision, post.contentHash),
  ]);
  const provider = channel && (await channelProvider(deps, channel));
  if (!brand || !channel || !content || !provider?.assisted) return undefined;
  const { said, variant } = await variantFor(deps, channel, content);
  const credential = await openCredential(deps, agency, channel);
  const task = provider.assisted.task(variant, credential as never);
  const key = deliveryKey(post.id, delivery, said);
  return { agency, brand, post, delivery, channel, network: provider.name, task, key };
}

/** The link for one recipient, bound to this delivery's words and time as they are now. */
export async function assistLink(
  deps: Pick<Deps, 'vault' | 'settings'>,
  { agency, post, delivery, key }: AssistedDelivery,
  to: string,
): Promise<string> {
  const { publicUrl } = deps.settings;
  if (publicUrl === '') throw new Error('PUBLIC_URL is missing: a mail that asks somebody needs a link');
  const owner = deliveryId(post.id, delivery.n);
  const token = await sealedToken(deps, agency, { owner, field: FIELD, plain: JSON.stringify([key, to]) });
  return `${publicUrl}/v1/assist/${token}`;
}

/**
 * What a link leads to. It decides nothing.
 * @throws AppError `not_found` for every token that is not ours, is about what is gone, or was somebody's who is no
 *   longer in charge
 */
export async function followAssistLink(deps: Reading, token: string): Promise<Followed> {
  const { agency, owner, plain } = await openToken(deps, FIELD, token);
  const ref = parseDeliveryId(owner);
  const found = ref && (await assistedDelivery(deps, { agencyId: agency.id, ...ref }));
  const [key = '', to = ''] = JSON.parse(plain) as string[];
  if (!found || to !== found.task.responsible.email) throw notFound('link');
  return { ...found, to, standing: await standingOf(deps, found, key) };
}

async function standingOf(
  deps: Pick<Deps, 'channels' | 'clock' | 'holds'>,
  { post, delivery, key }: AssistedDelivery,
  asked: string,
): Promise<Standing> {
  const { state } = delivery;
  if (post.deletedAt !== undefined || post.draft || state === 'cancelled' || state === 'missed') return 'off';
  if (state === 'published' || state === 'removed') return 'published';
  if (key !== asked) return 'changed';
  if (state === 'failed') return 'failed';
  if (state === 'uncertain') return 'open';
  const waits = (state === 'pending' || state === 'retrying') && isWithPerson(delivery);
  if (state !== 'held' && !waits) return 'moving';
  const holds = await standingHolds(deps, post, delivery, await deps.holds.active(post.agencyId));
  return state === 'held' || holds.length > 0 ? 'held' : 'open';
}
