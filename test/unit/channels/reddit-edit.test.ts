import { describe, expect, test } from 'vitest';
import { reddit } from '../../../shared/channels/reddit.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { attempt } from '../../support/attempt.ts';
import { ACCESS_TOKEN, fakeReddit, SUBREDDIT, USERNAME } from '../../support/fake-networks/reddit.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

const options = { subreddit: SUBREDDIT, title: 'Bread' };
const talk: Variant = { text: 'Fresh bread', options };
const link = 'https://bakery.example/';

async function world(was: Variant) {
  const network = await fakeReddit();
  const provider = reddit({ api: network.url, login: network.url });
  const account = { id: 't2_abc12', handle: USERNAME, url: `https://www.reddit.com/user/${USERNAME}/` };
  const credential = { accessToken: ACCESS_TOKEN, username: USERNAME };
  const channel = { id: 'chn_one', account, facts: {} };
  await attempt(provider, aPublishRequest(credential, { variant: was, channel }), providerContext());
  const [externalId = ''] = network.published();
  const who = { credential, account, facts: {}, externalId };
  const edit = (change: Partial<Variant>) =>
    provider.edit?.({ ...who, was, variant: { ...was, ...change } }, providerContext());
  const editBlindly = (change: Partial<Variant>) =>
    provider.edit?.({ ...who, variant: { ...was, ...change } }, providerContext());
  const text = () => network.links.get(externalId)?.sent.text;
  return { network, edit, editBlindly, text, externalId, [Symbol.asyncDispose]: network.close };
}

describe('an edit on Reddit', () => {
  test('says the body of a text post anew', async () => {
    await using own = await world(talk);
    expect(await own.edit({ text: 'Rolls & *more* <fresh>' })).toEqual({ kind: 'edited' });
    expect(own.text()).toBe('Rolls & *more* <fresh>');
  });

  test.each<[string, Variant, Partial<Variant>]>([
    ['a link post', { ...talk, link }, { text: 'Rolls' }],
    ['a link post without its link', { ...talk, link }, { link: undefined as never }],
    ['a text post to a link post', talk, { link }],
    [
      'a gallery',
      { ...talk, media: ['a', 'b'].map((name) => anAttachment(name, { alt: '' })) },
      { text: 'Rolls' },
    ],
    ['a poll', { ...talk, poll: { options: ['Rye', 'Wheat'], minutes: 1_440 } }, { text: 'Rolls' }],
    ['a title', talk, { options: { ...options, title: 'Rolls' } }],
    ['a flair', talk, { options: { ...options, flairId: 'f1' } }],
  ])('of %s is refused before anything is asked', async (_name, was, change) => {
    await using own = await world(was);
    const asked = own.network.requests.length;
    expect(await own.edit(change)).toMatchObject({ kind: 'rejected', code: 'not_editable' });
    expect(own.network.requests).toHaveLength(asked);
  });

  test('of what only Reddit knows to be no text post is refused by it', async () => {
    await using own = await world({ ...talk, link });
    expect(await own.editBlindly({ link: undefined as never })).toMatchObject({ kind: 'rejected' });
    expect(own.text()).toBe('Fresh bread');
  });

  test('of a post that is gone says so', async () => {
    await using own = await world(talk);
    own.network.forget(own.externalId);
    expect(await own.edit({ text: 'Rolls' })).toMatchObject({ kind: 'rejected', code: 'gone' });
  });

  test.each([
    [200, { json: { errors: [['RATELIMIT', 'Take a break for 9 minutes.', 'ratelimit']] } }, 'rateLimited'],
    [200, { json: { errors: [['TOO_LONG', 'this is too long', 'text']] } }, 'rejected'],
    [200, { json: { errors: [['USER_REQUIRED', 'please log in', null]] } }, 'unauthorized'],
    [401, { message: 'Unauthorized', error: 401 }, 'unauthorized'],
    [500, {}, 'unavailable'],
  ])('that is answered %i %j is %s', async (status, body, kind) => {
    await using own = await world(talk);
    own.network.fault({ kind: 'answer', status, body }, ({ url }) => url.pathname === '/api/editusertext');
    expect((await own.edit({ text: 'Rolls' }))?.kind).toBe(kind);
    expect(own.text()).toBe('Fresh bread');
  });
});
