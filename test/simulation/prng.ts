/** Everything that is left to chance in a simulated run comes from one of these, so a seed replays exactly. */
export type Prng = {
  /** From 0 (inclusive) to 1. */
  readonly unit: () => number;
  /** A whole number, both ends included. */
  readonly int: (low: number, high: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <Item>(items: readonly [Item, ...Item[]]) => Item;
  /** Each item with the same probability; undefined when there are none. */
  readonly some: <Item>(items: readonly Item[]) => Item | undefined;
  readonly bytes: (count: number) => Uint8Array;
  /** A stream of its own: drawing from it does not move this one. */
  readonly fork: (label: string) => Prng;
};

/** sfc32, seeded from a number and a label. */
export function prng(seed: number, label = ''): Prng {
  let a = seed >>> 0;
  let b = hash(label);
  let c = (seed / 2 ** 32) >>> 0;
  let counter = 1;
  const next = (): number => {
    const result = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + result;
    return result >>> 0;
  };
  for (let mixed = 0; mixed < 12; mixed++) next();
  const unit = (): number => next() / 2 ** 32;
  const int = (low: number, high: number): number => low + Math.floor(unit() * (high - low + 1));
  return {
    unit,
    int,
    chance: (probability) => probability > 0 && unit() < probability,
    pick: (items) => items[int(0, items.length - 1)] ?? items[0],
    some: (items) => items[int(0, items.length - 1)],
    bytes: (count) => Uint8Array.from({ length: count }, () => next() & 255),
    fork: (name) => prng(next(), name),
  };
}

/** FNV-1a. */
export function hash(text: string, start = 0x811c9dc5): number {
  let value = start;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}
