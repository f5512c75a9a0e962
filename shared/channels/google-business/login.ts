import * as z from 'zod';
import type { Account } from '../../domain/channel.ts';
import { bearerRequest } from '../bearer.ts';
import { tokensToCredential } from '../oauth.ts';
import { ok, unverified } from '../outcome.ts';
import type { Choice, Context, HttpAnswer, Login, MeasureFailure, Renewal, Verified } from '../provider.ts';
import { renewalByRefreshToken } from '../token-renewal.ts';
import { type GoogleBusinessCredential, type GoogleHosts, googleFailure, googleReadFailure } from './api.ts';

/** https://developers.google.com/my-business/content/implement-oauth; without `consent` there is a refresh token only once. */
export const googleBusinessLogin = (hosts: GoogleHosts): Login<GoogleBusinessCredential> => ({
  authorizeUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
  tokenUrl: hosts.tokenUrl,
  scopes: ['https://www.googleapis.com/auth/business.manage'],
  parameters: { access_type: 'offline', prompt: 'consent' },
  pkce: true,
  async choices({ tokens }, context) {
    const held = tokensToCredential(tokens);
    const accounts = await readAll(
      `${hosts.accounts}/v1/accounts`,
      { pageSize: '20' },
      accountsPage,
      held,
      context,
    );
    if (!Array.isArray(accounts)) return accounts;
    const choices: Choice<GoogleBusinessCredential>[] = [];
    for (let from = 0; from < accounts.length; from += AT_ONCE) {
      const some = accounts.slice(from, from + AT_ONCE);
      const read = await Promise.all(some.map(({ name }) => choicesOf(hosts, name, held, context)));
      for (const one of read) {
        if (!Array.isArray(one)) return one;
        choices.push(...one);
      }
    }
    return { kind: 'choices', choices };
  },
});

/** Who logs in waits half a minute for all of it, and the code is spent then; an agency may hold dozens of accounts. */
const AT_ONCE = 8;

/** The locations of one account. */
async function choicesOf(
  hosts: GoogleHosts,
  account: string,
  held: Omit<GoogleBusinessCredential, 'location'>,
  context: Context,
): Promise<Choice<GoogleBusinessCredential>[] | MeasureFailure> {
  const url = `${hosts.locations}/v1/${account}/locations`;
  const query = { readMask: READ_MASK, pageSize: '100' };
  const locations = await readAll(url, query, locationsPage, held, context);
  if (!Array.isArray(locations)) return locations;
  return locations.map((location) => ({
    account: accountOf(location),
    credential: { ...held, location: `${account}/${location.name}` },
  }));
}

export const googleBusinessRenewal = (hosts: GoogleHosts): Renewal<GoogleBusinessCredential> =>
  renewalByRefreshToken('Google', googleBusinessLogin(hosts));

/** Whose business it is, as Google shows it. */
export async function verifyGoogleBusiness(
  hosts: GoogleHosts,
  credential: GoogleBusinessCredential,
  context: Context,
): Promise<Verified> {
  const id = credential.location.replace(/^accounts\/\d+\//, '');
  const query = { readMask: READ_MASK };
  const answer = await context.http(
    bearerRequest(credential, 'GET', `${hosts.locations}/v1/${id}`, { query }),
  );
  const location = ok(answer, locationSchema);
  if (location !== undefined) return { kind: 'verified', account: accountOf(location), facts: {} };
  return unverified(googleFailure(answer, context.now()));
}

const READ_MASK = 'name,title,metadata';

const locationSchema = z.object({
  name: z.string().regex(/^locations\/\d+$/),
  title: z.string().min(1).catch('Business'),
  metadata: z.object({ mapsUri: z.url().optional() }).optional().catch(undefined),
});

const accountOf = ({ name, title, metadata }: z.infer<typeof locationSchema>): Account => ({
  id: name,
  handle: title,
  url: metadata?.mapsUri ?? `https://business.google.com/${name}`,
});

type Page<T> = { readonly items: readonly T[]; readonly nextPageToken?: string | undefined };
const nextPageToken = z.string().optional();
const accountsPage = z
  .object({
    accounts: z.array(z.object({ name: z.string().regex(/^accounts\/\d+$/) })).default([]),
    nextPageToken,
  })
  .transform(({ accounts: items, ...rest }) => ({ items, ...rest }));
const locationsPage = z
  .object({ locations: z.array(locationSchema).default([]), nextPageToken })
  .transform(({ locations: items, ...rest }) => ({ items, ...rest }));

/** All pages of a list, as far as a login may reasonably reach. */
async function readAll<T>(
  url: string,
  query: Readonly<Record<string, string>>,
  schema: z.ZodType<Page<T>>,
  held: Pick<GoogleBusinessCredential, 'accessToken'>,
  context: Context,
): Promise<T[] | MeasureFailure> {
  const found: T[] = [];
  let pageToken: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const more = pageToken === undefined ? query : { ...query, pageToken };
    const answer: HttpAnswer = await context.http(bearerRequest(held, 'GET', url, { query: more }));
    const page = ok(answer, schema);
    if (page === undefined) return googleReadFailure(answer, context.now());
    found.push(...page.items);
    pageToken = page.nextPageToken;
    if (pageToken === undefined) break;
  }
  return found;
}

const MOST_PAGES = 20;
