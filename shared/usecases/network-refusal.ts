import type { MeasureFailure } from '../channels/provider.ts';
import { AppError } from '../domain/app-error.ts';
import type { Channel } from '../domain/channel.ts';
import { toRfc3339 } from '../domain/time.ts';
import { type Expiring, markExpired } from './mark-expired.ts';

/**
 * Tells a person why a network did not do what it was asked for at once.
 * @throws AppError `conflict` when it refuses, or the channel must be reconnected; `unavailable` when it may do it later
 */
export async function refuseFor(
  deps: Expiring,
  channel: Channel,
  failure: MeasureFailure | { kind: 'rejected'; code: string; reason: string },
): Promise<never> {
  switch (failure.kind) {
    case 'unauthorized':
      await markExpired(deps, channel, failure.reason);
      throw new AppError('conflict', 'The channel must be reconnected first.', {
        data: { channelId: channel.id },
      });
    case 'rateLimited':
      throw new AppError('unavailable', 'The network asks to wait.', {
        data: { retryAt: toRfc3339(failure.retryAt) },
      });
    case 'unavailable':
      throw new AppError('unavailable', `The network could not be asked: ${failure.reason}`);
    case 'rejected':
      throw new AppError('conflict', `The network refused: ${failure.reason}`, {
        data: { reason: failure.code },
      });
  }
}
