import { createHmac } from 'node:crypto';
import { type FakeNetwork, type Received, type Reply, startServer } from './server.ts';

export const GHOST_KEY = `${'0123456789abcdef01234567'}:${'ab'.repeat(32)}`;

type Post = {
  id: string;
  slug: string;
  status: string;
  title: string;
  html: string;
  tags: readonly { name: string }[];
  [field: string]: unknown;
};

export type FakeGhost = FakeNetwork & {
  readonly posts: readonly Post[];
  readonly images: readonly { readonly url: string; readonly bytes: number }[];
  readonly comment: (post: string, times: number) => void;
  /** What becomes of posts that ask for `published`. */
  readonly keepAs: (status: string) => void;
};

const refusal = (status: number, type: string, message: string, context?: string): Reply => ({
  status,
  body: { errors: [{ message, context: context ?? null, type, details: null, code: null, id: 'x' }] },
});

/** As much of Ghost's Admin API as publishing needs: the signed token, `slug-2`, filters, errors by their types. */
export async function fakeGhost({
  path = '',
  now,
}: {
  path?: string;
  now: () => number;
}): Promise<FakeGhost> {
  const posts: Post[] = [];
  const images: { url: string; bytes: number }[] = [];
  const comments = new Map<string, number>();
  let published = 'published';
  let saves = 0;
  const server = await startServer((request) => respond(request));

  function respond(request: Received): Reply {
    const route = routeOf(request, path);
    if (route === undefined) return { status: 404, headers: { 'content-type': 'text/html' }, body: '<p>404' };
    if (!route.endsWith('/')) return { status: 301, headers: { location: `${request.url.pathname}/` } };
    if (route === '/site/') {
      return {
        status: 200,
        body: { site: { title: 'Bakery', url: `${server.url}${path}/`, version: '5.130' } },
      };
    }
    if (request.headers['accept-version'] !== 'v5.0')
      return refusal(406, 'RequestNotAcceptableError', 'Version');
    const refused = tokenProblem(String(request.headers.authorization), now());
    if (refused) return refused;
    if (route === '/images/upload/') return upload(request);
    const commented = /^\/comments\/post\/(\w+)\/$/.exec(route)?.[1];
    if (commented !== undefined) {
      const total = comments.get(commented) ?? 0;
      return { status: 200, body: { comments: [], meta: { pagination: { page: 1, limit: 1, total } } } };
    }
    const id = /^\/posts\/(\w+)\/$/.exec(route)?.[1];
    if (id !== undefined && request.method === 'DELETE') return remove(id);
    if (id !== undefined) return request.method === 'PUT' ? update(id, request) : read(id, request);
    if (route !== '/posts/') return refusal(404, 'NotFoundError', 'Resource not found');
    return request.method === 'POST' ? create(request) : list(request.url.searchParams);
  }

  function create({ url, json }: Received): Reply {
    const asked = (json as { posts?: Post[] } | undefined)?.posts?.[0];
    if (asked === undefined || url.searchParams.get('source') !== 'html') {
      return refusal(422, 'ValidationError', 'Validation error', 'No source');
    }
    const wrong = problemOf(asked);
    if (wrong) return refusal(422, 'ValidationError', 'Validation error, cannot save post.', wrong);
    let slug = asked.slug;
    for (let n = 2; posts.some((post) => post.slug === slug); n++) slug = `${asked.slug}-${n}`;
    const id = (posts.length + 1).toString(16).padStart(24, 'a');
    const status = asked.status === 'published' ? published : asked.status;
    const post = { ...asked, id, slug, status, updated_at: savedAt() };
    posts.push(post);
    return { status: 201, body: { posts: [shown(post)] } };
  }

  function read(id: string, { url }: Received): Reply {
    const post = posts.find((one) => one.id === id);
    if (post === undefined)
      return refusal(404, 'NotFoundError', 'Resource not found error, cannot read post.');
    const { html, ...rest } = shown(post);
    // As its editor's cards are rendered; told only to those who ask for it.
    const card = '<figure class="kg-card kg-image-card"><img class="kg-image" loading="lazy"';
    const rendered = html.replaceAll('<figure><img', card);
    const asked = url.searchParams.get('formats') === 'html';
    return { status: 200, body: { posts: [asked ? { ...rest, html: rendered } : rest] } };
  }

  function update(id: string, { url, json }: Received): Reply {
    const at = posts.findIndex((one) => one.id === id);
    const [asked, present] = [(json as { posts?: Partial<Post>[] } | undefined)?.posts?.[0], posts[at]];
    if (present === undefined)
      return refusal(404, 'NotFoundError', 'Resource not found error, cannot edit post.');
    if (asked?.updated_at === undefined || url.searchParams.get('source') !== 'html') {
      return refusal(422, 'ValidationError', 'Validation (FieldIsRequired) failed for updated_at');
    }
    if (asked.updated_at !== present.updated_at) {
      return refusal(409, 'UpdateCollisionError', 'Saving failed! Someone else is editing this post.');
    }
    const post = { ...present, ...asked, updated_at: savedAt() };
    const wrong = problemOf(post);
    if (wrong) return refusal(422, 'ValidationError', 'Validation error, cannot edit post.', wrong);
    posts[at] = post;
    return { status: 200, body: { posts: [shown(post)] } };
  }

  /** Each save has an instant of its own. */
  const savedAt = () => new Date(now() + ++saves * 1_000).toISOString();

  function list(query: URLSearchParams): Reply {
    const [, field, values] = /^(id|slug):\[([\w,-]*)\]$/.exec(query.get('filter') ?? '') ?? [];
    if (query.has('filter') && field === undefined)
      return refusal(400, 'BadRequestError', 'Error parsing filter');
    const found = posts.filter(
      (post) => field === undefined || values?.split(',').includes(String(post[field])),
    );
    return { status: 200, body: { posts: found.slice(0, Number(query.get('limit') ?? 15)).map(shown) } };
  }

  function upload({ headers, bytes, body }: Received): Reply {
    if (!String(headers['content-type']).startsWith('multipart/form-data; boundary=')) {
      return refusal(422, 'ValidationError', 'Please select an image.');
    }
    const name = /name="file"; filename="([^"]+)"/.exec(body)?.[1];
    if (name === undefined) return refusal(422, 'ValidationError', 'Please select an image.');
    if (!/\.(jpe?g|gif|png|svgz?|ico|webp)$/.test(name)) {
      return refusal(415, 'UnsupportedMediaTypeError', 'The file type you uploaded is not supported.');
    }
    const url = `${server.url}${path}/content/images/2026/11/${images.length}-${name}`;
    images.push({ url, bytes: bytes.length });
    return { status: 201, body: { images: [{ url, ref: null }] } };
  }

  function remove(id: string): Reply {
    const at = posts.findIndex((post) => post.id === id);
    if (at === -1) return refusal(404, 'NotFoundError', 'Resource not found error, cannot delete post.');
    posts.splice(at, 1);
    return { status: 204 };
  }

  const shown = (post: Post) => ({ ...post, url: `${server.url}${path}/${post.slug}/` });

  return {
    ...server,
    posts,
    images,
    comment: (post, times) => void comments.set(post, times),
    keepAs: (status) => {
      published = status;
    },
    isPublish: (request) => request.method === 'POST' && routeOf(request, path) === '/posts/',
    published: () => posts.filter(({ status }) => status === 'published').map(({ id }) => id),
    forget: (id) => void remove(id),
  };
}

const routeOf = ({ url }: Received, path: string): string | undefined =>
  url.pathname.startsWith(`${path}/ghost/api/admin/`)
    ? url.pathname.slice(`${path}/ghost/api/admin`.length)
    : undefined;

function problemOf({ title, slug, custom_excerpt: excerpt, visibility, feature_image_alt: alt }: Post) {
  if (typeof title !== 'string' || title === '' || title.length > 255)
    return 'Title cannot be longer than 255 characters.';
  if (slug.length > 191) return 'Slug is too long.';
  if (typeof excerpt === 'string' && excerpt.length > 300)
    return 'Excerpt cannot be longer than 300 characters.';
  if (typeof alt === 'string' && alt.length > 191) return 'Alt text is too long.';
  if (visibility !== undefined && !['public', 'members', 'paid'].includes(String(visibility)))
    return 'Visibility';
  return undefined;
}

/** Checked as the real one does: known key, right signature, right audience, at most five minutes old. */
function tokenProblem(authorization: string, now: number): Reply | undefined {
  const [scheme, token = ''] = authorization.split(' ');
  if (scheme !== 'Ghost') return refusal(403, 'NoPermissionError', 'Authorization failed');
  const [head = '', payload = '', signature] = token.split('.');
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString() || '{}');
  const [id, secret = ''] = GHOST_KEY.split(':');
  if (read(head).kid !== id) return refusal(401, 'UnauthorizedError', 'Unknown Admin API Key');
  const own = createHmac('sha256', Buffer.from(secret, 'hex'))
    .update(`${head}.${payload}`)
    .digest('base64url');
  const { iat, exp, aud } = read(payload);
  if (read(head).alg !== 'HS256' || own !== signature) {
    return refusal(401, 'UnauthorizedError', 'Invalid token: invalid signature');
  }
  if (exp <= now / 1_000 || iat + 300 < now / 1_000)
    return refusal(401, 'UnauthorizedError', 'Invalid token: expired');
  return /^\/?admin\/?$/.test(aud)
    ? undefined
    : refusal(401, 'UnauthorizedError', 'Invalid token: jwt audience');
}
