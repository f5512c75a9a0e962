import { threadsLength } from '../../../shared/channels/threads/text.ts';
import { DAY, MINUTE } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../builders.ts';
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

export const ACCESS_TOKEN = 'THAA-long-lived-token-0123456789';
export const SHORT_TOKEN = 'THAA-short-lived-token';
export const USER_ID = '8473910265748392';

export type FakeThread = {
  readonly id: string;
  /** What its container, and those of its children, were made of. */
  readonly made: Given;
  readonly children: readonly Given[];
  readonly timestamp: number;
};

export type FakeThreads = FakeNetwork & {
  /** Posts and replies, oldest first. */
  readonly threads: ReadonlyMap<string, FakeThread>;
  /** Containers made from now on end in this state. */
  readonly breakContainers: (state: 'ERROR' | 'EXPIRED') => void;
  /** Containers that there are say that they are finished, and are not known when they are to be published. */
  readonly loseContainers: () => void;
};

export type FakeThreadsOptions = {
  readonly now?: () => number;
  readonly quotaUsed?: number;
  readonly repliesUsed?: number;
  /** Looks that a video takes. */
  readonly looks?: number;
};

const INSIGHTS = { views: 120, likes: 11, replies: 2, reposts: 3, quotes: 1, shares: 2 };
const REPLY_CONTROLS = 'everyone,accounts_you_follow,mentioned_only,parent_post_author_only,followers_only';

/** One profile. */
export async function fakeThreads({
  now = () => DUE_AT + MINUTE,
  quotaUsed = 3,
  repliesUsed = 10,
  looks = 1,
}: FakeThreadsOptions = {}): Promise<FakeThreads> {
  type Standing = { given: Given; made: number; looks: number; is: string; ends: string };
  const containers = new Map<string, Standing>();
  const threads = new Map<string, FakeThread>();
  let ends = 'FINISHED';
  const lost = new Set<string>();
  let lastId = 18_000_000_000_000_000n;
  const newId = () => String(++lastId);

  const user = { id: USER_ID, username: 'bakery', name: 'Bakery', threads_biography: 'Bread' };
  /** A hashtag becomes a topic, and loses its sign. */
  const toNode = ({ id, made, timestamp }: FakeThread) => ({
    id,
    text: made.text?.replace(/#(?=\p{L})/u, ''),
    timestamp: graphTime(timestamp),
    permalink: `https://www.threads.com/@bakery/post/${id.slice(-9)}`,
    media_type: made.media_type === 'TEXT' ? 'TEXT_POST' : made.media_type,
    topic_tag: made.topic_tag,
    is_reply: made.reply_to_id !== undefined,
    replied_to: made.reply_to_id === undefined ? undefined : { id: made.reply_to_id },
  });

  /** https://developers.facebook.com/docs/threads/reference/publishing and the pages of its parameters. */
  const problemOf = (given: Given): Reply | undefined => {
    const { media_type: type = '', text = '', image_url: image, video_url: video, children } = given;
    const isChild = given.is_carousel_item === 'true';
    if (!['TEXT', 'IMAGE', 'VIDEO', 'CAROUSEL'].includes(type))
      return badParameter('Param media_type is invalid');
    if (given.auto_publish_text !== undefined) return badParameter('this fake publishes in two steps');
    if (threadsLength(text) > 500) return badParameter('Param text must be at most 500 characters long.');
    const links = new Set(text.match(/https?:\/\/\S+/g) ?? []);
    if (given.link_attachment !== undefined) links.add(given.link_attachment);
    if (links.size > 5) return refusal(400, 1_000, 'THREADS_API__LINK_LIMIT_EXCEEDED');
    if (given.topic_tag !== undefined && !/^[^.&]{1,50}$/.test(given.topic_tag))
      return badParameter('Param topic_tag is invalid');
    if (given.reply_control !== undefined && !REPLY_CONTROLS.split(',').includes(given.reply_control))
      return badParameter('Param reply_control is invalid');
    if (given.reply_to_id !== undefined && !threads.has(given.reply_to_id))
      return badParameter('Param reply_to_id is not a valid thread');
    if ((given.link_attachment ?? given.poll_attachment) !== undefined && type !== 'TEXT')
      return badParameter('only for text posts');
    if (given.link_attachment !== undefined && given.poll_attachment !== undefined)
      return badParameter('poll_attachment and link_attachment exclude each other');
    const poll = JSON.parse(given.poll_attachment ?? '{"option_a":"a","option_b":"b"}') as Record<
      string,
      string
    >;
    const options = Object.entries(poll);
    if (options.length < 2 || options.some(([name, one]) => !/^option_[abcd]$/.test(name) || one.length > 25))
      return badParameter('Param poll_attachment is invalid');
    if ([...(given.alt_text ?? '')].length > 1_000) return badParameter('Param alt_text is too long');
    if (type === 'TEXT' && text === '' && given.link_attachment === undefined)
      return badParameter('Param text is empty');
    if (type === 'CAROUSEL') {
      const ids = (children ?? '').split(',');
      if (ids.length < 2 || ids.length > 20) return badParameter('Param children must be 2 to 20');
      const right = ids.every((id) => containers.get(id)?.is === 'FINISHED');
      return right ? undefined : badParameter('Param children is not ready');
    }
    if (isChild && given.text !== undefined) return badParameter('text is not for a carousel item');
    if (type === 'IMAGE' && !isPublicUrl(image)) return refusal(400, 9_004, 'Could not fetch it', 2_207_052);
    if (type === 'VIDEO' && !isPublicUrl(video)) return refusal(400, 9_004, 'Could not fetch it', 2_207_052);
    return undefined;
  };
  /** A look moves a container on. */
  const settle = (id: string): Standing | undefined => {
    const one = containers.get(id);
    if (one === undefined) return undefined;
    if (one.is === 'IN_PROGRESS' && one.looks-- <= 0) one.is = one.ends;
    if (one.is !== 'PUBLISHED' && now() > one.made + DAY) one.is = 'EXPIRED';
    return one;
  };
  const make = (given: Given): Reply => {
    const problem = problemOf(given);
    if (problem !== undefined) return problem;
    const id = newId();
    const isVideo = given.video_url !== undefined;
    containers.set(id, { given, made: now(), looks: isVideo ? looks : 0, is: 'IN_PROGRESS', ends });
    settle(id);
    return { status: 200, body: { id } };
  };
  const publish = ({ creation_id: id = '' }: Given): Reply => {
    const one = containers.get(id);
    if (one === undefined || one.given.is_carousel_item === 'true' || lost.has(id)) {
      return refusal(400, 24, 'The requested resource does not exist', 4_279_009);
    }
    if (one.is !== 'FINISHED') return badParameter(`The container is ${one.is}`);
    const target = one.given.reply_to_id;
    if (target !== undefined && !threads.has(target)) return noObject(target);
    one.is = 'PUBLISHED';
    const children = (one.given.children?.split(',') ?? []).map(
      (child) => containers.get(child)?.given ?? {},
    );
    const thread: FakeThread = { id: newId(), made: one.given, children, timestamp: now() };
    threads.set(thread.id, thread);
    return { status: 200, body: { id: thread.id } };
  };
  const token = (path: string, given: Given): Reply => {
    const isExchange = path === '/access_token' && given.grant_type === 'th_exchange_token';
    const isRefresh = path === '/refresh_access_token' && given.grant_type === 'th_refresh_token';
    const isRight = isExchange
      ? given.access_token === SHORT_TOKEN && given.client_secret === 'secret'
      : isRefresh && given.access_token === ACCESS_TOKEN;
    if (!isRight) return badToken();
    return { status: 200, body: { access_token: ACCESS_TOKEN, token_type: 'bearer', expires_in: 5_184_000 } };
  };
  const limits = {
    quota_usage: quotaUsed,
    config: { quota_total: 250, quota_duration: 86_400 },
    reply_quota_usage: repliesUsed,
    reply_config: { quota_total: 1_000, quota_duration: 86_400 },
  };

  const get = (path: string, given: Given): Reply => {
    const [id = '', edge] = path.split('/');
    if (id === 'me') return pick('ThreadsUser', user, given);
    if (id === USER_ID && edge === 'threads_publishing_limit')
      return { status: 200, body: { data: [limits] } };
    if (id === USER_ID && edge === 'threads_insights') {
      const data = [{ name: 'followers_count', period: 'day', total_value: { value: 384 } }];
      return given.metric === 'followers_count'
        ? { status: 200, body: { data } }
        : badParameter('no such metric');
    }
    if (id === USER_ID && (edge === 'threads' || edge === 'replies')) {
      const shown = [...threads.values()].map(toNode).filter((one) => one.is_reply === (edge === 'replies'));
      return list('ThreadsMedia', shown, given);
    }
    const container = settle(id);
    if (container !== undefined) {
      const error_message = container.is === 'ERROR' ? 'FAILED_PROCESSING_VIDEO' : undefined;
      return pick('ThreadsContainer', { id, status: container.is, error_message }, given);
    }
    const known = threads.get(id);
    if (known === undefined) return noObject(id);
    return edge === 'insights' ? insights(INSIGHTS, given) : pick('ThreadsMedia', toNode(known), given);
  };
  const handle = (request: Received): Reply => {
    const { method, url } = request;
    const given = givenTo(request);
    if (/access_token$/.test(url.pathname)) return token(url.pathname, given);
    if (tokenOf(request) !== ACCESS_TOKEN) return badToken();
    if (!url.pathname.startsWith('/v1.0/')) return refusal(400, 2635, 'You are calling a deprecated version');
    const path = url.pathname.slice('/v1.0/'.length);
    if (method === 'GET') return get(path, given);
    if (method === 'DELETE') {
      const gone = threads.delete(path);
      return gone ? { status: 200, body: { success: true, deleted_id: path } } : noObject(path);
    }
    if (path === `${USER_ID}/threads`) return make(given);
    return path === `${USER_ID}/threads_publish` ? publish(given) : noObject(path);
  };

  const server = await startServer(handle);
  return {
    ...server,
    threads,
    breakContainers: (state) => {
      ends = state;
    },
    loseContainers: () => {
      for (const id of containers.keys()) lost.add(id);
    },
    isPublish: ({ method, url }) => method === 'POST' && url.pathname.endsWith('/threads_publish'),
    published: () => [...threads.keys()],
    forget: (id) => void threads.delete(id),
  };
}
