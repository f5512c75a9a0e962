import * as z from 'zod';
import type { Variant } from '../../domain/content.ts';
import { refuseFixed } from '../../domain/fixed-parts.ts';
import { withLink } from '../check-content.ts';
import { ok } from '../outcome.ts';
import type { HttpAnswer, Provider } from '../provider.ts';
import {
  type DiscourseCredential,
  discourseCall,
  discourseFailure,
  discourseReadFailure,
  isDiscourseGone,
  tellForbidden,
} from './api.ts';
import { discourseOptionsOf, discourseTitle } from './post.ts';

type Edit = NonNullable<Provider<DiscourseCredential>['edit']>;

/**
 * Says the topic's title, category and first post anew. The title goes first: a forum is choosier with it, and what it
 * refuses has then changed nothing. https://docs.discourse.org/#tag/Posts/operation/updatePost
 */
export const editOnDiscourse: Edit = async (request, context) => {
  const { variant, credential, externalId } = request;
  const refused = refuseFixed('Discourse', request, { options: ['tags'] });
  if (refused !== undefined) return refused;
  const call = (method: 'GET' | 'PUT', route: string, body?: unknown): Promise<HttpAnswer> =>
    context.http(discourseCall(credential, method, route, body));
  const failed = async (answer: HttpAnswer): ReturnType<Edit> => {
    if (isDiscourseGone(answer)) return GONE;
    const failure = await tellForbidden(discourseFailure(answer, context.now()), credential, context);
    if (failure.kind === 'rejected' || failure.kind === 'unauthorized') return failure;
    return discourseReadFailure(answer, context.now());
  };
  const id = encodeURIComponent(externalId);
  const read = await call('GET', `/t/${id}.json?include_raw=1`);
  const topic = ok(read, topicSchema);
  if (topic === undefined) return failed(read);
  const [post] = topic.post_stream.posts;
  // The staff is shown deleted topics, too.
  if (topic.deleted_at || post === undefined) return GONE;
  const change = changeOf(topic, variant);
  if (Object.keys(change).length > 0) {
    const answer = await call('PUT', `/t/-/${id}.json`, change);
    if (ok(answer, z.unknown()) === undefined) return failed(answer);
  }
  const raw = rawAfter(post.raw, variant);
  const answer = await call('PUT', `/posts/${post.id}.json`, { post: { raw } });
  return ok(answer, z.object({ post: z.unknown() })) === undefined ? failed(answer) : { kind: 'edited' };
};

const GONE = { kind: 'rejected', code: 'gone', reason: 'the forum has no such topic any more' } as const;

const topicSchema = z.object({
  title: z.string(),
  category_id: z.int().nullish(),
  deleted_at: z.string().nullish(),
  post_stream: z.object({ posts: z.array(z.object({ id: z.int(), raw: z.string() })) }),
});

/**
 * What differs, at the top of the body: there the forum looks for it, where its description has it within `topic`.
 * https://github.com/discourse/discourse/blob/main/app/controllers/topics_controller.rb
 */
function changeOf(
  topic: z.infer<typeof topicSchema>,
  variant: Variant,
): Readonly<Record<string, string | number>> {
  const [title, { category }] = [discourseTitle(variant), discourseOptionsOf(variant)];
  return {
    ...(title === topic.title ? {} : { title }),
    ...(category === undefined || category === topic.category_id ? {} : { category_id: category }),
  };
}

/** The new words over what stands below the old ones: the images by their addresses, the poll to its letter. */
export function rawAfter(raw: string, variant: Variant): string {
  const count = variant.media?.length ?? 0;
  // By lines, and from where the last poll begins: a forum that sends only beginnings is not read to its end for each.
  const images = raw.split(/[\r\n]+/).filter((line) => /^!\[[^\]]*\]\(upload:\/\/[\w.-]+\)$/.test(line));
  const lastPoll = raw.slice(Math.max(0, `\n${raw}`.lastIndexOf('\n[poll ')));
  const poll = variant.poll === undefined ? null : /^\[poll [^\]]*\]\n[\s\S]*?^\[\/poll\]$/my.exec(lastPoll);
  // The text comes first, so what is like them and stands in it is not among the last.
  return [withLink(variant).trim(), count === 0 ? '' : images.slice(-count).join('\n'), poll?.[0] ?? '']
    .filter((part) => part !== '')
    .join('\n\n');
}
