/** Keeps what was made for a key, for a time, up to a number of keys; the one not asked for longest goes first. */
export function expiringCache<Value>(limits: {
  readonly entries: number;
  readonly ms: number;
  /** Milliseconds of a clock that never goes back, and goes on while the process is frozen. */
  readonly monotonic: () => number;
}) {
  const kept = new Map<string, { value: Promise<Value>; until: number }>();
  return {
    /** The kept value, else `make`'s, which all who ask meanwhile share. A failure is not kept. */
    get(key: string, make: () => Promise<Value>): Promise<Value> {
      const found = kept.get(key);
      kept.delete(key);
      const entry =
        found && found.until > limits.monotonic()
          ? found
          : { value: make(), until: limits.monotonic() + limits.ms };
      kept.set(key, entry);
      if (entry !== found) {
        entry.value.catch(() => {
          if (kept.get(key) === entry) kept.delete(key);
        });
      }
      const [oldest] = kept.keys();
      if (kept.size > limits.entries && oldest !== undefined) kept.delete(oldest);
      return entry.value;
    },
  };
}
