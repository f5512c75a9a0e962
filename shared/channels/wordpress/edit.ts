import * as z from 'zod';
import { refuseFixed } from '../../domain/fixed-parts.ts';
import { ok } from '../outcome.ts';
import type { HttpAnswer, Provider } from '../provider.ts';
import { call, errorCode, refusalOf, usesQueryRoutes, type WordpressCredential } from './api.ts';
import { toWords } from './post.ts';
import { termsOnSite } from './terms.ts';

type Edit = NonNullable<Provider<WordpressCredential>['edit']>;

/**
 * Says the post anew, around the images that stand in it; whatever the request leaves out stays as it is: address,
 * state, the image that is shown with it. https://developer.wordpress.org/rest-api/reference/posts/#update-a-post
 */
export const editOnWordpress: Edit = async (request, context) => {
  const { variant, credential, facts, externalId } = request;
  const refused = refuseFixed('WordPress', request, { options: ['slug', 'featuredImage'] });
  if (refused !== undefined) return refused;
  const route = `/posts/${encodeURIComponent(externalId)}`;
  const asked = (method: 'GET' | 'POST', more: Parameters<typeof call>[4]): Promise<HttpAnswer> =>
    context.http(call(credential, usesQueryRoutes(facts), method, route, more));
  const failed = (answer: HttpAnswer): Awaited<ReturnType<Edit>> =>
    errorCode(answer) === 'rest_post_invalid_id' ? GONE : refusalOf(answer, context.now());
  const read = await asked('GET', { query: { context: 'edit', _fields: 'id,status,content' } });
  const present = ok(read, presentSchema);
  if (present === undefined) return failed(read);
  // WordPress would change it there, where nobody sees it.
  if (present.status === 'trash') return GONE;
  const terms = await termsOnSite({ variant, credential, channel: { facts } }, context);
  if ('kind' in terms) return terms;
  const answer = await asked('POST', { body: toWords(variant, imagesIn(present.content.raw), terms) });
  return ok(answer, z.object({ id: z.int() })) === undefined ? failed(answer) : { kind: 'edited' };
};

const GONE = { kind: 'rejected', code: 'gone', reason: 'the site has no such post any more' } as const;

const presentSchema = z.object({
  id: z.int(),
  status: z.string(),
  content: z.object({ raw: z.string() }),
});

/**
 * The images in a post's HTML, each with its block where the block editor knows it. The text is never markup, so they
 * are those that went out with it, or that people have put there since.
 */
const imagesIn = (html: string): string[] =>
  html.match(/<!-- wp:image\s[\s\S]{0,5000}?<!-- \/wp:image -->|<img\s[^>]{0,5000}>/g) ?? [];
