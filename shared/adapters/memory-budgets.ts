import type { Instant } from '../domain/time.ts';
import type { Budgets } from '../ports.ts';

/** More channels than one process publishes to within an hour. */
const MOST = 1_000;

/**
 * Keeps in memory which channels must wait. Each process has to learn it by itself, and that is enough: the one
 * that does not know yet sends once, is told 429, which costs no attempt, and knows. A counter in the table would
 * cost a read and a write with every send to save that one request. When it is full, what ends first is forgotten.
 */
export function memoryBudgets(now: () => Instant, most = MOST): Budgets {
  const waits = new Map<string, Instant>();
  const forgetPassed = (): void => {
    for (const [channelId, until] of waits) if (until <= now()) waits.delete(channelId);
  };
  return {
    blockedUntil: (channelId) => {
      const until = waits.get(channelId);
      return until !== undefined && until > now() ? until : undefined;
    },
    note: (channelId, until) => {
      if (until <= Math.max(now(), waits.get(channelId) ?? 0)) return;
      if (waits.size >= most) forgetPassed();
      waits.set(channelId, until);
      if (waits.size <= most) return;
      const [first] = [...waits].sort(([, a], [, b]) => a - b);
      if (first) waits.delete(first[0]);
    },
  };
}
