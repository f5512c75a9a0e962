import { randomBytes } from 'node:crypto';
import type { Condition, Item, Table } from './table.ts';

/**
 * A conditional put that recognises its own write. The SDK repeats a request whose answer was lost; the repeat
 * then fails on what the first one wrote. Each put carries a random token in `i`, which tells that apart.
 */
export async function putOwn(table: Table, item: Item, conditions: readonly Condition[]): Promise<boolean> {
  const token = randomBytes(6).toString('base64url');
  if (await table.put({ ...item, i: token }, conditions)) return true;
  return (await table.get(item))?.i === token;
}
