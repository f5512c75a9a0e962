import { MINUTE } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../builders.ts';
import { type FakeNetwork, type Received, type Reply, startServer } from './server.ts';

export const ACCESS_TOKEN = 'reddit-access-qwertz-0123456789';
export const REFRESH_TOKEN = 'reddit-refresh-qwertz-0123456789';
export const APP = { clientId: 'reddit-app', clientSecret: 'reddit-secret-0123456789' };
export const USERNAME = 'bakery';
export const SUBREDDIT = 'bread';
export const FLAIRED = 'german_bread';

export type FakeLink = {
  readonly name: string;
  readonly title: string;
  readonly subreddit: string;
  readonly created_utc: number;
  readonly kind: string;
  sent: Readonly<Record<string, unknown>>;
  /** Listings that do not show it yet, because its image is processed. */
  hidden: number;
  removed_by_category: string | null;
};
export type FakeComment = { readonly name: string; readonly link_id: string; readonly body: string };

export type FakeReddit = FakeNetwork & {
  readonly links: ReadonlyMap<string, FakeLink>;
  readonly comments: ReadonlyMap<string, FakeComment>;
  /** A post that the account's owner made elsewhere. */
  readonly post: (title: string) => string;
};

export type FakeRedditOptions = {
  readonly now?: () => number;
  /** Listings that an image post is missing from. */
  readonly processing?: number;
  readonly suspended?: boolean;
};

/** An account that posts to two subreddits; what Reddit's documentation leaves out is as PRAW knows it. */
export async function fakeReddit({
  now = () => DUE_AT + MINUTE,
  processing = 0,
  suspended = false,
}: FakeRedditOptions = {}): Promise<FakeReddit> {
  const links = new Map<string, FakeLink>();
  const comments = new Map<string, FakeComment>();
  const assets = new Map<string, boolean>();
  let access = ACCESS_TOKEN;
  let lastId = 100_000;
  const nextId = (): string => {
    lastId += 1;
    return lastId.toString(36);
  };
  const idOf = (link: FakeLink): string => link.name.slice(3);
  const permalink = (link: FakeLink): string => `/r/${link.subreddit}/comments/${idOf(link)}/some_title/`;
  const entity = (link: FakeLink) => ({
    kind: 't3',
    data: {
      id: idOf(link),
      name: link.name,
      title: link.title,
      subreddit: link.subreddit,
      permalink: permalink(link),
      created_utc: link.created_utc,
      author: link.removed_by_category === 'deleted' ? '[deleted]' : USERNAME,
      score: 12,
      num_comments: 3,
      num_crossposts: 1,
      upvote_ratio: 0.93,
      removed_by_category: link.removed_by_category,
    },
  });
  const add = (kind: string, sent: Readonly<Record<string, unknown>>): FakeLink => {
    const link: FakeLink = {
      name: `t3_${nextId()}`,
      title: String(sent.title),
      subreddit: String(sent.sr),
      created_utc: Math.floor(now() / 1_000),
      kind,
      sent,
      hidden: kind === 'image' ? processing : 0,
      removed_by_category: null,
    };
    links.set(link.name, link);
    return link;
  };

  const problemOf = (sent: Readonly<Record<string, unknown>>): Reply | undefined => {
    if (sent.api_type !== 'json') return { status: 200, body: { jquery: [], success: false } };
    if (sent.sr !== SUBREDDIT && sent.sr !== FLAIRED) {
      return wrong('SUBREDDIT_NOEXIST', "that subreddit doesn't exist", 'sr');
    }
    if (sent.sr === FLAIRED && !sent.flair_id) {
      return wrong('SUBMIT_VALIDATION_FLAIR_REQUIRED', 'Your post must contain post flair.', 'flair');
    }
    const title = String(sent.title ?? '');
    if (title === '') return wrong('NO_TEXT', 'we need something here', 'title');
    if ([...title].length > 300) return wrong('TOO_LONG', 'this is too long (max: 300)', 'title');
    if ([...String(sent.text ?? '')].length > 40_000) return wrong('TOO_LONG', 'too long', 'text');
    return undefined;
  };
  const submit = (form: Readonly<Record<string, unknown>>): Reply => {
    const problem = problemOf(form);
    if (problem) return problem;
    const kind = String(form.kind);
    const again = [...links.values()].some(({ sent }) => sent.url === form.url && sent.sr === form.sr);
    if (kind === 'link') {
      if (!/^https?:\/\//.test(String(form.url))) return wrong('NO_URL', 'a url is required', 'url');
      if (form.resubmit !== 'true' && again) {
        return wrong('ALREADY_SUB', 'that link has already been submitted', 'url');
      }
    }
    if (kind === 'image') {
      const key = String(form.url).replace(`${server.url}/upload/rte_images/`, '');
      if (assets.get(key) !== true) return wrong('BAD_URL', 'you should check that url', 'url');
      add(kind, form);
      const page = `https://www.reddit.com/user/${USERNAME}/submitted/`;
      return right({ user_submitted_page: page, websocket_url: 'wss://ws.redditmedia.example/abc' });
    }
    if (!['self', 'link'].includes(kind)) return wrong('INVALID_OPTION', 'that option is not valid', 'kind');
    const link = add(kind, form);
    const url = `https://www.reddit.com${permalink(link)}`;
    return right({ url, drafts_count: 0, id: idOf(link), name: link.name });
  };
  const submitJson = (kind: string, sent: Record<string, unknown>): Reply => {
    const problem = problemOf(sent);
    if (problem) return problem;
    const items = (sent.items ?? []) as { media_id: string; caption: string; outbound_url: string }[];
    const options = (sent.options ?? []) as string[];
    const duration = Number(sent.duration);
    if (kind === 'gallery' && (items.length < 2 || items.length > 20)) {
      return wrong('INVALID_OPTION', '2 to 20 images', 'items');
    }
    if (kind === 'gallery' && items.some(({ media_id }) => !assets.get(media_id))) {
      return wrong('BAD_IMAGE', 'image problem', 'items');
    }
    if (kind === 'poll' && !(options.length >= 2 && options.length <= 6 && duration >= 1 && duration <= 7)) {
      return wrong('INVALID_OPTION', 'that option is not valid', 'options');
    }
    const link = add(kind, sent);
    return right({ url: `https://www.reddit.com${permalink(link)}`, id: link.name });
  };

  const lease = (form: URLSearchParams): Reply => {
    if (!/^image\/(jpeg|png|gif)$/.test(form.get('mimetype') ?? '')) return { status: 400, body: {} };
    const id = `asset${nextId()}`;
    assets.set(id, false);
    const fields = [
      { name: 'key', value: `rte_images/${id}` },
      { name: 'policy', value: `policy-of-${id}` },
      { name: 'x-amz-signature', value: 'fcd6309a' },
    ];
    const action = `//${new URL(server.url).host}/upload`;
    const asset = { asset_id: id, processing_state: 'incomplete', websocket_url: 'wss://ws.example/abc' };
    return { status: 200, body: { args: { action, fields }, asset } };
  };
  /** S3: every field of the policy before the file, and no other right beside the form's own. */
  const receive = async ({ bytes, headers }: Received): Promise<Reply> => {
    const type = String(headers['content-type']);
    const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
    const id = String(form.get('key')).replace('rte_images/', '');
    const file = form.get('file');
    const isLast = [...form.keys()].at(-1) === 'file';
    if (headers.authorization || form.get('policy') !== `policy-of-${id}` || !isLast) {
      return { status: 403, body: '<Error><Code>AccessDenied</Code></Error>' };
    }
    if (!(file instanceof File) || file.size === 0) return { status: 400, body: '<Error/>' };
    assets.set(id, true);
    return { status: 201, body: `<PostResponse><Key>rte_images/${id}</Key></PostResponse>` };
  };
  const comment = (form: URLSearchParams): Reply => {
    const link = links.get(form.get('thing_id') ?? '');
    const text = form.get('text') ?? '';
    if (link === undefined || link.removed_by_category !== null) {
      return wrong('DELETED_LINK', 'the link you are commenting on has been deleted', 'parent');
    }
    if (text === '' || [...text].length > 10_000) return wrong('TOO_LONG', 'this is too long', 'text');
    const data = { name: `t1_${nextId()}`, link_id: link.name, body: text };
    comments.set(data.name, data);
    return right({ things: [{ kind: 't1', data }] });
  };
  /** As https://github.com/reddit-archive/reddit has it in r2/r2/controllers/api.py: text posts only. */
  const edit = (form: URLSearchParams): Reply => {
    const link = links.get(form.get('thing_id') ?? '');
    const text = form.get('text') ?? '';
    if (form.get('api_type') !== 'json') return { status: 200, body: { jquery: [], success: false } };
    if (link === undefined || link.removed_by_category === 'deleted') {
      return wrong('NOT_AUTHOR', "you can't do that", 'thing_id');
    }
    if (link.kind !== 'self') return { status: 403, body: { message: 'Forbidden', error: 403 } };
    if ([...text].length > 40_000) return wrong('TOO_LONG', 'this is too long', 'text');
    link.sent = { ...link.sent, text };
    return right({ things: [entity(link)] });
  };
  const remove = (id: string): Reply => {
    const link = links.get(id);
    if (link) link.removed_by_category = 'deleted';
    comments.delete(id);
    return { status: 200, body: {} };
  };

  const shown = (limit: number) => {
    const all = [...links.values()].reverse().filter(({ removed_by_category: by }) => by === null);
    const visible = all.filter(({ hidden }) => hidden === 0).slice(0, limit);
    for (const link of all) link.hidden = Math.max(0, link.hidden - 1);
    return listing(visible.map(entity));
  };
  const token = ({ headers, body }: Received): Reply => {
    const basic = `Basic ${btoa(`${APP.clientId}:${APP.clientSecret}`)}`;
    if (headers.authorization !== basic)
      return { status: 401, body: { message: 'Unauthorized', error: 401 } };
    if (new URLSearchParams(body).get('refresh_token') !== REFRESH_TOKEN) {
      return { status: 400, body: { message: 'Bad Request', error: 400 } };
    }
    access = `${ACCESS_TOKEN}-${nextId()}`;
    const rest = { token_type: 'bearer', expires_in: 86_400, scope: 'identity submit' };
    return { status: 200, body: { access_token: access, ...rest } };
  };

  const handle = (request: Received): Reply | Promise<Reply> => {
    const { method, url, headers, json, body } = request;
    const path = url.pathname;
    if (path === '/upload') return receive(request);
    if (path === '/api/v1/access_token') return token(request);
    // Clients without a name of their own are throttled.
    if (!/^[\w.]+:[\w.]+:[\w.]+( \(by \/u\/\w+\))?$/.test(String(headers['user-agent']))) {
      return { status: 429, body: { message: 'Too Many Requests', error: 429 } };
    }
    if (headers.authorization !== `Bearer ${access}`) {
      return { status: 401, body: { message: 'Unauthorized', error: 401 } };
    }
    const limit = Number(url.searchParams.get('limit') ?? 25);
    if (path === '/api/v1/me') {
      const subreddit = { display_name: `u_${USERNAME}`, subscribers: 84 };
      return { status: 200, body: { id: 'abc12', name: USERNAME, is_suspended: suspended, subreddit } };
    }
    if (path === `/user/${USERNAME}/submitted`) return shown(limit);
    if (path === `/user/${USERNAME}/comments`) {
      return listing([...comments.values()].reverse().map((data) => ({ kind: 't1', data })));
    }
    if (path === '/api/info') {
      const ids = (url.searchParams.get('id') ?? '').split(',');
      return listing(ids.flatMap((id) => links.get(id) ?? []).map(entity));
    }
    if (method !== 'POST') return { status: 404, body: { message: 'Not Found', error: 404 } };
    const form = new URLSearchParams(body);
    if (path === '/api/submit') return submit(Object.fromEntries(form));
    if (path === '/api/submit_gallery_post.json') return submitJson('gallery', Object(json));
    if (path === '/api/submit_poll_post') return submitJson('poll', Object(json));
    if (path === '/api/media/asset.json') return lease(form);
    if (path === '/api/comment') return comment(form);
    if (path === '/api/editusertext') return edit(form);
    if (path === '/api/del') return remove(form.get('id') ?? '');
    return { status: 404, body: { message: 'Not Found', error: 404 } };
  };

  const server = await startServer(handle);
  return {
    ...server,
    links,
    comments,
    post: (title) => add('self', { title, sr: SUBREDDIT }).name,
    isPublish: ({ method, url }) => method === 'POST' && url.pathname.startsWith('/api/submit'),
    published: () => [...links.values()].flatMap((one) => (one.removed_by_category ? [] : [one.name])),
    forget: (externalId) => {
      const link = links.get(externalId);
      if (link) link.removed_by_category = 'moderator';
    },
  };
}

const right = (data: unknown): Reply => ({ status: 200, body: { json: { errors: [], data } } });
const wrong = (...error: string[]): Reply => ({ status: 200, body: { json: { errors: [error] } } });
const listing = (children: readonly unknown[]): Reply => ({
  status: 200,
  body: { kind: 'Listing', data: { after: null, children } },
});
