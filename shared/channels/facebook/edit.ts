import { refuseFixed } from '../../domain/fixed-parts.ts';
import {
  type Graph,
  graphOk,
  graphPost,
  graphReadFailure,
  graphReason,
  graphStepFailure,
  isGone,
} from '../graph.ts';
import type { Context, HttpRequest, Provider } from '../provider.ts';
import { FACEBOOK, messageOf } from './post.ts';
import { succeeded } from './video.ts';

type Edit = NonNullable<Provider<unknown>['edit']>;

/**
 * Says a post anew. A card's link stays as it was, a link in the text of photos or a video is text:
 * https://developers.facebook.com/docs/pages-api/posts#update-a-post
 */
export async function editOnFacebook(
  graph: Graph,
  request: Pick<Parameters<Edit>[0], 'variant' | 'was' | 'externalId'>,
  context: Context,
): ReturnType<Edit> {
  const isCard = (request.variant.media?.length ?? 0) === 0;
  const refused = refuseFixed(FACEBOOK, request, { link: isCard, options: ['videoAs'] });
  if (refused !== undefined) return refused;
  const answer = await context.http(toEditRequest(graph, request));
  if (graphOk(answer, succeeded) !== undefined) return { kind: 'edited' };
  if (await isGone(graph, answer, context)) {
    return { kind: 'rejected', code: 'gone', reason: graphReason(answer) };
  }
  const failure = graphStepFailure(answer, context.now());
  return failure.kind === 'rejected' ? failure : graphReadFailure(answer, context.now());
}

/** A video that is not known by its post yet says its text in `description`: https://developers.facebook.com/docs/graph-api/reference/video */
export function toEditRequest(
  graph: Graph,
  { variant, externalId }: Pick<Parameters<Edit>[0], 'variant' | 'externalId'>,
): HttpRequest {
  const words = messageOf(variant);
  return graphPost(
    graph,
    encodeURIComponent(externalId),
    externalId.includes('_') ? { message: words } : { description: words },
  );
}
