import { describe, expect, test } from 'vitest';
import { renderGoogle, toLocalPost } from '../../../shared/channels/google-business/post.ts';
import { toOutcome } from '../../../shared/channels/google-business/state.ts';
import { googleBusiness } from '../../../shared/channels/google-business.ts';
import type { HttpAnswer } from '../../../shared/channels/provider.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../../support/builders.ts';
import {
  fakeGoogleBusiness,
  GOOGLE_LOCATION,
  GOOGLE_REFRESH,
  GOOGLE_TOKEN,
} from '../../support/fake-networks/google-business.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

const NOW = DUE_AT + MINUTE;
const credential = { accessToken: GOOGLE_TOKEN, refreshToken: GOOGLE_REFRESH, location: GOOGLE_LOCATION };
const app = { clientId: 'client', clientSecret: 'secret' };
const event = { title: 'Open day', start: '2026-12-05T09:00', end: '2026-12-06' };
const link = 'https://bakery.example/';

async function google() {
  const server = await fakeGoogleBusiness({ now: () => NOW });
  const { url } = server;
  const provider = googleBusiness({ posts: url, accounts: url, locations: url, tokenUrl: `${url}/token` });
  const request = aPublishRequest(credential, { variant: { text: 'Fresh bread' } });
  return { ...server, provider, request, [Symbol.asyncDispose]: server.close };
}

describe('a post', () => {
  test('leads to its link by a button, and not by the text', () => {
    expect(toLocalPost({ text: 'Bread', link }, undefined)).toEqual({
      summary: 'Bread',
      topicType: 'STANDARD',
      callToAction: { actionType: 'LEARN_MORE', url: link },
    });
    expect(toLocalPost({ text: 'Bread', link, options: { action: 'signUp' } }, undefined)).toMatchObject({
      callToAction: { actionType: 'SIGN_UP', url: link },
    });
  });

  test('that asks to be called names the link in its text', () => {
    const variant = { text: 'Bread', link, options: { action: 'call' } };
    expect(renderGoogle(variant)).toBe(`Bread\n\n${link}`);
    expect(toLocalPost(variant, undefined)).toMatchObject({ callToAction: { actionType: 'CALL' } });
  });

  test('about an event says when, in the time of the place', () => {
    expect(toLocalPost({ text: 'Come', options: { event, languageCode: 'de' } }, undefined)).toEqual({
      languageCode: 'de',
      summary: 'Come',
      topicType: 'EVENT',
      event: {
        title: 'Open day',
        schedule: {
          startDate: { year: 2026, month: 12, day: 5 },
          startTime: { hours: 9, minutes: 0 },
          endDate: { year: 2026, month: 12, day: 6 },
        },
      },
    });
  });

  test('of an offer has no button, and the link redeems it', () => {
    const options = { event, offer: { couponCode: 'ROLL', terms: 'Once each.' } };
    expect(toLocalPost({ text: 'Half', link, options }, 'https://m.example/a')).toMatchObject({
      topicType: 'OFFER',
      offer: { couponCode: 'ROLL', redeemOnlineUrl: link, termsConditions: 'Once each.' },
      media: [{ mediaFormat: 'PHOTO', sourceUrl: 'https://m.example/a' }],
    });
    expect(toLocalPost({ text: 'Half', link, options }, undefined)).not.toHaveProperty('callToAction');
  });
});

describe('the options', () => {
  const valid = (options: unknown) => googleBusiness().options.safeParse(options).success;

  test.each(['2026-02-30', '2026-13-01', '2026-12-05 09:00', '2026-12-05T24:30', '5 December'])(
    'take no “%s” for a time',
    (start) => {
      expect(valid({ event: { ...event, start } })).toBe(false);
    },
  );

  test('take an event of a day, and none that ends before it starts', () => {
    expect(valid({ event: { title: 'Day', start: '2026-12-05', end: '2026-12-05' } })).toBe(true);
    expect(valid({ event: { title: 'Day', start: '2026-12-05', end: '2026-12-04' } })).toBe(false);
  });
});

describe('check', () => {
  test.each([
    [{ text: 'a'.repeat(1_501) }, 'text_too_long', '/text', 'error'],
    [{ text: '', media: [anAttachment('a', { alt: '' })] }, 'text_empty', '/text', 'error'],
    [{ options: { offer: {} } }, 'required', '/options/event', 'error'],
    [{ options: { offer: {}, event, action: 'book' } }, 'button_unsupported', '/options/action', 'error'],
    [{ options: { action: 'book' } }, 'required', '/link', 'error'],
    [{ media: [anAttachment('a', { alt: '', bytes: 9_000 })] }, 'media_too_few_bytes', '/media/0', 'error'],
    [
      { media: [anAttachment('a', { alt: '', width: 300, height: 300 })] },
      'media_too_small',
      '/media/0',
      'error',
    ],
    [
      { media: [anAttachment('a', { alt: '', width: 1_200, height: 250 })] },
      'media_too_small',
      '/media/0',
      'error',
    ],
    [{ media: [anAttachment('a', { alt: '', type: 'image/webp' })] }, 'media_type', '/media/0', 'error'],
    [{ media: [anAttachment('a', { alt: '', type: 'video/mp4' })] }, 'media_type', '/media/0', 'error'],
    [
      { media: [anAttachment('a', { alt: '' }), anAttachment('b', { alt: '' })] },
      'media_too_many',
      '/media',
      'error',
    ],
    [{ media: [anAttachment('a', { alt: 'A loaf' })] }, 'alt_unsupported', '/media/0/alt', 'warning'],
    [{ thread: ['more'] }, 'thread_unsupported', '/thread', 'error'],
    [{ firstComment: 'more' }, 'first_comment_unsupported', '/firstComment', 'error'],
  ])('finds what Google does not take: %#', (over, rule, path, severity) => {
    expect(googleBusiness().check({ text: 'Bread', ...over }, {})).toMatchObject([{ rule, severity, path }]);
  });

  test.each([
    ['Call +49 30 1234567', 1],
    ['Telefon: 030/123 45-67', 1],
    ['Call (555) 123-4567 now', 1],
    ['555-123-4567', 1],
    ['From 05.12.2026 to 06.12.2026, 08:00-18:00', 0],
    ['Only 1.250,00 € or 0,99 €', 0],
    ['See https://bakery.example/030123456789', 0],
    ['Order 4711 of 2026-12-05', 0],
  ])('sees in “%s” %d telephone numbers', (text, count) => {
    expect(
      googleBusiness()
        .check({ text }, {})
        .filter(({ rule }) => rule === 'phone_in_text'),
    ).toHaveLength(count);
  });
});

describe('the outcome', () => {
  const outcome = (status: number, json: unknown) => {
    const answer: HttpAnswer = { kind: 'answered', status, headers: {}, text: '{…}', json };
    return toOutcome(answer, aPublishRequest(credential), NOW);
  };
  const error = (status: string, ...details: unknown[]) => ({ error: { status, message: 'No.', details } });
  const name = `${GOOGLE_LOCATION}/localPosts/1`;

  test('is a publication where the post is live, at its own address or that of the business', () => {
    const searchUrl = 'https://local.google.com/place?lpsid=1';
    expect(outcome(200, { name, state: 'LIVE', searchUrl })).toEqual({
      kind: 'published',
      externalId: name,
      url: searchUrl,
    });
    expect(outcome(200, { name })).toEqual({
      kind: 'published',
      externalId: name,
      url: 'https://bakery.example/',
    });
  });

  test.each([
    [200, { name, state: 'PROCESSING' }, 'pending', undefined],
    [200, { name, state: 'REJECTED' }, 'rejected', 'content_refused'],
    [200, {}, 'uncertain', undefined],
    [400, error('INVALID_ARGUMENT'), 'rejected', 'content_refused'],
    [400, error('FAILED_PRECONDITION'), 'rejected', 'needs_person'],
    [401, error('UNAUTHENTICATED'), 'unauthorized', undefined],
    [403, error('PERMISSION_DENIED'), 'unauthorized', undefined],
    [403, error('PERMISSION_DENIED', { reason: 'SERVICE_DISABLED' }), 'rejected', 'configuration'],
    [404, error('NOT_FOUND'), 'rejected', 'configuration'],
    [429, error('RESOURCE_EXHAUSTED'), 'rateLimited', undefined],
    [429, error('RESOURCE_EXHAUSTED', { metadata: { quota_limit_value: '300' } }), 'rateLimited', undefined],
    // No app has more before Google has approved it, and waiting never mends that.
    [429, error('RESOURCE_EXHAUSTED', { metadata: { quota_limit_value: '0' } }), 'rejected', 'configuration'],
    [500, error('INTERNAL'), 'uncertain', undefined],
    [503, error('UNAVAILABLE'), 'uncertain', undefined],
  ])('of %d with %j is %s %s', (status, body, kind, code) => {
    const found = outcome(status, body);
    expect(found.kind).toBe(kind);
    if (found.kind === 'rejected') expect(found).toMatchObject({ code });
  });

  test('names what Google says in the details', () => {
    const details = { errorDetails: [{ code: 1, field: 'summary', message: 'Summary is too long.' }] };
    expect(outcome(400, error('INVALID_ARGUMENT', details))).toMatchObject({
      reason: 'HTTP 400: No. Summary is too long.',
    });
  });
});

describe('a post that is being processed', () => {
  const processing = async () => {
    const world = await google();
    world.begin('PROCESSING');
    const outcome = await world.provider.publish(world.request, providerContext());
    if (outcome.kind !== 'pending') return expect.fail(outcome.kind);
    const request = { ...world.request, delivery: { ...world.request.delivery, handle: outcome.handle } };
    const poll = async (now = NOW) =>
      await world.provider.poll?.(request, providerContext({ now: () => now }));
    return { ...world, request, first: outcome, poll };
  };

  test('is looked at again until it is live', async () => {
    const world = await processing();
    expect(world.first.checkAt).toBe(NOW + 20 * SECOND);
    expect(await world.poll(NOW + DAY)).toMatchObject({ kind: 'pending', checkAt: NOW + DAY + HOUR });
    expect(await world.poll(NOW + 3 * DAY)).toMatchObject({ kind: 'uncertain' });
    world.settle('LIVE');
    expect(await world.poll()).toMatchObject({ kind: 'published', externalId: world.published()[0] });
    await world.close();
  });

  test('may be rejected, or gone', async () => {
    const world = await processing();
    world.settle('REJECTED');
    expect(await world.poll()).toMatchObject({ kind: 'rejected', code: 'content_refused' });
    world.forget(world.posts[0]?.name ?? '');
    expect(await world.poll()).toMatchObject({ kind: 'rejected', code: 'content_refused' });
    await world.close();
  });

  test('waits while Google cannot be asked', async () => {
    const world = await processing();
    await world.close();
    expect(await world.poll()).toMatchObject({ kind: 'pending' });
  });

  test('is found after a doubt, and looked after', async () => {
    const world = await processing();
    const found = await world.provider.find?.(
      { ...world.request, since: NOW, excluding: new Set() },
      providerContext(),
    );
    expect(found).toMatchObject({ kind: 'found', then: world.first.handle });
    await world.close();
  });
});

describe('logging in', () => {
  test('offers every business that the account manages, of all pages', async () => {
    await using world = await google();
    world.manage(['locations/333']);
    const tokens = { accessToken: GOOGLE_TOKEN, refreshToken: GOOGLE_REFRESH, expiresAt: NOW + HOUR };
    expect(await world.provider.login?.choices({ tokens, app }, providerContext())).toMatchObject({
      kind: 'choices',
      choices: [
        {
          account: { id: 'locations/222', handle: 'Krume 222', url: 'https://maps.google.com/maps?cid=222' },
          credential: {
            location: GOOGLE_LOCATION,
            refreshToken: GOOGLE_REFRESH,
            expiresAt: '2026-11-30T09:01:00Z',
          },
        },
        { account: { id: 'locations/333' }, credential: { location: 'accounts/111/locations/333' } },
      ],
    });
  });

  test('says so when the list cannot be read', async () => {
    await using world = await google();
    const tokens = { accessToken: 'another' };
    expect(await world.provider.login?.choices({ tokens, app }, providerContext())).toMatchObject({
      kind: 'unauthorized',
    });
  });

  test('lasts: an hour’s token is renewed and the business kept', async () => {
    await using world = await google();
    expect(await world.provider.renewal?.refresh?.(credential, app, providerContext())).toEqual({
      kind: 'refreshed',
      credential: {
        accessToken: GOOGLE_TOKEN,
        refreshToken: GOOGLE_REFRESH,
        expiresAt: new Date(NOW + 3_599 * SECOND).toISOString().replace('.000', ''),
        location: GOOGLE_LOCATION,
      },
    });
    const revoked = { ...credential, refreshToken: '1//revoked' };
    const refused = await world.provider.renewal?.refresh?.(revoked, app, providerContext());
    expect(refused).toMatchObject({ kind: 'unauthorized' });
  });
});
