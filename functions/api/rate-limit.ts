/** Seconds to wait, 0 when the request may go on. `nowMs` is monotonic. */
export type RateLimit = (key: string, nowMs: number) => number;

/** Keys remembered at once; a full bucket says nothing and is forgotten first. */
const MOST_KEYS = 10_000;

/**
 * A bucket of tokens per key, in this process only: a guard against runaway scripts, not a quota. The stage's
 * throttle is the limit over all.
 */
export function rateLimit(perSecond = 50, burst = 200): RateLimit {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return (key, nowMs) => {
    const last = buckets.get(key) ?? { tokens: burst, atMs: nowMs };
    const tokens = Math.min(burst, last.tokens + ((nowMs - last.atMs) / 1_000) * perSecond);
    if (buckets.size >= MOST_KEYS && !buckets.has(key)) forgetFull(buckets, nowMs, perSecond, burst);
    const allowed = tokens >= 1;
    buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, atMs: nowMs });
    return allowed ? 0 : Math.max(1, Math.ceil((1 - tokens) / perSecond));
  };
}

function forgetFull(
  buckets: Map<string, { tokens: number; atMs: number }>,
  nowMs: number,
  perSecond: number,
  burst: number,
): void {
  for (const [key, { tokens, atMs }] of buckets) {
    if (tokens + ((nowMs - atMs) / 1_000) * perSecond >= burst) buckets.delete(key);
  }
}
