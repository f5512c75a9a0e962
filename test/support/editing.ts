import { type Post, postInput } from '../../shared/domain/post.ts';
import { postDocument } from '../../shared/domain/post-document.ts';
import { editPost } from '../../shared/usecases/edit-post.ts';
import type { world } from '../simulation/world.ts';
import { anActor } from './builders.ts';

type World = Awaited<ReturnType<typeof world>>;

export async function headOf(it: World, postId: string): Promise<Post> {
  const post = await it.deps.posts.get(it.agency.id, postId);
  if (!post) throw new Error('no head');
  return post;
}

/** Edits a post as it stands, by what would change in the request that makes it. */
export async function edit(it: World, postId: string, change: Record<string, unknown>) {
  const post = await headOf(it, postId);
  const content = await it.deps.posts.content(it.agency.id, postId, post.revision, post.contentHash);
  if (!content) throw new Error('no content');
  const input = postInput.parse({ ...postDocument(post, content, it.clock.now()), ...change });
  return editPost(it.deps, { agency: it.agency, actor: anActor(), brand: it.brand, post, input });
}
