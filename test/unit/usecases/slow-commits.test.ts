import { expect, test } from 'vitest';
import { postInput } from '../../../shared/domain/post.ts';
import { postDocument } from '../../../shared/domain/post-document.ts';
import { editPost } from '../../../shared/usecases/edit-post.ts';
import { world } from '../../simulation/world.ts';
import { anActor } from '../../support/builders.ts';

test('a post that is moved to now goes out now, although its wake comes before the commit', async () => {
  const it = await world();
  const post = await it.queue({ on: ['find'], more: { draft: true } });
  const { replace } = it.deps.posts;
  it.deps.posts.replace = async (head) => {
    await it.clock.sleep(500);
    return replace(head);
  };
  const content = await it.deps.posts.content(it.agency.id, post.id, post.revision, post.contentHash);
  if (!content) throw new Error('no content');
  const input = postInput.parse({
    ...postDocument(post, content, it.clock.now()),
    draft: false,
    dueAt: 'now',
  });
  void editPost(it.deps, { agency: it.agency, actor: anActor(), brand: it.brand, post, input });
  await it.pass(5);
  expect((await it.delivery(post.id)).state).toBe('published');
});

test('a post whose commit takes longer than its wake is waited for goes out with the commit', async () => {
  const it = await world();
  const { create } = it.deps.posts;
  it.deps.posts.create = async (post) => {
    await it.clock.sleep(25_000);
    return create(post);
  };
  const queued = it.queue({ on: ['find'], inSeconds: 6 });
  await it.clock.run(it.clock.now() + 28_000);
  expect((await it.delivery((await queued).id)).state).toBe('published');
});
