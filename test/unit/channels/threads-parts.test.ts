import { describe, expect, onTestFinished, test } from 'vitest';
import { attempt } from '../../support/attempt.ts';
import { DUE_AT } from '../../support/builders.ts';
import { badParameter, refusal } from '../../support/fake-networks/graph.ts';
import type { Received } from '../../support/fake-networks/server.ts';
import { providerContext } from '../../support/provider-context.ts';
import { threadsWorld } from '../../support/threads-world.ts';

async function setup() {
  const world = await threadsWorld();
  onTestFinished(world.network.close);
  return world;
}

const look = { since: DUE_AT, excluding: new Set<string>() };
const nth = (n: number, matches: (request: Received) => boolean) => {
  let seen = 0;
  return (request: Received) => matches(request) && ++seen === n;
};
const isMake = ({ method, url }: Received) => method === 'POST' && url.pathname.endsWith('/threads');

describe('a thread', () => {
  const variant = { text: 'One #bread', thread: ['Two', 'Three'], firstComment: 'Recipe' };

  test('answers each post to the one before, and the first comment to the first', async () => {
    const { network, provider, request, made } = await setup();
    const given = providerContext();
    const { outcome } = await attempt(provider, request(variant), given);
    const [one = '', two = '', three = '', four = ''] = network.published();
    expect(outcome).toMatchObject({ kind: 'published', externalId: one, parts: [two, three, four] });
    expect(made().map(({ text, reply_to_id }) => [text, reply_to_id])).toEqual([
      ['One #bread', undefined],
      ['Two', one],
      ['Three', two],
      ['Recipe', one],
    ]);
    expect(given.sends).toHaveLength(4);
  });

  test('says that its first post is out as soon as it is', async () => {
    const { network, provider, request } = await setup();
    const begun = await provider.publish(request(variant), providerContext());
    const handle = begun.kind === 'pending' ? begun.handle : expect.fail(begun.kind);
    expect(await provider.poll?.(request(variant, handle), providerContext())).toMatchObject({
      kind: 'pending',
      out: { externalId: network.published()[0], url: expect.stringContaining('threads.com') },
    });
  });

  test.each([1, 2, 3, 4])(
    'of which the answer to publishing post %i was lost goes on without a double',
    async (n) => {
      const { network, provider, request } = await setup();
      network.fault({ kind: 'drop' }, nth(n, network.isPublish));
      const lost = await attempt(provider, request(variant), providerContext());
      expect(lost.outcome.kind).toBe('uncertain');
      const found = await provider.find?.({ ...lost.request, ...look }, providerContext());
      expect(found).toMatchObject({ kind: 'found', externalId: network.published()[n - 1] });
      const then = found?.kind === 'found' ? found.then : undefined;
      const { outcome } = await attempt(provider, request(variant, then), providerContext());
      const [root, ...parts] = network.published();
      expect(outcome).toMatchObject({ kind: 'published', externalId: root, parts });
      expect(network.published()).toHaveLength(4);
    },
  );

  test('of which post 3 never arrived is absent there, and goes on from there', async () => {
    const { network, provider, request } = await setup();
    network.fault({ kind: 'lose' }, nth(3, network.isPublish));
    const lost = await attempt(provider, request(variant), providerContext());
    expect(await provider.find?.({ ...lost.request, ...look }, providerContext())).toEqual({
      kind: 'absent',
    });
    expect((await attempt(provider, lost.request, providerContext())).outcome.kind).toBe('published');
    expect(network.published()).toHaveLength(4);
  });

  test.each<
    [string, (network: { isPublish: (request: Received) => boolean }) => (request: Received) => boolean]
  >([
    ['publish', ({ isPublish }) => nth(2, isPublish)],
    ['make', () => nth(2, isMake)],
  ])('of which Threads will not %s the second post stands, with what is missing', async (_verb, when) => {
    const { network, provider, request } = await setup();
    network.fault({ kind: 'answer', ...badParameter('This text is not allowed') }, when(network));
    const { outcome } = await attempt(provider, request(variant), providerContext());
    expect(outcome).toEqual({
      kind: 'published',
      externalId: network.published()[0],
      url: expect.any(String),
      missing: 'post 2 of the thread was refused: HTTP 400: (#100) This text is not allowed',
    });
    expect(network.published()).toHaveLength(1);
  });

  test('whose container breaks after the first post stands', async () => {
    const { network, provider, request } = await setup();
    const begun = await provider.publish(request(variant), providerContext());
    const handle = begun.kind === 'pending' ? begun.handle : expect.fail(begun.kind);
    network.breakContainers('ERROR');
    const { outcome } = await attempt(provider, request(variant, handle), providerContext());
    expect(outcome).toMatchObject({ kind: 'published', missing: expect.stringContaining('post 2') });
  });

  test('waits, and is not ended, when the login is lost in between', async () => {
    const { network, provider, request } = await setup();
    network.fault({ kind: 'answer', ...refusal(400, 190, 'Session has expired', 463) }, nth(2, isMake));
    const stopped = await attempt(provider, request(variant), providerContext());
    expect(stopped.outcome.kind).toBe('unauthorized');
    expect((await attempt(provider, stopped.request, providerContext())).outcome.kind).toBe('published');
    expect(network.published()).toHaveLength(4);
  });

  test('goes with all its parts when it is removed, also in a second try', async () => {
    const { network, provider, request, who } = await setup();
    await attempt(provider, request(variant), providerContext());
    const [externalId = '', ...parts] = network.published();
    const isDelete = nth(3, ({ method }) => method === 'DELETE');
    network.fault({ kind: 'answer', ...refusal(400, 4, 'Application request limit reached') }, isDelete);
    const remove = () => provider.remove?.({ ...who, externalId, parts }, providerContext());
    expect((await remove())?.kind).toBe('rateLimited');
    expect(await remove()).toEqual({ kind: 'removed' });
    expect(network.published()).toEqual([]);
    expect(await remove()).toEqual({ kind: 'absent' });
  });
});
