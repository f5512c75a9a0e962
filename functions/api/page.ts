import * as z from 'zod';
import type { Page } from '../../shared/store-ports.ts';
import { refusal } from './answers.ts';

/** Query fields of every listing: spread into the route's `query`. */
export const pageQuery = {
  limit: z.int().min(1).max(100).default(50).describe('How many at most on one page'),
  cursor: z.string().min(1).optional().describe('`cursor` of the page before'),
};

/** `{items, cursor?}`. A page may be short: go on until there is no cursor. */
export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    cursor: z.string().optional().describe('Absent on the last page'),
  });
}

/** Lambda ends an answer of more than 6 MB as an error: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MOST_BYTES = 5_000_000;

/** How many of these go into one answer, at least one: posts may be long, and Lambda writes the text of a body as JSON again. */
export function howManyFit(items: readonly unknown[]): number {
  let bytes = 0;
  const beyond = items.findIndex((item) => {
    bytes += Buffer.byteLength(JSON.stringify(JSON.stringify(item)));
    return bytes > MOST_BYTES;
  });
  return beyond === -1 ? items.length : Math.max(1, beyond);
}

/** What a store's page becomes in an answer. */
export function presentPage<Item, Shown>(
  page: Page<Item>,
  present: (item: Item) => Shown,
): { items: Shown[]; cursor?: string } {
  return {
    items: page.items.map(present),
    ...(page.next === undefined ? {} : { cursor: encodeCursor(page.next) }),
  };
}

/** A cursor holds only the sort position; the partition is rebuilt from the caller. */
export function encodeCursor(position: string): string {
  return Buffer.from(position, 'utf8').toString('base64url');
}

/** The sort position, undefined without a cursor; 422 at `/cursor` when it was never one of ours. */
export function decodeCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const position = Buffer.from(cursor, 'base64url').toString('utf8');
  if (position === '' || encodeCursor(position) !== cursor) {
    throw refusal('invalid_value', '/cursor', { rule: 'must be the cursor of an earlier page' });
  }
  return position;
}
