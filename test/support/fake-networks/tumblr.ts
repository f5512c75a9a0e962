import { MINUTE } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../builders.ts';
import { type FakeNetwork, type Received, type Reply, startServer } from './server.ts';

export const ACCESS_TOKEN = 'tumblr-access-qwertz-0123456789';
export const REFRESH_TOKEN = 'tumblr-refresh-qwertz-0123456789';
export const APP = { clientId: 'consumer-key', clientSecret: 'consumer-secret-0123456789' };
export const BLOG = { name: 'bakery', uuid: 't:0aY0xL2Fi1OFJg4YxpmegQ', url: 'https://bakery.tumblr.com/' };

type Block = { type: string; text?: string; media?: unknown; url?: string } & Record<string, unknown>;
export type FakePost = {
  readonly id: string;
  readonly timestamp: number;
  readonly slug: string;
  content: readonly Block[];
  tags: readonly string[];
  /** Names and sizes of the files that came with it. */
  readonly files: Readonly<Record<string, number>>;
  state: string;
};

export type FakeTumblr = FakeNetwork & {
  readonly posts: ReadonlyMap<string, FakePost>;
  /** A post that the blog's owner wrote elsewhere. */
  readonly write: (text: string) => string;
  /** The transcoding of all videos ends: they are shown, or gone. */
  readonly transcode: (end: 'shown' | 'failed') => void;
};

export type FakeTumblrOptions = {
  readonly now?: () => number;
  /** Videos wait for their transcoding. */
  readonly transcoding?: boolean;
  /** Tumblr may make another slug than the one that it was given. */
  readonly ownSlugs?: boolean;
};

/** API v2 with one user of two blogs, as https://github.com/tumblr/docs describes it. */
export async function fakeTumblr({
  now = () => DUE_AT + MINUTE,
  transcoding = false,
  ownSlugs = false,
}: FakeTumblrOptions = {}): Promise<FakeTumblr> {
  const posts = new Map<string, FakePost>();
  let lastId = 785_000_000_000_000_000n;
  let access = ACCESS_TOKEN;
  let refresh = REFRESH_TOKEN;
  let refreshes = 0;

  const add = (post: Omit<FakePost, 'id' | 'timestamp'>): string => {
    lastId += 65_536n;
    const id = String(lastId);
    posts.set(id, { ...post, id, timestamp: Math.floor(now() / 1_000) });
    return id;
  };
  const entity = ({ id, timestamp, slug, content, tags, state }: FakePost) => ({
    object_type: 'post',
    type: 'blocks',
    blog_name: BLOG.name,
    id: Number(id),
    id_string: id,
    post_url: `${BLOG.url}post/${id}/${slug}`,
    slug,
    timestamp,
    state,
    tags,
    note_count: 14,
    content,
  });

  const create = async (request: Received): Promise<Reply> => {
    const parsed = await bodyOf(request);
    if (parsed === undefined) return refusal(400, 'Bad Request', 8001, 'not a post');
    const { post, files } = parsed;
    const problem = contentProblem(post.content, files);
    if (problem) return problem;
    const content = (post.content as Block[]).map(settled);
    const isVideo = content.some(({ type }) => type === 'video');
    if (isVideo && [...posts.values()].some(({ state }) => state === 'transcoding'))
      return refusal(403, 'Forbidden', 8010, 'a video is still transcoding');
    const state = isVideo && transcoding ? 'transcoding' : 'published';
    const tags = typeof post.tags === 'string' ? post.tags.split(',') : [];
    const slug = ownSlugs ? 'made-by-tumblr' : String(post.slug ?? '');
    const id = add({ slug, content, tags, state, files });
    return { status: 201, body: { meta: { status: 201, msg: 'Created' }, response: { id, state } } };
  };

  /** All that a new post is told, an edit is told too. */
  const update = ({ json }: Received, id: string): Reply => {
    const present = posts.get(id);
    if (present === undefined) return refusal(404, 'Not Found');
    const { content, tags, state } = (json ?? {}) as { content?: Block[]; tags?: string; state?: string };
    const stands = present.content.filter(({ type }) => ['image', 'video'].includes(type));
    const problem = contentProblem(content, {}, stands.map(urlOf));
    if (problem) return problem;
    const poll = (blocks: readonly Block[] = []) =>
      JSON.stringify(blocks.find(({ type }) => type === 'poll'));
    if (poll(content) !== poll(present.content)) return refusal(400, 'Bad Request', 8001, 'poll');
    if (!['published', 'draft', 'private'].includes(String(state))) return refusal(400, 'Bad Request', 8001);
    present.content = content ?? [];
    present.tags = tags ? tags.split(',') : [];
    present.state = String(state);
    return success({ id });
  };
  const list = (url: URL): Reply => {
    const id = url.searchParams.get('id');
    const shown = [...posts.values()].reverse().filter(({ state }) => state === 'published');
    const found = id === null ? shown.slice(0, Number(url.searchParams.get('limit') ?? 20)) : [posts.get(id)];
    const [first] = found;
    if (id !== null && first === undefined) return refusal(404, 'Not Found');
    return success({ blog: BLOG, posts: found.flatMap((one) => (one ? [entity(one)] : [])) });
  };
  const token = (body: string): Reply => {
    const form = new URLSearchParams(body);
    const { clientId, clientSecret } = APP;
    if (form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret) {
      return { status: 401, body: { error: 'invalid_client', error_description: 'Invalid client' } };
    }
    if (form.get('refresh_token') !== refresh) {
      return refusal(401, 'Unauthorized');
    }
    refreshes += 1;
    access = `${ACCESS_TOKEN}-${refreshes}`;
    refresh = `${REFRESH_TOKEN}-${refreshes}`;
    const rest = { expires_in: 2_520, id_token: false, scope: 'write offline_access', token_type: 'bearer' };
    return { status: 200, body: { access_token: access, refresh_token: refresh, ...rest } };
  };

  const handle = (request: Received): Reply | Promise<Reply> => {
    const { method, url, headers, json, body } = request;
    if (url.pathname === '/v2/oauth2/token') return token(body);
    if (headers.authorization !== `Bearer ${access}`) return refusal(401, 'Unauthorized');
    if (url.pathname === '/v2/user/info') {
      const other = { name: 'mill', uuid: 't:other', url: 'https://mill.tumblr.com/' };
      return success({
        user: { name: BLOG.name, blogs: [{ ...BLOG, primary: true, followers: 84 }, other] },
      });
    }
    const [, blog = '', rest = ''] = /^\/v2\/blog\/([^/]+)(\/.*)$/.exec(url.pathname) ?? [];
    if (![BLOG.name, BLOG.uuid].includes(decodeURIComponent(blog))) return refusal(404, 'Not Found');
    if (rest === '/posts') return method === 'POST' ? create(request) : list(url);
    if (rest === '/post/delete' && method === 'POST') {
      const { id } = json as { id: string };
      return posts.delete(id) ? success({ id }) : refusal(404, 'Not Found');
    }
    const edited = /^\/posts\/(\d+)$/.exec(rest)?.[1];
    if (edited !== undefined && method === 'PUT') return update(request, edited);
    const one = posts.get(/^\/posts\/(\d+)$/.exec(rest)?.[1] ?? '');
    return one ? success(entity(one)) : refusal(404, 'Not Found');
  };

  const server = await startServer(handle);
  return {
    ...server,
    posts,
    write: (text) =>
      add({ slug: '', content: [{ type: 'text', text }], tags: [], files: {}, state: 'published' }),
    transcode: (end) => {
      for (const post of posts.values()) {
        if (post.state !== 'transcoding') continue;
        if (end === 'shown') post.state = 'published';
        else posts.delete(post.id);
      }
    },
    isPublish: ({ method, url }) => method === 'POST' && url.pathname.endsWith('/posts'),
    published: () => [...posts.values()].flatMap(({ id, state }) => (state === 'published' ? [id] : [])),
    forget: (externalId) => void posts.delete(externalId),
  };
}

const success = (response: unknown): Reply => ({
  status: 200,
  body: { meta: { status: 200, msg: 'OK' }, response },
});

const refusal = (status: number, msg: string, code?: number, title = msg): Reply => ({
  status,
  body: { meta: { status, msg }, ...(code === undefined ? {} : { errors: [{ title, code }] }) },
});

/** JSON, or a form whose first part is the JSON and whose other parts are files. */
async function bodyOf({ headers, bytes, json }: Received) {
  const type = String(headers['content-type']);
  if (type === 'application/json') return { post: json as Record<string, unknown>, files: {} };
  if (!type.startsWith('multipart/form-data')) return undefined;
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  const text = form.get('json');
  if (typeof text !== 'string') return undefined;
  const files: Record<string, number> = {};
  for (const [name, value] of form) if (value instanceof File) files[name] = value.size;
  return { post: JSON.parse(text) as Record<string, unknown>, files };
}

type Media = { readonly identifier?: string; readonly url?: string; readonly type?: string };
const mediaOf = ({ media }: Block): Media => ((Array.isArray(media) ? media[0] : media) ?? {}) as Media;
const urlOf = (block: Block): string => mediaOf(block).url ?? '';

/** As a post is given back: of a file, not the name it came by but the address where it stands. */
function settled(block: Block): Block {
  const { identifier, ...media } = mediaOf(block);
  if (identifier === undefined) return block;
  const stored = { ...media, url: `https://64.media.tumblr.com/${identifier}` };
  return { ...block, media: Array.isArray(block.media) ? [stored] : stored };
}

/** The limits of npf-spec.md, and what its blocks need. */
function contentProblem(
  content: unknown,
  files: Readonly<Record<string, number>>,
  stored: readonly string[] = [],
): Reply | undefined {
  const wrong = (title: string) => refusal(400, 'Bad Request', 8001, title);
  if (!Array.isArray(content)) return wrong("'content' must be an array");
  const blocks = content as Block[];
  const count = (type: string): number => blocks.filter((block) => block.type === type).length;
  if (blocks.length === 0 || blocks.length > 1_000) return wrong('too many blocks, or none');
  if (count('image') > 30 || count('video') > 1 || count('link') > 10 || count('poll') > 1) {
    return wrong('too many blocks of a kind');
  }
  for (const whole of blocks) {
    const { type, text, media, url, formatting, ...block } = whole;
    if (type === 'text') {
      if (typeof text !== 'string' || [...text].length > 4_096) return wrong('text block too long');
      for (const { start, end } of (formatting ?? []) as { start: number; end: number }[]) {
        if (start >= end || end > [...text].length) return wrong('formatting out of range');
      }
    } else if (type === 'link') {
      if (typeof url !== 'string') return wrong('link without url');
    } else if (type === 'image' || type === 'video') {
      const { identifier = '', url: at = '' } = mediaOf(whole);
      if (Array.isArray(media) !== (type === 'image')) return wrong('media has another shape');
      if (!(files[identifier] ?? 0) && !stored.includes(at))
        return refusal(400, 'Bad Request', 8005, 'no such media');
    } else if (type === 'poll') {
      const { question, answers, client_id, settings } = block as Record<string, unknown>;
      const { expire_after } = settings as { expire_after: number };
      const options = answers as { answer_text: string; client_id: string }[];
      const named = typeof client_id === 'string' && typeof question === 'string' && question !== '';
      if (!named || options.length < 2 || options.length > 12 || expire_after < 86_400) return wrong('poll');
      if (options.some(({ answer_text }) => [...answer_text].length > 80)) return wrong('answer too long');
    } else return wrong(`unknown block ${type}`);
  }
  return undefined;
}
