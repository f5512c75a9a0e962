import { describe, expect, test } from 'vitest';
import { cardOf } from '../../../shared/channels/bluesky/embed.ts';
import { toMetrics } from '../../../shared/channels/bluesky/metrics.ts';
import { toRecord } from '../../../shared/channels/bluesky/record.ts';
import { expiresAt, pdsOf } from '../../../shared/channels/bluesky/session.ts';
import { mintTid, parseAtUri } from '../../../shared/channels/bluesky/tid.ts';
import { toRequest, toWritten } from '../../../shared/channels/bluesky/write.ts';
import { readRecord } from '../../../shared/channels/bluesky/xrpc.ts';
import { bluesky } from '../../../shared/channels/bluesky.ts';
import type { HttpAnswer } from '../../../shared/channels/provider.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { SECOND } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../../support/builders.ts';
import { DID, HANDLE } from '../../support/fake-networks/bluesky.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';

const ACCOUNT = { id: DID, handle: HANDLE, url: `https://bsky.app/profile/${HANDLE}` };
const NOBODY = new Map<string, string>();

const answered = (status: number, json: unknown, headers = {}): HttpAnswer => ({
  kind: 'answered',
  status,
  headers,
  text: JSON.stringify(json),
  json,
});
const image = (shape: Parameters<typeof anAttachment>[1]) => anAttachment('m', shape);
const rules = (variant: Variant) =>
  bluesky()
    .check(variant, {})
    .map(({ rule, path }) => `${rule} ${path}`);

describe('the record key', () => {
  test('is a valid TID, the same for every send of a delivery', () => {
    const tid = mintTid('dlv_a.hash', DUE_AT);
    expect(tid).toMatch(/^[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}$/);
    expect(mintTid('dlv_a.hash', DUE_AT)).toBe(tid);
  });

  test('is another for another delivery, revision or time', () => {
    const keys = Array.from({ length: 2_000 }, (_, n) => mintTid(`dlv_${n}`, DUE_AT));
    expect(new Set([...keys, mintTid('dlv_1', DUE_AT + SECOND)]).size).toBe(2_001);
  });

  test('is one of its own for each part of a thread, in their order', () => {
    const tids = Array.from({ length: 27 }, (_, part) => mintTid('dlv_a', DUE_AT, part));
    expect(tids[0]).toBe(mintTid('dlv_a', DUE_AT));
    expect(new Set(tids).size).toBe(27);
    expect(tids.toSorted()).toEqual(tids);
  });

  test('sorts as the due times do, and tells the second', () => {
    const tids = [0, 1, 60, 86_400, 31_536_000].map((seconds) => mintTid('dlv_a', DUE_AT + seconds * SECOND));
    expect(tids.toSorted()).toEqual(tids);
    const alphabet = '234567abcdefghijklmnopqrstuvwxyz';
    let value = 0n;
    for (const letter of mintTid('dlv_a', DUE_AT)) value = value * 32n + BigInt(alphabet.indexOf(letter));
    expect(Number((value >> 10n) / 1_000_000n)).toBe(DUE_AT / SECOND);
  });
});

describe('the record', () => {
  test('is dated by the promise', () => {
    expect(toRecord('Hello', {}, DUE_AT, NOBODY)).toEqual({
      $type: 'app.bsky.feed.post',
      text: 'Hello',
      createdAt: '2026-11-30T08:00:00Z',
    });
  });

  test('carries the link as a card, with the words of the options', () => {
    expect(cardOf('https://bakery.example/bread?x=1', {})).toEqual({
      $type: 'app.bsky.embed.external',
      external: { uri: 'https://bakery.example/bread?x=1', title: 'bakery.example', description: '' },
    });
    expect(cardOf('https://a.example', { cardTitle: 'Bread', cardDescription: 'From seven.' })).toMatchObject(
      {
        external: { uri: 'https://a.example', title: 'Bread', description: 'From seven.' },
      },
    );
    expect(toRecord('', { langs: ['de', 'pt-BR'] }, DUE_AT, NOBODY).langs).toEqual(['de', 'pt-BR']);
  });

  test('bears the content warnings of its author', () => {
    expect(toRecord('', { warnings: ['nudity', 'graphic-media'] }, DUE_AT, NOBODY).labels).toEqual({
      $type: 'com.atproto.label.defs#selfLabels',
      values: [{ val: 'nudity' }, { val: 'graphic-media' }],
    });
    expect(toRecord('', { warnings: [] }, DUE_AT, NOBODY).labels).toBeUndefined();
  });

  test('must not exist yet', () => {
    const session = { did: DID, pds: 'https://pds.example', accessJwt: 'token' };
    const request = toRequest('3mabcdefghijk', toRecord('Hello', {}, DUE_AT, NOBODY), session);
    expect(request.url).toBe('https://pds.example/xrpc/com.atproto.repo.putRecord');
    expect(JSON.parse(String(request.body))).toMatchObject({
      repo: DID,
      rkey: '3mabcdefghijk',
      swapRecord: null,
    });
  });
});

describe('check', () => {
  const family = '👩‍👩‍👧‍👦'; // 1 grapheme, 25 bytes
  test.each<[string, Variant, string[]]>([
    ['300 graphemes', { text: 'é'.normalize('NFD').repeat(300) }, []],
    ['301 graphemes', { text: 'a'.repeat(301) }, ['text_too_long /text']],
    ['120 families, 3,000 bytes', { text: family.repeat(120) }, []],
    ['121 families, 3,025 bytes', { text: family.repeat(121) }, ['text_too_long /text']],
    ['nothing', { text: ' ' }, ['text_empty /text']],
    ['a link alone', { text: '', link: 'https://a.example' }, []],
    ['four images', { text: '', media: ['a', 'b', 'c', 'd'].map((name) => anAttachment(name)) }, []],
    ['five', { text: '', media: [...'abcde'].map((name) => anAttachment(name)) }, ['media_too_many /media']],
    ['too large an image', { text: 'a', media: [image({ bytes: 1_000_001 })] }, ['media_too_large /media/0']],
    ['a moving GIF', { text: 'a', media: [image({ type: 'image/gif' })] }, ['media_type /media/0']],
    ['an image without words', { text: 'a', media: [image({ alt: '' })] }, ['alt_missing /media/0/alt']],
    [
      'an image with too many',
      { text: 'a', media: [image({ alt: 'a'.repeat(2_001) })] },
      ['alt_too_long /media/0/alt'],
    ],
    ['a video', { text: 'a', media: [image({ type: 'video/mp4' })] }, []],
    ['a film', { text: 'a', media: [image({ type: 'video/quicktime' })] }, ['media_type /media/0']],
    [
      'a long video',
      { text: 'a', media: [image({ type: 'video/mp4', durationMs: 600_001 })] },
      ['media_too_long /media/0'],
    ],
    [
      'a video with an image',
      { text: 'a', media: [image({ type: 'video/mp4' }), image({})] },
      ['media_mixed /media'],
    ],
    [
      'a link below a text beside an image',
      { text: 'a'.repeat(290), link: 'https://a.example', media: [image({})] },
      ['text_too_long /text'],
    ],
    ['a thread', { text: 'a', thread: ['b', 'c'.repeat(300)] }, []],
    ['too long a part of it', { text: 'a', thread: ['b', 'c'.repeat(301)] }, ['text_too_long /thread/1']],
    ['a part of too many bytes', { text: 'a', thread: [family.repeat(121)] }, ['text_too_long /thread/0']],
    ['an empty part', { text: 'a', link: 'https://a.example', thread: [' '] }, ['text_empty /thread/0']],
    ['a first comment', { text: 'a', firstComment: 'b'.repeat(301) }, ['text_too_long /firstComment']],
    [
      'the card’s image without a link',
      { text: 'a', media: [image({})], options: { cardImage: true } },
      ['option_invalid /options/cardImage'],
    ],
    [
      'the card’s image beside its link',
      { text: 'a'.repeat(300), link: 'https://a.example', media: [image({})], options: { cardImage: true } },
      [],
    ],
    ['a poll', { text: 'a', poll: { options: ['a', 'b'], minutes: 5 } }, ['poll_unsupported /poll']],
  ])('finds in %s what is wrong, and no more', (_name, variant, expected) => {
    expect(rules(variant)).toEqual(expected);
  });

  test('takes at most three languages, and only language tags', () => {
    expect(bluesky().options.safeParse({ langs: ['de', 'en', 'fr'] }).success).toBe(true);
    expect(bluesky().options.safeParse({ langs: ['de', 'en', 'fr', 'it'] }).success).toBe(false);
    expect(bluesky().options.safeParse({ langs: ['german'] }).success).toBe(false);
  });
});

describe('an answer to putRecord', () => {
  const uri = `at://${DID}/app.bsky.feed.post/3mabcdefghijk`;
  test.each([
    [200, { uri, cid: 'c' }, { kind: 'written', uri, cid: 'c', url: `${ACCOUNT.url}/post/3mabcdefghijk` }],
    [200, { ok: true }, { kind: 'uncertain' }],
    [401, { error: 'AuthenticationRequired', message: 'No' }, { kind: 'unauthorized' }],
    [400, { error: 'AccountTakedown', message: 'Gone' }, { kind: 'unauthorized' }],
    [400, { error: 'AccountDeactivated' }, { kind: 'unauthorized' }],
    [400, { error: 'AccountSuspended' }, { kind: 'unauthorized' }],
    [400, { error: 'InvalidToken', message: 'No' }, { kind: 'unauthorized' }],
    [400, { error: 'ExpiredToken', message: 'Token has expired' }, { kind: 'unavailable' }],
    [400, { error: 'InvalidRequest', message: 'Bad' }, { kind: 'rejected', reason: 'HTTP 400: Bad' }],
    [400, { error: 'BlobTooLarge', message: 'Bad' }, { kind: 'rejected', code: 'media_refused' }],
    [502, { error: 'UpstreamFailure', message: 'Bad gateway' }, { kind: 'uncertain' }],
  ])('of status %i, %j', (status, json, expected) => {
    expect(toWritten(answered(status, json), ACCOUNT, DUE_AT)).toMatchObject(expected);
  });

  test('that limits the rate says until when, in epoch seconds', () => {
    const headers = { 'ratelimit-reset': String((DUE_AT + 90 * SECOND) / SECOND) };
    expect(toWritten(answered(429, { error: 'RateLimitExceeded' }, headers), ACCOUNT, DUE_AT)).toEqual({
      kind: 'rateLimited',
      retryAt: DUE_AT + 90 * SECOND,
    });
  });

  test('is linked by the DID when the handle is broken', () => {
    const account = { ...ACCOUNT, handle: 'handle.invalid' };
    expect(toWritten(answered(200, { uri, cid: 'c' }), account, DUE_AT)).toMatchObject({
      url: `https://bsky.app/profile/${DID}/post/3mabcdefghijk`,
    });
  });
});

describe('small readings', () => {
  test('the PDS comes from the DID document, if it names one', () => {
    const service = { id: '#atproto_pds', serviceEndpoint: 'https://pds.example/' };
    expect(pdsOf({ service: [{ id: '#labeler', serviceEndpoint: 'https://l.example' }, service] })).toBe(
      'https://pds.example',
    );
    expect(pdsOf({ service: [{ ...service, serviceEndpoint: 'ftp://x' }] })).toBeUndefined();
    expect(pdsOf(undefined)).toBeUndefined();
  });

  test('a token without a readable expiry is tried', () => {
    const claims = Buffer.from('{"exp":1764489600}').toString('base64url');
    expect(expiresAt(`x.${claims}.y`)).toBe(1_764_489_600_000);
    expect(expiresAt('opaque')).toBe(Number.POSITIVE_INFINITY);
  });

  test('an address has three parts', () => {
    expect(parseAtUri('at://did:plc:a/app.bsky.feed.post/k')).toEqual({
      repo: 'did:plc:a',
      collection: 'app.bsky.feed.post',
      rkey: 'k',
    });
    expect(parseAtUri('https://bsky.app/profile/x/post/k')).toBeUndefined();
  });

  test('a count that is not told is null, not 0', () => {
    expect(toMetrics({ uri: 'at://x', likeCount: 0, repostCount: 3, quoteCount: 1 })).toMatchObject({
      reactions: 0,
      replies: null,
      shares: 4,
      saves: null,
      impressions: null,
    });
    expect(toMetrics({ uri: 'at://x' }).shares).toBeNull();
  });

  test('an older server’s words for a missing record are understood', async () => {
    const json = { error: 'InvalidRequest', message: 'Could not locate record: at://x/y/z' };
    const context = { ...providerContext(), http: async () => answered(400, json) };
    const at = { repo: DID, collection: 'app.bsky.feed.post', rkey: 'k' };
    expect(await readRecord('https://pds.example', at, context)).toEqual({ kind: 'absent' });
  });
});
