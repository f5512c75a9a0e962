import * as z from 'zod';
import { type Metrics, told } from '../../domain/metrics.ts';
import type { Instant } from '../../domain/time.ts';
import { measureFailure, ok } from '../outcome.ts';
import type { HttpAnswer, MeasureFailure } from '../provider.ts';

type Get = (route: string, query: Readonly<Record<string, string>>) => Promise<HttpAnswer>;

/** The status of each post that the site still has, by id: one request. */
export async function readStatuses(
  ids: readonly string[],
  get: Get,
  now: Instant,
): Promise<Map<string, string> | MeasureFailure> {
  const answer = await get('/posts', {
    include: ids.join(','),
    status: 'publish,future,draft,pending,private,trash',
    per_page: '100',
    _fields: 'id,status',
  });
  const posts = ok(answer, z.array(z.object({ id: z.int(), status: z.string() })));
  if (posts === undefined) return measureFailure(answer, now);
  return new Map(posts.map(({ id, status }) => [String(id), status]));
}

/**
 * Approved comments of each post. `/comments` takes several posts at once but tells one total for all, so the
 * comments of the whole batch are fetched by their post's id alone and counted: one request as long as the batch
 * has at most 100, which is nearly always. Beyond, each post is asked for its own total: `batch` requests more at
 * most, where paging through would have no bound.
 */
export async function readComments(
  ids: readonly string[],
  statuses: ReadonlyMap<string, string>,
  get: Get,
  now: Instant,
): Promise<Map<string, Metrics | 'removed'> | MeasureFailure> {
  const isGone = (id: string): boolean => (statuses.get(id) ?? 'trash') === 'trash';
  const measured = new Map<string, Metrics | 'removed'>(
    ids.filter(isGone).map((id) => [id, 'removed'] as const),
  );
  const standing = ids.filter((id) => !isGone(id));
  if (standing.length === 0) return measured;

  const answer = await get('/comments', { post: standing.join(','), per_page: '100', _fields: 'post' });
  const comments = ok(answer, z.array(z.object({ post: z.int() })));
  const total = totalOf(answer);
  if (comments === undefined || total === undefined) return measureFailure(answer, now);
  for (const id of standing) {
    if (total <= comments.length) {
      measured.set(id, told({ replies: comments.filter(({ post }) => String(post) === id).length }));
      continue;
    }
    // One after another: a busy site is often a small one.
    const own = totalOf(await get('/comments', { post: id, per_page: '1', _fields: 'post' }));
    if (own !== undefined) measured.set(id, told({ replies: own }));
  }
  return measured;
}

/** https://developer.wordpress.org/rest-api/using-the-rest-api/pagination/ */
function totalOf(answer: HttpAnswer): number | undefined {
  if (answer.kind !== 'answered' || answer.status !== 200) return undefined;
  const total = answer.headers['x-wp-total'];
  return total !== undefined && /^\d+$/.test(total) ? Number(total) : undefined;
}
