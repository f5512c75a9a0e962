import { describe, expect, test } from 'vitest';
import { type ByHandCredential, byHand } from '../../../shared/channels/by-hand.ts';
import { providersFor } from '../../../shared/channels/index.ts';
import { instagram } from '../../../shared/channels/instagram.ts';
import type { Provider } from '../../../shared/channels/provider.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import type { Attachment } from '../../../shared/domain/media.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';

const credential = (over: Partial<ByHandCredential> = {}): ByHandCredential => ({
  responsible: 'anna@agency.example',
  profileUrl: 'https://www.instagram.com/bakery/',
  ...over,
});
const assisted: Provider<ByHandCredential> = byHand(instagram());
const task = (variant: Variant) => assisted.assisted?.task(variant, credential()) ?? expect.fail('no task');
const accountOf = async (given: ByHandCredential) => {
  const verified = await assisted.verify(given, providerContext());
  return verified.kind === 'verified' ? verified.account : expect.fail(verified.reason);
};

const NETWORKS = Object.values(await providersFor()).map((provider) => [provider.id, provider] as const);

describe('any network by hand', () => {
  test.each(NETWORKS)('%s keeps its rules and loses its API', (_id, provider) => {
    const { id, name, limits, options } = provider;
    const it = byHand(provider);
    expect(it).toMatchObject({ id, name, limits, options });
    for (const part of ['find', 'metrics', 'edit', 'remove', 'login', 'renewal', 'price', 'api'] as const)
      expect(it[part], part).toBeUndefined();
    const variant = { text: 'Fresh bread' };
    // No network was asked when it was connected, so nothing is known of the account.
    expect(it.check(variant, {})).toEqual(provider.check(variant, {}));
    expect(it.countText(it.render(variant), {})).toBe(provider.countText(provider.render(variant), {}));
  });

  test('is refused what the network refuses', () => {
    expect(assisted.check({ text: 'No picture' }, {})).toMatchObject([
      { rule: 'media_too_few', path: '/media' },
    ]);
  });
});

describe('the account', () => {
  test('is the profile, however its address was copied', async () => {
    const spellings = [
      'https://www.instagram.com/bakery/',
      'https://instagram.com/bakery',
      'http://instagram.com/bakery#top',
    ];
    const accounts = await Promise.all(spellings.map((profileUrl) => accountOf(credential({ profileUrl }))));
    expect(new Set(accounts.map(({ id }) => id))).toEqual(new Set(['by-hand:instagram.com/bakery']));
    expect(accounts.map(({ url }) => url)).toEqual(spellings);
  });

  test('is another one for another profile, also where the query names it', async () => {
    const of = (number: number) => ({ profileUrl: `https://www.facebook.com/profile.php?id=${number}` });
    expect((await accountOf(credential(of(1)))).id).not.toBe((await accountOf(credential(of(2)))).id);
  });

  test('is called what the credential says, else the end of its address', async () => {
    expect((await accountOf(credential({ handle: '@bakery' }))).handle).toBe('@bakery');
    expect((await accountOf(credential())).handle).toBe('bakery');
    expect((await accountOf(credential({ profileUrl: 'https://bakery.example' }))).handle).toBe(
      'bakery.example',
    );
  });

  test.each([
    [{ responsible: 'nobody' }],
    [{ profileUrl: 'javascript:alert(1)' }],
    [{ handle: ' ' }],
    [{ accessToken: 'x' }],
  ])('cannot be connected with %o', (over) => {
    expect(assisted.credential.safeParse({ ...credential(), ...over }).success).toBe(false);
  });
});

describe('what the person is given', () => {
  test('is everything that the variant says, and the options that this network knows', () => {
    const given = task({
      text: 'Fresh bread',
      link: 'https://bakery.example/',
      firstComment: 'Open from seven',
      options: { userTags: [], shareToFeed: true, board: 'another network’s' },
      media: [anAttachment('loaf', { type: 'image/jpeg', alt: 'A loaf' })],
    });
    expect(given).toMatchObject({
      responsible: { email: 'anna@agency.example' },
      text: 'Fresh bread\n\nhttps://bakery.example/',
      link: 'https://bakery.example/',
      firstComment: 'Open from seven',
      profileUrl: 'https://www.instagram.com/bakery/',
      media: [{ alt: 'A loaf', file: { type: 'image/jpeg' } }],
    });
    expect(given.options.map(({ name }) => name)).not.toContain('board');
    expect(given.options).toContainEqual({ name: 'shareToFeed', value: 'true' });
  });

  test('is the file that the network takes, or the original where none fits', () => {
    const png = anAttachment('loaf', { type: 'image/png' });
    const jpeg = { name: 'large', path: 'media/loaf.jpg', type: 'image/jpeg', bytes: 200_000 } as const;
    const given = (media: Attachment) => task({ text: '', media: [media] }).media[0]?.file.path;
    expect(given({ ...png, files: [...png.files, { ...jpeg, width: 1_200, height: 900 }] })).toBe(
      'media/loaf.jpg',
    );
    expect(given(png)).toBe('media/loaf');
  });
});
