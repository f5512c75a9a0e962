import * as z from 'zod';
import { ok, unverified } from '../outcome.ts';
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
    return unverified(ghostFailure(about, context.now()));
  }
  const posts = await get('/posts/', { limit: '1', fields: 'id' });
  if (ok(posts, z.object({ posts: z.array(z.unknown()) })) === undefined) {
    return unverified(ghostFailure(posts, context.now()));
  }
  const place = ghostSite(credential).replace(/^https?:\/\//, '');
  return { kind: 'verified', account: { id: place, handle: place, url: site.url }, facts: {} };
}

const siteSchema = z.object({ site: z.object({ url: z.url() }) });
