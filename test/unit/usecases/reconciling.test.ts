import { expect, test } from 'vitest';
import { postInput } from '../../../shared/domain/post.ts';
import type { Http } from '../../../shared/ports.ts';
import { createPost } from '../../../shared/usecases/create-post.ts';
import { releaseChannel } from '../../../shared/usecases/release-channel.ts';
import { world } from '../../simulation/world.ts';
import { aBrand, aChannel, anActor, anId } from '../../support/builders.ts';

type World = Awaited<ReturnType<typeof world>>;

const never = (): Promise<never> => new Promise(() => undefined);

/** The next sends are taken by nobody, and not answered. */
function unanswered(it: World, sends: number): void {
  const { http } = it.deps;
  let left = sends;
  const losing: Http = async (request, beforeSend) => {
    if (!beforeSend || left-- <= 0) return http(request, beforeSend);
    await beforeSend();
    return { kind: 'unanswered', reason: 'timeout' };
  };
  Object.assign(it.deps, { http: losing });
}

test('"absent" counts from the last send that may be under way, not from the first', async () => {
  const it = await world();
  const { provider, accepted } = it.networks.find;
  Object.assign(it.networks.find, {
    provider: { ...provider, safety: { kind: 'findable', findAfterSeconds: 120 } },
  });
  unanswered(it, 1);
  const { http } = it.deps;
  // A search that shows what is new only after 100 s.
  const lagging: Http = async (request, beforeSend) => {
    const answer = await http(request, beforeSend);
    if (new URL(request.url).pathname !== '/find' || answer.kind !== 'answered') return answer;
    return { ...answer, json: { found: accepted.filter(({ at }) => at <= it.clock.now() - 100_000) } };
  };
  Object.assign(it.deps, { http: lagging });
  const post = await it.queue({ on: ['find'] });
  const swap = it.deps.posts.swapDelivery;
  let crashes = 1;
  it.deps.posts.swapDelivery = async (ref, expected, next, wake) =>
    next.state === 'published' && crashes-- > 0 ? never() : swap(ref, expected, next, wake);
  await it.pass(1_800);
  expect(accepted).toHaveLength(1);
  expect((await it.delivery(post.id)).state).toBe('published');
});

test('a doubt on a channel that must be reconnected waits for that, and is cleared up then', async () => {
  const it = await world();
  it.networks.find.script.push('acceptThenDrop');
  const post = await it.queue({ on: ['find'] });
  await it.clock.run(it.clock.now() + 61_000);
  const expired = await it.deps.channels.replace({ ...it.channels.find, health: 'expired' }, 1);
  it.networks.find.findable = false;
  await it.pass(3 * 3_600);
  expect((await it.delivery(post.id)).state).toBe('held');
  it.networks.find.findable = true;
  const connected = expired && (await it.deps.channels.replace({ ...expired, health: 'connected' }, 2));
  if (!connected) throw new Error('not written');
  await releaseChannel(it.deps, { agencyId: it.agency.id, channel: connected });
  await it.pass(60);
  expect(await it.delivery(post.id)).toMatchObject({ state: 'published', externalId: 'find-1' });
  expect(it.networks.find.accepted).toHaveLength(1);
});

test('what another brand published on a shared account is not taken for one’s own', async () => {
  const it = await world();
  const other = aBrand({ id: anId('brd', 'other') });
  await it.deps.brands.create(other);
  const theirs = aChannel({
    id: anId('chn', 'theirs'),
    brandId: other.id,
    network: 'find',
    credential: '{"token":"t"}',
    shared: true,
  });
  await it.deps.channels.create(theirs);
  for (const channel of [it.channels.find, theirs]) await it.deps.channels.claimAccount(channel);
  const { http } = it.deps;
  // This network is asked by the words alone.
  const byWords: Http = async (request, beforeSend) => {
    const json = { found: it.networks.find.accepted };
    const isLook = new URL(request.url).pathname === '/find';
    return isLook
      ? { kind: 'answered', status: 200, headers: {}, text: '', json }
      : http(request, beforeSend);
  };
  Object.assign(it.deps, { http: byWords });
  unanswered(it, 1);
  const mine = await it.queue({ on: ['find'] });
  const body = {
    content: { text: 'Fresh bread.' },
    channels: [theirs.id],
    dueAt: new Date(it.clock.now() + 62_000).toISOString(),
  };
  const input = postInput.parse(body);
  await createPost(it.deps, { agency: it.agency, actor: anActor(), brand: other, input, body });
  await it.pass(600);
  expect((await it.delivery(mine.id)).state).toBe('published');
  expect(it.networks.find.accepted).toHaveLength(2);
});
