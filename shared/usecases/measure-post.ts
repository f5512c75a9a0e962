import type { MeasureFailure } from '../channels/provider.ts';
import type { Agency } from '../domain/agency.ts';
import { AppError } from '../domain/app-error.ts';
import type { Brand } from '../domain/brand.ts';
import type { Snapshot } from '../domain/metrics.ts';
import { openAge, publicationsOf } from '../domain/open-age.ts';
import type { Post } from '../domain/post.ts';
import type { Deps } from '../ports.ts';
import { keepMeasured } from './keep-measured.ts';
import { type Measured, measureChannel } from './measure-channel.ts';
import { snapshotsOf } from './snapshots-of.ts';

/**
 * Measures a post's publications now, because a person asks. Counts as a fixed age where one is open and not yet
 * taken. @throws AppError `unavailable` when no network answered; `conflict` when all their channels must be reconnected
 */
export async function measurePost(
  deps: Deps,
  { agency, brand, post }: { agency: Agency; brand: Brand; post: Post },
): Promise<readonly Snapshot[]> {
  const [known = []] = await snapshotsOf(deps, brand, [post]);
  const due = publicationsOf(post).map((delivery) => {
    const open = openAge(delivery, deps.clock.now());
    const isTaken = known.some(({ n, age }) => n === delivery.n && age === open);
    return { post, delivery, age: open === undefined || isTaken ? ('now' as const) : open };
  });
  const told: Measured[] = [];
  const failures: (MeasureFailure & { channelId: string })[] = [];
  for (const [channelId, ones] of Map.groupBy(due, ({ delivery }) => delivery.channelId)) {
    const channel = await deps.channels.get(agency.id, channelId);
    if (!channel) continue;
    const measured = await measureChannel(deps, { agency, channel, due: ones });
    told.push(measured);
    if (measured.failure) failures.push({ channelId, ...measured.failure });
  }
  await keepMeasured(deps, brand, told);
  const snapshots = told.flatMap(({ found }) => found.map(({ snapshot }) => snapshot));
  if (snapshots.length === 0 && failures.length > 0) throw refusal(failures);
  return snapshots;
}

function refusal(failures: readonly (MeasureFailure & { channelId: string })[]): AppError {
  const channels = failures.map((one) => ({
    channelId: one.channelId,
    reason: 'reason' in one ? one.reason : 'asked to wait',
  }));
  return failures.every(({ kind }) => kind === 'unauthorized')
    ? new AppError('conflict', 'The channels must be reconnected first.', { data: { channels } })
    : new AppError('unavailable', 'No network could be asked.', { data: { channels } });
}
