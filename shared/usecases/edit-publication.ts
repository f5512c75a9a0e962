import type * as z from 'zod';
import { AppError, notFound } from '../domain/app-error.ts';
import { type Content, contentHash, variantSchema } from '../domain/content.ts';
import { deliveryId } from '../domain/ids.ts';
import type { Post } from '../domain/post.ts';
import type { AnyProvider, Deps } from '../ports.ts';
import { channelProvider } from './channel-provider.ts';
import { checkOptions } from './check-variant.ts';
import { refuseFor } from './network-refusal.ts';
import { openCredential } from './open-credential.ts';
import { providerContext } from './provider-context.ts';
import type { ByHand } from './settle-by-hand.ts';
import { usableChannel } from './usable-channel.ts';
import { variantFor } from './variant-for.ts';

/** What of a publication may be said anew: its words. Media, threads and polls stay as they went out. */
export const publicationChange = variantSchema
  .pick({ text: true, link: true, options: true })
  .refine((change) => Object.keys(change).length > 0, 'must change something');
export type PublicationChange = z.infer<typeof publicationChange>;

/** How often the head may move under us while the network has the new words already. */
const TRIES = 5;

/**
 * Says a publication anew, in place, on its network. The network is asked first and our content written after it, as
 * a new revision: a crash in between leaves new words there and old ones here, and the same edit again mends that.
 * @throws AppError `invalid` with findings, `conflict` when the network cannot or refuses, `unavailable`
 */
export async function editPublication(
  deps: Deps,
  act: ByHand & { readonly change: PublicationChange },
): Promise<Post> {
  const { agency, post, n, actor, change } = act;
  const delivery = post.deliveries.find((one) => one.n === n);
  if (!delivery) throw notFound('delivery');
  const { externalId } = delivery;
  if (delivery.state !== 'published') {
    throw new AppError('conflict', `Only what is published can be edited; this is ${delivery.state}.`, {
      data: { state: delivery.state },
    });
  }
  const stored = await deps.channels.get(agency.id, delivery.channelId);
  const provider = stored && (await channelProvider(deps, stored));
  if (!stored) throw notFound('channel');
  if (!provider?.edit || externalId === undefined) {
    throw new AppError(
      'conflict',
      `${provider?.name ?? delivery.network} has no editing by API; edit it there by hand.`,
    );
  }
  const content = await deps.posts.content(agency.id, post.id, post.revision, post.contentHash);
  if (!content) throw notFound('post');
  const { channel, failure } = await usableChannel(deps, agency, stored);
  const [{ variant: was }, { variant }] = [
    await variantFor(deps, channel, content),
    await variantFor(deps, channel, changed(content, channel.id, change)),
  ];
  refuseWrong(provider, change, provider.check(variant, channel.facts));
  const request = {
    variant,
    was,
    credential: (await openCredential(deps, agency, channel)) as never,
    account: channel.account,
    facts: channel.facts,
    externalId,
    ...(delivery.parts === undefined ? {} : { parts: delivery.parts }),
  };
  const context = providerContext(deps, { agency, channelId: channel.id });
  const edited = failure ?? (await provider.edit(request, context));
  if (edited.kind !== 'edited') return refuseFor(deps, channel, edited);
  const written = await keep(deps, post, channel.id, change);
  await deps.audit.append(agency.id, {
    at: deps.clock.now(),
    actor,
    act: 'delivery.edit',
    target: deliveryId(post.id, n),
    data: { revision: written.revision },
  });
  return written;
}

/** The content with this channel's own variant changed; the others say what they said. */
function changed(content: Content, channelId: string, { options, ...words }: PublicationChange): Content {
  const own = content.variants[channelId] ?? {};
  const variant = {
    ...own,
    ...words,
    ...(options === undefined ? {} : { options: { ...own.options, ...options } }),
  };
  return { ...content, variants: { ...content.variants, [channelId]: variant } };
}

function refuseWrong(
  provider: AnyProvider,
  { options }: PublicationChange,
  found: ReturnType<AnyProvider['check']>,
): void {
  const wrong = options === undefined ? [] : checkOptions(provider, options);
  const findings = [...wrong, ...found].filter(({ severity }) => severity === 'error');
  if (findings.length > 0) {
    throw new AppError('invalid', 'The publication cannot be changed like this.', { findings });
  }
}

/** Writes the new words as a revision of whatever the post is by now: siblings may still be on their way. */
async function keep(deps: Deps, seen: Post, channelId: string, change: PublicationChange): Promise<Post> {
  let post = seen;
  for (let tries = 1; tries <= TRIES; tries++) {
    const content = await deps.posts.content(post.agencyId, post.id, post.revision, post.contentHash);
    if (!content) throw notFound('post');
    const next = changed(content, channelId, change);
    const head: Post = { ...post, revision: post.revision + 1, contentHash: contentHash(next) };
    await deps.posts.putContent(post.agencyId, post.id, head.revision, head.contentHash, next);
    const written = await deps.posts.replace(head);
    if (written) return written;
    const present = await deps.posts.get(post.agencyId, post.id);
    if (!present) throw notFound('post');
    post = present;
  }
  throw new AppError('conflict', 'The post moved while you changed it; read it again.');
}
