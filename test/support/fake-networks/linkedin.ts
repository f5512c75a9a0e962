import { MINUTE } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../builders.ts';
import { problemOf } from './linkedin-problems.ts';
import { type LinkedinUploads, linkedinUploads, refusal } from './linkedin-uploads.ts';
import { type FakeNetwork, type Received, type Reply, startServer } from './server.ts';

export const ACCESS_TOKEN = 'linkedin-access-token-0123456789';
export const MEMBER = 'urn:li:person:8675309';
export const PAGE = 'urn:li:organization:2414183';

export type FakePost = {
  readonly urn: string;
  readonly body: { readonly author: string; readonly commentary: string; readonly content?: unknown };
  readonly madeAt: number;
  readonly comments: { urn: string; actor: string; text: string; at: number }[];
};

export type FakeLinkedin = FakeNetwork & {
  readonly posts: ReadonlyMap<string, FakePost>;
  readonly uploads: LinkedinUploads;
  /** A post that somebody wrote by hand. */
  readonly write: (commentary: string, at?: number, author?: string) => FakePost;
};

export type FakeLinkedinOptions = {
  readonly now?: () => number;
  /** What the app was given: Community Management, or only “Share on LinkedIn” with OpenID Connect. */
  readonly app?: 'community' | 'self-serve';
  readonly duplicates?: 'refused' | 'taken';
  readonly kind?: 'share' | 'ugcPost';
  readonly looks?: number;
  readonly processing?: 'succeeds' | 'fails';
  /** Roles on other pages, which are listed before the one that he administers. */
  readonly otherRoles?: readonly { readonly organization: string; readonly role: string }[];
};

/** LinkedIn's versioned API with one member, who administers one page. */
export async function fakeLinkedin({
  now = () => DUE_AT + MINUTE,
  app = 'community',
  duplicates = 'refused',
  kind = 'share',
  looks,
  processing,
  otherRoles = [],
}: FakeLinkedinOptions = {}): Promise<FakeLinkedin> {
  const posts = new Map<string, FakePost>();
  const mayRead = app === 'community';
  const owners = mayRead ? [MEMBER, PAGE] : [MEMBER];
  const uploads = linkedinUploads({
    mayRead,
    owners,
    ...(looks === undefined ? {} : { looks }),
    ...(processing === undefined ? {} : { processing }),
  });
  let made = 0n;

  const add = (body: FakePost['body'], at = now()): FakePost => {
    made += 1n;
    const urn = `urn:li:${kind}:${(BigInt(at) << 22n) + made}`;
    const post = { urn, body, madeAt: at, comments: [] };
    posts.set(urn, post);
    return post;
  };
  const publish = ({ json }: Received): Reply => {
    const body = json as FakePost['body'] & Record<string, unknown>;
    const wrong = problemOf(body, { owners, page: PAGE, uploads });
    if (wrong) return wrong;
    const recent = (at: number) => now() - at < 10 * MINUTE;
    const twin = [...posts.values()].find(
      (one) =>
        recent(one.madeAt) && one.body.author === body.author && one.body.commentary === body.commentary,
    );
    if (twin && duplicates === 'refused' && !body.content) {
      return refusal(422, 'UNPROCESSABLE_ENTITY', `Content is a duplicate of ${twin.urn}`);
    }
    return { status: 201, headers: { 'x-restli-id': add(body).urn } };
  };
  const entity = ({ urn, body, madeAt }: FakePost) => ({
    ...body,
    id: urn,
    // As LinkedIn gives it back: hashtags in their long form.
    commentary: body.commentary.replace(/(?<!\\)#(\p{L}[\p{L}\p{N}]*)/gu, '{hashtag|\\#|$1}'),
    lifecycleState: 'PUBLISHED',
    createdAt: madeAt,
    publishedAt: madeAt,
    lastModifiedAt: madeAt,
  });
  const list = ({ url }: Received): Reply => {
    const author = url.searchParams.get('author');
    if (!mayRead || author !== PAGE)
      return refusal(403, 'ACCESS_DENIED', 'Not enough permissions to access: posts');
    const count = Number(url.searchParams.get('count') ?? 10);
    const own = [...posts.values()].filter(({ body }) => body.author === author);
    const elements = own
      .sort((a, b) => b.madeAt - a.madeAt)
      .slice(0, count)
      .map(entity);
    return { status: 200, body: { paging: { start: 0, count, total: own.length }, elements } };
  };
  const onePost = (method: string, urn: string): Reply => {
    const post = posts.get(urn);
    // Deleting is idempotent there.
    if (method === 'DELETE') {
      posts.delete(urn);
      return { status: 204 };
    }
    if (!mayRead || post?.body.author === MEMBER)
      return refusal(403, 'ACCESS_DENIED', 'Not enough permissions');
    return post ? { status: 200, body: entity(post) } : refusal(404, 'NOT_FOUND', 'Could not find entity');
  };
  /** Sets what it is told to; most of a post is there for good. */
  const update = ({ headers, json }: Received, urn: string): Reply => {
    const post = posts.get(urn);
    const set = (json as { patch?: { $set?: Record<string, unknown> } } | undefined)?.patch?.$set;
    if (headers['x-restli-method'] !== 'PARTIAL_UPDATE' || set === undefined) {
      return refusal(400, 'VALIDATION_FAILED', 'POST is not supported by this entity');
    }
    if (!post) return refusal(404, 'NOT_FOUND', 'Could not find entity');
    const other = Object.keys(set).find((field) => field !== 'commentary');
    if (other !== undefined) return refusal(422, 'READ_ONLY_FIELD', `${other} cannot be set`);
    const body = { ...post.body, commentary: set.commentary as string };
    const wrong = problemOf(body, { owners, page: PAGE, uploads });
    if (wrong) return wrong;
    posts.set(urn, { ...post, body });
    return { status: 204 };
  };
  const comments = ({ method, json }: Received, urn: string): Reply => {
    const post = posts.get(urn);
    if (!post) return refusal(404, 'NOT_FOUND', 'Could not find entity');
    if (method === 'GET') {
      if (post.body.author !== PAGE) return refusal(403, 'ACCESS_DENIED', 'Not enough permissions');
      const elements = post.comments.map((one) => ({
        id: one.urn.replace(/^.*,(\d+)\)$/, '$1'),
        commentUrn: one.urn,
        actor: one.actor,
        message: { attributes: [], text: one.text },
        created: { time: one.at },
      }));
      return { status: 200, body: { elements } };
    }
    const {
      actor = '',
      object,
      message,
    } = json as { actor?: string; object?: string; message?: { text?: string } };
    if (!owners.includes(actor) || object !== urn || !message?.text)
      return refusal(400, 'MISSING_FIELD', 'message');
    const commentUrn = `urn:li:comment:(${urn},${7_000_000_000 + post.comments.length})`;
    post.comments.push({ urn: commentUrn, actor, text: message.text, at: now() });
    const body = { commentUrn, actor, object, message, created: { time: now() } };
    return { status: 201, headers: { 'x-restli-id': String(7_000_000_000) }, body };
  };
  const shareStatistics = ({ url }: Received): Reply => {
    const [name = '', listed] =
      [...url.searchParams].find(([key]) => key === 'shares' || key === 'ugcPosts') ?? [];
    const urns = /^List\((.*)\)$/.exec(listed ?? '')?.[1]?.split(',') ?? [];
    if (!mayRead || url.searchParams.get('organizationalEntity') !== PAGE) {
      return refusal(403, 'ACCESS_DENIED', 'Not enough permissions');
    }
    if (urns.some((urn) => !urn.startsWith(`urn:li:${name.slice(0, -1)}:`))) {
      return refusal(400, 'INVALID_URN_TYPE', 'wrong URN');
    }
    const seen = urns.filter((urn) => posts.has(urn) && !posts.get(urn)?.body.commentary.includes('unseen'));
    const totalShareStatistics = {
      impressionCount: 500,
      uniqueImpressionsCount: 400,
      clickCount: 20,
      likeCount: 11,
      commentCount: 3,
      shareCount: 2,
      engagement: 0.07,
    };
    const elements = seen.map((urn) => ({
      [name.slice(0, -1)]: urn,
      organizationalEntity: PAGE,
      totalShareStatistics,
    }));
    return { status: 200, body: { elements } };
  };
  const memberStatistics = ({ url }: Received): Reply => {
    const entityOf = url.searchParams.get('entity') ?? '';
    const [, type, urn = ''] = /^\((share|ugc):(urn:li:\w+:\d+)\)$/.exec(entityOf) ?? [];
    if (!mayRead) return refusal(403, 'ACCESS_DENIED', 'Not enough permissions');
    if (type === undefined || !posts.has(urn)) return refusal(404, 'NOT_FOUND', 'Could not find entity');
    const counts: Record<string, number> = {
      IMPRESSION: 90,
      MEMBERS_REACHED: 70,
      REACTION: 5,
      COMMENT: 1,
      RESHARE: 2,
    };
    const count = counts[url.searchParams.get('queryType') ?? ''];
    const elements = count === undefined ? [] : [{ count, metricType: url.searchParams.get('queryType') }];
    return { status: 200, body: { elements } };
  };

  const server = await startServer((request) => {
    const { method, url, headers } = request;
    const put = uploads.put(request);
    if (put) return put;
    const path = url.pathname;
    if (headers.authorization !== `Bearer ${ACCESS_TOKEN}`)
      return refusal(401, 'REVOKED_ACCESS_TOKEN', 'Invalid access token');
    if (path === '/v2/userinfo') {
      return mayRead
        ? refusal(403, 'ACCESS_DENIED', 'Not enough permissions to access: userinfo')
        : { status: 200, body: { sub: '8675309', name: 'Ada Krume' } };
    }
    const version = String(headers['linkedin-version'] ?? '');
    if (version < '202510' || version > '202699') {
      return refusal(426, 'NONEXISTENT_VERSION', `Requested version ${version} is not active`);
    }
    if (headers['x-restli-protocol-version'] !== '2.0.0')
      return refusal(400, 'VERSION_MISSING', 'A version must be present');
    const [, of, urn = ''] = /^\/rest\/(posts|socialActions)\/([^/]+)(\/comments)?$/.exec(path) ?? [];
    if (of === 'posts' && method === 'POST') return update(request, decodeURIComponent(urn));
    if (of === 'posts') return onePost(method, decodeURIComponent(urn));
    if (of === 'socialActions') return comments(request, decodeURIComponent(urn));
    if (path === '/rest/posts') return method === 'POST' ? publish(request) : list(request);
    if (path === '/rest/organizationalEntityShareStatistics') return shareStatistics(request);
    if (path === '/rest/memberCreatorPostAnalytics') return memberStatistics(request);
    return uploads.handle(request, server.url) ?? readAccount(request.url, mayRead, otherRoles);
  });
  return {
    ...server,
    posts,
    uploads,
    write: (commentary, at, author = PAGE) => add({ author, commentary }, at),
    isPublish: ({ method, url }) => method === 'POST' && url.pathname === '/rest/posts',
    published: () => [...posts.keys()],
    forget: (urn) => void posts.delete(urn),
  };
}

/** Who the member is, and what he may post for. */
function readAccount(
  { pathname: path, searchParams }: URL,
  mayRead: boolean,
  otherRoles: NonNullable<FakeLinkedinOptions['otherRoles']>,
): Reply {
  const denied = refusal(403, 'ACCESS_DENIED', 'Not enough permissions');
  const start = Number(searchParams.get('start') ?? 0);
  const answers: Readonly<Record<string, unknown>> = {
    '/rest/me': {
      id: '8675309',
      localizedFirstName: 'Ada',
      localizedLastName: 'Krume',
      vanityName: 'ada-krume',
    },
    '/rest/organizationAcls': {
      elements: [
        ...otherRoles,
        { organization: PAGE, role: 'ADMINISTRATOR' },
        { organization: 'urn:li:organization:99', role: 'ANALYST' },
      ]
        .slice(start, start + Math.min(Number(searchParams.get('count') ?? 10), 100))
        .map((one) => ({ ...one, roleAssignee: MEMBER, state: 'APPROVED' })),
    },
    '/rest/organizationsLookup': {
      results: { 2414183: { id: 2_414_183, localizedName: 'Bakery Krume', vanityName: 'bakery-krume' } },
    },
    [`/rest/networkSizes/${encodeURIComponent(PAGE)}`]: { firstDegreeSize: 1_234 },
    '/rest/memberFollowersCount': { elements: [{ memberFollowersCount: 56 }] },
  };
  const body = answers[path];
  if (body === undefined) return refusal(404, 'NOT_FOUND', 'No virtual resource found');
  return mayRead ? { status: 200, body } : denied;
}
