import { describe, expect, it } from 'vitest';
import { isAwsFault } from '../../../functions/aws-fault.ts';

const anError = (fields: object) => Object.assign(new Error('failed'), fields);

describe('a fault of AWS itself', () => {
  it.each([
    ['a server fault', anError({ $fault: 'server' })],
    ['a throttled call', anError({ name: 'ProvisionedThroughputExceededException', $fault: 'client' })],
    ['what the SDK calls retryable', anError({ $retryable: { throttling: true } })],
    ['a 503 without a name', anError({ $metadata: { httpStatusCode: 503 } })],
    ['a lost socket', anError({ code: 'ECONNRESET' })],
    ['a timeout of the SDK', anError({ name: 'TimeoutError', $metadata: {} })],
    ['one that lies beneath', new Error('could not write', { cause: anError({ code: 'ENOTFOUND' }) })],
  ])('is %s', (_, error) => {
    expect(isAwsFault(error)).toBe(true);
  });

  it.each([
    ['a bug', new TypeError('undefined')],
    ['a lost condition', anError({ name: 'ConditionalCheckFailedException', $fault: 'client' })],
    [
      'a refused call',
      anError({ name: 'AccessDeniedException', $fault: 'client', $metadata: { httpStatusCode: 400 } }),
    ],
    ['a timeout of our own', anError({ name: 'TimeoutError' })],
    ['a thrown text', 'ECONNRESET'],
  ])('is not %s', (_, error) => {
    expect(isAwsFault(error)).toBe(false);
  });
});
