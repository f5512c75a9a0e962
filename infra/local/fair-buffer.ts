/** Things that wait, taken from one group after the other, so that a full group does not hold up the rest. */
export type FairBuffer<Item> = {
  readonly size: number;
  add(group: string, item: Item): void;
  /** Up to `count` things, one from each group in turn. */
  take(count: number): Item[];
};

export function fairBuffer<Item>(): FairBuffer<Item> {
  // The map's order is the order of turns: a group that has had its turn goes to the end.
  const groups = new Map<string, Item[]>();
  let size = 0;
  return {
    get size() {
      return size;
    },
    add: (group, item) => {
      const waiting = groups.get(group);
      if (waiting) waiting.push(item);
      else groups.set(group, [item]);
      size += 1;
    },
    take: (count) => {
      const taken: Item[] = [];
      while (taken.length < count && size > 0) {
        for (const [group, waiting] of [...groups]) {
          if (taken.length === count) break;
          const item = waiting.shift();
          groups.delete(group);
          if (waiting.length > 0) groups.set(group, waiting);
          if (item === undefined) continue;
          taken.push(item);
          size -= 1;
        }
      }
      return taken;
    },
  };
}
