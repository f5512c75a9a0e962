import { type FakeNetwork, type Received, type Reply, startServer } from './server.ts';

export const GOOGLE_TOKEN = 'ya29.a-valid-access-token';
export const GOOGLE_REFRESH = '1//a-refresh-token';
export const GOOGLE_LOCATION = 'accounts/111/locations/222';

type Asked = {
  summary?: string;
  topicType?: string;
  callToAction?: { actionType?: string; url?: string };
  event?: { title?: string; schedule?: { startDate?: unknown; endDate?: unknown } };
  offer?: { couponCode?: string; redeemOnlineUrl?: string };
  media?: { mediaFormat?: string; sourceUrl?: string }[];
};
type Post = Asked & { name: string; state: string; createTime: string; searchUrl?: string };

export type FakeGoogle = FakeNetwork & {
  readonly posts: readonly Post[];
  /** In which state new posts are from now on. Default LIVE. */
  readonly begin: (state: string) => void;
  /** What becomes of all posts that are being processed. */
  readonly settle: (state: string) => void;
  /** Locations of a second page of the account. */
  readonly manage: (names: readonly string[]) => void;
};

const refusal = (code: number, status: string, message: string, details: unknown[] = []): Reply => ({
  status: code,
  body: { error: { code, message, status, details } },
});
const invalid = (message: string): Reply =>
  refusal(400, 'INVALID_ARGUMENT', 'Request contains an invalid argument.', [
    {
      '@type': 'type.googleapis.com/google.mybusiness.v4.ValidationError',
      errorDetails: [{ code: 1, message }],
    },
  ]);

const CHANGEABLE = new Set(['summary', 'callToAction', 'event', 'offer', 'languageCode', 'media']);
const ACTIONS = new Set(['BOOK', 'ORDER', 'SHOP', 'LEARN_MORE', 'SIGN_UP', 'CALL']);

/** As much of Google's APIs for businesses as posting needs: three services, states of posts, errors with details. */
export async function fakeGoogleBusiness({
  now,
  order = 'newest first',
}: {
  now: () => number;
  /** No page of Google's promises any. */
  order?: 'newest first' | 'oldest first';
}): Promise<FakeGoogle> {
  const posts: Post[] = [];
  let beginning = 'LIVE';
  let made = 0;
  let more: readonly string[] = [];
  const server = await startServer((request) => respond(request));

  function respond(request: Received): Reply {
    const { method, url, headers } = request;
    if (url.pathname === '/token') return renew(request);
    if (headers.authorization !== `Bearer ${GOOGLE_TOKEN}`) {
      return refusal(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.');
    }
    if (url.pathname === '/v1/accounts')
      return { status: 200, body: { accounts: [{ name: 'accounts/111' }] } };
    if (url.pathname === '/v1/accounts/111/locations') return locations(url.searchParams);
    if (url.pathname === '/v1/locations/222') {
      return url.searchParams.has('readMask')
        ? { status: 200, body: aLocation('locations/222') }
        : invalid('readMask');
    }
    const [, parent, id] =
      /^\/v4\/(accounts\/\d+\/locations\/\d+)\/localPosts(?:\/([\w-]+))?$/.exec(url.pathname) ?? [];
    if (parent === undefined)
      return { status: 404, headers: { 'content-type': 'text/html' }, body: '<p>404' };
    if (parent !== GOOGLE_LOCATION)
      return refusal(403, 'PERMISSION_DENIED', 'The caller does not have permission');
    if (id === undefined && method === 'POST') return create(request.json as Asked);
    if (id === undefined) return list(url.searchParams);
    const post = posts.find(({ name }) => name === `${parent}/localPosts/${id}`);
    if (!post) return refusal(404, 'NOT_FOUND', 'Requested entity was not found.');
    if (method === 'PATCH') return update(post, url.searchParams.get('updateMask'), request.json as Asked);
    if (method === 'DELETE') forget(post.name);
    return { status: 200, body: method === 'DELETE' ? {} : post };
  }

  function create(asked: Asked): Reply {
    const problem = problemOf(asked);
    if (problem) return invalid(problem);
    const id = ++made;
    const name = `${GOOGLE_LOCATION}/localPosts/${id}`;
    const createTime = new Date(now()).toISOString();
    const post: Post = {
      ...asked,
      name,
      state: beginning,
      createTime,
      ...(beginning === 'LIVE' ? { searchUrl: `https://local.google.com/place?lpsid=${id}` } : {}),
    };
    posts.unshift(post);
    return { status: 200, body: post };
  }

  /** What the mask names is as the body says, or gone; what it does not name stays. */
  function update(post: Post, mask: string | null, asked: Asked): Reply {
    if (!mask) return invalid('update_mask is required');
    const fields = mask.split(',');
    if (fields.some((field) => !CHANGEABLE.has(field))) return invalid('update_mask has invalid fields');
    const given = Object.entries(asked).filter(([field]) => fields.includes(field));
    const kept = Object.entries(post).filter(([field]) => !fields.includes(field));
    const changed = Object.fromEntries([...kept, ...given]) as Post;
    const problem = problemOf(changed);
    if (problem) return invalid(problem);
    const updated = { ...changed, state: beginning };
    posts[posts.indexOf(post)] = updated;
    return { status: 200, body: updated };
  }

  const list = (query: URLSearchParams): Reply => {
    const size = Number(query.get('pageSize') ?? 20);
    if (size > 100) return invalid('pageSize');
    const ordered = order === 'newest first' ? posts : posts.toReversed();
    const from = Number(query.get('pageToken') ?? 0);
    const next = from + size < ordered.length ? { nextPageToken: String(from + size) } : {};
    const localPosts = ordered.slice(from, from + size);
    return { status: 200, body: localPosts.length === 0 ? {} : { localPosts, ...next } };
  };

  function locations(query: URLSearchParams): Reply {
    if (!query.has('readMask')) return invalid('readMask');
    if (query.get('pageToken') === 'two') return { status: 200, body: { locations: more.map(aLocation) } };
    const next = more.length > 0 ? { nextPageToken: 'two' } : {};
    return { status: 200, body: { locations: [aLocation('locations/222')], ...next } };
  }

  function renew({ body }: Received): Reply {
    const form = new URLSearchParams(body);
    if (form.get('grant_type') !== 'refresh_token' || form.get('refresh_token') !== GOOGLE_REFRESH) {
      return {
        status: 400,
        body: { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' },
      };
    }
    return { status: 200, body: { access_token: GOOGLE_TOKEN, expires_in: 3_599, token_type: 'Bearer' } };
  }

  function forget(name: string): void {
    const at = posts.findIndex((post) => post.name === name);
    if (at !== -1) posts.splice(at, 1);
  }

  return {
    ...server,
    posts,
    begin: (state) => {
      beginning = state;
    },
    settle: (state) => {
      for (const post of posts) if (post.state === 'PROCESSING') post.state = state;
    },
    manage: (names) => {
      more = names;
    },
    isPublish: ({ method, url }) => method === 'POST' && url.pathname.endsWith('/localPosts'),
    published: () =>
      posts
        .filter(({ state }) => state === 'LIVE')
        .map(({ name }) => name)
        .reverse(),
    forget,
  };
}

const aLocation = (name: string) => ({
  name,
  title: `Krume ${name.replace('locations/', '')}`,
  metadata: {
    mapsUri: `https://maps.google.com/maps?cid=${name.replace('locations/', '')}`,
    canOperateLocalPost: true,
  },
});

function problemOf({
  summary = '',
  topicType,
  callToAction,
  event,
  offer,
  media = [],
}: Asked): string | undefined {
  if (!['STANDARD', 'EVENT', 'OFFER'].includes(topicType ?? '')) return 'topicType is required';
  if (summary === '' || [...summary].length > 1_500) return 'summary must have 1 to 1500 characters';
  if (callToAction) {
    if (topicType === 'OFFER') return 'callToAction is ignored for offers';
    if (!ACTIONS.has(callToAction.actionType ?? '')) return 'unknown actionType';
    if ((callToAction.actionType === 'CALL') !== (callToAction.url === undefined)) return 'url';
  }
  const scheduled = event?.title && event.schedule?.startDate && event.schedule.endDate;
  if (topicType !== 'STANDARD' && !scheduled) return 'an event with title and schedule is required';
  if (topicType === 'STANDARD' && (event || offer)) return 'topicType';
  if (media.length > 1) return 'at most one photo';
  return media.some(
    ({ mediaFormat, sourceUrl }) => mediaFormat !== 'PHOTO' || !sourceUrl?.startsWith('https://'),
  )
    ? 'media'
    : undefined;
}
