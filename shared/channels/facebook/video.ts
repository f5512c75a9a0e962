import * as z from 'zod';
import type { Variant } from '../../domain/content.ts';
import { type Graph, graphGet, graphId, graphOk, graphPost, withId } from '../graph.ts';
import type { Context, HttpAnswer, HttpRequest } from '../provider.ts';
import { messageOf } from './post.ts';

/** The three requests of a Reel, https://developers.facebook.com/documentation/video-api/guides/reels-publishing */
export const toReelStart = (graph: Graph, pageId: string): HttpRequest =>
  graphPost(graph, `${pageId}/video_reels`, { upload_phase: 'start' });

/** Facebook fetches the file by itself. `upload`: the host's address with the API's version. */
export const toReelUpload = (
  upload: string,
  { accessToken }: Graph,
  videoId: string,
  fileUrl: string,
): HttpRequest => ({
  method: 'POST',
  url: `${upload}/${videoId}`,
  headers: { authorization: `OAuth ${accessToken}`, file_url: fileUrl },
});

export const toReelFinish = (graph: Graph, pageId: string, videoId: string, variant: Variant): HttpRequest =>
  graphPost(graph, `${pageId}/video_reels`, {
    upload_phase: 'finish',
    video_id: videoId,
    video_state: 'PUBLISHED',
    description: messageOf(variant) || undefined,
  });

export const reelStarted = z.object({ video_id: graphId }).transform(({ video_id }) => video_id);
export const succeeded = z.object({ success: z.literal(true) });

export type VideoState = {
  /** `uploaded`: the bytes are there; `ready`: processed, and nothing is said of publishing; `out`: public. */
  readonly is: 'uploading' | 'uploaded' | 'ready' | 'publishing' | 'out' | 'failed';
  readonly why: string;
  /** As posts are named: the page's id, an underscore and the post's. */
  readonly postId?: string;
  readonly url?: string;
};

/** How far a video is; the answer itself when it cannot be told. */
export async function readVideo(
  graph: Graph,
  pageId: string,
  videoId: string,
  context: Pick<Context, 'http'>,
): Promise<VideoState | { is: 'untold'; answer: HttpAnswer }> {
  const answer = await context.http(
    graphGet(graph, videoId, { fields: 'status,post_id,permalink_url,published' }),
  );
  const video = graphOk(answer, videoEntity);
  return video === undefined ? { is: 'untold', answer } : toVideoState(video, pageId);
}

const phase = z
  .object({
    status: z.string().optional(),
    publish_status: z.string().optional(),
    error: z.object({ message: z.string() }).optional().catch(undefined),
    errors: z
      .array(z.object({ message: z.string() }))
      .optional()
      .catch(undefined),
  })
  .optional();

/** https://developers.facebook.com/docs/graph-api/reference/video and its `VideoStatus`, as far as they are read. */
export const videoEntity = withId.extend({
  status: z.object({
    video_status: z.string().optional(),
    uploading_phase: phase,
    processing_phase: phase,
    publishing_phase: phase,
  }),
  post_id: graphId.optional(),
  permalink_url: z.string().optional(),
  description: z.string().optional(),
  created_time: z.string().optional(),
});

export function toVideoState(video: z.infer<typeof videoEntity>, pageId: string): VideoState {
  const { video_status: whole, uploading_phase, processing_phase, publishing_phase } = video.status;
  const broken = [uploading_phase, processing_phase, publishing_phase].find((one) => one?.status === 'error');
  const told = {
    why: broken?.error?.message ?? broken?.errors?.[0]?.message ?? `the video is “${whole ?? 'untold'}”`,
    ...(video.post_id === undefined ? {} : { postId: withPage(video.post_id, pageId) }),
    ...(video.permalink_url === undefined ? {} : { url: facebookUrl(video.permalink_url) }),
  };
  if (broken !== undefined || whole === 'error' || whole === 'expired') return { ...told, is: 'failed' };
  const publishing = publishing_phase?.status;
  if (publishing === 'complete') return { ...told, is: 'out' };
  if (publishing === undefined && whole === 'ready') return { ...told, is: 'ready' };
  if (publishing !== undefined && publishing !== 'not_started') return { ...told, is: 'publishing' };
  return { ...told, is: uploading_phase?.status === 'complete' ? 'uploaded' : 'uploading' };
}

const withPage = (id: string, pageId: string): string => (id.includes('_') ? id : `${pageId}_${id}`);

/** Permalinks of videos come without their host. */
export const facebookUrl = (link: string): string => new URL(link, 'https://www.facebook.com').href;
