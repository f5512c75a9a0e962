import type { Received, Reply } from './server.ts';
import { problem } from './x-problems.ts';

type Session = {
  readonly id: string;
  readonly category: string;
  readonly type: string;
  readonly total: number;
  readonly segments: Map<number, number>;
  state: 'open' | 'processing' | 'ready' | 'failed';
  looks: number;
  alt?: string;
};

export type XUploads = {
  readonly sessions: ReadonlyMap<string, Session>;
  /** Undefined: not a request of the media API. */
  readonly handle: (request: Received) => Promise<Reply | undefined>;
  /** Why these may not stand in one post; undefined when they may. */
  readonly refusal: (ids: readonly string[]) => string | undefined;
  /** Forgets a session, as X does after a day. */
  readonly lose: (id: string) => void;
};

const SIZES: Readonly<Record<string, number>> = {
  tweet_image: 5 * 1024 * 1024,
  tweet_gif: 15 * 1024 * 1024,
  tweet_video: 8 * 1024 ** 3,
};
const SEGMENT = 5 * 1024 * 1024;

/** The media half of the fake: `/2/media/…`, https://docs.x.com/x-api/media/introduction */
export function xUploads({ processing = 'succeeds' }: { processing?: 'succeeds' | 'fails' } = {}): XUploads {
  const sessions = new Map<string, Session>();
  const open = (category: string, type: string, total: number): Session => {
    const id = String(1_900_000_000_000_000_000n + BigInt(sessions.size));
    const session: Session = {
      id,
      category,
      type,
      total,
      segments: new Map(),
      state: 'open',
      looks: 0,
    };
    sessions.set(id, session);
    return session;
  };

  const simple = async (request: Received): Promise<Reply> => {
    const form = await formOf(request);
    const category = form?.get('media_category');
    const media = form?.get('media');
    if (category !== 'tweet_image' || !(media instanceof Blob))
      return problem(400, 'invalid-request', 'media');
    if (media.size > (SIZES.tweet_image ?? 0))
      return problem(413, 'invalid-request', 'File size exceeds 5 MB');
    const session = open(category, media.type, media.size);
    session.state = 'ready';
    return {
      status: 200,
      body: { data: { id: session.id, media_key: `3_${session.id}`, size: media.size } },
    };
  };
  const initialize = ({ json }: Received): Reply => {
    const { media_type, media_category, total_bytes, ...more } = json as Record<string, unknown>;
    const most = SIZES[String(media_category)];
    if (most === undefined || Object.keys(more).length > 0 || typeof total_bytes !== 'number') {
      return problem(400, 'invalid-request', 'One or more parameters are invalid');
    }
    if (total_bytes > most) return problem(400, 'invalid-request', 'The media is too large');
    const { id } = open(String(media_category), String(media_type), total_bytes);
    return { status: 200, body: { data: { id, media_key: `13_${id}`, expires_after_secs: 86_400 } } };
  };
  const append = async (session: Session, request: Received): Promise<Reply> => {
    const form = await formOf(request);
    const media = form?.get('media');
    const index = Number(form?.get('segment_index') ?? -1);
    if (session.state !== 'open' || !(media instanceof Blob) || index < 0 || index > 999) {
      return problem(400, 'invalid-request', 'The segment is invalid');
    }
    if (media.size > SEGMENT) return problem(413, 'invalid-request', 'The segment is too large');
    session.segments.set(index, media.size);
    return { status: 200, body: { data: { expires_at: 1_900_000_000 } } };
  };
  const finalize = (session: Session): Reply => {
    const indexes = [...session.segments.keys()].sort((a, b) => a - b);
    const bytes = [...session.segments.values()].reduce((sum, size) => sum + size, 0);
    const isWhole = bytes === session.total && indexes.every((index, n) => index === n);
    if (session.state !== 'open' || !isWhole) return problem(400, 'invalid-request', 'Segments are missing');
    session.state = 'processing';
    return { status: 200, body: { data: { id: session.id, size: bytes, processing_info: info(session) } } };
  };
  const info = (session: Session) => ({
    state:
      session.state === 'processing' ? (session.looks === 0 ? 'pending' : 'in_progress') : stateOf(session),
    ...(session.state === 'processing' ? { check_after_secs: 3, progress_percent: session.looks * 40 } : {}),
    ...(session.state === 'failed'
      ? { error: { code: 1, name: 'Invalid', message: 'Unsupported codec' } }
      : {}),
  });
  const stateOf = ({ state }: Session): string => (state === 'ready' ? 'succeeded' : state);
  const status = (session: Session): Reply => {
    session.looks += 1;
    if (session.state === 'processing' && session.looks > 2) {
      session.state = processing === 'succeeds' ? 'ready' : 'failed';
    }
    return { status: 200, body: { data: { id: session.id, processing_info: info(session) } } };
  };
  const describe = ({ json }: Received): Reply => {
    const { id, metadata } = json as { id?: string; metadata?: { alt_text?: { text?: string } } };
    const session = sessions.get(id ?? '');
    const text = metadata?.alt_text?.text ?? '';
    if (session === undefined || text === '' || text.length > 1_000) {
      return problem(400, 'invalid-request', 'metadata');
    }
    session.alt = text;
    return { status: 200, body: { data: { id, associated_metadata: metadata } } };
  };

  return {
    sessions,
    lose: (id) => void sessions.delete(id),
    refusal: (ids) => {
      const known = ids.map((id) => sessions.get(id));
      if (known.some((one) => one?.state !== 'ready')) return 'Your media IDs are invalid.';
      const alone = known.some((one) => one?.category !== 'tweet_image');
      return alone && ids.length > 1 ? 'Only one video or GIF may be attached to a Post.' : undefined;
    },
    async handle(request) {
      const { method, url } = request;
      const path = `${method} ${url.pathname}`;
      if (path === 'POST /2/media/upload') return simple(request);
      if (path === 'POST /2/media/upload/initialize') return initialize(request);
      if (path === 'POST /2/media/metadata') return describe(request);
      const [, id = url.searchParams.get('media_id') ?? '', act = 'status'] =
        /^POST \/2\/media\/upload\/(\d+)\/(append|finalize)$/.exec(path) ?? [];
      if (!path.includes('/2/media/upload')) return undefined;
      const session = sessions.get(id);
      if (session === undefined)
        return problem(404, 'resource-not-found', 'Could not find media', { resource_id: id });
      if (act === 'append') return append(session, request);
      return act === 'finalize' ? finalize(session) : status(session);
    },
  };
}

const formOf = ({ bytes, headers }: Received): Promise<FormData> | undefined =>
  headers['content-type']?.startsWith('multipart/form-data')
    ? new Response(Uint8Array.from(bytes), {
        headers: { 'content-type': headers['content-type'] },
      }).formData()
    : undefined;
