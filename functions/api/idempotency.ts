import { refusal } from './answers.ts';
import type { ApiRequest } from './route.ts';

/** For a route's `headers`: how the document explains it. */
export const idempotencyHeader = {
  'Idempotency-Key': 'Your own name for this request, up to 255 printable ASCII characters',
};

/** What a use case takes of it: nothing without the header. 422 for a key of another form. */
export function idempotency(request: Pick<ApiRequest, 'headers'>): { idempotencyKey?: string } {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return {};
  if (!/^[\x20-\x7e]{1,255}$/.test(key)) {
    throw refusal('invalid_value', '/Idempotency-Key', {
      rule: 'must be 1 to 255 printable ASCII characters',
    });
  }
  return { idempotencyKey: key };
}

/** To be spread into the answer's headers. */
export const replayHeader = (replayed: boolean): Record<string, string> =>
  replayed ? { 'Idempotent-Replayed': 'true' } : {};
