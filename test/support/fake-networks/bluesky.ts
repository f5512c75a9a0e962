import { isDeepStrictEqual } from 'node:util';
import { DAY, HOUR, MINUTE, SECOND } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../builders.ts';
import { blobStore, cidOf } from './bluesky-blobs.ts';
import { type FakeVideo, fakeVideo, type VideoRules } from './bluesky-video.ts';
import { type FakeNetwork, type Received, type Reply, startServer } from './server.ts';

export const DID = 'did:plc:bakerybakerybakerybakery';
export const HANDLE = 'bakery.bsky.example';
export const APP_PASSWORD = 'abcd-efgh-ijkl-mnop';

export type FakeBluesky = FakeNetwork & {
  /** Records by their address. */
  readonly records: ReadonlyMap<string, Record<string, unknown>>;
  /** Requests of one XRPC method. */
  readonly calls: (method: string) => readonly Received[];
  /** Every access token is taken no more, before its time. */
  readonly expireAccess: () => void;
  /** The app password is deleted: no login, no refresh, and its tokens are void. */
  readonly revokeAppPassword: () => void;
  /** The app view leaves the post out, though it stands in its repository. */
  readonly hide: (uri: string) => void;
  /** Uploaded files that no record names are cleared away. */
  readonly clearBlobs: () => void;
  /** Bluesky's video service, at the same address. */
  readonly video: FakeVideo;
};

export type FakeBlueskyOptions = {
  readonly now?: () => number;
  /** A server leaves the DID document out of a login when it cannot resolve it just then. */
  readonly tellsDidDoc?: boolean;
  readonly videos?: VideoRules;
};

/** Entryway, PDS, app view and video service of one account, in one. Login sessions as in the PDS: 2 h access, 90 d refresh. */
export async function fakeBluesky({
  now = () => DUE_AT + MINUTE,
  tellsDidDoc = true,
  videos = {},
}: FakeBlueskyOptions = {}): Promise<FakeBluesky> {
  const records = new Map<string, Record<string, unknown>>();
  const tokens = new Map<string, { use: 'access' | 'refresh'; until: number }>();
  const hidden = new Set<string>();
  const blobs = blobStore();
  const video = fakeVideo({ did: DID, now, blobs, ...videos });
  const logins: number[] = [];
  let passwordStands = true;

  const issue = (use: 'access' | 'refresh', lifetimeMs: number): string => {
    const until = now() + lifetimeMs;
    const claims = { scope: use, sub: DID, exp: Math.floor(until / SECOND), jti: tokens.size };
    const token = ['{"alg":"none"}', JSON.stringify(claims), 'x'].map((part) => base64url(part)).join('.');
    tokens.set(token, { use, until });
    return token;
  };
  const didDoc = () => ({
    id: DID,
    service: [{ id: '#atproto_pds', type: 'AtprotoPersonalDataServer', serviceEndpoint: server.url }],
  });
  const session = (): Reply => ({
    status: 200,
    body: {
      did: DID,
      handle: HANDLE,
      accessJwt: issue('access', 2 * HOUR),
      refreshJwt: issue('refresh', 90 * DAY),
      ...(tellsDidDoc ? { didDoc: didDoc() } : {}),
    },
  });
  /** Undefined: let in. */
  const refuse = (request: Received, use: 'access' | 'refresh'): Reply | undefined => {
    const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (given === undefined) return xrpcError(401, 'AuthMissing', 'Authentication Required');
    const token = tokens.get(given);
    if (token?.use !== use) return xrpcError(400, 'InvalidToken', 'Token could not be verified');
    return token.until <= now() ? xrpcError(400, 'ExpiredToken', 'Token has expired') : undefined;
  };

  const methods: Record<string, (request: Received) => Reply> = {
    'com.atproto.server.createSession': ({ json }) => {
      while ((logins[0] ?? now()) < now() - 5 * MINUTE) logins.shift();
      if (logins.length >= 30) {
        const reset = String(Math.ceil(((logins[0] ?? 0) + 5 * MINUTE) / SECOND));
        return {
          ...xrpcError(429, 'RateLimitExceeded', 'Rate Limit Exceeded'),
          headers: { 'ratelimit-reset': reset },
        };
      }
      logins.push(now());
      const { identifier, password } = json as Record<string, unknown>;
      const known = identifier === HANDLE && password === APP_PASSWORD && passwordStands;
      return known ? session() : xrpcError(401, 'AuthenticationRequired', 'Invalid identifier or password');
    },
    'com.atproto.server.refreshSession': (request) => {
      const refusal = refuse(request, 'refresh');
      if (refusal) return refusal;
      tokens.delete(request.headers.authorization?.slice('Bearer '.length) ?? '');
      return session();
    },
    'com.atproto.server.getServiceAuth': (request) => refuse(request, 'access') ?? video.issue(request.url),
    'com.atproto.repo.uploadBlob': (request) => {
      const refusal = refuse(request, 'access');
      if (refusal) return refusal;
      const blob = blobs.keep(request.bytes, request.headers['content-type'] ?? '');
      return { status: 200, body: { blob } };
    },
    'com.atproto.repo.putRecord': (request) => {
      const refusal = refuse(request, 'access');
      if (refusal) return refusal;
      const { repo, collection, rkey, record, swapRecord } = request.json as PutRecord;
      const problem = problemOf(rkey, record) ?? replyProblem(record);
      if (problem) return xrpcError(400, 'InvalidRequest', problem);
      const missing = blobs.problemOf(record);
      if (missing) return xrpcError(400, ...missing);
      const uri = `at://${repo}/${collection}/${rkey}`;
      const present = records.get(uri);
      if (isDeepStrictEqual(present, record)) return { status: 200, body: { uri, cid: cidOf(record) } };
      if (present && swapRecord === null)
        return xrpcError(400, 'InvalidSwap', `Record was at ${cidOf(present)}`);
      records.set(uri, record);
      return { status: 200, body: { uri, cid: cidOf(record), commit: { cid: 'c', rev: 'r' } } };
    },
    'com.atproto.repo.getRecord': ({ url }) => {
      const [repo, collection, rkey] = ['repo', 'collection', 'rkey'].map((name) =>
        url.searchParams.get(name),
      );
      const uri = `at://${repo}/${collection}/${rkey}`;
      const value = records.get(uri);
      if (value) return { status: 200, body: { uri, cid: cidOf(value), value } };
      return xrpcError(400, 'RecordNotFound', `Could not locate record: ${uri}`);
    },
    'com.atproto.repo.deleteRecord': (request) => {
      const refusal = refuse(request, 'access');
      if (refusal) return refusal;
      const { repo, collection, rkey } = request.json as PutRecord;
      const deleted = records.delete(`at://${repo}/${collection}/${rkey}`);
      return { status: 200, body: deleted ? { commit: { cid: 'c', rev: 'r' } } : {} };
    },
    'com.atproto.identity.resolveHandle': ({ url }) =>
      url.searchParams.get('handle') === HANDLE
        ? { status: 200, body: { did: DID } }
        : xrpcError(400, 'InvalidRequest', 'Unable to resolve handle'),
    'app.bsky.feed.getPosts': (request) => {
      const refusal = refuse(request, 'access');
      if (refusal) return refusal;
      const uris = request.url.searchParams.getAll('uris');
      if (uris.length > 25)
        return xrpcError(400, 'InvalidRequest', 'uris must not have more than 25 elements');
      const posts = uris.filter((uri) => records.has(uri) && !hidden.has(uri));
      const counts = { likeCount: 7, replyCount: 2, repostCount: 3, quoteCount: 1, bookmarkCount: 4 };
      return { status: 200, body: { posts: posts.map((uri) => ({ uri, cid: 'c', ...counts })) } };
    },
    'app.bsky.actor.getProfile': (request) =>
      refuse(request, 'access') ?? { status: 200, body: { did: DID, handle: HANDLE, followersCount: 311 } },
  };

  /** The real server takes any reference; what answers to nothing would stand alone, which is never meant. */
  const replyProblem = ({ reply }: Record<string, unknown>): string | undefined => {
    const refs = Object.values((reply ?? {}) as Record<string, { uri: string; cid: string }>);
    const lost = refs.find(({ uri, cid }) => {
      const value = records.get(uri);
      return value === undefined || cidOf(value) !== cid;
    });
    return lost && `there is no ${lost.uri} of ${lost.cid}`;
  };

  const methodOf = (request: Received): string => request.url.pathname.replace('/xrpc/', '');
  const server = await startServer(
    (request) =>
      (methods[methodOf(request)] ?? video.methods[methodOf(request)])?.(request) ??
      xrpcError(501, 'MethodNotImplemented', 'No'),
  );
  return {
    ...server,
    records,
    calls: (method) => server.requests.filter((request) => methodOf(request) === method),
    isPublish: (request) => methodOf(request) === 'com.atproto.repo.putRecord',
    published: () => [...records.keys()],
    forget: (uri) => void records.delete(uri),
    hide: (uri) => void hidden.add(uri),
    clearBlobs: () => blobs.clear(records.values()),
    video,
    expireAccess: () => {
      for (const token of tokens.values()) if (token.use === 'access') token.until = 0;
    },
    revokeAppPassword: () => {
      passwordStands = false;
      tokens.clear();
    },
  };
}

type PutRecord = {
  repo: string;
  collection: string;
  rkey: string;
  record: Record<string, unknown>;
  swapRecord?: string | null;
};

const xrpcError = (status: number, error: string, message: string): Reply => ({
  status,
  body: { error, message },
});

const base64url = (text: string): string => Buffer.from(text).toString('base64url');

function problemOf(rkey: string, record: Record<string, unknown>): string | undefined {
  if (!/^[2-7a-j][2-7a-z]{12}$/.test(rkey)) return 'Invalid record key';
  const { text, createdAt } = record;
  if (typeof text !== 'string' || typeof createdAt !== 'string') return 'Invalid app.bsky.feed.post record';
  return Buffer.byteLength(text) > 3_000 ? 'Record/text must not be longer than 3000 bytes' : undefined;
}
