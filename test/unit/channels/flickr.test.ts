import { describe, expect, test } from 'vitest';
import { flickrFailure } from '../../../shared/channels/flickr/api.ts';
import { flickrAuthorization, oauthSignature } from '../../../shared/channels/flickr/oauth.ts';
import { flickrMark, toFields } from '../../../shared/channels/flickr/photo.ts';
import { readUpload } from '../../../shared/channels/flickr/xml.ts';
import { flickr } from '../../../shared/channels/flickr.ts';
import type { HttpAnswer } from '../../../shared/channels/provider.ts';
import { MINUTE } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../../support/builders.ts';
import { FLICKR_KEYS } from '../../support/fake-networks/flickr-signature.ts';
import { anAttachment } from '../../support/media.ts';

const NOW = DUE_AT + MINUTE;
const answered = (text: string, status = 200): HttpAnswer => ({
  kind: 'answered',
  status,
  headers: {},
  text,
  json: undefined,
});

describe('the signature', () => {
  const photos = {
    method: 'GET',
    url: 'http://photos.example.net/photos',
    secrets: { apiSecret: 'kd94hf93k423kf44', tokenSecret: 'pfkkdhi9sl3r4s00' },
    parameters: [
      ['file', 'vacation.jpg'],
      ['size', 'original'],
      ['oauth_consumer_key', 'dpf43f3p2l4k3l03'],
      ['oauth_token', 'nnch734d00sl2jdk'],
      ['oauth_signature_method', 'HMAC-SHA1'],
    ],
  } as const;

  test.each([
    [
      'RFC 5849, section 1.2',
      {
        ...photos,
        parameters: [...photos.parameters, ['oauth_timestamp', '137131202'], ['oauth_nonce', 'chapoH']],
      },
      'MdpQcU8iPSUjWoN/UDMsK2sui9I=',
    ],
    [
      'OAuth Core 1.0, appendix A.5',
      {
        ...photos,
        parameters: [
          ...photos.parameters,
          ['oauth_timestamp', '1191242096'],
          ['oauth_nonce', 'kllo9940pd9333jh'],
          ['oauth_version', '1.0'],
        ],
      },
      'tR3+Ty81lMeYAr/Fid0kMTYa/WM=',
    ],
    [
      // https://docs.x.com/fundamentals/authentication/oauth-1-0a/creating-a-signature
      'X’s documentation, with marks and spaces',
      {
        method: 'POST',
        url: 'https://api.x.com/1.1/statuses/update.json',
        secrets: {
          apiSecret: 'kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw',
          tokenSecret: 'LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE',
        },
        parameters: [
          ['status', 'Hello Ladies + Gentlemen, a signed OAuth request!'],
          ['include_entities', 'true'],
          ['oauth_consumer_key', 'xvz1evFS4wEEPTGEFPHBog'],
          ['oauth_nonce', 'kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg'],
          ['oauth_signature_method', 'HMAC-SHA1'],
          ['oauth_timestamp', '1318622958'],
          ['oauth_token', '370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb'],
          ['oauth_version', '1.0'],
        ],
      },
      'Ls93hJiZbQ3akF3HF3x1Bz8/zU4=',
    ],
  ] as const)('is that of %s', (_where, { secrets, ...request }, expected) => {
    expect(oauthSignature(request, secrets)).toBe(expected);
  });

  test('stands in a header with all that was signed but the parameters, and never with a secret', () => {
    const request = {
      method: 'GET',
      url: 'https://api.flickr.com/services/rest',
      parameters: [['a', 'b']],
    } as const;
    const header = flickrAuthorization(FLICKR_KEYS, request, NOW);
    expect(header).toMatch(
      /^OAuth oauth_consumer_key="\w+", oauth_token="[\w-]+", oauth_signature_method="HMAC-SHA1"/,
    );
    expect(header).toContain(`oauth_timestamp="${NOW / 1_000}"`);
    expect(header).toMatch(/oauth_signature="[\w%]+%3D"$/);
    expect(header).not.toContain(FLICKR_KEYS.apiSecret);
    expect(flickrAuthorization(FLICKR_KEYS, request, NOW + 1)).not.toBe(header);
  });
});

describe('the answer to an upload', () => {
  test.each([
    ['<rsp stat="ok"><ticketid>12-34</ticketid></rsp>', { kind: 'ticket', ticket: '12-34' }],
    [
      '<?xml version="1.0"?>\n<rsp stat="ok">\n<photoid secret="a">77</photoid>\n</rsp>',
      { kind: 'photo', photo: '77' },
    ],
    [
      '<rsp stat="fail"><err code="5" msg="Not a &lt;photo&gt; &amp; no video" /></rsp>',
      { kind: 'refused', error: { code: 5, message: 'Not a <photo> & no video' } },
    ],
    [
      '<rsp stat="fail"><err code="9" msg="Duplicate" duplicate_photo_id="99" /></rsp>',
      { kind: 'refused', error: { code: 9, message: 'Duplicate' }, duplicate: '99' },
    ],
    ['<rsp stat="ok"></rsp>', undefined],
    ['<rsp stat="ok"><photoid>../x</photoid></rsp>', undefined],
    ['<!DOCTYPE x [<!ENTITY e "1">]><html>&e;</html>', undefined],
    [`<rsp stat="ok">${' '.repeat(4_000)}<photoid>1</photoid></rsp>`, undefined],
    ['', undefined],
  ])('%s is read as %j', (text, expected) => {
    expect(readUpload(answered(text))).toEqual(expected);
  });

  test('is none where the status is another', () => {
    expect(readUpload(answered('<rsp stat="ok"><photoid>1</photoid></rsp>', 502))).toBeUndefined();
  });
});

describe('an error', () => {
  test.each([
    [0, 'rejected', 'media_refused'],
    [3, 'uncertain', undefined],
    [5, 'rejected', 'media_refused'],
    [6, 'rejected', 'needs_person'],
    [8, 'rejected', 'media_refused'],
    [9, 'rejected', 'duplicate'],
    [14, 'unavailable', undefined],
    [95, 'rejected', 'configuration'],
    [96, 'unauthorized', undefined],
    [98, 'unauthorized', undefined],
    [99, 'unauthorized', undefined],
    [100, 'unauthorized', undefined],
    [105, 'unavailable', undefined],
    [106, 'uncertain', undefined],
    [116, 'rejected', 'content_refused'],
    [777, 'rejected', 'flickr_777'],
  ])('%d of an upload is %s %s', (code, kind, expected) => {
    const outcome = flickrFailure(answered(''), { code, message: 'No.' }, 'upload', NOW);
    expect(outcome).toMatchObject({ kind, reason: `Flickr error ${code}: No.` });
    if (outcome.kind === 'rejected') expect(outcome.code).toBe(expected);
  });

  test('with a low number means another thing in another method', () => {
    expect(flickrFailure(answered(''), { code: 3, message: 'No.' }, 'method', NOW)).toMatchObject({
      code: 'flickr_3',
    });
  });

  test.each([
    ['token_rejected', 'unauthorized'],
    ['signature_invalid', 'unauthorized'],
    ['timestamp_refused', 'unavailable'],
  ])('%s of OAuth is %s, and what was signed is not repeated', (problem, kind) => {
    const answer = answered(`oauth_problem=${problem}&debug_sbs=GET%26${FLICKR_KEYS.token}`, 401);
    expect(flickrFailure(answer, undefined, 'upload', NOW)).toEqual({
      kind,
      reason: `Flickr says: ${problem}`,
    });
  });
});

describe('the fields of a photo', () => {
  const fieldsOf = (options: Record<string, unknown>) =>
    Object.fromEntries(
      toFields({ text: 'Text', link: 'https://b.example/', options }, { alt: 'A loaf' }, 'a:b=c'),
    );

  test('say what is to be seen below the words, as there is no alt text', () => {
    expect(fieldsOf({})).toEqual({
      title: 'Text',
      description: 'Text\n\nhttps://b.example/\n\nA loaf',
      tags: 'a:b=c',
      is_public: '1',
      is_friend: '0',
      is_family: '0',
      safety_level: '1',
      content_type: '1',
      async: '1',
      dedup_check: '1',
    });
  });

  test.each([
    [{ visibility: 'private' }, { is_public: '0', is_friend: '0', is_family: '0' }],
    [{ visibility: 'friends' }, { is_public: '0', is_friend: '1', is_family: '0' }],
    [{ visibility: 'friendsAndFamily' }, { is_public: '0', is_friend: '1', is_family: '1' }],
    [
      { safety: 'restricted', contentType: 'other' },
      { safety_level: '3', content_type: '3' },
    ],
    [{ hidden: true }, { hidden: '2' }],
    [{ hidden: false }, { hidden: '1' }],
    [{ tags: ['Krume & Co', 'bread'] }, { tags: '"Krume & Co" "bread" a:b=c' }],
    [{ title: 'Other' }, { title: 'Other' }],
  ])('of %j are %j', (options, expected) => {
    expect(fieldsOf(options)).toMatchObject(expected);
  });

  test('bear a mark for each photo of each delivery', () => {
    expect(flickrMark('a', 0)).toMatch(/^sendeplan:photo=[0-9a-f]{20}$/);
    expect(new Set([flickrMark('a', 0), flickrMark('a', 1), flickrMark('b', 0)]).size).toBe(3);
    expect(fieldsOf({ allowDuplicate: true }).dedup_check).toBeUndefined();
  });
});

describe('check', () => {
  const media = [anAttachment('a')];
  test.each([
    [{}, 'media_too_few', '/media'],
    [{ media: [anAttachment('a', { type: 'image/webp' })] }, 'media_type', '/media/0'],
    [{ media: [anAttachment('a', { type: 'application/pdf' })] }, 'media_type', '/media/0'],
    [{ media: [anAttachment('a', { bytes: 200_000_001 })] }, 'media_too_large', '/media/0'],
    [
      { media: [anAttachment('a', { type: 'video/mp4', durationMs: 601_000 })] },
      'media_too_long',
      '/media/0',
    ],
    [{ media, thread: ['more'] }, 'thread_unsupported', '/thread'],
    [{ media, poll: { options: ['a', 'b'], minutes: 60 } }, 'poll_unsupported', '/poll'],
  ])('finds what Flickr does not take: %#', (over, rule, path) => {
    const found = flickr().check({ text: 'x', options: { title: 'T' }, ...over }, {});
    expect(found).toMatchObject([{ rule, severity: 'error', path }]);
  });

  test('takes photos and videos side by side, and warns of a title made of the text', () => {
    const mixed = [anAttachment('a'), anAttachment('b', { type: 'video/mp4' })];
    expect(flickr().check({ text: 'x', media: mixed }, {})).toMatchObject([{ rule: 'title_from_text' }]);
  });
});
