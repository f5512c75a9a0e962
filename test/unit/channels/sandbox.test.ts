import { describe, expect, test } from 'vitest';
import { sandbox, sandboxCredential, toOutcome, toRequest } from '../../../shared/channels/sandbox.ts';
import { DUE_AT } from '../../support/builders.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

const request = aPublishRequest(
  { account: 'demo' },
  { variant: { text: 'Bread', link: 'https://a.example' } },
);
const answered = (status: number, json: unknown) =>
  ({ kind: 'answered', status, headers: {}, text: '{…}', json }) as const;

describe('sandbox', () => {
  test('asks for a post with the delivery’s key, the account and text and link apart', () => {
    expect(toRequest('http://127.0.0.1:9', request)).toEqual({
      method: 'POST',
      url: 'http://127.0.0.1:9/api/posts',
      headers: {
        authorization: 'Bearer demo',
        'content-type': 'application/json',
        'idempotency-key': request.delivery.key,
      },
      body: '{"text":"Bread","link":"https://a.example"}',
    });
  });

  test.each([
    [201, { id: 'p1', url: 'http://127.0.0.1:9/p1' }, 'published'],
    [200, { id: 'p1', url: 'http://127.0.0.1:9/p1' }, 'published'],
    [201, { id: 'p1' }, 'uncertain'],
    [401, { error: 'expired' }, 'unauthorized'],
    [422, { error: 'too long' }, 'rejected'],
  ])('takes %d with %j for %s', (status, body, kind) => {
    expect(toOutcome(answered(status, body), DUE_AT).kind).toBe(kind);
  });

  test('has a demo account when none is named, and refuses names that are no path', () => {
    expect(sandboxCredential.parse({})).toEqual({ account: 'demo' });
    expect(sandboxCredential.safeParse({ account: '../admin' }).success).toBe(false);
  });

  test('counts what people see', () => {
    const network = sandbox('http://127.0.0.1:9/');
    expect(network.check({ text: '👨‍👩‍👧'.repeat(500) }, {})).toEqual([]);
    expect(network.check({ text: '👨‍👩‍👧'.repeat(501) }, {})).toHaveLength(1);
  });
});
