import type { PublishMessage } from '../../shared/domain/messages.ts';
import { MINUTE } from '../../shared/domain/time.ts';
import type { Queue, Scheduler } from '../../shared/ports.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** One-time schedules in virtual time: five minutes early by the minute, into the queue, gone after they fired. */
export function memoryScheduler(
  clock: VirtualClock,
  queue: Queue<PublishMessage>,
): Scheduler & { readonly armed: ReadonlySet<string>; readonly reports: ReadonlyMap<string, string> } {
  const armed = new Set<string>();
  const reports = new Map<string, string>();
  return {
    armed,
    reports,
    arm: async ({ agencyId, postId, at }) => {
      const name = `${postId}-${at}`;
      if (armed.has(name)) return;
      armed.add(name);
      clock.at(Math.floor(at / MINUTE) * MINUTE - 5 * MINUTE, () => {
        if (!armed.delete(name)) return;
        void queue.send({ kind: 'wake', agencyId, postId, at, tries: 0 });
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
