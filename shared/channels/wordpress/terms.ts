import * as z from 'zod';
import { ok } from '../outcome.ts';
import type { Context, HttpAnswer, PublishRequest } from '../provider.ts';
import {
  call,
  errorCode,
  type Refusal,
  refusalOf,
  usesQueryRoutes,
  type WordpressCredential,
} from './api.ts';
import { optionsOf, type Terms } from './post.ts';

type Request = Pick<PublishRequest<WordpressCredential>, 'variant' | 'credential'> & {
  readonly channel: Pick<PublishRequest<WordpressCredential>['channel'], 'facts'>;
};

/**
 * The ids of the post's categories and tags on this site. A tag that is not there is made, as everywhere where people
 * write tags; a category is not: it is part of how a site is built, and a name that is not there is mostly misspelt.
 */
export async function termsOnSite(request: Request, context: Context): Promise<Terms | Refusal> {
  const { categories, tags } = optionsOf(request.variant);
  const found: { -readonly [Name in keyof Terms]: number[] } = {};
  for (const [kind, wanted, find] of [
    ['categories', categories, categoryNamed],
    ['tags', tags, tagNamed],
  ] as const) {
    if (wanted === undefined) continue;
    const ids = new Set<number>();
    for (const one of wanted) {
      const id = typeof one === 'number' ? one : await find(request, one, context);
      if (typeof id !== 'number') return id;
      ids.add(id);
    }
    found[kind] = [...ids];
  }
  return found;
}

const termSchema = z.object({ id: z.int(), name: z.string() });

/**
 * A search finds parts of names, too, and names as they are kept, which is as HTML: `&amp;` for an ampersand. So it is
 * for the longest part of the name that reads the same. https://developer.wordpress.org/rest-api/reference/categories/
 */
async function categoryNamed(
  { credential, channel }: Request,
  name: string,
  context: Context,
): Promise<number | Refusal> {
  const [search = ''] = name.split(/[&<>"']/).toSorted((a, b) => b.length - a.length);
  const query = {
    per_page: '100',
    _fields: 'id,name',
    ...(search.trim() === '' ? {} : { search: search.trim() }),
  };
  const answer = await context.http(
    call(credential, usesQueryRoutes(channel.facts), 'GET', '/categories', { query }),
  );
  const found = ok(answer, z.array(termSchema));
  if (found === undefined) return refusalOf(answer, context.now());
  const match = found.find((term) => plain(term.name) === plain(name));
  if (match) return match.id;
  return { kind: 'rejected', code: 'configuration', reason: `the site has no category “${name}”` };
}

/** Names come as they stand in HTML. */
const plain = (name: string): string =>
  name
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replace(/&#0?39;/g, "'")
    .replaceAll('&amp;', '&')
    .normalize('NFC')
    .toLowerCase();

/** Made, or told of where it is there already: https://developer.wordpress.org/rest-api/reference/tags/#create-a-tag */
async function tagNamed(
  { credential, channel }: Request,
  name: string,
  context: Context,
): Promise<number | Refusal> {
  const answer = await context.http(
    call(credential, usesQueryRoutes(channel.facts), 'POST', '/tags', { body: { name } }),
  );
  return ok(answer, termSchema)?.id ?? existing(answer) ?? refusalOf(answer, context.now());
}

function existing(answer: HttpAnswer): number | undefined {
  if (errorCode(answer) !== 'term_exists' || answer.kind !== 'answered') return undefined;
  return z.object({ data: z.object({ term_id: z.coerce.number().int() }) }).safeParse(answer.json).data?.data
    .term_id;
}
