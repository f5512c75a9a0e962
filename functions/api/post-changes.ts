import * as z from 'zod';
import { AppError } from '../../shared/domain/app-error.ts';
import { postInput } from '../../shared/domain/post.ts';
import { postDocument, stillShown } from '../../shared/domain/post-document.ts';
import { cancelPost, deletePost, STILL_GOING } from '../../shared/usecases/cancel-post.ts';
import { editPost } from '../../shared/usecases/edit-post.ts';
import { visiblePost } from './lookup.ts';
import { checkPatched } from './parse.ts';
import { postSchema, presentPost, showPost, tagged } from './post-view.ts';
import { ifMatch } from './revision.ts';
import { type Route, route } from './route.ts';
import { surroundings } from './surroundings.ts';

const tag = 'Posts';
const IF_MATCH = { 'If-Match': 'ETag of the revision that you read; 412 when it was edited since' };

/** What an author may still do to a queued post. */
export const postChangeRoutes: readonly Route[] = [
  route({
    method: 'PATCH',
    path: '/v1/posts/{postId}',
    operationId: 'editPost',
    summary: 'Change what a post says, where it goes or when',
    description:
      'A merge patch (RFC 7396) over the request that would make the post as it is. A new revision. Deliveries that ' +
      'it changes must not have begun; else the answer is a 409 that names them in `deliveries`. A post becomes a ' +
      'draft again only while none of its deliveries has begun. `null` takes away what a variant says itself, so that ' +
      'the post’s own field is shown there again; a `maxLate` of `null` is taken as said.',
    tag,
    scope: 'editor',
    body: z.record(z.string(), z.unknown()).meta({
      id: 'PostPatch',
      description: 'Any part of a PostInput',
      examples: [
        { content: { text: 'Fresh bread from eight o’clock.' }, dueAt: { local: '2027-01-11T08:00' } },
      ],
    }),
    bodyType: 'application/merge-patch+json',
    headers: IF_MATCH,
    answers: { 200: postSchema },
    handle: async (request, deps) => {
      const { caller, language } = request;
      const { post, brand } = await visiblePost(request, deps, request.params.postId);
      ifMatch(request, post.revision);
      const before = await deps.posts.content(caller.agency.id, post.id, post.revision, post.contentHash);
      if (before === undefined) throw new AppError('conflict', 'The content of this post has expired.');
      const document = postDocument(post, before, deps.clock.now(), request.body);
      const input = checkPatched(postInput, document, request.body);
      const edited = await editPost(deps, {
        agency: caller.agency,
        actor: caller.actor,
        brand,
        post,
        input,
      });
      const around = await surroundings(deps, { caller, brand, language });
      return {
        status: 200,
        headers: tagged(edited.post),
        body: presentPost(edited.post, edited.content, around, [
          ...edited.findings,
          ...stillShown(document, request.body, input),
        ]),
      };
    },
  }),
  route({
    method: 'POST',
    path: '/v1/posts/{postId}/cancel',
    operationId: 'cancelPost',
    summary: 'Cancel a post: stop what has not gone out',
    description:
      'Each delivery for itself. Those that are going out right now, or may be out after an unclear answer, cannot be ' +
      'stopped: then the answer is a 409 that ' +
      'names them in `deliveries`, and all others are cancelled.',
    tag,
    scope: 'editor',
    answers: { 200: postSchema },
    handle: async (request, deps) => {
      const { caller } = request;
      const { post, brand } = await visiblePost(request, deps, request.params.postId);
      const cancelled = await cancelPost(deps, { agencyId: caller.agency.id, actor: caller.actor, post });
      if (cancelled.refused.length > 0) {
        throw new AppError('conflict', STILL_GOING, { data: { deliveries: cancelled.refused } });
      }
      const around = await surroundings(deps, { ...request, brand });
      return {
        status: 200,
        headers: tagged(cancelled.post),
        body: await showPost(deps, cancelled.post, around),
      };
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/posts/{postId}',
    operationId: 'deletePost',
    summary: 'Cancel a post and delete it',
    description:
      'Never touches the networks: what is published stays there. What cannot be cancelled is a 409 as with `cancel`.',
    tag,
    scope: 'editor',
    headers: IF_MATCH,
    answers: { 204: null },
    handle: async (request, deps) => {
      const { caller } = request;
      const { post } = await visiblePost(request, deps, request.params.postId);
      ifMatch(request, post.revision);
      await deletePost(deps, { agencyId: caller.agency.id, actor: caller.actor, post });
      return { status: 204 };
    },
  }),
];
