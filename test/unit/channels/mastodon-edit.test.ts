import { describe, expect, test } from 'vitest';
import { mastodon } from '../../../shared/channels/mastodon.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { MINUTE } from '../../../shared/domain/time.ts';
import { attempt } from '../../support/attempt.ts';
import type { FakeMastodonOptions } from '../../support/fake-networks/mastodon.ts';
import { mastodonWorld } from '../../support/mastodon-world.ts';
import { anAttachment } from '../../support/media.ts';

const words: Variant = {
  text: 'Bread',
  link: 'https://bakery.example/',
  options: { visibility: 'unlisted', language: 'en' },
};
const asking: Variant = { text: 'Which?', poll: { options: ['Rye ', 'Wheat'], minutes: 60 } };

/** A post that is out, and how to edit it. */
async function out(was: Variant, options: FakeMastodonOptions = {}) {
  const world = await mastodonWorld(was, options);
  const { outcome } = await attempt(mastodon, world.request(), world.context());
  if (outcome.kind !== 'published') throw new Error(JSON.stringify(outcome));
  const { externalId } = outcome;
  const id = externalId.replace(/@.*/, '');
  const edit = (change: Partial<Variant>) =>
    mastodon.edit?.({ ...world.who, externalId, was, variant: { ...was, ...change } }, world.context());
  return {
    ...world,
    id,
    edit,
    status: () => world.network.statuses.get(id),
    puts: () => world.network.requests.filter(({ method }) => method === 'PUT'),
  };
}

describe('An edit', () => {
  test('says text, link, language and warning anew', async () => {
    await using world = await out(words);
    const options = { ...words.options, language: 'de', spoilerText: 'Brot' };
    const edited = await world.edit({ text: 'Rolls', link: 'https://rolls.example/', options });
    expect(edited).toEqual({ kind: 'edited' });
    expect(world.status()).toMatchObject({
      text: 'Rolls\n\nhttps://rolls.example/',
      language: 'de',
      spoiler_text: 'Brot',
      sensitive: true,
      visibility: 'unlisted',
    });
  });

  test('leaves the files as they are, also where they are all there is', async () => {
    const media = [anAttachment('loaf'), anAttachment('oven', { alt: '' })];
    await using world = await out({ text: 'Bread', media });
    const before = world.status()?.media_attachments;
    expect(before).toHaveLength(2);
    expect(await world.edit({ text: '' })).toEqual({ kind: 'edited' });
    expect(world.status()).toMatchObject({ text: '', media_attachments: before });
    expect(world.uploads()).toHaveLength(2);
  });

  test('leaves the language of a post that says none', async () => {
    await using world = await out({ text: 'Bread' });
    await world.edit({ text: 'Rolls' });
    expect(JSON.parse(world.puts()[0]?.body ?? '')).toEqual({ status: 'Rolls', sensitive: false });
    expect(world.status()?.language).toBe('en');
  });

  test('leaves a post sensitive that the account’s own preference has made so', async () => {
    await using world = await out({ text: 'Bread' }, { sensitive: true });
    await world.edit({ text: 'Rolls' });
    expect(world.status()).toMatchObject({ text: 'Rolls', sensitive: true });
    await world.edit({ text: 'Rolls', options: { sensitive: false } });
    expect(world.status()?.sensitive).toBe(false);
  });

  test('changes the first post of a thread alone', async () => {
    await using world = await out({ text: 'One', thread: ['Two'], firstComment: 'More' });
    expect(await world.edit({ text: 'Eins' })).toEqual({ kind: 'edited' });
    expect(world.statuses().map(({ text }) => text)).toEqual(['Eins', 'Two', 'More']);
  });

  test('cannot change who sees a post', async () => {
    await using world = await out(words);
    const edited = await world.edit({ options: { ...words.options, visibility: 'public' } });
    expect(edited).toEqual({
      kind: 'rejected',
      code: 'not_editable',
      reason: 'Mastodon cannot change /options/visibility any more',
    });
    expect(world.puts()).toEqual([]);
  });

  test('with an option of no valid value is refused before anything is asked', async () => {
    await using world = await out({ text: 'Bread' });
    const before = world.network.requests.length;
    const edited = await world.edit({ options: { language: 'German' } });
    expect(edited).toMatchObject({ kind: 'rejected', code: 'option_invalid' });
    expect(world.network.requests).toHaveLength(before);
  });
});

describe('An edit of a poll’s text', () => {
  test('leaves its options, its votes and its end', async () => {
    await using world = await out(asking);
    world.network.vote(world.id, [3, 4]);
    const before = world.status()?.poll;
    world.time.now += 20 * MINUTE;
    for (const text of ['Which one?', 'Which one is it?']) {
      expect(await world.edit({ text })).toEqual({ kind: 'edited' });
      expect(world.status()).toMatchObject({ text, poll: before });
    }
  });

  test('leaves it as somebody has made it there', async () => {
    await using world = await out(asking);
    const poll = { options: ['Rye', 'Spelt'], multiple: true, hide_totals: true, expires_in: 900 };
    const { instanceUrl, accessToken } = world.who.credential;
    await fetch(`${instanceUrl}/api/v1/statuses/${world.id}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${accessToken}` },
      body: JSON.stringify({ status: 'Which?', poll }),
    });
    world.network.vote(world.id, [1, 0]);
    const before = world.status()?.poll;
    expect(before).toMatchObject({ options: ['Rye', 'Spelt'], multiple: true, hide_totals: true });
    expect(await world.edit({ text: 'Which one?' })).toEqual({ kind: 'edited' });
    expect(world.status()).toMatchObject({ text: 'Which one?', poll: before });
  });

  test.each([
    ['ends in five minutes', 55, 'edited'],
    ['ends in four minutes', 56, 'rejected'],
    ['has ended', 90, 'rejected'],
  ])('that %s', async (_when, minutes, kind) => {
    await using world = await out(asking);
    world.time.now += minutes * MINUTE;
    const edited = await world.edit({ text: 'Which one?' });
    expect(edited?.kind).toBe(kind);
    if (edited?.kind === 'rejected') expect(edited.code).toBe('not_editable');
    expect(world.puts()).toHaveLength(kind === 'edited' ? 1 : 0);
  });
});

describe('An edit that fails', () => {
  test('because the post is gone says so', async () => {
    await using world = await out(words);
    world.network.forget(`${world.id}@`);
    expect(await world.edit({ text: 'Rolls' })).toEqual({
      kind: 'rejected',
      code: 'gone',
      reason: 'HTTP 404: Record not found',
    });
  });

  test.each([
    ['GET', 401, { kind: 'unauthorized' }],
    ['GET', 503, { kind: 'unavailable' }],
    ['PUT', 401, { kind: 'unauthorized' }],
    ['PUT', 403, { kind: 'rejected', code: 'http_403' }],
    ['PUT', 404, { kind: 'rejected', code: 'http_404' }],
    ['PUT', 422, { kind: 'rejected', code: 'http_422' }],
    ['PUT', 429, { kind: 'rateLimited' }],
    ['PUT', 500, { kind: 'unavailable' }],
  ])('at %s by status %i', async (method, status, expected) => {
    await using world = await out(words);
    const body = { error: 'Something is wrong' };
    world.network.fault({ kind: 'answer', status, body }, (request) => request.method === method);
    expect(await world.edit({ text: 'Rolls' })).toMatchObject(expected);
    expect(world.status()?.text).toContain('Bread');
  });

  test('because the answer was lost can be asked for again', async () => {
    await using world = await out(words);
    world.network.fault({ kind: 'drop' }, ({ method }) => method === 'PUT');
    expect(await world.edit({ text: 'Rolls' })).toMatchObject({ kind: 'unavailable' });
    expect(await world.edit({ text: 'Rolls' })).toEqual({ kind: 'edited' });
  });

  test('because the server refuses the words tells why', async () => {
    await using world = await out(words);
    expect(await world.edit({ text: 'a'.repeat(600) })).toEqual({
      kind: 'rejected',
      code: 'http_422',
      reason: 'HTTP 422: Validation failed: Text character limit of 500 exceeded',
    });
  });
});
