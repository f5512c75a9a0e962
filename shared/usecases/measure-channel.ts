import type { MeasureFailure } from '../channels/provider.ts';
import type { Agency } from '../domain/agency.ts';
import { type Channel, works } from '../domain/channel.ts';
import type { Age, Snapshot } from '../domain/metrics.ts';
import type { Publication } from '../domain/open-age.ts';
import type { Post } from '../domain/post.ts';
import type { Deps } from '../ports.ts';
import { channelProvider } from './channel-provider.ts';
import { markExpired } from './mark-expired.ts';
import { openCredential } from './open-credential.ts';
import { providerContext } from './provider-context.ts';
import { usableChannel } from './usable-channel.ts';

/** A publication to be measured, and what its snapshot will be called. */
export type Measurable = {
  readonly post: Post;
  readonly delivery: Publication;
  readonly age: Age | 'now';
};

/** What a channel's network told. */
export type Measured = {
  readonly channel: Channel;
  readonly found: readonly { readonly of: Measurable; readonly snapshot: Snapshot }[];
  /** What stopped it, if something did. */
  readonly failure?: MeasureFailure;
  /** Time was up before the network had been asked about all. */
  readonly hasRest?: boolean;
};

/**
 * Asks for some publications of one channel, in the batches its network takes. Nothing of it is stored yet. `until`,
 * on the monotonic clock: begins no further batch from then on.
 */
export async function measureChannel(
  deps: Deps,
  {
    agency,
    channel: stored,
    due,
    until = Number.POSITIVE_INFINITY,
  }: { agency: Agency; channel: Channel; due: readonly Measurable[]; until?: number },
): Promise<Measured> {
  const measuring = (await channelProvider(deps, stored))?.metrics;
  if (!measuring || due.length === 0) return { channel: stored, found: [] };
  if (!works(stored)) {
    return {
      channel: stored,
      found: [],
      failure: { kind: 'unauthorized', reason: 'It must be reconnected.' },
    };
  }
  const { channel, failure } = await usableChannel(deps, agency, stored);
  const found: { of: Measurable; snapshot: Snapshot }[] = [];
  const failed = async (failure: MeasureFailure): Promise<Measured> => {
    if (failure.kind === 'unauthorized') await markExpired(deps, channel, failure.reason);
    return { channel, found, failure };
  };
  if (failure) return failed(failure);
  const credential = await openCredential(deps, agency, channel);
  const context = providerContext(deps, { agency, channelId: channel.id });
  for (let start = 0; start < due.length; start += measuring.batch) {
    if (start > 0 && deps.clock.monotonic() >= until) return { channel, found, hasRest: true };
    const batch = due.slice(start, start + measuring.batch);
    const answer = await measuring.fetch(
      {
        credential: credential as never,
        account: channel.account,
        facts: channel.facts,
        externalIds: batch.map(({ delivery }) => delivery.externalId),
      },
      context,
    );
    if ('kind' in answer) return failed(answer);
    const at = deps.clock.now();
    for (const of of batch) {
      const metrics = answer.get(of.delivery.externalId);
      if (metrics !== undefined) found.push({ of, snapshot: { n: of.delivery.n, age: of.age, at, metrics } });
    }
  }
  return { channel, found };
}
