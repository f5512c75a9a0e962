import * as z from 'zod';
import { ok, reasonOf } from '../outcome.ts';
import type { Context, HttpAnswer, Verified } from '../provider.ts';
import { call, errorCode, failureReason, siteOf, type WordpressCredential } from './api.ts';

/** Asks the site who logs in there and whether they may publish; learns by which kind of address it can be asked. */
export async function verifySite(credential: WordpressCredential, context: Context): Promise<Verified> {
  const ask = (queryRoutes: boolean): Promise<HttpAnswer> =>
    context.http(call(credential, queryRoutes, 'GET', '/users/me', { query: { context: 'edit' } }));
  const pretty = await ask(false);
  const queryRoutes = isNoApi(pretty);
  const answer = queryRoutes ? await ask(true) : pretty;
  const user = ok(answer, userSchema);
  if (user === undefined) return refusal(answer, context);

  const url = `${siteOf(credential)}/`;
  const place = url.replace(/^https?:\/\/|\/$/g, '');
  // A site that keeps capabilities to itself is taken at its word when the first post is refused.
  if (user.capabilities !== undefined && !mayPublish(user.capabilities)) {
    const role = user.roles.length === 0 ? 'no role' : `the role ${user.roles.join(', ')}`;
    const reason = `The user “${user.slug}” has ${role} on ${place} and may not publish posts; it takes an author, editor or administrator.`;
    return { kind: 'refused', reason };
  }
  return {
    kind: 'verified',
    account: { id: `${place}#${user.id}`, handle: `${user.slug}@${place}`, url },
    facts: queryRoutes ? { queryRoutes } : {},
  };
}

const userSchema = z.object({
  id: z.int(),
  slug: z.string().default('user'),
  roles: z.array(z.string()).default([]),
  // PHP writes an empty map as [].
  capabilities: z.unknown().optional(),
});

const mayPublish = (capabilities: unknown): boolean =>
  z.object({ publish_posts: z.literal(true) }).safeParse(capabilities).success;

/** Where permalinks are not pretty, the web server or the theme answers below `/wp-json`: a 404, or just a page. */
function isNoApi(answer: HttpAnswer): boolean {
  if (answer.kind !== 'answered' || answer.status >= 500 || answer.status === 429) return false;
  return answer.status === 404 || answer.json === undefined;
}

function refusal(answer: HttpAnswer, context: Context): Verified {
  if (answer.kind !== 'answered' || answer.status >= 500 || answer.status === 429) {
    return { kind: 'unreachable', reason: failureReason(answer, context.now()) };
  }
  // Nobody is logged in though we sent a password: it did not arrive.
  if (errorCode(answer) === 'rest_not_logged_in') {
    const reason =
      'The site did not see the application password: a plugin or the web server takes the Authorization header away, or the address leads on to another one (with or without www, https).';
    return { kind: 'refused', reason };
  }
  if (answer.status < 400)
    return { kind: 'refused', reason: 'There is no WordPress REST API at this address.' };
  return { kind: 'refused', reason: reasonOf(answer) };
}
