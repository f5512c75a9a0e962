import { type FakeNetwork, type Received, type Reply, startServer } from './server.ts';

export const ACCESS_TOKEN = 'act.tiktok-token-0123456789';
export const OPEN_ID = '723f24d7-e717-40f8-a2b6-cb8464cd23b4';
export const USERNAME = 'bakery';

type Publishing = {
  readonly id: string;
  readonly uploadId: string;
  readonly photos: boolean;
  readonly info: Readonly<Record<string, unknown>>;
  readonly total: number;
  readonly chunk: number;
  readonly received: Uint8Array[];
  size: number;
  looks: number;
  postId?: string;
};

export type FakeTiktok = FakeNetwork & {
  readonly publishings: ReadonlyMap<string, Publishing>;
  /** The bytes of a video that has come. */
  readonly bytesOf: (publishId: string) => Uint8Array;
};

export type FakeTiktokOptions = {
  /** How often a status is one of work before it is what `fails` or success says; and then until moderation is over. */
  readonly looksUntilPosted?: number;
  readonly looksUntilModerated?: number;
  /** The fail reasons of the first publishings. */
  readonly fails?: readonly string[];
  readonly audited?: boolean;
  readonly privacies?: readonly string[];
  readonly creator?: Readonly<Record<string, unknown>>;
  /** Hosts of which the app has shown that they are its own. */
  readonly verifiedHosts?: readonly string[];
};

const MIB_5 = 5 * 1024 * 1024;
const PRIVACIES = ['PUBLIC_TO_EVERYONE', 'MUTUAL_FOLLOW_FRIENDS', 'SELF_ONLY'];

/** The Content Posting API with one account: its answers as in https://developers.tiktok.com/doc. */
export async function fakeTiktok({
  looksUntilPosted = 0,
  looksUntilModerated = 0,
  fails = [],
  audited = true,
  privacies = PRIVACIES,
  creator = {},
  verifiedHosts = ['media.example'],
}: FakeTiktokOptions = {}): Promise<FakeTiktok> {
  const publishings = new Map<string, Publishing>();
  const gone = new Set<string>();
  const reasons = [...fails];
  const failed = new Map<string, string>();

  const begin = (photos: boolean, info: Record<string, unknown>, total = 0, chunk = 0): Publishing => {
    const n = publishings.size + 1;
    const id = `${photos ? 'p_pub_url~v2' : 'v_pub_file~v2-1'}.${7_000_000 + n}`;
    const uploadId = String(67_890 + n);
    const begun = { id, uploadId, photos, info, total, chunk, received: [], size: 0, looks: 0 };
    publishings.set(id, begun);
    const reason = reasons.shift();
    if (reason !== undefined) failed.set(id, reason);
    return begun;
  };
  const infoProblem = (info: Record<string, unknown>): Reply | undefined => {
    if (!privacies.includes(String(info.privacy_level))) return refusal(403, 'privacy_level_option_mismatch');
    if (!audited && info.privacy_level !== 'SELF_ONLY') {
      return refusal(403, 'unaudited_client_can_only_post_to_private_accounts');
    }
    if (info.brand_content_toggle === true && info.privacy_level === 'SELF_ONLY') {
      return refusal(400, 'invalid_param');
    }
    return undefined;
  };

  const initVideo = ({ json }: Received): Reply => {
    const { post_info: info, source_info: source } = json as Record<string, Record<string, unknown>>;
    if (info === undefined || source?.source !== 'FILE_UPLOAD') return refusal(400, 'invalid_param');
    const problem = infoProblem(info);
    if (problem) return problem;
    const {
      video_size: size,
      chunk_size: chunk,
      total_chunk_count: count,
    } = source as Record<string, number>;
    if (typeof size !== 'number' || typeof chunk !== 'number' || String(info.title ?? '').length > 2_200) {
      return refusal(400, 'invalid_param');
    }
    const whole = size < MIB_5;
    if (whole ? chunk !== size : chunk < MIB_5 || chunk > 64 * 1024 * 1024)
      return refusal(400, 'invalid_param');
    if (count !== Math.floor(size / chunk) || count > 1_000) return refusal(400, 'invalid_param');
    const begun = begin(false, info, size, chunk);
    const upload_url = `${server.url}/video/?upload_id=${begun.uploadId}&upload_token=${'Xza123'.repeat(20)}`;
    return ok({ publish_id: begun.id, upload_url });
  };
  const initPhotos = ({ json }: Received): Reply => {
    const { post_info: info, source_info: source, ...mode } = json as Record<string, Record<string, unknown>>;
    if (info === undefined || source?.source !== 'PULL_FROM_URL') return refusal(400, 'invalid_param');
    if (String(mode.post_mode) !== 'DIRECT_POST' || String(mode.media_type) !== 'PHOTO') {
      return refusal(400, 'invalid_param');
    }
    const problem = infoProblem(info);
    if (problem) return problem;
    const images = source.photo_images as string[];
    if (!(images.length >= 1 && images.length <= 35) || Number(source.photo_cover_index) >= images.length) {
      return refusal(400, 'invalid_param');
    }
    if (String(info.title ?? '').length > 90 || String(info.description ?? '').length > 4_000) {
      return refusal(400, 'invalid_param');
    }
    const isVerified = (url: string) => {
      const { protocol, host } = new URL(url);
      return protocol === 'https:' && verifiedHosts.includes(host);
    };
    if (!images.every(isVerified)) return refusal(403, 'url_ownership_unverified');
    const begun = begin(true, info);
    post(begun);
    return ok({ publish_id: begun.id });
  };
  const post = (publishing: Publishing): void => {
    if (!failed.has(publishing.id)) publishing.postId = `74${String(publishings.size).padStart(17, '9')}`;
  };

  const put = ({ url, headers, bytes }: Received): Reply => {
    const id = url.searchParams.get('upload_id');
    const publishing = [...publishings.values()].find(({ uploadId }) => uploadId === id);
    if (publishing === undefined) return { status: 404, body: 'Not Found' };
    if (headers.authorization !== undefined) return { status: 400, body: 'Only one auth mechanism allowed' };
    const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers['content-range'] ?? '');
    const type = headers['content-type'] ?? '';
    if (range === null || !['video/mp4', 'video/quicktime', 'video/webm'].includes(type)) {
      return { status: 400, body: 'Bad Request' };
    }
    const [from, to, total] = [Number(range[1]), Number(range[2]) + 1, Number(range[3])];
    if (total !== publishing.total || to - from !== bytes.length) return { status: 400, body: 'Bad Request' };
    if (from !== publishing.size) return { status: 416, body: 'Requested Range Not Satisfiable' };
    const rest = total - from < 2 * publishing.chunk;
    if (rest ? to !== total : bytes.length !== publishing.chunk) return { status: 400, body: 'Bad chunk' };
    publishing.received.push(bytes);
    publishing.size = to;
    if (to < total) return { status: 206 };
    post(publishing);
    return { status: 201 };
  };

  const status = ({ json }: Received): Reply => {
    const publishing = publishings.get(String((json as { publish_id?: string }).publish_id));
    if (publishing === undefined) return refusal(400, 'invalid_publish_id');
    const { photos, size, total, info, postId } = publishing;
    const isWhole = photos || size === total;
    if (isWhole) publishing.looks += 1;
    const done = isWhole && publishing.looks > looksUntilPosted;
    const reason = failed.get(publishing.id);
    if (done && reason !== undefined) return ok({ status: 'FAILED', fail_reason: reason });
    if (!done) {
      return ok(
        photos ? { status: 'PROCESSING_DOWNLOAD' } : { status: 'PROCESSING_UPLOAD', uploaded_bytes: size },
      );
    }
    const isModerated = publishing.looks > looksUntilPosted + looksUntilModerated;
    const ids = info.privacy_level === 'PUBLIC_TO_EVERYONE' && isModerated ? [postId] : [];
    // The ids are numbers of 64 bits, which JavaScript cannot write.
    const data = `{"status":"PUBLISH_COMPLETE","publicaly_available_post_id":[${ids}],"uploaded_bytes":${size}}`;
    const body = `{"data":${data},"error":{"code":"ok","message":"","log_id":"2022"}}`;
    return { status: 200, headers: { 'content-type': 'application/json' }, body };
  };

  const published = () =>
    [...publishings.values()].flatMap(({ id, photos, postId, info }) => {
      if (postId === undefined || gone.has(postId)) return [];
      if (info.privacy_level !== 'PUBLIC_TO_EVERYONE') return [id];
      return [photos ? `photo/${postId}` : postId];
    });
  const query = ({ json, url }: Received): Reply => {
    const ids = (json as { filters?: { video_ids?: string[] } }).filters?.video_ids ?? [];
    if (ids.length === 0 || ids.length > 20) return refusal(400, 'invalid_params');
    const counts: Record<string, unknown> = {
      view_count: 812,
      like_count: 40,
      comment_count: 3,
      share_count: 2,
    };
    const fields = (url.searchParams.get('fields') ?? '').split(',');
    const videos = ids
      .filter((id) => published().includes(id))
      .map((id) => Object.fromEntries(fields.map((name) => [name, name === 'id' ? id : counts[name]])));
    return ok({ videos });
  };

  const handle = (request: Received): Reply => {
    const { method, url, headers } = request;
    if (method === 'PUT' && url.pathname === '/video/') return put(request);
    if (headers.authorization !== `Bearer ${ACCESS_TOKEN}`) return refusal(401, 'access_token_invalid');
    switch (`${method} ${url.pathname}`) {
      case 'GET /v2/user/info/':
        return ok({ user: { open_id: OPEN_ID, display_name: 'Bakery', follower_count: 4_321 } });
      case 'POST /v2/post/publish/creator_info/query/':
        return ok({
          creator_username: USERNAME,
          creator_nickname: 'The Bakery',
          privacy_level_options: privacies,
          comment_disabled: false,
          duet_disabled: false,
          stitch_disabled: true,
          max_video_post_duration_sec: 300,
          ...creator,
        });
      case 'POST /v2/post/publish/video/init/':
        return initVideo(request);
      case 'POST /v2/post/publish/content/init/':
        return initPhotos(request);
      case 'POST /v2/post/publish/status/fetch/':
        return status(request);
      case 'POST /v2/video/query/':
        return query(request);
      default:
        return { status: 404, body: 'Unsupported path' };
    }
  };

  const server = await startServer(handle);
  return {
    ...server,
    publishings,
    bytesOf: (publishId) => Buffer.concat(publishings.get(publishId)?.received ?? []),
    isPublish: ({ method, url, headers }) => {
      const range = /^bytes \d+-(\d+)\/(\d+)$/.exec(headers['content-range'] ?? '');
      const isLast = method === 'PUT' && range !== null && Number(range[1]) + 1 === Number(range[2]);
      return isLast || url.pathname === '/v2/post/publish/content/init/';
    },
    published,
    forget: (externalId) => void gone.add(externalId.replace('photo/', '')),
  };
}

const ok = (data: unknown): Reply => ({
  status: 200,
  body: { data, error: { code: 'ok', message: '', log_id: '202210112248442CB9319E1FB30C1073F3' } },
});

/** An error as the API words it. */
export const refusal = (status: number, code: string): Reply => ({
  status,
  body: { data: {}, error: { code, message: `Refused: ${code}.`, log_id: '2022' } },
});
