import * as z from 'zod';
import { refuseFixed } from '../../domain/fixed-parts.ts';
import { ok } from '../outcome.ts';
import type { HttpAnswer, Provider } from '../provider.ts';
import { type GhostCredential, ghostCall, ghostFailure, ghostReadFailure, isGhostNotFound } from './api.ts';
import { toGhostWords } from './post.ts';

type Edit = NonNullable<Provider<GhostCredential>['edit']>;

/**
 * Says a post anew, with the images that stand in it. Ghost wants to be told which state of the post is meant and
 * refuses when another has come between: https://docs.ghost.org/admin-api/posts/updating-a-post
 */
export const editOnGhost: Edit = async (request, context) => {
  const { variant, credential, externalId } = request;
  const refused = refuseFixed('Ghost', request, { options: ['slug', 'featureImage'] });
  if (refused !== undefined) return refused;
  const route = `/posts/${encodeURIComponent(externalId)}/`;
  const call = (method: 'GET' | 'PUT', query: Readonly<Record<string, string>>, body?: unknown) =>
    context.http(ghostCall(credential, context.now(), method, route, { query, body }));
  const failed = (answer: HttpAnswer): Awaited<ReturnType<Edit>> => {
    const failure = ghostFailure(answer, context.now());
    if (isGhostNotFound(answer) && failure.kind === 'rejected') return { ...failure, code: 'gone' };
    return failure.kind === 'rejected' ? failure : ghostReadFailure(answer, context.now());
  };
  const read = await call('GET', { formats: 'html' });
  const [present] = ok(read, presentSchema)?.posts ?? [];
  if (present === undefined) return failed(read);
  const post = { ...toGhostWords(variant, imagesIn(present.html ?? '')), updated_at: present.updated_at };
  const answer = await call('PUT', { source: 'html' }, { posts: [post] });
  return ok(answer, editedSchema) === undefined ? failed(answer) : { kind: 'edited' };
};

const presentSchema = z.object({
  posts: z.array(z.object({ html: z.string().nullish(), updated_at: z.string() })).min(1),
});
const editedSchema = z.object({ posts: z.array(z.object({ id: z.string() })).min(1) });

/**
 * The images of a post's HTML, as figures: the text is never markup, so they are those that went out with it. Cut at
 * their beginnings first, so that a site that sends only beginnings is not read to its end for each of them.
 */
const imagesIn = (html: string): string[] =>
  html.split(/(?=<img\s)/).flatMap((part) => {
    const tag = /^<img\s[^>]*>/.exec(part)?.[0] ?? '';
    const src = /\ssrc="([^"]+)"/.exec(tag)?.[1];
    const alt = /\salt="([^"]*)"/.exec(tag)?.[1] ?? '';
    return src === undefined ? [] : [`<figure><img src="${src}" alt="${alt}"></figure>`];
  });
