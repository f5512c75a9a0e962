import { type Graph, graphOk, graphOutcome, graphPost, isPartRefused, withId } from './graph.ts';
import type { Context, Outcome, PublishRequest } from './provider.ts';

/**
 * Sends the first comment of a post that is out, once: `comment` is its id when it is out, too. One that is refused
 * for good is missing, and the post stands.
 */
export async function sendFirstComment(
  { graph, request, context }: { graph: Graph; request: PublishRequest<unknown>; context: Context },
  { post, url, comment }: { post: string; url: string; comment?: string | undefined },
): Promise<Outcome> {
  const published = { kind: 'published', externalId: post, url } as const;
  const message = request.variant.firstComment;
  if (comment !== undefined) return { ...published, parts: [comment] };
  if (message === undefined) return published;
  const answer = await context.send(graphPost(graph, `${post}/comments`, { message }));
  const made = graphOk(answer, withId);
  if (made !== undefined) return { ...published, parts: [made.id] };
  const failure = graphOutcome(answer, context.now());
  if (!isPartRefused(failure, answer)) return failure;
  const reason = 'reason' in failure ? failure.reason : '';
  return { ...published, missing: `the first comment was refused: ${reason}` };
}
