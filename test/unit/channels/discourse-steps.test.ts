import { describe, expect, test } from 'vitest';
import type { DiscourseCredential } from '../../../shared/channels/discourse/api.ts';
import { discourse } from '../../../shared/channels/discourse.ts';
import { createHttp } from '../../../shared/channels/http.ts';
import type { PublishRequest } from '../../../shared/channels/provider.ts';
import { DAY, MINUTE } from '../../../shared/domain/time.ts';
import { attempt } from '../../support/attempt.ts';
import { DUE_AT } from '../../support/builders.ts';
import { DISCOURSE_KEY, fakeDiscourse } from '../../support/fake-networks/discourse.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

const NOW = DUE_AT + MINUTE;
const variant = {
  text: 'Fresh bread, from six in the morning.',
  options: { title: 'Fresh bread every day' },
};
const withReplies = { ...variant, thread: ['And rolls, too.', 'And cake.'], firstComment: 'Ask us here.' };

async function forum() {
  const server = await fakeDiscourse({ now: () => NOW });
  const credential = { forumUrl: server.url, apiKey: DISCOURSE_KEY, username: 'baker' };
  const request = aPublishRequest(credential, { variant });
  const who = { credential, account: request.channel.account, facts: {} };
  return { ...server, request, who, [Symbol.asyncDispose]: server.close };
}

const goingOn = (request: PublishRequest<DiscourseCredential>, handle: string) => ({
  ...request,
  delivery: { ...request.delivery, handle },
});
const poll = async (request: PublishRequest<DiscourseCredential>, now = NOW) =>
  (await discourse.poll?.(request, providerContext({ now: () => now }))) ?? expect.fail('there is no poll');
const find = async (request: PublishRequest<DiscourseCredential>) =>
  (await discourse.find?.({ ...request, since: DUE_AT, excluding: new Set() }, providerContext())) ??
  expect.fail('there is no find');

test('the images of a topic come in several steps to a slow forum, none of them twice', async () => {
  await using world = await forum();
  let now = NOW;
  const http = createHttp({ allowLoopback: true });
  const slow = providerContext({
    now: () => now,
    http: (request) => {
      now += 6_000;
      return http(request);
    },
  });
  const media = Array.from({ length: 7 }, (_, n) => anAttachment(`image-${n}`, { alt: `Image ${n}` }));
  const { outcome, request } = await attempt(
    discourse,
    { ...world.request, variant: { ...variant, media } },
    slow,
  );
  expect(outcome.kind).toBe('published');
  expect(world.requests.filter(({ url }) => url.pathname === '/uploads.json')).toHaveLength(7);
  expect(JSON.parse(request.delivery.handle ?? '')).toMatchObject({ uploads: { length: 6 } });
  for (let n = 0; n < 7; n++) expect(world.posts[0]?.raw).toContain(`![Image ${n}`);
  // In doubt before the topic was sent, it is looked for by its mark.
  expect(await find(request)).toMatchObject({ kind: 'found', externalId: '40' });
});

describe('the replies of a topic', () => {
  test('come after the topic, which is told to be out already', async () => {
    await using world = await forum();
    const first = await discourse.publish({ ...world.request, variant: withReplies }, providerContext());
    expect(first).toMatchObject({
      kind: 'pending',
      checkAt: NOW,
      out: { externalId: '40', url: `${world.url}/t/a-topic/40` },
    });
  });

  test('go out one by one, and are parts of the publication', async () => {
    await using world = await forum();
    const given = providerContext();
    const { outcome } = await attempt(discourse, { ...world.request, variant: withReplies }, given);
    expect(outcome).toMatchObject({ kind: 'published', externalId: '40', parts: ['101', '102', '103'] });
    expect(world.posts.map(({ raw }) => raw)).toEqual([
      variant.text,
      'And rolls, too.',
      'And cake.',
      'Ask us here.',
    ]);
    expect(given.sends).toHaveLength(4);
  });

  test('are found by their words after a doubt, and go on from there', async () => {
    await using world = await forum();
    world.fault({ kind: 'drop' }, ({ json }) => (json as { topic_id?: number } | undefined)?.topic_id === 40);
    const doubt = await attempt(discourse, { ...world.request, variant: withReplies }, providerContext());
    expect(doubt.outcome.kind).toBe('uncertain');
    const found = await find(doubt.request);
    expect(found).toMatchObject({ kind: 'found', externalId: 'post:101' });
    if (found.kind !== 'found') return;
    const rest = await attempt(discourse, goingOn(doubt.request, found.then ?? ''), providerContext());
    expect(rest.outcome).toMatchObject({ kind: 'published', parts: ['101', '102', '103'] });
    expect(world.posts).toHaveLength(4);
  });

  test('are found also where the forum made plain spaces of those that do not break', async () => {
    await using world = await forum();
    world.fault({ kind: 'drop' }, ({ json }) => (json as { topic_id?: number } | undefined)?.topic_id === 40);
    const narrow = { ...variant, thread: ['Rolls, too:\r\n10\u00a0for 5\u202f€.'] };
    const doubt = await attempt(discourse, { ...world.request, variant: narrow }, providerContext());
    expect(await find(doubt.request)).toMatchObject({ kind: 'found', externalId: 'post:101' });
  });

  test('are absent after a doubt when nothing of them arrived', async () => {
    await using world = await forum();
    world.fault({ kind: 'lose' }, ({ json }) => (json as { topic_id?: number } | undefined)?.topic_id === 40);
    const doubt = await attempt(discourse, { ...world.request, variant: withReplies }, providerContext());
    expect(await find(doubt.request)).toEqual({ kind: 'absent' });
  });

  test('that are refused for good are missing from a topic that stands', async () => {
    await using world = await forum();
    const refused = { kind: 'answer', status: 422, body: { errors: ['Too similar.'] } } as const;
    world.fault(refused, ({ body }) => body.includes('And cake.'));
    const { outcome } = await attempt(
      discourse,
      { ...world.request, variant: withReplies },
      providerContext(),
    );
    expect(outcome).toEqual({
      kind: 'published',
      externalId: '40',
      url: `${world.url}/t/a-topic/40`,
      parts: ['101'],
      missing: 'Reply 2 and what follows it: HTTP 422: Too similar.',
    });
  });
});

describe('what a moderator must see first', () => {
  async function waiting() {
    const world = await forum();
    world.moderate();
    const outcome = await discourse.publish(world.request, providerContext());
    if (outcome.kind !== 'pending') return expect.fail(outcome.kind);
    return { ...world, request: goingOn(world.request, outcome.handle) };
  }

  test('is looked at again, later and later, until it is approved', async () => {
    const world = await waiting();
    expect(await poll(world.request, NOW + 2 * MINUTE)).toMatchObject({ checkAt: NOW + 4 * MINUTE });
    expect(await poll(world.request, NOW + DAY)).toMatchObject({ checkAt: NOW + DAY + 60 * MINUTE });
    world.decide('approve');
    expect(await poll(world.request, NOW + DAY)).toMatchObject({ kind: 'published', externalId: '40' });
    await world.close();
  });

  test('and is not approved is refused, and not sent again', async () => {
    const world = await waiting();
    world.decide('reject');
    expect(await poll(world.request)).toMatchObject({ kind: 'rejected', code: 'content_refused' });
    expect(world.requests.filter(world.isPublish)).toHaveLength(1);
    await world.close();
  });

  test('and stands under another title is for a person to tell', async () => {
    const world = await waiting();
    world.decide({ retitle: 'Advertising: rolls' });
    expect((await poll(world.request)).kind).toBe('uncertain');
    expect((await find(world.request)).kind).toBe('cannotTell');
    await world.close();
  });

  test('is given up after two weeks where this key may not see the queue', async () => {
    const world = await waiting();
    const shut = () =>
      world.fault({ kind: 'answer', status: 403, body: {} }, ({ url }) => url.pathname.includes('pending'));
    shut();
    expect((await poll(world.request)).kind).toBe('pending');
    shut();
    expect((await poll(world.request, NOW + 14 * DAY)).kind).toBe('uncertain');
    await world.close();
  });

  test('is found in the queue when the answer was lost', async () => {
    const world = await forum();
    world.moderate();
    world.fault({ kind: 'drop' }, world.isPublish);
    expect((await discourse.publish(world.request, providerContext())).kind).toBe('uncertain');
    const found = await find(world.request);
    expect(found).toMatchObject({ kind: 'found', externalId: 'queue:900', url: `${world.url}/` });
    if (found.kind === 'found')
      expect((await poll(goingOn(world.request, found.then ?? ''))).kind).toBe('pending');
    await world.close();
  });
});

describe('a refusal', () => {
  test('because the mark is taken means that it stands already', async () => {
    await using world = await forum();
    await discourse.publish(world.request, providerContext());
    const again = await discourse.publish(world.request, providerContext());
    expect(again).toMatchObject({ kind: 'published', externalId: '40' });
    expect(world.topics).toHaveLength(1);
  });

  test('of a category is told from a key that was revoked', async () => {
    await using world = await forum();
    const elsewhere = {
      ...world.request,
      variant: { ...variant, options: { ...variant.options, category: 9 } },
    };
    expect(await discourse.publish(elsewhere, providerContext())).toMatchObject({
      kind: 'rejected',
      code: 'not_permitted',
    });
    const revoked = { ...world.request, credential: { ...world.request.credential, apiKey: '0'.repeat(64) } };
    expect((await discourse.publish(revoked, providerContext())).kind).toBe('unauthorized');
  });
});

describe('afterwards', () => {
  test('views, likes and replies are told', async () => {
    await using world = await forum();
    await attempt(discourse, { ...world.request, variant: withReplies }, providerContext());
    const told = await discourse.metrics?.fetch({ ...world.who, externalIds: ['40'] }, providerContext());
    expect(told instanceof Map && told.get('40')).toMatchObject({
      views: 11,
      reactions: 3,
      replies: 3,
      shares: null,
    });
  });

  test('the owner of a key who may not delete is told so', async () => {
    await using world = await forum();
    await discourse.publish(world.request, providerContext());
    world.fault(
      { kind: 'answer', status: 403, body: { errors: ['No.'] } },
      ({ method }) => method === 'DELETE',
    );
    const gone = await discourse.remove?.({ ...world.who, externalId: '40' }, providerContext());
    expect(gone).toMatchObject({ kind: 'rejected', code: 'not_permitted' });
  });
});
