import * as z from 'zod';
import { type Graph, graphGet, graphId, graphOk, graphReadFailure, graphStepFailure } from '../graph.ts';
import { graphTokenCredential, notGranted } from '../graph-tokens.ts';
import { tokensOf } from '../oauth.ts';
import { unverified } from '../outcome.ts';
import type { Choice, Context, Login, MeasureFailure, Verified } from '../provider.ts';
import { facebookUrl } from './video.ts';

/** Of a Page. A token that comes from a long-lived one of a user, as by logging in here, has no end. */
export const facebookCredential = graphTokenCredential;
export type FacebookCredential = z.infer<typeof facebookCredential>;

/** `category` is what only a Page has: a person's token is refused by it. */
const PAGE_FIELDS = 'id,name,username,link,category';

const page = z.object({
  id: graphId,
  name: z.string(),
  username: z.string().optional(),
  link: z.string().optional(),
  access_token: z.string().min(1).optional(),
  tasks: z.array(z.string()).optional(),
});
type Page = z.infer<typeof page>;

const accountOf = ({ id, name, username, link }: Page) => ({
  id,
  handle: username ?? name,
  url: facebookUrl(link ?? `/${id}`),
});

/** Reads which Page the token is of. */
export async function verifyPage(graph: Graph, context: Context): Promise<Verified> {
  const answer = await context.http(graphGet(graph, 'me', { fields: PAGE_FIELDS }));
  const known = graphOk(answer, page);
  if (known !== undefined) return { kind: 'verified', account: accountOf(known), facts: {} };
  return unverified(graphStepFailure(answer, context.now()));
}

/**
 * Facebook Login for Business, https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow
 * `graph`: the API's address, its version included.
 */
export const facebookLogin = (graph: string, dialog: string): Login<FacebookCredential> => ({
  authorizeUrl: dialog,
  tokenUrl: `${graph}/oauth/access_token`,
  scopes: [
    'pages_show_list',
    'pages_manage_posts',
    'pages_read_engagement',
    'pages_manage_engagement',
    'read_insights',
    'business_management',
  ],
  scopeSeparator: ',',
  pkce: false,
  async choices({ tokens, app }, context) {
    const exchange = await context.http({
      method: 'GET',
      url: `${graph}/oauth/access_token?${new URLSearchParams({
        grant_type: 'fb_exchange_token',
        client_id: app.clientId,
        client_secret: app.clientSecret,
        fb_exchange_token: tokens.accessToken,
      })}`,
    });
    const longLived = exchange.kind === 'answered' ? tokensOf(exchange.json, context.now()) : undefined;
    if (longLived === undefined) return graphReadFailure(exchange, context.now());
    const person = { base: graph, accessToken: longLived.accessToken };
    const kept = await keptRight(person, context);
    return kept === undefined ? pagesOf(person, context) : notGranted(kept);
  },
});

/** Without these nothing is published, whatever a person's tasks on a Page are. */
const NEEDED = ['pages_manage_posts', 'pages_read_engagement'];
const permissions = z.object({ data: z.array(z.object({ permission: z.string(), status: z.string() })) });

/** A right that is needed and that the person did not give; undefined also where Facebook does not tell. */
async function keptRight(graph: Graph, context: Context): Promise<string | undefined> {
  const answer = await context.http(graphGet(graph, 'me/permissions'));
  const told = graphOk(answer, permissions)?.data ?? [];
  return told.find(({ permission, status }) => NEEDED.includes(permission) && status !== 'granted')
    ?.permission;
}

const LENT_FIELDS = 'id,name,username,link,access_token';
/**
 * What the person may do there is told by the list of their own Pages alone; a business's lists refuse to be asked.
 * https://developers.facebook.com/docs/graph-api/reference/user/accounts
 */
const OWN_FIELDS = `${LENT_FIELDS},tasks`;

/** Every Page that the person may publish on, those that a business lends them included. */
async function pagesOf(
  graph: Graph,
  context: Context,
): Promise<{ kind: 'choices'; choices: readonly Choice<FacebookCredential>[] } | MeasureFailure> {
  const own = await readAll(graph, 'me/accounts', OWN_FIELDS, page, context);
  if ('kind' in own) return own;
  // By id, and their own first: what is known of a Page there is not told again.
  const pages = new Map(own.all.map((one) => [one.id, one]));
  // Who has no business, or gave no right to see it, has their own Pages all the same.
  const businesses = await readAll(graph, 'me/businesses', 'id', z.object({ id: graphId }), context);
  const edges = ('kind' in businesses ? [] : businesses.all).flatMap(({ id }) => [
    `${id}/owned_pages`,
    `${id}/client_pages`,
  ]);
  for (let from = 0; from < edges.length; from += AT_ONCE) {
    const some = edges.slice(from, from + AT_ONCE);
    const read = await Promise.all(some.map((edge) => readAll(graph, edge, LENT_FIELDS, page, context)));
    const lent = read.flatMap((list) => ('kind' in list ? [] : list.all));
    for (const one of lent) if (!pages.has(one.id)) pages.set(one.id, one);
  }
  const choices = [...pages.values()].flatMap((one): Choice<FacebookCredential>[] => {
    const mayPublish = one.tasks === undefined || one.tasks.includes('CREATE_CONTENT');
    if (one.access_token === undefined || !mayPublish) return [];
    return [{ account: accountOf(one), credential: { accessToken: one.access_token } }];
  });
  return { kind: 'choices', choices };
}

/** Who logs in waits half a minute for all of it, and the code is spent then; an agency may be in dozens of businesses. */
const AT_ONCE = 10;
/** More pages of a list than any agency has. */
const MOST_TURNS = 20;

async function readAll<Entry>(
  graph: Graph,
  path: string,
  fields: string,
  entry: z.ZodType<Entry>,
  context: Context,
): Promise<{ all: readonly Entry[] } | MeasureFailure> {
  const shape = z.object({
    data: z.array(entry),
    paging: z
      .object({ cursors: z.object({ after: z.string() }).optional(), next: z.string().optional() })
      .optional(),
  });
  const all: Entry[] = [];
  let after: string | undefined;
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const answer = await context.http(graphGet(graph, path, { fields, limit: '100', after }));
    const told = graphOk(answer, shape);
    if (told === undefined) return graphReadFailure(answer, context.now());
    all.push(...told.data);
    after = told.paging?.next === undefined ? undefined : told.paging.cursors?.after;
    if (after === undefined) break;
  }
  return { all };
}
