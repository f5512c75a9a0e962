import * as z from 'zod';
import { notEditable } from '../../domain/fixed-parts.ts';
import type { Context, HttpAnswer, Provider } from '../provider.ts';
import { blogPath, call, isGone, ok, type TumblrCredential, toFailure, toRefusal, wordsOf } from './api.ts';
import { type Block, wordBlocks } from './blocks.ts';
import { optionsOf } from './post.ts';

type Edit = NonNullable<Provider<TumblrCredential>['edit']>;

/**
 * Says title, text, link and tags anew, around the media and the poll as Tumblr gives them back. An edit is told as
 * much as a new post, so what is left out is gone.
 * https://github.com/tumblr/docs/blob/master/api.md#postspost-id---editing-a-post-neue-post-format
 */
export async function editOnTumblr(
  api: string,
  { variant, credential, account, externalId }: Parameters<Edit>[0],
  context: Context,
): ReturnType<Edit> {
  const options = optionsOf(variant);
  if (options === undefined) {
    return { kind: 'rejected', code: 'option_invalid', reason: 'an option has no valid value' };
  }
  const path = blogPath(account.id, `/posts/${encodeURIComponent(externalId)}`);
  const read = await context.http(call(api, credential, 'GET', path));
  const present = ok(read, presentSchema);
  if (present === undefined) return failed(read, context);
  const { state, slug } = present;
  // A queued post would need its time, one in processing has no state that could be asked for.
  if (!STANDING.includes(state)) return notEditable(`Tumblr keeps the post as “${state}”`);
  const { title, tags = present.tags } = options;
  const { head, text, foot } = wordBlocks(variant, title);
  const body = {
    content: [...head, ...kept(present.content, MEDIA), ...text, ...kept(present.content, ['poll']), ...foot],
    state,
    tags: tags.join(','),
    ...(slug === undefined ? {} : { slug }),
  };
  const answer = await context.http(call(api, credential, 'PUT', path, { body }));
  return ok(answer, z.unknown()) === undefined ? failed(answer, context) : { kind: 'edited' };
}

const MEDIA = ['image', 'video', 'audio'];
const STANDING = ['published', 'private', 'draft'];

const presentSchema = z.object({
  content: z.array(z.looseObject({ type: z.string() })),
  state: z.string().default('published'),
  slug: z.string().optional(),
  tags: z.array(z.string()).default([]),
});

const kept = (content: readonly Block[], types: readonly string[]): Block[] =>
  content.filter(({ type }) => types.includes(type));

function failed(answer: HttpAnswer, context: Context): Awaited<ReturnType<Edit>> {
  if (isGone(answer) && answer.kind === 'answered') {
    return { kind: 'rejected', code: 'gone', reason: wordsOf(answer) };
  }
  const outcome = toRefusal(answer, context.now());
  return outcome.kind === 'rejected' ? outcome : toFailure(answer, context.now());
}
