import type { PublishMessage } from '../../shared/domain/messages.ts';
import { MINUTE } from '../../shared/domain/time.ts';
import type { Queue, Scheduler } from '../../shared/ports.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** A schedule's message is tried again for so long, then it is a dead letter. */
const WAKE_AGE = 15 * MINUTE;

/** One-time schedules in virtual time: five minutes early by the minute, into the queue, gone after they fired. */
export function memoryScheduler(
  clock: VirtualClock,
  queue: Queue<PublishMessage>,
  /** By how many ms a schedule fires late: EventBridge promises the minute, not the second. */
  lateMs: () => number = () => 0,
): Scheduler & { readonly armed: ReadonlySet<string>; readonly reports: ReadonlyMap<string, string> } {
  const armed = new Set<string>();
  const reports = new Map<string, string>();
  const deliver = (wake: PublishMessage, until: number): void => {
    queue.send(wake).catch(() => {
      if (clock.now() < until) clock.at(clock.now() + MINUTE, () => deliver(wake, until));
    });
  };
  return {
    armed,
    reports,
    arm: async ({ agencyId, postId, at }) => {
      const name = `${postId}-${at}`;
      if (armed.has(name)) return;
      armed.add(name);
      clock.at(Math.floor(at / MINUTE) * MINUTE - 5 * MINUTE + lateMs(), () => {
        if (!armed.delete(name)) return;
        deliver({ kind: 'wake', agencyId, postId, at, tries: 0 }, clock.now() + WAKE_AGE);
      });
    },
    disarm: async ({ postId, at }) => {
      armed.delete(`${postId}-${at}`);
    },
    armReport: async (brand) => {
      reports.set(brand.id, `${brand.report.weekday} ${brand.report.time} ${brand.timeZone}`);
    },
    disarmReport: async (brandId) => {
      reports.delete(brandId);
    },
  };
}
