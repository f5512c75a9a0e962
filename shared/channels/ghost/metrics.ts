import * as z from 'zod';
import { type Metrics, told } from '../../domain/metrics.ts';
import { ok } from '../outcome.ts';
import type { Context, Measuring } from '../provider.ts';
import { type GhostCredential, ghostCall, ghostReadFailure } from './api.ts';

/**
 * Members' comments, and nothing else: Ghost counts page views only in its web analytics, which the Admin API does
 * not show, and link clicks and feedback only of newsletters, which are not sent from here.
 */
export const ghostMetrics: Measuring<GhostCredential> = {
  told: { replies: 'comments by members' },
  batch: 20,
  async fetch({ credential, externalIds }, context) {
    const ids = externalIds.filter((id) => /^[0-9a-f]{24}$/.test(id));
    if (ids.length === 0) return new Map();
    const query = { filter: `id:[${ids.join(',')}]`, fields: 'id', limit: String(ids.length) };
    const answer = await context.http(ghostCall(credential, context.now(), 'GET', '/posts/', { query }));
    const standing = ok(answer, z.object({ posts: z.array(z.object({ id: z.string() })) }));
    if (standing === undefined) return ghostReadFailure(answer, context.now());
    const measured = new Map<string, Metrics | 'removed'>();
    for (const id of ids) {
      const stands = standing.posts.some((post) => post.id === id);
      measured.set(id, stands ? told({ replies: await comments(credential, id, context) }) : 'removed');
    }
    return measured;
  },
  followers: async () => null,
};

/** Null where a site has comments off, or is too old to tell its integrations. */
async function comments(credential: GhostCredential, id: string, context: Context): Promise<number | null> {
  const query = { limit: '1' };
  const answer = await context.http(
    ghostCall(credential, context.now(), 'GET', `/comments/post/${id}/`, { query }),
  );
  return ok(answer, page)?.meta.pagination.total ?? null;
}

const page = z.object({ meta: z.object({ pagination: z.object({ total: z.int() }) }) });
