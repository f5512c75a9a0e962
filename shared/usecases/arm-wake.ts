import { MINUTE, SECOND } from '../domain/time.ts';
import type { Deps } from '../ports.ts';

export type WakeRef = { agencyId: string; postId: string; at: number };

/** Below this the queue's own delay (at most 15 minutes) serves, and no schedule is needed. */
export const QUEUE_REACH = 14 * MINUTE;
const SCHEDULER_TRIES = 3;

/**
 * Arms one wake: by the queue's delay when it is near, else by a one-time schedule. Arming twice is harmless.
 * @returns false when the scheduler refused three times: the caller must let `rescue` arm it later.
 */
export async function armWake(
  deps: Pick<Deps, 'clock' | 'scheduler' | 'publishQueue' | 'log'>,
  wake: WakeRef,
): Promise<boolean> {
  const wait = wake.at - deps.clock.now();
  if (wait <= QUEUE_REACH) {
    await sendWake(deps, wake, wait);
    return true;
  }
  for (let tried = 1; ; tried++) {
    try {
      await deps.scheduler.arm(wake);
      return true;
    } catch (error) {
      if (tried === SCHEDULER_TRIES) {
        deps.log.warn('schedule.refused', { ...wake, error: String(error) });
        return false;
      }
      await deps.clock.sleep(100 * 2 ** tried);
    }
  }
}

/**
 * How long before its time a wake should be there at the latest: the handler waits it out, reading meanwhile. The
 * queue delays by whole seconds, so it is up to a second more. Each second that is waited costs 1.7 USD a million posts.
 */
const AHEAD = 250;

/** Into the queue so that it arrives just before its time; the handler waits out the rest. */
export async function sendWake(
  deps: Pick<Deps, 'publishQueue'>,
  wake: WakeRef,
  waitMs: number,
  tries = 0,
): Promise<void> {
  const delaySeconds = Math.min(900, Math.max(0, Math.floor((waitMs - AHEAD) / SECOND)));
  await deps.publishQueue.send({ kind: 'wake', ...wake, tries }, { delaySeconds, group: wake.agencyId });
}
