import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { toOutcome, toRequest, webhook } from '../../../shared/channels/webhook.ts';
import { webhookCredential } from '../../../shared/channels/webhook-signature.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import { DUE_AT } from '../../support/builders.ts';
import { fakeWebhook } from '../../support/fake-networks/webhook.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

const url = 'https://client.example/hooks/t0k3n?key=s3cr3t';
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const publication = (secret = SECRET) =>
  aPublishRequest({ url, secret }, { variant: { text: 'Grüße 😀', options: { board: 'news' } } });

describe('the request of a webhook', () => {
  test.each([
    ['a whsec_ secret', SECRET, new Webhook(SECRET)],
    ['a plain secret', 'plain-secret-of-20-c', new Webhook('plain-secret-of-20-c', { format: 'raw' })],
  ])('is verified by the reference library under %s', (_name, secret, reader) => {
    // The library compares with the machine's clock.
    const { headers = {}, body = '' } = toRequest(publication(secret), [], Date.now());
    expect(reader.verify(String(body), { ...headers })).toMatchObject({ type: 'post.publish' });
    expect(() => reader.verify(`${body} `, { ...headers })).toThrow('No matching signature');
  });

  test('is signed by the former secret, too, while a receiver goes over to the new one', () => {
    const former = 'plain-secret-of-20-c';
    const request = publication();
    const rotating = { ...request, credential: { ...request.credential, formerSecret: former } };
    const { headers = {}, body = '' } = toRequest(rotating, [], Date.now());
    for (const reader of [new Webhook(SECRET), new Webhook(former, { format: 'raw' })]) {
      expect(reader.verify(String(body), { ...headers })).toMatchObject({ type: 'post.publish' });
    }
    expect(headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
  });

  test('says what is to be published, under the delivery’s key', () => {
    const request = publication();
    const { headers, body, url: asked, method } = toRequest(request, [], DUE_AT + 1_500);
    expect({ method, asked }).toEqual({ method: 'POST', asked: url });
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': request.delivery.key,
      'idempotency-key': request.delivery.key,
      'webhook-timestamp': String(DUE_AT / 1_000 + 1),
    });
    expect(JSON.parse(String(body))).toEqual({
      type: 'post.publish',
      timestamp: '2026-11-30T08:00:00Z',
      data: {
        deliveryId: request.delivery.id,
        channelId: request.channel.id,
        text: 'Grüße 😀',
        options: { board: 'news' },
        dueAt: '2026-11-30T08:00:00Z',
      },
    });
  });

  test('has the same id and body an hour later, and a fresh signature', () => {
    const first = toRequest(publication(), [], DUE_AT);
    const second = toRequest(publication(), [], DUE_AT + 3_600_000);
    expect(second.body).toBe(first.body);
    expect(second.headers?.['webhook-id']).toBe(first.headers?.['webhook-id']);
    expect(second.headers?.['webhook-signature']).not.toBe(first.headers?.['webhook-signature']);
  });
});

describe('what a webhook takes', () => {
  const rules = (variant: Variant) => webhook.check(variant, {}).map(({ rule, path }) => `${rule} ${path}`);
  const film = anAttachment('film', { type: 'video/mp4', durationMs: 9_000 });
  const paper = anAttachment('paper', { type: 'application/pdf', alt: '' });
  const everything: Variant = {
    text: 'Grüße',
    link: 'https://bakery.example/',
    media: [anAttachment('loaf', { alt: 'A loaf' }), film, film, paper, paper],
    thread: ['Two', 'Three'],
    firstComment: 'More',
    poll: { options: ['Rye', 'Wheat'], minutes: 60 },
  };

  test('is all that a post may have', () => {
    expect(rules(everything)).toEqual([]);
    expect(rules({ ...everything, poll: { question: '?', options: ['a', 'b'], minutes: 5 } })).toEqual([]);
  });

  test('is no post without anything, and no empty part of one', () => {
    expect(rules({ text: '' })).toEqual(['text_empty /text']);
    expect(rules({ text: 'a', thread: [''] })).toEqual(['text_empty /thread/0']);
    expect(rules({ text: 'a', media: [anAttachment('a', { alt: '' })] })).toEqual([
      'alt_missing /media/0/alt',
    ]);
  });

  test('is told to the receiver, the files by addresses that it can read', async () => {
    await using receiver = await receiving();
    const request = aPublishRequest({ url: receiver.url, secret: SECRET }, { variant: everything });
    expect((await webhook.publish(request, providerContext())).kind).toBe('published');
    const [said] = receiver.taken.values();
    expect(said).toMatchObject({
      data: {
        media: [
          {
            url: 'https://media.example/media/loaf?signature=1',
            mime: 'image/jpeg',
            bytes: 300_000,
            fileName: 'loaf.jpeg',
            alt: 'A loaf',
            width: 1_200,
            height: 900,
          },
          { mime: 'video/mp4', durationMs: 9_000 },
          { mime: 'video/mp4' },
          { mime: 'application/pdf' },
          { mime: 'application/pdf' },
        ],
        thread: ['Two', 'Three'],
        firstComment: 'More',
        poll: { options: ['Rye', 'Wheat'], minutes: 60 },
      },
    });
  });

  test('is a photo without its place, where it says where it was taken', async () => {
    const loaf = anAttachment('loaf');
    const [original] = loaf.files;
    if (original === undefined) return expect.fail('no file');
    const large = { ...original, name: 'large', path: 'media/large' } as const;
    const media = [{ ...loaf, files: [{ ...original, located: true as const }, large] }];
    await using receiver = await receiving();
    const request = aPublishRequest({ url: receiver.url, secret: SECRET }, { variant: { text: 'a', media } });
    await webhook.publish(request, providerContext());
    expect(JSON.stringify([...receiver.taken.values()])).toContain('https://media.example/media/large?');
  });
});

async function receiving() {
  const receiver = await fakeWebhook({ secret: SECRET });
  return { ...receiver, [Symbol.asyncDispose]: receiver.close };
}

describe('the outcome of a webhook', () => {
  const outcome = (status: number, json: unknown = undefined) =>
    toOutcome(
      { kind: 'answered', status, headers: {}, text: '', json },
      { id: 'key-1', credential: { url } },
      DUE_AT,
    );

  test.each([
    [{ externalId: 'x1', url: 'https://client.example/x1' }, 'x1', 'https://client.example/x1'],
    [{ externalId: 42 }, '42', 'https://client.example/'],
    [{ url: 'https://client.example/x1' }, 'key-1', 'https://client.example/x1'],
    [{ externalId: '', url: 'javascript:alert(1)' }, 'key-1', 'https://client.example/'],
    [{ externalId: {}, url: 7 }, 'key-1', 'https://client.example/'],
    ['ok', 'key-1', 'https://client.example/'],
    [undefined, 'key-1', 'https://client.example/'],
  ])('of a 2xx with %j is a publication', (body, externalId, where) => {
    expect(outcome(200, body)).toEqual({ kind: 'published', externalId, url: where });
  });

  test.each([
    [202, 'published'],
    [204, 'published'],
    [301, 'rejected'],
    [302, 'uncertain'],
    [400, 'rejected'],
    [401, 'unauthorized'],
    [403, 'unauthorized'],
    [404, 'rejected'],
    [408, 'uncertain'],
    [410, 'unauthorized'],
    [425, 'unavailable'],
    [429, 'rateLimited'],
    [500, 'uncertain'],
  ])('of %d is %s', (status, kind) => {
    expect(outcome(status).kind).toBe(kind);
  });
});

describe('the credential of a webhook', () => {
  test.each([
    [SECRET, true],
    ['plain--8', true],
    ['plain-7', false],
    ['with a space in it', false],
    ['größer-als-8-zeichen', false],
    ['whsec_', false],
    ['whsec_c2hvcnQ=', false],
    ['whsec_not base64 at all, is it', false],
  ])('takes the secret %j: %s', (secret, good) => {
    expect(webhookCredential.safeParse({ url, secret }).success).toBe(good);
  });

  test('takes web addresses only', () => {
    expect(webhookCredential.safeParse({ url: 'ftp://client.example/', secret: SECRET }).success).toBe(false);
  });

  test('takes flat options only', () => {
    expect(webhook.options.safeParse({ a: 'b', c: 1, d: true }).success).toBe(true);
    expect(webhook.options.safeParse({ a: { b: 1 } }).success).toBe(false);
  });
});
