import { MINUTE } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../builders.ts';
import { type FakeNetwork, type Received, type Reply, startServer } from './server.ts';

export const ACCESS_TOKEN = 'pina_qwertz_0123456789';
export const REFRESH_TOKEN = 'pinr_qwertz_0123456789';
export const APP = { clientId: '1478', clientSecret: 'pin-secret-0123456789' };
export const BOARD = '549755885175';
export const SECTION = '5195035916725';

type Pin = Record<string, unknown> & { id: string; created_at: string };
type Media = { id: string; status: 'registered' | 'processing' | 'succeeded' | 'failed'; looks: number };

export type FakePinterest = FakeNetwork & {
  readonly pins: ReadonlyMap<string, Pin>;
  readonly videos: ReadonlyMap<string, Media>;
  /** A pin that the account's owner made elsewhere. */
  readonly pin: (fields: Record<string, unknown>) => string;
  readonly forgetVideo: (id: string) => void;
};

export type FakePinterestOptions = {
  readonly now?: () => number;
  readonly boards?: readonly { id: string; name: string }[];
  /** How often a video is looked at before it is ready; `never`, or `failed` at once. */
  readonly processing?: number | 'never' | 'failed';
  /** In which order a board lists its pins: no page of Pinterest's promises any. */
  readonly order?: 'newest first' | 'oldest first';
  /** Pinterest counts the newest days later. */
  readonly dataStatus?: 'READY' | 'PROCESSING';
};

/** API v5 with one account, as https://github.com/pinterest/api-description describes it. */
export async function fakePinterest({
  now = () => DUE_AT + MINUTE,
  boards = [{ id: BOARD, name: 'Bread' }],
  processing = 1,
  order = 'newest first',
  dataStatus = 'READY',
}: FakePinterestOptions = {}): Promise<FakePinterest> {
  const pins = new Map<string, Pin>();
  const videos = new Map<string, Media>();
  let lastId = 813_744_226_420_795_000n;
  let refresh = REFRESH_TOKEN;
  let access = ACCESS_TOKEN;
  const nextId = (): string => {
    lastId += 1n;
    return String(lastId);
  };
  const add = (fields: Record<string, unknown>): string => {
    const id = nextId();
    // Without a zone: so Pinterest writes its times.
    pins.set(id, { ...fields, id, created_at: new Date(now()).toISOString().slice(0, 19) });
    return id;
  };

  const mediaOf = (source: Record<string, unknown>): unknown => {
    const kinds: Record<string, string> = { video_id: 'video', multiple_image_urls: 'multiple_images' };
    return { media_type: kinds[String(source.source_type)] ?? 'image' };
  };
  const sourceProblem = (source: Record<string, unknown>): string | undefined => {
    const isUrl = (url: unknown) => typeof url === 'string' && /^https?:\/\//.test(url);
    const items = Array.isArray(source.items) ? (source.items as { url?: unknown }[]) : [];
    if (source.source_type === 'image_url') return isUrl(source.url) ? undefined : 'no URL';
    if (source.source_type === 'multiple_image_urls') {
      return items.length >= 2 && items.length <= 5 && items.every(({ url }) => isUrl(url))
        ? undefined
        : 'items: 2 to 5';
    }
    if (source.source_type !== 'video_id') return 'source_type';
    if (videos.get(String(source.media_id))?.status !== 'succeeded') return 'The video is not ready.';
    const hasCover = 'cover_image_url' in source || 'cover_image_key_frame_time' in source;
    return hasCover ? undefined : 'A video needs a cover image.';
  };
  const create = (json: unknown): Reply => {
    const { media_source, ...fields } = json as Record<string, unknown>;
    if (!boards.some(({ id }) => id === fields.board_id)) return refusal(404, 40, 'Board not found.');
    if (fields.board_section_id !== undefined && fields.board_section_id !== SECTION) {
      return refusal(404, 2031, "Sorry! We couldn't find this board section.");
    }
    for (const [name, most] of Object.entries({ title: 100, description: 800, alt_text: 500, link: 2048 })) {
      if ([...String(fields[name] ?? '')].length > most) return refusal(400, 1, `${name} is too long.`);
    }
    const problem = sourceProblem((media_source ?? {}) as Record<string, unknown>);
    if (problem !== undefined) return refusal(400, 1, `Invalid parameters: ${problem}`);
    const id = add({ ...fields, media: mediaOf(media_source as Record<string, unknown>) });
    return { status: 201, body: pins.get(id) };
  };

  const register = (): Reply => {
    const id = nextId();
    videos.set(id, { id, status: 'registered', looks: 0 });
    const upload_parameters = {
      'x-amz-date': '20261130T080000Z',
      'x-amz-signature': 'fcd6309a',
      key: `uploads/${id}`,
      policy: `policy-of-${id}`,
      'Content-Type': 'multipart/form-data',
    };
    const upload_url = `${server.url}/pinterest-media-upload/`;
    return { status: 201, body: { media_id: id, media_type: 'video', upload_url, upload_parameters } };
  };
  /** S3: every field of the policy before the file, and no other right beside the form's own. */
  const receive = async ({ bytes, headers }: Received): Promise<Reply> => {
    const type = String(headers['content-type']);
    const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
    const names = [...form.keys()];
    const media = videos.get(String(form.get('key')).replace('uploads/', ''));
    const file = form.get('file');
    if (headers.authorization || form.get('policy') !== `policy-of-${media?.id}` || names.at(-1) !== 'file') {
      return { status: 403, headers: { 'content-type': 'application/xml' }, body: '<Error/>' };
    }
    if (!media || !(file instanceof File) || file.size === 0) return { status: 400, body: '<Error/>' };
    media.status = processing === 'failed' ? 'failed' : 'processing';
    return { status: 204 };
  };
  const look = (media: Media): Reply => {
    if (media.status === 'processing' && processing !== 'never' && media.looks >= Number(processing)) {
      media.status = 'succeeded';
    }
    media.looks += 1;
    return { status: 200, body: { media_id: media.id, media_type: 'video', status: media.status } };
  };

  const analyticsOf = (pin: Pin, url: URL): Reply => {
    const asked = (url.searchParams.get('metric_types') ?? '').split(',');
    const start = Date.parse(url.searchParams.get('start_date') ?? '');
    const isVideo = JSON.stringify(pin.media).includes('video');
    if (!(start >= now() - 91 * 86_400_000) || (asked.includes('VIDEO_MRC_VIEW') && !isVideo)) {
      return refusal(400, 400, 'Invalid pins analytics parameters.');
    }
    const all = {
      daily_metrics: [{ data_status: dataStatus, date: '2026-11-30', metrics: {} }],
      lifetime_metrics: { TOTAL_COMMENTS: 2, TOTAL_REACTIONS: 12 },
      summary_metrics: Object.fromEntries(
        Object.entries({ IMPRESSION: 240, OUTBOUND_CLICK: 20, SAVE: 7, VIDEO_MRC_VIEW: 33 }).filter(
          ([name]) => asked.includes(name),
        ),
      ),
    };
    return { status: 200, body: { all } };
  };

  const token = ({ headers, body }: Received): Reply => {
    const basic = `Basic ${btoa(`${APP.clientId}:${APP.clientSecret}`)}`;
    const form = new URLSearchParams(body);
    if (headers.authorization !== basic) return refusal(401, 2, 'Authentication failed.');
    if (form.get('refresh_token') !== refresh) {
      return refusal(400, 1, 'Invalid refresh token.');
    }
    access = `${ACCESS_TOKEN}-${nextId()}`;
    refresh = `${REFRESH_TOKEN}-${nextId()}`;
    const scope = 'boards:read pins:write';
    const body_ = { access_token: access, refresh_token: refresh, token_type: 'bearer', scope };
    return { status: 200, body: { ...body_, expires_in: 2_592_000, refresh_token_expires_in: 5_184_000 } };
  };

  const handle = (request: Received): Reply | Promise<Reply> => {
    const { method, url, headers, json } = request;
    const path = url.pathname.replace(/^\/v5/, '');
    if (path === '/pinterest-media-upload/') return receive(request);
    if (path === '/oauth/token') return token(request);
    if (headers.authorization !== `Bearer ${access}`) return refusal(401, 2, 'Authentication failed.');
    if (path === '/user_account') {
      return { status: 200, body: { id: '2783136121146311751', username: 'bakery', follower_count: 84 } };
    }
    if (path === '/boards') return { status: 200, body: { items: boards, bookmark: null } };
    if (path === '/pins' && method === 'POST') return create(json);
    if (path === '/media' && method === 'POST') return register();
    const listed = /^\/boards\/(\d+)(?:\/sections\/(\d+))?\/pins$/.exec(path);
    if (listed) {
      const all = [...pins.values()].filter(
        (pin) => pin.board_id === listed[1] && (!listed[2] || pin.board_section_id === listed[2]),
      );
      const ordered = order === 'newest first' ? all.reverse() : all;
      const from = Number(url.searchParams.get('bookmark') ?? 0);
      const to = from + Number(url.searchParams.get('page_size') ?? 25);
      const bookmark = to < ordered.length ? String(to) : null;
      return { status: 200, body: { items: ordered.slice(from, to), bookmark } };
    }
    const media = videos.get(/^\/media\/(\d+)$/.exec(path)?.[1] ?? '');
    if (media) return look(media);
    const pin = pins.get(/^\/pins\/(\d+)(\/analytics)?$/.exec(path)?.[1] ?? '');
    if (pin === undefined) return refusal(404, 50, 'Pin not found.');
    if (path.endsWith('/analytics')) return analyticsOf(pin, url);
    if (method === 'DELETE')
      return pins.delete(pin.id) ? { status: 204 } : refusal(404, 50, 'Pin not found.');
    return { status: 200, body: pin };
  };

  const server = await startServer(handle);
  return {
    ...server,
    pins,
    videos,
    pin: (fields) => add({ board_id: BOARD, media: { media_type: 'image' }, ...fields }),
    forgetVideo: (id) => void videos.delete(id),
    isPublish: ({ method, url }) => method === 'POST' && url.pathname === '/v5/pins',
    published: () => [...pins.keys()],
    forget: (externalId) => void pins.delete(externalId),
  };
}

const refusal = (status: number, code: number, message: string): Reply => ({
  status,
  body: { code, message },
});
