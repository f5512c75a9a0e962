import { MINUTE } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../builders.ts';
import { facebookLoginPages, USER_TOKEN } from './facebook-login.ts';
import {
  badParameter,
  badToken,
  type Given,
  givenTo,
  graphTime,
  insights,
  isPublicUrl,
  list,
  noObject,
  pick,
  refusal,
  tokenOf,
} from './graph.ts';
import { type FakeNetwork, type Received, type Reply, startServer } from './server.ts';

export const PAGE_TOKEN = 'EAAG-page-token-0123456789';
export const PAGE_ID = '104206117993110';

export type FakePost = {
  readonly id: string;
  readonly message: string | undefined;
  readonly link: string | undefined;
  readonly photos: readonly { readonly id: string; readonly url: string; readonly alt: string | undefined }[];
  readonly created: number;
  readonly comments: readonly { readonly id: string; readonly message: string }[];
};

type FakeVideo = {
  readonly description: string | undefined;
  readonly fileUrl: string;
  readonly created: number;
  /** How many looks it takes until it is ready; each look is one less. */
  looks: number;
  told: 'start' | 'uploaded' | 'publish' | 'failed';
  postId?: string;
};

export type FakeFacebook = FakeNetwork & {
  readonly posts: ReadonlyMap<string, FakePost>;
  /** A post that the Page's people wrote by themselves. */
  readonly write: (message: string) => void;
  /** Every video from now on fails while it is processed. */
  readonly breakVideos: () => void;
};

export type FakeFacebookOptions = {
  readonly now?: () => number;
  /** Facebook refuses what is the same as a recent post; it does not say for how long. */
  readonly refusesDuplicates?: boolean;
  /** Looks that a video takes. */
  readonly looks?: number;
};

const VERSION = '/v25.0/';
const INSIGHTS = { post_media_view: 120, post_total_media_view_unique: 90, post_clicks: 7 };

/** One Page, its posts, videos and comments; also the host that takes Reels' bytes. */
export async function fakeFacebook({
  now = () => DUE_AT + MINUTE,
  refusesDuplicates = false,
  looks = 1,
}: FakeFacebookOptions = {}): Promise<FakeFacebook> {
  const posts = new Map<string, FakePost>();
  const photos = new Map<string, { url: string; alt: string | undefined }>();
  const videos = new Map<string, FakeVideo>();
  let broken = false;
  let lastId = 122_000_000_000_000;
  const newId = () => String(++lastId);

  const post = (over: Partial<FakePost>): FakePost => {
    const id = `${PAGE_ID}_${newId()}`;
    const made = {
      message: undefined,
      link: undefined,
      photos: [],
      comments: [],
      created: now(),
      ...over,
      id,
    };
    posts.set(id, made);
    return made;
  };
  const toNode = ({ id, message, created, comments }: FakePost) => ({
    id,
    message,
    created_time: graphTime(created),
    permalink_url: `https://www.facebook.com/bakery/posts/${id.split('_')[1]}`,
    shares: { count: 3 },
    reactions: { data: [], summary: { total_count: 11 } },
    comments: { data: [], summary: { total_count: comments.length } },
  });
  /** A look moves a video on; what was told to go out and is ready stands in a post. */
  const toVideoNode = ([id, video]: [string, FakeVideo]) => {
    if (broken && video.told === 'publish') video.told = 'failed';
    const isReady = video.told === 'publish' && video.looks-- <= 0;
    if (isReady && video.postId === undefined) video.postId = post({ message: video.description }).id;
    const failed = { status: 'error', errors: [{ message: 'The video file is corrupt' }] };
    return {
      id,
      description: video.description,
      created_time: graphTime(video.created),
      published: isReady,
      post_id: video.postId?.split('_')[1],
      permalink_url: isReady ? `/reel/${id}/` : undefined,
      status: {
        video_status: isReady ? 'ready' : video.told === 'failed' ? 'error' : 'processing',
        uploading_phase: { status: video.told === 'start' ? 'in_progress' : 'complete' },
        processing_phase: video.told === 'failed' ? failed : { status: isReady ? 'complete' : 'not_started' },
        publishing_phase: { status: isReady ? 'complete' : 'not_started' },
      },
    };
  };

  const feed = ({ message, link, attached_media }: Given): Reply => {
    const attached =
      attached_media === undefined ? [] : (JSON.parse(attached_media) as { media_fbid: string }[]);
    if (!message && !link && attached.length === 0) return badParameter('Missing message or attachment');
    if (link !== undefined && attached.length > 0) return badParameter('A link cannot stand beside photos');
    if ([...(message ?? '')].length > 63_206) return badParameter('Param message is too long');
    const known = attached.map(({ media_fbid: id }) => ({ id, photo: photos.get(id) }));
    if (known.some(({ photo }) => photo === undefined)) return badParameter('Invalid parameter: media_fbid');
    if (refusesDuplicates && [...posts.values()].some((one) => one.message === message)) {
      return refusal(400, 506, 'Duplicate status message');
    }
    const shown = known.map(({ id, photo }) => ({ id, url: photo?.url ?? '', alt: photo?.alt }));
    return { status: 200, body: { id: post({ message, link, photos: shown }).id } };
  };
  const photo = ({ url, published, alt_text_custom }: Given): Reply => {
    if (!isPublicUrl(url)) return refusal(400, 324, 'Missing or invalid image file');
    if (published !== 'false') return badParameter('this fake takes unpublished photos only');
    const id = newId();
    photos.set(id, { url: url ?? '', alt: alt_text_custom });
    return { status: 200, body: { id } };
  };
  const video = ({ file_url, description }: Given): Reply => {
    if (!isPublicUrl(file_url)) return refusal(400, 389, 'Unable to fetch video file from URL');
    const id = newId();
    videos.set(id, { description, fileUrl: file_url ?? '', created: now(), looks, told: 'publish' });
    return { status: 200, body: { id } };
  };
  const reel = ({ upload_phase, video_id, video_state, description }: Given): Reply => {
    if (upload_phase === 'start') {
      const id = newId();
      videos.set(id, { description: undefined, fileUrl: '', created: now(), looks, told: 'start' });
      const upload_url = `https://rupload.facebook.com/video-upload/v25.0/${id}`;
      return { status: 200, body: { video_id: id, upload_url } };
    }
    const known = videos.get(video_id ?? '');
    if (upload_phase !== 'finish' || known === undefined) return badParameter('Invalid video_id');
    if (known.told === 'start') return badParameter('The video was not uploaded');
    if (video_state !== 'PUBLISHED') return badParameter('Invalid video_state');
    videos.set(video_id ?? '', { ...known, description, told: 'publish' });
    return { status: 200, body: { success: true } };
  };
  const upload = (id: string, { headers }: Received): Reply => {
    const known = videos.get(id);
    if (headers.authorization !== `OAuth ${PAGE_TOKEN}`) return badToken();
    if (known === undefined || !isPublicUrl(String(headers.file_url))) {
      return { status: 400, body: { debug_info: { retriable: false, message: 'no such session or file' } } };
    }
    known.told = 'uploaded';
    return { status: 200, body: { success: true } };
  };
  const comment = (id: string, { message }: Given): Reply => {
    const known = posts.get(id);
    if (known === undefined) return noObject(id);
    if (!message) return badParameter('Missing message');
    const made = { id: `${id.split('_')[1]}_${newId()}`, message };
    posts.set(id, { ...known, comments: [...known.comments, made] });
    return { status: 200, body: { id: made.id } };
  };
  const page = {
    id: PAGE_ID,
    name: 'Bakery',
    username: 'bakery',
    category: 'Bakery',
    link: 'https://www.facebook.com/bakery',
    followers_count: 512,
  };

  /** Unless it is asked for one period, reach comes by the day, too, which stands behind the whole and is 0. */
  const postInsights = (given: Given): Reply => {
    const reply = insights(INSIGHTS, given);
    if (reply.status !== 200 || given.period === 'lifetime') return reply;
    const values = [{ value: 0 }, { value: 0 }];
    const byDay = { name: 'post_total_media_view_unique', period: 'day', values };
    return { ...reply, body: { data: [...(reply.body as { data: unknown[] }).data, byDay] } };
  };
  const get = (path: string, given: Given): Reply => {
    const [id = '', edge] = path.split('/');
    if (id === 'me' || (id === PAGE_ID && edge === undefined)) return pick('Page', page, given);
    if (path === `${PAGE_ID}/published_posts`)
      return list('PagePost', [...posts.values()].map(toNode), given);
    if (path === `${PAGE_ID}/videos`) {
      // Unless it is told to, one description of this edge has it list only what the Page is tagged in.
      const { type = 'tagged', ...rest } = given;
      return list('Video', type === 'uploaded' ? [...videos].map(toVideoNode) : [], rest);
    }
    const known = posts.get(id);
    if (known !== undefined && edge === 'insights') return postInsights(given);
    if (known !== undefined && edge === 'comments') {
      const from = { id: PAGE_ID, name: 'Bakery' };
      const nodes = known.comments.map((one) => ({ ...one, from, created_time: graphTime(known.created) }));
      return list('Comment', nodes, given);
    }
    if (known !== undefined) return pick('PagePost', toNode(known), given);
    const one = videos.get(id);
    return one === undefined ? noObject(id) : pick('Video', toVideoNode([id, one]), given);
  };
  /** Each request of a batch has an answer of its own, its body as text. */
  const batch = (asked: string): Reply => {
    const requests = JSON.parse(asked) as { method: string; relative_url: string }[];
    if (requests.length > 50) return badParameter('Too many requests in batch message');
    const answers = requests.map(({ relative_url }) => {
      const url = new URL(relative_url, 'https://graph.facebook.com/');
      const { status, body } = get(url.pathname.slice(1), Object.fromEntries(url.searchParams));
      return { code: status, body: JSON.stringify(body) };
    });
    return { status: 200, body: answers };
  };
  const create = (path: string, given: Given): Reply => {
    if (path === 'me' && given.batch !== undefined) return batch(given.batch);
    if (path === `${PAGE_ID}/feed`) return feed(given);
    if (path === `${PAGE_ID}/photos`) return photo(given);
    if (path === `${PAGE_ID}/videos`) return video(given);
    if (path === `${PAGE_ID}/video_reels`) return reel(given);
    const [id = '', edge] = path.split('/');
    if (edge === 'comments') return comment(id, given);
    return edge === undefined ? update(id, given) : noObject(id);
  };
  /** The words of a post or video that this app has made; what hangs on it stays. */
  const update = (id: string, { message, description, link, attached_media }: Given): Reply => {
    const [post, video] = [posts.get(id), videos.get(id)];
    if (post === undefined && video === undefined) return noObject(id);
    if (link !== undefined || attached_media !== undefined) return badParameter('Invalid parameter: link');
    const words = post === undefined ? description : message;
    if (words === undefined) return badParameter('Nothing to update');
    if ([...words].length > 63_206) return badParameter('Param message is too long');
    if (video !== undefined) videos.set(id, { ...video, description: words });
    if (post === undefined) return { status: 200, body: { success: true } };
    if (words === '' && post.link === undefined && post.photos.length === 0) {
      return badParameter('Missing message or attachment');
    }
    posts.set(id, { ...post, message: words });
    return { status: 200, body: { success: true } };
  };
  const handle = (request: Received): Reply => {
    const { method, url } = request;
    const uploaded = /^\/video-upload\/v25\.0\/(\d+)$/.exec(url.pathname)?.[1];
    if (uploaded !== undefined) return upload(uploaded, request);
    const token = tokenOf(request);
    if (token === USER_TOKEN || url.pathname.endsWith('/oauth/access_token')) {
      return facebookLoginPages(url, PAGE_TOKEN);
    }
    if (token !== PAGE_TOKEN) return badToken();
    if (!url.pathname.startsWith(VERSION)) return refusal(400, 2635, 'You are calling a deprecated version');
    const path = url.pathname.slice(VERSION.length);
    if (method === 'GET') return get(path, givenTo(request));
    if (method === 'POST') return create(path, givenTo(request));
    return posts.delete(path) ? { status: 200, body: { success: true } } : noObject(path);
  };

  const server = await startServer(handle);
  return {
    ...server,
    posts,
    write: (message) => void post({ message }),
    breakVideos: () => {
      broken = true;
    },
    isPublish: (request) => {
      const edge = request.url.pathname.split('/').at(-1) ?? '';
      if (request.method !== 'POST') return false;
      return ['feed', 'videos', 'comments'].includes(edge) || givenTo(request).upload_phase === 'finish';
    },
    published: () => [...posts.keys()],
    forget: (id) => void posts.delete(id),
  };
}
