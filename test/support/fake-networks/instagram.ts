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

export const ACCESS_TOKEN = 'IGAA-long-lived-token-0123456789';
export const SHORT_TOKEN = 'IGAA-short-lived-token';
export const USER_ID = '17841405793187218';

type FakeContainer = Given & { readonly children?: string };
export type FakeMedium = {
  readonly id: string;
  /** What its container, and those of its children, were made of. */
  readonly made: FakeContainer;
  readonly children: readonly FakeContainer[];
  readonly timestamp: number;
  readonly comments: readonly { readonly id: string; readonly text: string }[];
};

export type FakeInstagram = FakeNetwork & {
  readonly media: ReadonlyMap<string, FakeMedium>;
  /** Containers made from now on end in this state, and say this of it. */
  readonly breakContainers: (state: 'ERROR' | 'EXPIRED', why?: string) => void;
  readonly mendContainers: () => void;
};

export type FakeInstagramOptions = {
  readonly now?: () => number;
  readonly quotaUsed?: number;
  /** Looks that a video takes. */
  readonly looks?: number;
};

const FEED = { views: 120, reach: 90, likes: 11, comments: 2, saved: 4, shares: 3, total_interactions: 20 };
const STORY = { views: 70, reach: 60, replies: 1, shares: 2, navigation: 9 };

/** One professional account. */
export async function fakeInstagram({
  now = () => DUE_AT + MINUTE,
  quotaUsed = 3,
  looks = 1,
}: FakeInstagramOptions = {}): Promise<FakeInstagram> {
  type Standing = { given: FakeContainer; made: number; looks: number; is: string; ends: string };
  const containers = new Map<string, Standing>();
  const media = new Map<string, FakeMedium>();
  let ends = 'FINISHED';
  let said = 'the media';
  let lastId = 17_900_000_000_000_000n;
  const newId = () => String(++lastId);

  const user = {
    id: '6789012345',
    user_id: USER_ID,
    username: 'bakery',
    account_type: 'BUSINESS',
    followers_count: 384,
    media_count: 12,
  };
  const toNode = ({ id, made, timestamp, comments }: FakeMedium) => ({
    id,
    caption: made.caption,
    timestamp: graphTime(timestamp),
    permalink: `https://www.instagram.com/p/${id.slice(-9)}/`,
    media_product_type:
      made.media_type === 'STORIES' ? 'STORY' : made.media_type === 'REELS' ? 'REELS' : 'FEED',
    like_count: 11,
    comments_count: comments.length,
  });

  /** https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media */
  const problemOf = (given: FakeContainer): Reply | undefined => {
    const { media_type: type, image_url: image, video_url: video, caption = '', alt_text, children } = given;
    const isChild = given.is_carousel_item === 'true';
    if ([...caption].length > 2_200) return refusal(400, 36_004, 'The caption was too long', 2_207_010);
    if ((caption.match(/#/g)?.length ?? 0) > 30) return refusal(400, 100, 'Too many hashtags', 2_207_040);
    if ([...(alt_text ?? '')].length > 1_000) return badParameter('alt_text is too long');
    const partners = JSON.parse(given.collaborators ?? '[]') as unknown[];
    if (partners.length > 3) return badParameter('Too many collaborators');
    if (type === 'CAROUSEL') {
      const ids = (children ?? '').split(',');
      const states = ids.map((id) => containers.get(id));
      if (ids.length < 2 || ids.length > 10) return refusal(400, 100, 'Carousels have 2 to 10', 2_207_028);
      if (states.some((one) => one?.is !== 'FINISHED' || one.given.is_carousel_item !== 'true'))
        return refusal(400, 9_007, 'Media ID is not available', 2_207_027);
      return undefined;
    }
    if (isChild && given.caption !== undefined) return badParameter('caption is not for a carousel item');
    if (type === 'STORIES' && (given.caption ?? given.alt_text ?? given.location_id) !== undefined)
      return badParameter('not for stories');
    const isVideo = type === 'REELS' || type === 'VIDEO' || (type === 'STORIES' && video !== undefined);
    if (isVideo && alt_text !== undefined) return badParameter('alt_text is for images');
    if (type === 'VIDEO' && !isChild) return badParameter('media_type VIDEO is for carousel items');
    if (!isPublicUrl(isVideo ? video : image) || (isVideo ? image : video) !== undefined)
      return refusal(400, 9_004, 'The media could not be fetched from this URI', 2_207_052);
    return undefined;
  };
  const make = (given: FakeContainer): Reply => {
    const problem = problemOf(given);
    if (problem !== undefined) return problem;
    const id = newId();
    const isVideo = given.video_url !== undefined;
    containers.set(id, { given, made: now(), looks: isVideo ? looks : 0, is: 'IN_PROGRESS', ends });
    settle(id);
    return { status: 200, body: { id } };
  };
  /** A look moves a container on. */
  const settle = (id: string): Standing | undefined => {
    const one = containers.get(id);
    if (one === undefined) return undefined;
    if (one.is === 'IN_PROGRESS' && one.looks-- <= 0) one.is = one.ends;
    if (one.is !== 'PUBLISHED' && now() > one.made + DAY) one.is = 'EXPIRED';
    return one;
  };
  const publish = ({ creation_id: id = '' }: Given): Reply => {
    const one = containers.get(id);
    if (one === undefined) return refusal(400, 24, 'The requested resource does not exist', 2_207_006);
    if (one.is === 'PUBLISHED') return refusal(400, 9_007, 'The media was published already', 2_207_032);
    if (one.is !== 'FINISHED') return refusal(400, 9_007, 'Media ID is not available', 2_207_027);
    if (quotaUsed >= 50) return refusal(400, 9, 'You reached the maximum number of posts', 2_207_042);
    one.is = 'PUBLISHED';
    const children = (one.given.children?.split(',') ?? []).map(
      (child) => containers.get(child)?.given ?? {},
    );
    const medium: FakeMedium = { id: newId(), made: one.given, children, timestamp: now(), comments: [] };
    media.set(medium.id, medium);
    return { status: 200, body: { id: medium.id } };
  };
  const comment = (id: string, { message }: Given): Reply => {
    const known = media.get(id);
    if (known === undefined) return noObject(id);
    if (!message) return badParameter('message is required');
    const made = { id: newId(), text: message };
    media.set(id, { ...known, comments: [made, ...known.comments] });
    return { status: 200, body: { id: made.id } };
  };
  const token = (path: string, given: Given): Reply => {
    const isExchange = path === '/access_token' && given.grant_type === 'ig_exchange_token';
    const isRefresh = path === '/refresh_access_token' && given.grant_type === 'ig_refresh_token';
    const isRight = isExchange
      ? given.access_token === SHORT_TOKEN && given.client_secret === 'secret'
      : isRefresh && given.access_token === ACCESS_TOKEN;
    if (!isRight) return badToken();
    return { status: 200, body: { access_token: ACCESS_TOKEN, token_type: 'bearer', expires_in: 5_184_000 } };
  };

  const get = (path: string, given: Given): Reply => {
    const [id = '', edge] = path.split('/');
    if (id === 'me' || (id === USER_ID && edge === undefined)) return pick('IGUser', user, given);
    if (id === USER_ID && edge === 'content_publishing_limit') {
      const config = { quota_total: 50, quota_duration: 86_400 };
      return { status: 200, body: { data: [{ quota_usage: quotaUsed, config }] } };
    }
    if (id === USER_ID && (edge === 'media' || edge === 'stories')) {
      const isStory = ({ made }: FakeMedium) => made.media_type === 'STORIES';
      const shown = [...media.values()].filter((one) => isStory(one) === (edge === 'stories'));
      return list('IGMedia', shown.map(toNode), given);
    }
    const container = settle(id);
    if (container !== undefined) {
      return pick(
        'IGContainer',
        { id, status_code: container.is, status: `${container.is}: ${said}` },
        given,
      );
    }
    const known = media.get(id);
    if (known === undefined) return noObject(id);
    if (edge === 'insights') return insights(known.made.media_type === 'STORIES' ? STORY : FEED, given);
    if (edge === 'comments') {
      const nodes = known.comments.map((one) => ({
        ...one,
        username: 'bakery',
        timestamp: graphTime(known.timestamp),
      }));
      return list('IGComment', nodes.toReversed(), given);
    }
    return pick('IGMedia', toNode(known), given);
  };
  const handle = (request: Received): Reply => {
    const { method, url } = request;
    const given = givenTo(request);
    if (/access_token$/.test(url.pathname)) return token(url.pathname, given);
    if (tokenOf(request) !== ACCESS_TOKEN) return badToken();
    if (!url.pathname.startsWith('/v25.0/'))
      return refusal(400, 2635, 'You are calling a deprecated version');
    const path = url.pathname.slice('/v25.0/'.length);
    if (method === 'GET') return get(path, given);
    if (method !== 'POST') return badParameter('Unsupported request');
    if (path === `${USER_ID}/media`) return make(given);
    if (path === `${USER_ID}/media_publish`) return publish(given);
    const [id = '', edge] = path.split('/');
    return edge === 'comments' ? comment(id, given) : noObject(id);
  };

  const server = await startServer(handle);
  return {
    ...server,
    media,
    breakContainers: (state, why = 'the media') => {
      ends = state;
      said = why;
    },
    mendContainers: () => {
      ends = 'FINISHED';
    },
    isPublish: ({ method, url }) => method === 'POST' && /\/(media_publish|comments)$/.test(url.pathname),
    published: () => [...media.keys()],
    forget: (id) => void media.delete(id),
  };
}
