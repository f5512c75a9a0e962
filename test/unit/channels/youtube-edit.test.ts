import { expect, test } from 'vitest';
import type { Variant } from '../../../shared/domain/content.ts';
import { refusal } from '../../support/fake-networks/youtube.ts';
import { youtubeWorld } from '../../support/youtube-world.ts';

const OPTIONS = { title: 'Rye bread', madeForKids: false, tags: ['bread'], categoryId: '26', language: 'de' };

async function published(options: Readonly<Record<string, unknown>> = OPTIONS) {
  const { network, provider, request, context, whole } = await youtubeWorld({ said: { options } });
  await whole();
  const [externalId = ''] = network.published();
  const { variant: was, credential, channel } = request;
  const who = { credential, account: channel.account, facts: {}, externalId, was };
  const edit = (change: Partial<Variant>) =>
    provider.edit?.({ ...who, variant: { ...was, ...change } }, context);
  return { network, edit, externalId, snippet: () => network.videos.get(externalId)?.snippet };
}

test('An edit says title, description, tags, category and language anew', async () => {
  const { edit, snippet } = await published();
  const options = { ...OPTIONS, title: 'Rolls', tags: ['rolls'], categoryId: '22', language: 'en' };
  const edited = await edit({ text: 'How we bake rolls.', link: 'https://bakery.example/', options });
  expect(edited).toEqual({ kind: 'edited' });
  expect(snippet()).toEqual({
    title: 'Rolls',
    description: 'How we bake rolls.\n\nhttps://bakery.example/',
    tags: ['rolls'],
    categoryId: '22',
    defaultLanguage: 'en',
  });
});

test('An edit keeps what people set at YouTube and no option says', async () => {
  const { network, edit, externalId, snippet } = await published({ title: 'Rye bread', madeForKids: false });
  const video = network.videos.get(externalId) ?? expect.fail();
  const theirs = { ...video.snippet, tags: ['theirs'], categoryId: '26', defaultAudioLanguage: 'de' };
  (network.videos as Map<string, typeof video>).set(externalId, { ...video, snippet: theirs });
  await edit({ text: 'How we bake rolls.' });
  expect(snippet()).toEqual({ ...theirs, description: 'How we bake rolls.' });
});

test.each([
  ['privacy', 'private'],
  ['madeForKids', true],
  ['containsSyntheticMedia', true],
  ['playlistId', 'PLother0123456789'],
])('The option %s stays as it went out', async (name, value) => {
  const { network, edit } = await published();
  const asked = network.requests.length;
  const edited = await edit({ options: { ...OPTIONS, [name]: value } });
  expect(edited).toMatchObject({ code: 'not_editable', reason: expect.stringContaining(`/options/${name}`) });
  expect(network.requests).toHaveLength(asked);
});

test('An edit of a video that is gone says so, also when it goes between reading and writing', async () => {
  const { network, edit, externalId } = await published();
  network.fault({ kind: 'answer', ...refusal(404, 'videoNotFound') }, ({ method }) => method === 'PUT');
  expect(await edit({ text: 'Rolls' })).toMatchObject({ kind: 'rejected', code: 'gone' });
  network.forget(externalId);
  expect(await edit({ text: 'Rolls' })).toMatchObject({ kind: 'rejected', code: 'gone' });
});

test.each([
  [403, 'quotaExceeded', { kind: 'rateLimited' }],
  [401, 'authError', { kind: 'unauthorized' }],
  [400, 'invalidTags', { kind: 'rejected', code: 'content_refused' }],
  [403, 'forbidden', { kind: 'rejected', code: 'needs_person' }],
  [500, 'backendError', { kind: 'unavailable' }],
])('An update that is answered %i %s ends in %j', async (status, reason, expected) => {
  const { network, edit } = await published();
  network.fault({ kind: 'answer', ...refusal(status, reason) }, ({ method }) => method === 'PUT');
  expect(await edit({ text: 'Rolls' })).toMatchObject(expected);
});
