import * as z from 'zod';
import { idSchema } from '../../shared/domain/ids.ts';
import type { Instant } from '../../shared/domain/time.ts';
import type { CalendarPosition } from '../../shared/usecases/read-calendar.ts';
import { refusal } from './answers.ts';
import { decodeCursor, encodeCursor, pageQuery } from './page.ts';

const instant = z.iso.datetime({ offset: true });

/** Query fields of a listing by due time. */
export const calendarQuery = {
  from: instant.optional().describe('Due at or after this instant'),
  to: instant.optional().describe('Due before this instant'),
  ...pageQuery,
};
export const brandsQuery = z
  .array(idSchema('brd'))
  .min(1)
  .max(100)
  .optional()
  .describe('Brands, separated by commas; all of the key’s brands if absent');

/** Where a listing goes on: behind a position, or, with `n`, within its post behind that delivery. */
export type Cursor = CalendarPosition & { readonly n?: number };

/** The ends of the calendar: drafts without a time stand at one of them, so they come where an end is left open. */
const FIRST: Instant = 0;
const LAST: Instant = 10_000_000_000_000;

/** `from <= dueAt < to` in epoch ms; 422 at `/from` when there is nothing between. */
export function rangeOf(query: { from?: string | undefined; to?: string | undefined }): {
  from: Instant;
  to: Instant;
} {
  const from = query.from === undefined ? FIRST : within(Date.parse(query.from));
  const to = query.to === undefined ? LAST : within(Date.parse(query.to));
  if (from >= to) throw refusal('invalid_value', '/from', { rule: 'must be before to' });
  return { from, to };
}

export function writeCursor({ at, brandId, postId, n }: Cursor): string {
  return encodeCursor([at, brandId, postId, ...(n === undefined ? [] : [n])].join(' '));
}

/** Undefined without one; 422 at `/cursor` when it was never one of ours. */
export function readCursor(text: string | undefined): Cursor | undefined {
  const position = decodeCursor(text);
  if (position === undefined) return undefined;
  const match = /^(\d{1,15}) (brd_\w{20}) (post_\w{20})(?: (\d{1,2}))?$/.exec(position);
  const [, at, brandId, postId, n] = match ?? [];
  if (brandId === undefined || postId === undefined) {
    throw refusal('invalid_value', '/cursor', { rule: 'must be the cursor of an earlier page' });
  }
  return { at: Number(at), brandId, postId, ...(n === undefined ? {} : { n: Number(n) }) };
}

const within = (at: Instant): Instant => Math.min(Math.max(at, FIRST), LAST);
