import * as z from 'zod';
import type { Account } from '../../domain/channel.ts';
import { tokensToCredential } from '../oauth.ts';
import { unverified } from '../outcome.ts';
import type { Context, HttpAnswer, Login, Renewal, Verified } from '../provider.ts';
import { renewalByRefreshToken } from '../token-renewal.ts';
import { call, ok, type TumblrCredential, toFailure, toRefusal } from './api.ts';

/**
 * https://github.com/tumblr/docs/blob/master/api.md#oauth2-authorization
 * An access token ends after 42 minutes. A refresh token is good once: two channels must not share a login, so each
 * blog is connected by a login of its own.
 */
export const tumblrLogin = (api: string): Login<TumblrCredential> => ({
  authorizeUrl: 'https://www.tumblr.com/oauth2/authorize',
  tokenUrl: `${api}/v2/oauth2/token`,
  scopes: ['basic', 'write', 'offline_access'],
  pkce: false,
  async choices({ tokens }, context) {
    const held = tokensToCredential(tokens);
    const answer = await context.http(call(api, held, 'GET', '/user/info'));
    const blogs = blogsIn(answer);
    if (blogs === undefined) return toFailure(answer, context.now());
    const choices = blogs.map((blog) => {
      const account = accountOf(blog);
      return { account, credential: { ...held, blog: account.id } };
    });
    return { kind: 'choices', choices };
  },
});

/** "401 Unauthorized, refresh token has expired", says api.md; OAuth itself would have it named in the answer. */
export const tumblrRenewal = (api: string): Renewal<TumblrCredential> =>
  renewalByRefreshToken('Tumblr', tumblrLogin(api), (reason) => /^HTTP 401(?!.*client)/i.test(reason));

/** Whose login it is, and whether it may post to the blog. */
export async function verifyTumblr(
  api: string,
  credential: TumblrCredential,
  context: Context,
): Promise<Verified> {
  const answer = await context.http(call(api, credential, 'GET', '/user/info'));
  const blogs = blogsIn(answer);
  if (blogs === undefined) return unverified(toRefusal(answer, context.now()));
  const blog = blogs.find((one) => isNamed(one, credential.blog));
  if (blog === undefined) {
    return { kind: 'refused', reason: 'this login may not post to the blog that is named' };
  }
  return { kind: 'verified', account: accountOf(blog), facts: {} };
}

/** Followers of the blog with this id; null when Tumblr does not tell. */
export async function followersOf(
  api: string,
  credential: TumblrCredential,
  blogId: string,
  context: Context,
) {
  const answer = await context.http(call(api, credential, 'GET', '/user/info'));
  const blogs = blogsIn(answer);
  if (blogs === undefined) return toFailure(answer, context.now());
  return blogs.find((one) => isNamed(one, blogId))?.followers ?? null;
}

const blogEntity = z.object({
  name: z.string().min(1),
  url: z.url(),
  uuid: z.string().optional(),
  followers: z.int().nonnegative().optional().catch(undefined),
});
type Blog = z.infer<typeof blogEntity>;

const blogsIn = (answer: HttpAnswer): readonly Blog[] | undefined =>
  ok(answer, z.object({ user: z.object({ blogs: z.array(blogEntity) }) }))?.user.blogs;

const accountOf = ({ name, url, uuid }: Blog): Account => ({ id: uuid ?? name, handle: name, url });

const isNamed = ({ name, url, uuid }: Blog, asked: string): boolean =>
  [name, `${name}.tumblr.com`, new URL(url).hostname, uuid].includes(asked);
