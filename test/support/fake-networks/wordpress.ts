import { setTimeout as sleep } from 'node:timers/promises';
import { type FakeNetwork, type Received, type Reply, startServer } from './server.ts';
import { type FakeLibrary, fakeLibrary, type LibraryRules } from './wordpress-library.ts';

type Post = {
  id: number;
  slug: string;
  status: string;
  title: string;
  content: string;
  excerpt?: string;
  featured_media?: number;
  categories?: number[];
  tags?: number[];
  sticky?: boolean;
  comment_status?: string;
};
/** `at`: when the request for it came in, epoch ms. */
type KeptPost = Post & { readonly at: number };

export type FakeSite = FakeNetwork & {
  readonly posts: readonly KeptPost[];
  readonly library: FakeLibrary;
  /** Adds approved comments to a post. */
  readonly comment: (post: number, times: number) => void;
  /** What becomes of posts that ask for `publish`. */
  readonly moderate: (status: string) => void;
};

export type FakeSiteOptions = {
  readonly username: string;
  readonly applicationPassword: string;
  /** Without them only `?rest_route=` is heard, and `/wp-json` shows the theme's page. */
  readonly prettyPermalinks?: boolean;
  readonly role?: 'administrator' | 'author' | 'contributor';
  readonly path?: string;
  /** How long a post takes: half of it until it stands, as PHP goes on when nobody listens any more. Default 0. */
  readonly postMs?: number;
  /** How many slugs a list can be asked for; `none`: it shows all posts. Default `many`. */
  readonly slugs?: 'many' | 'one' | 'none';
  /** Hears of each post as its request comes in, with how many there have been. */
  readonly onPost?: (count: number) => void;
} & LibraryRules;

const PAGE: Reply = {
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: '<!doctype html><p>Hi</p>',
};
const refusal = (status: number, code: string): Reply => ({
  status,
  body: { code, message: `<b>${code}</b>` },
});

/** As much of WordPress's REST API as publishing needs, with its ways: `slug-2`, the trash, one total for all. */
export async function fakeWordpress({
  username,
  applicationPassword,
  prettyPermalinks = true,
  role = 'author',
  path = '',
  postMs = 0,
  slugs = 'many',
  onPost,
  ...rules
}: FakeSiteOptions): Promise<FakeSite> {
  const posts: KeptPost[] = [];
  const comments: number[] = [];
  let asks = 0;
  let published = 'publish';
  const library = fakeLibrary(() => `${server.url}${path}`, rules);
  const server = await startServer((request) => respond(request));
  const expected = `Basic ${Buffer.from(`${username}:${applicationPassword}`).toString('base64')}`;

  function respond(request: Received): Reply | Promise<Reply> {
    const route = routeOf(request, path, prettyPermalinks);
    if (route === undefined) return PAGE;
    const { authorization } = request.headers;
    if (authorization === undefined) return refusal(401, 'rest_not_logged_in');
    if (authorization !== expected) return refusal(401, 'incorrect_password');
    if (route === '/wp/v2/users/me') return { status: 200, body: aUser(username, role) };
    if (route === '/wp/v2/comments') return listComments(request.url.searchParams);
    const id = /^\/wp\/v2\/posts\/(\d+)$/.exec(route)?.[1];
    if (id !== undefined) return respondFor(Number(id), request);
    if (route !== '/wp/v2/posts') {
      return library.answer(route, request) ?? refusal(404, 'rest_no_route');
    }
    return request.method === 'POST' ? create(request.json as Post) : list(request.url.searchParams);
  }

  async function create(asked: Post): Promise<Reply> {
    if (role === 'contributor') return refusal(403, 'rest_cannot_publish');
    const problem = library.problemOf(asked);
    if (problem) return refusal(400, problem);
    if (asked.title === '' && asked.content === '') return refusal(400, 'empty_content');
    const at = Date.now();
    asks += 1;
    onPost?.(asks);
    if (postMs > 0) await sleep(postMs / 2);
    const post = keep(asked, at);
    if (postMs > 0) await sleep(postMs / 2);
    return { status: 201, body: shown(post) };
  }

  function keep({ slug, status, ...asked }: Post, at: number): KeptPost {
    let free = slug;
    for (let n = 2; posts.some((post) => post.slug === free); n++) free = `${slug}-${n}`;
    const post = {
      ...asked,
      id: posts.length + 1,
      slug: free,
      status: status === 'publish' ? published : status,
      at,
    };
    posts.push(post);
    return post;
  }

  function list(query: URLSearchParams): Reply {
    const among = (name: string, value: string): boolean =>
      query.get(name)?.split(',').includes(value) ?? true;
    const bySlug = (slug: string): boolean =>
      slugs === 'none' || (slugs === 'one' ? query.get('slug') === slug : among('slug', slug));
    const found = posts.filter(
      (post) => bySlug(post.slug) && among('include', String(post.id)) && among('status', post.status),
    );
    return { status: 200, body: found.map(shown) };
  }

  function respondFor(id: number, { method, url, json }: Received): Reply {
    const post = posts.find((one) => one.id === id);
    if (!post) return refusal(404, 'rest_post_invalid_id');
    if (method === 'DELETE') return trash(post);
    if (method === 'GET') return read(post, url.searchParams);
    return method === 'POST' ? update(post, json as Partial<Post>) : refusal(404, 'rest_no_route');
  }

  function read(post: KeptPost, query: URLSearchParams): Reply {
    const edits = query.get('context') === 'edit';
    if (edits && role === 'contributor') return refusal(403, 'rest_forbidden_context');
    const wanted = query.get('_fields')?.split(',');
    const fields = Object.entries(inFull(post, edits)).filter(([name]) => wanted?.includes(name) ?? true);
    return { status: 200, body: Object.fromEntries(fields) };
  }

  /** What is left out stays; in the trash, too. */
  function update(post: KeptPost, asked: Partial<Post>): Reply {
    if (role === 'contributor') return refusal(403, 'rest_cannot_edit');
    const problem = library.problemOf(asked);
    if (problem) return refusal(400, problem);
    const { title, content, excerpt = '' } = { ...post, ...asked };
    if (title === '' && content === '' && excerpt === '') return refusal(400, 'empty_content');
    Object.assign(post, asked);
    return { status: 200, body: inFull(post, true) };
  }

  function trash(post: KeptPost): Reply {
    if (post.status === 'trash') return refusal(410, 'rest_already_trashed');
    Object.assign(post, { status: 'trash', slug: `${post.slug}__trashed` });
    return { status: 200, body: shown(post) };
  }

  function listComments(query: URLSearchParams): Reply {
    const wanted = query.get('post')?.split(',') ?? [];
    const found = comments.filter((post) => wanted.includes(String(post)));
    const page = found.slice(0, Number(query.get('per_page'))).map((post) => ({ post }));
    return { status: 200, headers: { 'X-WP-Total': String(found.length) }, body: page };
  }

  /** https://developer.wordpress.org/rest-api/reference/posts/#schema, `raw` only in the context `edit`. */
  const inFull = (post: KeptPost, edits: boolean) => {
    const text = (raw = '') => ({ ...(edits ? { raw } : {}), rendered: raw.replace(/<!--.*?-->\n?/g, '') });
    const { title, content, excerpt } = post;
    return { ...shown(post), title: text(title), content: text(content), excerpt: text(excerpt) };
  };
  const shown = ({ at: _at, ...post }: KeptPost) => ({ ...post, link: `${server.url}${path}/${post.slug}/` });

  return {
    ...server,
    posts,
    library,
    comment: (post, times) => void comments.push(...Array<number>(times).fill(post)),
    moderate: (status) => {
      published = status;
    },
    isPublish: (request) =>
      request.method === 'POST' && routeOf(request, path, prettyPermalinks) === '/wp/v2/posts',
    published: () => posts.filter(({ status }) => status === 'publish').map(({ id }) => String(id)),
    forget: (id) =>
      void posts.splice(
        posts.findIndex((post) => String(post.id) === id),
        1,
      ),
  };
}

function routeOf({ url }: Received, path: string, pretty: boolean): string | undefined {
  const start = `${path}/wp-json`;
  if (pretty && url.pathname.startsWith(`${start}/`)) return url.pathname.slice(start.length);
  return url.pathname === `${path}/` ? (url.searchParams.get('rest_route') ?? undefined) : undefined;
}

const aUser = (username: string, role: string) => ({
  id: 7,
  name: 'Eva Muster',
  slug: username,
  roles: [role],
  capabilities: role === 'contributor' ? { edit_posts: true } : { edit_posts: true, publish_posts: true },
});
