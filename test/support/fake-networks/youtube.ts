import { DUE_AT } from '../builders.ts';
import { type FakeNetwork, type Received, type Reply, startServer } from './server.ts';
import { type Snippet, snippetProblem, updateProblem } from './youtube-snippet.ts';

export const ACCESS_TOKEN = 'ya29.a0-youtube-token-0123456789';
export const CHANNEL_ID = 'UCbakery0123456789abcdef';
export const PLAYLIST_ID = 'PLbakery0123456789';

export type FakeVideo = {
  readonly id: string;
  readonly snippet: Readonly<Record<string, unknown>>;
  readonly status: Readonly<Record<string, unknown>>;
  readonly bytes: Uint8Array;
  looks: number;
};

type Session = {
  readonly video: Omit<FakeVideo, 'id' | 'bytes' | 'looks'>;
  readonly type: string;
  readonly total: number;
  readonly received: Uint8Array[];
  size: number;
  madeId?: string;
};

export type FakeComment = { readonly id: string; readonly videoId: string; readonly text: string };

export type FakeYoutube = FakeNetwork & {
  readonly videos: ReadonlyMap<string, FakeVideo>;
  readonly comments: readonly FakeComment[];
  readonly playlist: readonly string[];
  /** Sessions end after a week. */
  readonly endSessions: () => void;
};

export type FakeYoutubeOptions = {
  /** How often the status of a video is `uploaded` before it is what `result` says. */
  readonly looksUntilProcessed?: number;
  readonly result?: Readonly<Record<string, string>>;
  /** Projects without an audit: every video becomes private. */
  readonly audited?: boolean;
  readonly hiddenSubscribers?: boolean;
  readonly longUploadsStatus?: string;
  readonly hasChannel?: boolean;
};

const KIB_256 = 256 * 1024;

/** The Data API with one channel: its answers as in https://developers.google.com/youtube/v3/docs. */
export async function fakeYoutube({
  looksUntilProcessed = 1,
  result = { uploadStatus: 'processed' },
  audited = true,
  hiddenSubscribers = false,
  longUploadsStatus = 'allowed',
  hasChannel = true,
}: FakeYoutubeOptions = {}): Promise<FakeYoutube> {
  const videos = new Map<string, FakeVideo>();
  const sessions = new Map<string, Session>();
  const comments: FakeComment[] = [];
  const playlist: string[] = [];
  let made = 0;

  const open = ({ url, headers, json }: Received): Reply => {
    const total = Number(headers['x-upload-content-length']);
    const type = String(headers['x-upload-content-type']);
    const body = json as { snippet?: Record<string, unknown>; status?: Record<string, unknown> } | undefined;
    const { snippet = {}, status = {} } = body ?? {};
    if (url.searchParams.get('part') !== 'snippet,status') return refusal(400, 'unexpectedPart');
    if (!(total > 0) || !type.startsWith('video/')) return refusal(400, 'mediaBodyRequired');
    const wrong = snippetProblem(snippet);
    if (wrong !== undefined) return refusal(400, wrong);
    if (!['public', 'unlisted', 'private'].includes(String(status.privacyStatus))) {
      return refusal(403, 'forbiddenPrivacySetting');
    }
    made += 1;
    const uploadId = `ABgVH8${String(made).padStart(4, '0')}${'x'.repeat(180)}`;
    const kept = audited ? status : { ...status, privacyStatus: 'private' };
    sessions.set(uploadId, {
      video: { snippet, status: kept },
      type,
      total,
      received: [],
      size: 0,
    });
    const location = `${server.url}${url.pathname}${url.search}&upload_id=${uploadId}`;
    return { status: 200, headers: { location } };
  };

  const incomplete = ({ size }: Session): Reply => ({
    status: 308,
    ...(size === 0 ? {} : { headers: { range: `bytes=0-${size - 1}` } }),
  });
  const put = ({ url, headers, bytes }: Received): Reply => {
    const session = sessions.get(url.searchParams.get('upload_id') ?? '');
    if (session === undefined) return { status: 404, body: 'Not Found' };
    const made = videos.get(session.madeId ?? '');
    if (made !== undefined) return { status: 200, body: entity(made, ['snippet', 'status']) };
    const range = /^bytes (?:\*|(\d+)-(\d+))\/(\d+)$/.exec(headers['content-range'] ?? '');
    if (range === null || Number(range[3]) !== session.total)
      return { status: 400, body: 'Bad Content-Range' };
    if (range[1] === undefined) return incomplete(session);
    const [from, to] = [Number(range[1]), Number(range[2]) + 1];
    if (to - from !== bytes.length || headers['content-type'] !== session.type) {
      return { status: 400, body: 'The chunk is not what its headers say.' };
    }
    if (to !== session.total && bytes.length % KIB_256 !== 0) return { status: 400, body: 'Bad chunk size' };
    if (from !== session.size) return incomplete(session);
    session.received.push(bytes);
    session.size += bytes.length;
    if (session.size < session.total) return incomplete(session);
    session.madeId = `vid${String(videos.size + 1).padStart(8, '0')}`;
    const whole = Buffer.concat(session.received);
    const video = { ...session.video, id: session.madeId, bytes: whole, looks: 0 };
    videos.set(video.id, video);
    return { status: 201, body: entity(video, ['snippet', 'status']) };
  };

  const entity = (video: FakeVideo, parts: readonly string[]) => ({
    kind: 'youtube#video',
    id: video.id,
    ...(parts.includes('snippet') ? { snippet: { ...video.snippet, channelId: CHANNEL_ID } } : {}),
    ...(parts.includes('status')
      ? {
          status: {
            ...video.status,
            ...(video.looks > looksUntilProcessed ? result : { uploadStatus: 'uploaded' }),
          },
        }
      : {}),
    ...(parts.includes('statistics')
      ? { statistics: { viewCount: '1204', likeCount: '31', favoriteCount: '0', commentCount: '4' } }
      : {}),
  });
  const list = (items: readonly unknown[]): Reply => ({
    status: 200,
    body: { items, pageInfo: { totalResults: items.length, resultsPerPage: items.length } },
  });
  const listVideos = (query: URLSearchParams): Reply => {
    const ids = (query.get('id') ?? '').split(',');
    if (ids.length > 50) return refusal(400, 'invalidParameter');
    const parts = (query.get('part') ?? '').split(',');
    return list(
      ids.flatMap((id) => {
        const video = videos.get(id);
        if (video === undefined) return [];
        if (parts.includes('status')) video.looks += 1;
        return [entity(video, parts)];
      }),
    );
  };
  /** What the snippet does not say is taken away. */
  const update = ({ url, json }: Received): Reply => {
    const { id, snippet = {} } = (json ?? {}) as { id?: string; snippet?: Snippet };
    const video = videos.get(id ?? '');
    if (url.searchParams.get('part') !== 'snippet') return refusal(400, 'unexpectedPart');
    if (video === undefined) return refusal(404, 'videoNotFound');
    const wrong = updateProblem(snippet);
    if (wrong !== undefined) return refusal(400, wrong);
    videos.set(video.id, { ...video, snippet });
    return { status: 200, body: entity({ ...video, snippet }, ['snippet']) };
  };
  const channel = () => ({
    kind: 'youtube#channel',
    id: CHANNEL_ID,
    snippet: { title: 'Bakery', customUrl: '@bakery' },
    status: { privacyStatus: 'public', isLinked: true, longUploadsStatus },
    statistics: {
      viewCount: '99',
      subscriberCount: '1230',
      hiddenSubscriberCount: hiddenSubscribers,
      videoCount: '3',
    },
  });

  const comment = ({ json }: Received): Reply => {
    const { channelId, videoId, topLevelComment } = (json as { snippet: Record<string, unknown> }).snippet;
    const text = (topLevelComment as { snippet?: { textOriginal?: string } }).snippet?.textOriginal ?? '';
    const video = videos.get(String(videoId));
    if (video === undefined) return refusal(404, 'videoNotFound');
    if (channelId !== CHANNEL_ID) return refusal(400, 'channelOrVideoIdMissing');
    if (text.trim() === '') return refusal(400, 'commentTextRequired');
    if (video.status.privacyStatus === 'private' || video.status.selfDeclaredMadeForKids === true) {
      return refusal(403, 'commentsDisabled');
    }
    const written = { id: `Ugx${comments.length + 1}`, videoId: video.id, text };
    comments.unshift(written);
    return { status: 200, body: thread(written) };
  };
  const thread = ({ id, videoId, text }: FakeComment) => ({
    kind: 'youtube#commentThread',
    id,
    snippet: {
      videoId,
      channelId: CHANNEL_ID,
      topLevelComment: {
        id,
        snippet: {
          textDisplay: text,
          textOriginal: text,
          authorChannelId: { value: CHANNEL_ID },
          publishedAt: new Date(DUE_AT).toISOString(),
        },
      },
    },
  });
  const putIntoPlaylist = ({ json }: Received): Reply => {
    const { playlistId, resourceId } = (
      json as { snippet: { playlistId: string; resourceId: { videoId: string } } }
    ).snippet;
    if (playlistId !== PLAYLIST_ID) return refusal(404, 'playlistNotFound');
    if (!videos.has(resourceId.videoId)) return refusal(404, 'videoNotFound');
    playlist.push(resourceId.videoId);
    return { status: 200, body: { kind: 'youtube#playlistItem', id: `UEx${playlist.length}` } };
  };

  const handle = (request: Received): Reply => {
    const { method, url, headers } = request;
    if (headers.authorization !== `Bearer ${ACCESS_TOKEN}`) return refusal(401, 'authError');
    switch (`${method} ${url.pathname}`) {
      case 'POST /upload/youtube/v3/videos':
        return open(request);
      case 'PUT /upload/youtube/v3/videos':
        return put(request);
      case 'GET /youtube/v3/channels':
        return hasChannel ? list([channel()]) : { status: 200, body: { pageInfo: { totalResults: 0 } } };
      case 'GET /youtube/v3/videos':
        return listVideos(url.searchParams);
      case 'PUT /youtube/v3/videos':
        return update(request);
      case 'DELETE /youtube/v3/videos':
        return videos.delete(url.searchParams.get('id') ?? '')
          ? { status: 204 }
          : refusal(404, 'videoNotFound');
      case 'POST /youtube/v3/commentThreads':
        return comment(request);
      case 'GET /youtube/v3/commentThreads':
        return list(
          comments.filter(({ videoId }) => videoId === url.searchParams.get('videoId')).map(thread),
        );
      case 'POST /youtube/v3/playlistItems':
        return putIntoPlaylist(request);
      case 'GET /youtube/v3/playlistItems':
        return list(
          playlist.filter((id) => id === url.searchParams.get('videoId')).map((id) => ({ id: `UEx${id}` })),
        );
      default:
        return { status: 404, body: 'Not Found' };
    }
  };

  const server = await startServer(handle);
  return {
    ...server,
    videos,
    comments,
    playlist,
    endSessions: () => sessions.clear(),
    isPublish: ({ method, headers }) => {
      const range = /^bytes \d+-(\d+)\/(\d+)$/.exec(headers['content-range'] ?? '');
      return method === 'PUT' && range !== null && Number(range[1]) + 1 === Number(range[2]);
    },
    published: () => [...videos.keys()],
    forget: (externalId) => void videos.delete(externalId),
  };
}

/** An error as the API words it. */
export const refusal = (status: number, reason: string): Reply => ({
  status,
  body: {
    error: {
      code: status,
      message: `Refused: ${reason}.`,
      errors: [{ message: reason, domain: 'youtube', reason }],
    },
  },
});
