import * as z from 'zod';
import type { Account } from '../../domain/channel.ts';
import { tokensToCredential } from '../oauth.ts';
import { unverified } from '../outcome.ts';
import type { Choice, Context, HttpAnswer, Login, Renewal, Verified } from '../provider.ts';
import { renewalByRefreshToken } from '../token-renewal.ts';
import {
  call,
  isPage,
  type LinkedinAccess,
  type LinkedinCredential,
  statusOf,
  successJson,
  toFailure,
  toRefusal,
} from './api.ts';
import { NAME } from './post.ts';

/** Is the token the author's own, or that of somebody who may post for the page? */
export async function verifyLinkedin(access: LinkedinAccess, context: Context): Promise<Verified> {
  const { author } = access.credential;
  const read = isPage(author) ? await readPages(access, context, author) : await readMember(access, context);
  if ('failed' in read) return unverified(toRefusal(read.failed, context.now()));
  const account = read.accounts.find(({ id }) => id === author);
  if (account === undefined) {
    const reason = isPage(author)
      ? 'this member may not post for that page'
      : 'the token is another member’s';
    return { kind: 'refused', reason };
  }
  return { kind: 'verified', account, facts: { page: isPage(author) } };
}

type Who = { readonly api: string; readonly credential: Pick<LinkedinCredential, 'accessToken'> };
type Read = { readonly accounts: readonly Account[] } | { readonly failed: HttpAnswer };

const profile = z.object({
  id: z.string(),
  localizedFirstName: z.string().default(''),
  localizedLastName: z.string().default(''),
  vanityName: z.string().optional(),
});
const userInfo = z.object({ sub: z.string(), name: z.string().default('') });

/** By the permission of apps that manage pages, else by OpenID Connect: an app has one of the two. */
async function readMember(who: Who, context: Context): Promise<Read> {
  const answer = await context.http(call(who, 'GET', '/rest/me'));
  const me = profile.safeParse(successJson(answer)).data;
  if (me !== undefined) {
    const name = `${me.localizedFirstName} ${me.localizedLastName}`.trim();
    return { accounts: [toMember(me.id, name, me.vanityName)] };
  }
  if (statusOf(answer) !== 403 && statusOf(answer) !== 404) return { failed: answer };
  const info = await context.http(call(who, 'GET', '/v2/userinfo'));
  const user = userInfo.safeParse(successJson(info)).data;
  return user === undefined ? { failed: info } : { accounts: [toMember(user.sub, user.name)] };
}

const toMember = (id: string, name: string, vanityName?: string): Account => ({
  id: `urn:li:person:${id}`,
  handle: name === '' ? id : name,
  url: vanityName === undefined ? 'https://www.linkedin.com/' : `https://www.linkedin.com/in/${vanityName}`,
});

const acls = z.object({ elements: z.array(z.object({ organization: z.string(), role: z.string() })) });
/** Roles that may post: https://learn.microsoft.com/linkedin/marketing/community-management/organizations/organization-access-control-by-role */
const MAY_POST = /^(ADMINISTRATOR|CONTENT_ADMIN|CONTENT_ADMINISTRATOR)$/;
const pageName = z.object({ localizedName: z.string().optional(), vanityName: z.string().optional() });
type PageName = z.infer<typeof pageName>;
const pages = z.object({ results: z.record(z.string(), pageName) });

/** Every page that this member may post for, or only the one that is asked for. */
async function readPages(who: Who, context: Context, only?: string): Promise<Read> {
  const read = await readRoles(who, context);
  if ('failed' in read) return read;
  const mayPost = read.roles.filter(({ role }) => MAY_POST.test(role)).map((one) => one.organization);
  const urns = [...new Set(mayPost)].filter((urn) => only === undefined || urn === only);
  const accounts: Account[] = [];
  for (let from = 0; from < urns.length; from += AT_ONCE) {
    const ids = urns.slice(from, from + AT_ONCE).map((urn) => urn.slice(urn.lastIndexOf(':') + 1));
    const named = await context.http(
      call(who, 'GET', `/rest/organizationsLookup?ids=List(${ids.join(',')})`),
    );
    const results = pages.safeParse(successJson(named)).data?.results;
    if (results === undefined) return { failed: named };
    accounts.push(...ids.map((id) => toPage(id, results[id])));
  }
  return { accounts };
}

/** What LinkedIn tells of at once, and as many ids as an address holds. */
const AT_ONCE = 100;
const MOST_TURNS = 20;

/** https://learn.microsoft.com/linkedin/shared/api-guide/concepts/pagination: a list ends with a short turn. */
async function readRoles(
  who: Who,
  context: Context,
): Promise<{ readonly roles: z.infer<typeof acls>['elements'] } | { readonly failed: HttpAnswer }> {
  const roles: z.infer<typeof acls>['elements'] = [];
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const path = `/rest/organizationAcls?q=roleAssignee&state=APPROVED&start=${turn * AT_ONCE}&count=${AT_ONCE}`;
    const answer = await context.http(call(who, 'GET', path));
    const told = acls.safeParse(successJson(answer)).data?.elements;
    if (told === undefined) return { failed: answer };
    roles.push(...told);
    if (told.length < AT_ONCE) break;
  }
  return { roles };
}

const toPage = (id: string, { localizedName, vanityName }: PageName = {}): Account => ({
  id: `urn:li:organization:${id}`,
  handle: localizedName ?? id,
  url: `https://www.linkedin.com/company/${vanityName ?? id}`,
});

/**
 * All of it belongs to the product Community Management API, which an app has alone; a token of another app may be
 * given by hand. https://learn.microsoft.com/linkedin/marketing/increasing-access
 */
export const linkedinLogin = (api: string): Login<LinkedinCredential> => ({
  authorizeUrl: 'https://www.linkedin.com/oauth/v2/authorization',
  tokenUrl: `${api === 'https://api.linkedin.com' ? 'https://www.linkedin.com' : api}/oauth/v2/accessToken`,
  scopes: [
    'r_basicprofile',
    'w_member_social',
    'r_member_postAnalytics',
    'r_member_profileAnalytics',
    'r_organization_social',
    'w_organization_social',
    'rw_organization_admin',
  ],
  pkce: false,
  async choices({ tokens }, context) {
    const credential = tokensToCredential(tokens);
    const choices: Choice<LinkedinCredential>[] = [];
    for (const read of [
      await readMember({ api, credential }, context),
      await readPages({ api, credential }, context),
    ]) {
      if ('failed' in read && statusOf(read.failed) !== 403) return toFailure(read.failed, context.now());
      const accounts = 'failed' in read ? [] : read.accounts;
      choices.push(
        ...accounts.map((account) => ({ account, credential: { ...credential, author: account.id } })),
      );
    }
    return { kind: 'choices', choices };
  },
});

/** Only apps that LinkedIn has let do so get refresh tokens; all others log in again every 60 days. */
export const linkedinRenewal = (api: string): Renewal<LinkedinCredential> =>
  renewalByRefreshToken(NAME, linkedinLogin(api));
