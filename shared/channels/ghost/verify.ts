import * as z from 'zod';
import { ok } from '../outcome.ts';
import type { Context, Verified } from '../provider.ts';
import { type GhostCredential, ghostCall, ghostFailure, ghostSite } from './api.ts';

/** Asks the site for its name, which it tells everybody, and then for a post, which it tells only the key's owner. */
export async function verifyGhost(credential: GhostCredential, context: Context): Promise<Verified> {
  const get = (route: string, query = {}) =>
    context.http(ghostCall(credential, context.now(), 'GET', route, { query }));
  const about = await get('/site/');
  const site = ok(about, siteSchema)?.site;
  if (site === undefined) {
    if (about.kind === 'answered' && about.status < 500 && about.status !== 429) {
      return { kind: 'refused', reason: 'There is no Ghost Admin API at this address.' };
    }
    return { kind: 'unreachable', reason: reasonFor(ghostFailure(about, context.now())) };
  }
  const posts = await get('/posts/', { limit: '1', fields: 'id' });
  if (ok(posts, z.object({ posts: z.array(z.unknown()) })) === undefined) {
    const failure = ghostFailure(posts, context.now());
    const refused = failure.kind === 'unauthorized' || failure.kind === 'rejected';
    return { kind: refused ? 'refused' : 'unreachable', reason: reasonFor(failure) };
  }
  const place = ghostSite(credential).replace(/^https?:\/\//, '');
  return { kind: 'verified', account: { id: place, handle: place, url: site.url }, facts: {} };
}

const siteSchema = z.object({ site: z.object({ url: z.url() }) });

const reasonFor = (outcome: ReturnType<typeof ghostFailure>): string =>
  'reason' in outcome ? outcome.reason : 'too many requests';
