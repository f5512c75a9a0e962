import { AppError } from '../../shared/domain/app-error.ts';
import { deliveryId, derivedId } from '../../shared/domain/ids.ts';
import { type Post, postInput } from '../../shared/domain/post.ts';
import { postDocument } from '../../shared/domain/post-document.ts';
import type { Deps } from '../../shared/ports.ts';
import { cancelPost, deletePost } from '../../shared/usecases/cancel-post.ts';
import { createPost } from '../../shared/usecases/create-post.ts';
import { editPost } from '../../shared/usecases/edit-post.ts';
import { anActor } from '../support/builders.ts';
import type { EditKind, PlannedPost, Scenario } from './scenario.ts';
import type { SimWorld } from './sim-world.ts';

const CLIENT_TIMEOUT = 29_000;
const TRIES = 4;

type Answer<Value> = { readonly value: Value; readonly at: number } | undefined;

/**
 * People at the API. Each request runs on a machine of its own; a client whose request failed or never ended asks
 * again, some times, and what it is answered in the end is the promise that the run is judged by.
 */
export function people(world: SimWorld, { cast }: Scenario) {
  const { clock, observed, trace } = world;
  const random = world.random.fork('people');
  const posts = new Map<string, Post>();

  /** Undefined: refused by a rule, or given up. */
  async function ask<Value>(what: string, act: (deps: Deps) => Promise<Value>): Promise<Answer<Value>> {
    for (let tried = 0; tried < TRIES; tried++) {
      const { deps, on } = world.boot('api');
      const done = act(deps).then(
        (value) => ({ value, at: clock.now() }),
        (error: unknown) => ({ error }),
      );
      const result = await Promise.race([done, clock.sleep(CLIENT_TIMEOUT).then(() => undefined)]);
      if (result === undefined && world.chaos.minuteLimit) on.kill('the API ran too long');
      if (result && 'value' in result) {
        trace(`${what}: done`);
        return result;
      }
      if (result?.error instanceof AppError) {
        trace(`${what}: ${result.error.code} ${result.error.findings.map(({ rule }) => rule).join()}`);
        return undefined;
      }
      trace(`${what}: ${result ? String(result.error) : 'no answer'}`);
      await clock.sleep(random.int(1_000, 10_000));
    }
    return undefined;
  }

  const agencyOf = (agencyId: string) => {
    const agency = cast.agencies.find(({ id }) => id === agencyId);
    if (!agency) throw new Error('no agency');
    return agency;
  };
  const head = async (deps: Deps, { agencyId, id }: Post): Promise<Post> => {
    const post = await deps.posts.get(agencyId, id);
    if (!post) throw new Error(`no head of ${id}`);
    return post;
  };
  const says = (postId: string, deliveries: number, text: string): void => {
    for (let n = 1; n <= deliveries; n++) {
      const id = deliveryId(postId, n);
      observed.texts.set(id, (observed.texts.get(id) ?? new Set()).add(text));
    }
  };

  async function create(planned: PlannedPost): Promise<Post | undefined> {
    const { brand, channels, ownDue } = planned;
    const variants = Object.fromEntries(
      [...ownDue].map(([channel, at]) => [channel, { dueAt: new Date(at).toISOString() }]),
    );
    const body = {
      content: { text: planned.text },
      channels: channels.map(({ id }) => id),
      dueAt: new Date(planned.dueAt).toISOString(),
      variants,
      ...(planned.latePolicy ? { latePolicy: planned.latePolicy } : {}),
    };
    const agency = agencyOf(brand.agencyId);
    const request = { agency, actor: anActor(), brand, body, idempotencyKey: planned.key };
    const postId = derivedId('post', agency.id, brand.id, 'posts', planned.key);
    const asked = { agencyId: agency.id, brandId: brand.id };
    if (!observed.created.has(postId)) observed.created.set(postId, { ...asked, acknowledged: false });
    says(postId, channels.length, planned.text);
    const answer = await ask(`create ${planned.key}`, async (deps) => {
      await deps.agencies.get(agency.id);
      return createPost(deps, { ...request, input: postInput.parse(body) });
    });
    const post = answer?.value.post;
    if (!post) return undefined;
    if (post.id !== postId) observed.problems.push({ kind: 'doubleCreate', what: post.id });
    observed.created.set(post.id, { ...asked, acknowledged: true });
    return post;
  }

  return {
    ask,
    posts,
    agencyOf,

    async create(planned: PlannedPost): Promise<void> {
      const post = await create(planned);
      if (post) posts.set(planned.key, post);
    },

    async cancel(key: string): Promise<void> {
      const post = posts.get(key);
      if (!post) return;
      const answer = await ask(`cancel ${key}`, async (deps) =>
        cancelPost(deps, { agencyId: post.agencyId, actor: anActor(), post: await head(deps, post) }),
      );
      for (const { n, state } of answer?.value.post.deliveries ?? []) {
        const id = deliveryId(post.id, n);
        if (answer && state === 'cancelled') observed.cancelled.set(id, answer.at);
      }
    },

    /** A delete, and the same request under the same key once more: it must not bring the post back. */
    async remove(planned: PlannedPost): Promise<void> {
      const post = posts.get(planned.key);
      if (!post) return;
      const answer = await ask(`delete ${planned.key}`, async (deps) => {
        const present = await head(deps, post);
        if (present.deletedAt !== undefined) return present;
        return deletePost(deps, { agencyId: post.agencyId, actor: anActor(), post: present });
      });
      if (!answer) return;
      posts.delete(planned.key);
      for (const { n, state } of answer.value.deliveries) {
        if (state !== 'published') observed.cancelled.set(deliveryId(post.id, n), answer.at);
      }
      const again = await create(planned);
      if (again) observed.problems.push({ kind: 'doubleCreate', what: `${again.id} after its delete` });
    },

    /** A merge patch, as the API makes one of it. */
    async edit(
      key: string,
      planned: PlannedPost,
      kind: Exclude<EditKind, 'thereAndBack'>,
      dueAt?: number,
    ): Promise<void> {
      const seen = posts.get(key);
      if (!seen) return;
      const text = `${planned.text}, edited at ${clock.now()}`;
      if (kind === 'editText') says(seen.id, seen.deliveries.length, text);
      const answer = await ask(`${kind} ${key}`, async (deps) => {
        const post = await head(deps, seen);
        const content = await deps.posts.content(post.agencyId, post.id, post.revision, post.contentHash);
        if (!content) throw new Error('no content');
        const document = postDocument(post, content, deps.clock.now());
        const change =
          kind === 'editText'
            ? { content: { text } }
            : kind === 'editTime'
              ? { dueAt: new Date(dueAt ?? deps.clock.now() + random.int(0, 300) * 1_000).toISOString() }
              : kind === 'withdraw'
                ? { draft: true }
                : { channels: document.channels.slice(1), variants: {} };
        const input = postInput.parse({ ...document, ...change });
        const agency = agencyOf(post.agencyId);
        return editPost(deps, { agency, actor: anActor(), brand: planned.brand, post, input });
      });
      if (!answer) return;
      const { post } = answer.value;
      for (const { n, state } of post.deliveries) {
        const isOff = state === 'cancelled' || kind === 'withdraw';
        if (isOff) observed.cancelled.set(deliveryId(post.id, n), answer.at);
      }
      if (kind === 'editText') {
        const texts = new Map(post.deliveries.map(({ n }) => [deliveryId(post.id, n), text]));
        observed.edits.push({ at: answer.at, texts });
      }
    },
  };
}

export type People = ReturnType<typeof people>;
