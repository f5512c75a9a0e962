import { DAY, MINUTE } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../builders.ts';
import { type FakeNetwork, type Received, type Reply, startServer } from './server.ts';
import { problem, problemOf } from './x-problems.ts';
import { type XUploads, xUploads } from './x-uploads.ts';

export const ACCESS_TOKEN = 'x-access-token-0123456789';
export const USER_ID = '2244994945';

export type FakePost = {
  readonly id: string;
  readonly text: string;
  readonly madeAt: number;
  readonly conversation: string;
  readonly mediaIds: readonly string[];
  readonly body: Readonly<Record<string, unknown>>;
};

export type FakeX = FakeNetwork & {
  readonly posts: ReadonlyMap<string, FakePost>;
  readonly uploads: XUploads;
  /** A post that the account's owner wrote elsewhere, at this time. */
  readonly write: (text: string, at?: number) => FakePost;
};

export type FakeXOptions = {
  readonly now?: () => number;
  /** X refuses a text that the account has posted lately. */
  readonly duplicates?: 'refused' | 'taken';
  readonly subscription?: string;
  readonly processing?: 'succeeds' | 'fails';
};

const FIELDS = new Set(
  'text media poll reply reply_settings community_id made_with_ai paid_partnership'.split(' '),
);

/** X's API v2 with one account, by its OpenAPI description 2.167 and https://docs.x.com */
export async function fakeX({
  now = () => DUE_AT + MINUTE,
  duplicates = 'refused',
  subscription = 'None',
  processing = 'succeeds',
}: FakeXOptions = {}): Promise<FakeX> {
  const posts = new Map<string, FakePost>();
  const uploads = xUploads({ processing });
  let made = 0n;

  const post = (body: Record<string, unknown>, at = now()): FakePost => {
    made += 1n;
    const id = String(((BigInt(at) - 1_288_834_974_657n) << 22n) + made);
    const {
      reply,
      media,
      text = '',
    } = body as {
      reply?: { in_reply_to_tweet_id: string };
      media?: { media_ids: string[] };
      text?: string;
    };
    const conversation = posts.get(reply?.in_reply_to_tweet_id ?? '')?.conversation ?? id;
    const made_ = { id, text, madeAt: at, conversation, mediaIds: media?.media_ids ?? [], body };
    posts.set(id, made_);
    return made_;
  };
  const refusalOf = (body: Record<string, unknown>): Reply | undefined => {
    const invalid = (detail: string) => problem(400, 'invalid-request', detail);
    const { text, media, poll, reply } = body as {
      text?: unknown;
      media?: { media_ids?: string[] };
      poll?: { options?: string[]; duration_minutes?: number };
      reply?: { in_reply_to_tweet_id?: string };
    };
    if (Object.keys(body).some((name) => !FIELDS.has(name))) return invalid('The body has an unknown field');
    if (typeof text !== 'string' || (text.trim() === '' && !media)) return invalid('text is required');
    const longest = subscription === 'None' ? 280 : 25_000;
    if ([...text.replace(/https?:\/\/\S+/g, 'x'.repeat(23))].length > longest)
      return invalid('Text too long');
    if (media && poll) return invalid('A Post has media or a poll');
    const ids = media?.media_ids ?? [];
    if (media && (ids.length < 1 || ids.length > 4)) return invalid('media.media_ids: 1 to 4');
    const wrong = media && uploads.refusal(ids);
    if (wrong)
      return { status: 400, body: { errors: [{ message: wrong }], ...problemOf('invalid-request', wrong) } };
    if (poll && !isPoll(poll)) return invalid('The poll is invalid');
    const target = reply && posts.get(reply.in_reply_to_tweet_id ?? '');
    if (reply && !target) {
      return problem(
        403,
        'about:blank',
        'You attempted to reply to a Post that is deleted or not visible to you.',
      );
    }
    const again = [...posts.values()].some((one) => one.text === text && now() - one.madeAt < DAY && !media);
    if (duplicates === 'refused' && again) {
      return problem(403, 'about:blank', 'You are not allowed to create a Tweet with duplicate content.');
    }
    return undefined;
  };
  const publish = ({ json }: Received): Reply => {
    const body = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>;
    const refusal = refusalOf(body);
    if (refusal) return refusal;
    const { id, text } = post(body);
    return { status: 201, body: { data: { id, text: shown(text).text, edit_history_post_ids: [id] } } };
  };

  /** Default fields are id and text; all else must be asked for. */
  const entity = (one: FakePost, url: URL) => {
    const fields = new Set((url.searchParams.get('post.fields') ?? '').split(','));
    const { text, urls } = shown(one.text, one.mediaIds.length > 0 ? one.id : undefined);
    const all: Record<string, unknown> = {
      conversation_id: one.conversation,
      created_at: new Date(one.madeAt).toISOString(),
      entities: { urls },
      attachments: one.mediaIds.length > 0 ? { media_keys: one.mediaIds.map((id) => `13_${id}`) } : undefined,
      public_metrics: {
        impression_count: 900,
        like_count: 12,
        repost_count: 3,
        quote_count: 1,
        reply_count: 4,
        bookmark_count: 2,
      },
      non_public_metrics: { url_link_clicks: 7, user_profile_clicks: 1, engagements: 30 },
    };
    const asked = Object.entries(all).filter(([name]) => fields.has(name));
    return { id: one.id, text, edit_history_post_ids: [one.id], ...Object.fromEntries(asked) };
  };
  const lookUp = ({ url }: Received): Reply => {
    const ids = (url.searchParams.get('ids') ?? '').split(',');
    const deep = url.searchParams.get('post.fields')?.includes('non_public_metrics') === true;
    const isDark = (one: FakePost) => deep && now() - one.madeAt > 30 * DAY;
    const errors = ids.flatMap((id) => {
      const one = posts.get(id);
      const what = { resource_type: 'post', resource_id: id, parameter: 'ids', value: id };
      if (!one)
        return [{ ...problemOf('resource-not-found', `Could not find post with ids: [${id}].`), ...what }];
      const words = problemOf(
        'not-authorized-for-field',
        'Sorry, you are not authorized to access this field',
      );
      return isDark(one) ? [{ ...words, ...what, field: 'non_public_metrics' }] : [];
    });
    const found = ids.flatMap((id) => posts.get(id) ?? []).filter((one) => !isDark(one));
    const media = found
      .flatMap(({ mediaIds }) => mediaIds)
      .map((id) => ({
        media_key: `13_${id}`,
        type: uploads.sessions.get(id)?.category === 'tweet_video' ? 'video' : 'photo',
        ...(uploads.sessions.get(id)?.category === 'tweet_video'
          ? { public_metrics: { view_count: 55 } }
          : {}),
      }));
    const body = {
      ...(found.length > 0 ? { data: found.map((one) => entity(one, url)) } : {}),
      ...(media.length > 0 ? { includes: { media } } : {}),
      ...(errors.length > 0 ? { errors } : {}),
    };
    return ids.length > 100 ? problem(400, 'invalid-request', 'ids: at most 100') : { status: 200, body };
  };
  const timeline = ({ url }: Received): Reply => {
    const limit = Number(url.searchParams.get('max_results') ?? 10);
    const from = Date.parse(url.searchParams.get('start_time') ?? '2010-11-06T00:00:01Z');
    if (limit < 5 || limit > 100 || Number.isNaN(from)) return problem(400, 'invalid-request', 'parameters');
    const all = [...posts.values()]
      .sort((a, b) => b.madeAt - a.madeAt)
      .filter(({ madeAt }) => madeAt >= from);
    const data = all.slice(0, limit).map((one) => entity(one, url));
    const meta = { result_count: data.length, ...(all.length > limit ? { next_token: 'more' } : {}) };
    return { status: 200, body: { ...(data.length > 0 ? { data } : {}), meta } };
  };
  const remove = (id: string): Reply =>
    posts.delete(id)
      ? { status: 200, body: { data: { deleted: true } } }
      : problem(404, 'resource-not-found', 'Could not find post', { resource_type: 'post', resource_id: id });

  const server = await startServer(async (request) => {
    const { method, url, headers } = request;
    if (headers.authorization !== `Bearer ${ACCESS_TOKEN}`)
      return problem(401, 'about:blank', 'Unauthorized');
    const path = url.pathname;
    if (path === '/2/users/me') return { status: 200, body: { data: me(url, subscription) } };
    if (path === `/2/users/${USER_ID}/tweets`) return timeline(request);
    if (path === '/2/tweets') return method === 'POST' ? publish(request) : lookUp(request);
    const [, id] = /^\/2\/tweets\/(\d+)$/.exec(path) ?? [];
    if (id !== undefined && method === 'DELETE') return remove(id);
    return (await uploads.handle(request)) ?? problem(404, 'about:blank', 'Not Found');
  });
  return {
    ...server,
    posts,
    uploads,
    write: (text, at) => post({ text }, at),
    isPublish: ({ method, url }) => method === 'POST' && url.pathname === '/2/tweets',
    published: () => [...posts.keys()],
    forget: (id) => void posts.delete(id),
  };
}

function me(url: URL, subscription: string) {
  const fields = new Set((url.searchParams.get('user.fields') ?? '').split(','));
  return {
    id: USER_ID,
    name: 'Bakery Krume',
    username: 'bakery',
    ...(fields.has('subscription_type') ? { subscription_type: subscription } : {}),
    ...(fields.has('public_metrics') ? { public_metrics: { followers_count: 84, following_count: 3 } } : {}),
  };
}

const isPoll = ({ options = [], duration_minutes = 0 }: { options?: string[]; duration_minutes?: number }) =>
  options.length >= 2 &&
  options.length <= 4 &&
  options.every(({ length }) => length >= 1 && length <= 25) &&
  duration_minutes >= 5 &&
  duration_minutes <= 10_080;

/** As X gives a text back: short links, three characters escaped, a link to its own media at the end. */
function shown(text: string, ownMedia?: string) {
  const urls: { start: number; end: number; url: string; expanded_url: string }[] = [];
  const short = (expanded_url: string): string => {
    const url = `https://t.co/${'abcdefghij'.charAt(urls.length)}123456789`;
    urls.push({ start: 0, end: 23, url, expanded_url });
    return url;
  };
  const escaped = text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  // `.example` is no top-level domain: X leaves such a name as it is, with or without a protocol.
  const linked = escaped.replace(/(https?:\/\/)?\b[a-z]+\.(de|com|org)\b[^\s)]*/g, (url, protocol?: string) =>
    short(protocol === undefined ? `http://${url}` : url.replaceAll('&amp;', '&')),
  );
  const media = ownMedia === undefined ? '' : ` ${short(`https://x.com/bakery/status/${ownMedia}/photo/1`)}`;
  return { text: `${linked}${media}`.trim(), urls };
}
