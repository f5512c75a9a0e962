import { describe, expect, test } from 'vitest';
import { rawAfter } from '../../../shared/channels/discourse/edit.ts';
import { discourse } from '../../../shared/channels/discourse.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { MINUTE } from '../../../shared/domain/time.ts';
import { attempt } from '../../support/attempt.ts';
import { DUE_AT } from '../../support/builders.ts';
import { DISCOURSE_KEY, fakeDiscourse } from '../../support/fake-networks/discourse.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

const was: Variant = {
  text: 'Fresh bread, from six in the morning.',
  link: 'https://bakery.example/',
  media: [anAttachment('loaf'), anAttachment('oven')],
  poll: { options: ['Rye', 'Wheat'], minutes: 60 },
  thread: ['And rolls.'],
  options: { title: 'Fresh bread every day', category: 5 },
};

async function forum() {
  const server = await fakeDiscourse({ now: () => DUE_AT + MINUTE });
  const credential = { forumUrl: server.url, apiKey: DISCOURSE_KEY, username: 'baker' };
  const request = aPublishRequest(credential, { variant: was });
  await attempt(discourse, request, providerContext());
  const [externalId = ''] = server.published();
  const who = { credential, account: request.channel.account, facts: {}, externalId, was };
  const edit = (change: Partial<Variant>) =>
    discourse.edit?.({ ...who, variant: { ...was, ...change } }, providerContext());
  const puts = () => server.requests.filter(({ method }) => method === 'PUT').map(({ url }) => url.pathname);
  return { ...server, edit, puts, [Symbol.asyncDispose]: server.close };
}

describe('an edit', () => {
  test('says text and link anew, and leaves images, poll and replies', async () => {
    await using world = await forum();
    const below = world.posts[0]?.raw.slice(`${was.text}\n\n${was.link}`.length);
    expect(below).toMatch(/upload:.*upload:.*\[poll.*\[\/poll\]$/s);
    expect(await world.edit({ text: 'Rolls, from five.', link: 'https://rolls.example/' })).toEqual({
      kind: 'edited',
    });
    expect(world.posts.map(({ raw }) => raw)).toEqual([
      `Rolls, from five.\n\nhttps://rolls.example/${below}`,
      'And rolls.',
    ]);
    expect(world.puts()).toEqual(['/posts/100.json']);
  });

  test('says the title anew, first of all', async () => {
    await using world = await forum();
    await world.edit({ options: { title: 'Fresh rolls every day' } });
    expect(world.topics[0]).toMatchObject({ title: 'Fresh rolls every day', category_id: 5 });
    expect(world.puts()).toEqual(['/t/-/40.json', '/posts/100.json']);
  });

  test('of which the title is refused changes nothing', async () => {
    await using world = await forum();
    const raw = world.posts[0]?.raw;
    expect(await world.edit({ text: 'Rolls, from five.', options: { title: 'New' } })).toMatchObject({
      kind: 'rejected',
      code: 'content_refused',
      reason: expect.stringContaining('Title is too short'),
    });
    expect(world.posts[0]?.raw).toBe(raw);
  });

  test('into a category that is closed to the user is refused, and the key stays good', async () => {
    await using world = await forum();
    const edited = await world.edit({ options: { ...was.options, category: 6 } });
    expect(edited).toMatchObject({ kind: 'rejected', code: 'not_permitted' });
  });

  test('leaves the tags as they went out', async () => {
    await using world = await forum();
    const edited = await world.edit({ options: { ...was.options, tags: ['rolls'] } });
    expect(edited).toMatchObject({ code: 'not_editable', reason: expect.stringContaining('/options/tags') });
  });

  test('of a topic that is gone says so', async () => {
    await using world = await forum();
    world.forget('40');
    expect(await world.edit({ text: 'Rolls, from five.' })).toMatchObject({ kind: 'rejected', code: 'gone' });
  });

  test.each([
    [{ kind: 'answer', status: 429, body: { errors: ['Slow'], extras: { wait_seconds: 9 } } }, 'rateLimited'],
    [{ kind: 'answer', status: 503, body: { errors: ['No'], error_type: 'read_only' } }, 'unavailable'],
    [{ kind: 'drop' }, 'unavailable'],
  ] as const)('that is answered by %j is %s', async (fault, kind) => {
    await using world = await forum();
    world.fault(fault, ({ method }) => method === 'PUT');
    expect((await world.edit({ text: 'Rolls, from five.' }))?.kind).toBe(kind);
  });
});

test('What a text says about uploads and polls stays its own', () => {
  const text = '![mine](upload://mine.png)\n\n[poll type=regular]\n* a\n[/poll]';
  const raw = `${text}\n\n![loaf](upload://loaf.png)`;
  expect(rawAfter(raw, { text, media: [anAttachment('loaf')] })).toBe(raw);
  expect(rawAfter(raw, { text: 'New words' })).toBe('New words');
});

test('Finding them is done at once, whatever a forum sends', () => {
  const variant: Variant = { text: 'New words', media: [anAttachment('loaf')], poll: was.poll };
  const started = performance.now();
  for (const part of ['![\r', '[poll ]\n']) rawAfter(part.repeat(1_000_000 / part.length), variant);
  expect(performance.now() - started).toBeLessThan(2_000);
});
