import type { Outcome } from '../../shared/channels/provider.ts';
import type { Fault } from '../support/fake-networks/server.ts';

/** What goes wrong with the irreversible request, and what a provider makes of it unless it says that it differs. */
export const FAULTS = {
  'a 400': { fault: { kind: 'answer', status: 400, body: {} }, expected: 'rejected' },
  'a 401': { fault: { kind: 'answer', status: 401, body: {} }, expected: 'unauthorized' },
  'a 429': {
    fault: { kind: 'answer', status: 429, headers: { 'retry-after': '30' }, body: {} },
    expected: 'rateLimited',
  },
  'a 500': { fault: { kind: 'answer', status: 500, body: {} }, expected: 'uncertain' },
  'a page of a proxy': {
    fault: { kind: 'answer', status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>Bad</h1>' },
    expected: 'uncertain',
  },
  'a success that makes no sense': {
    fault: { kind: 'answer', status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>Hello</h1>' },
    expected: 'uncertain',
  },
  garbage: { fault: { kind: 'garbage' }, expected: 'uncertain' },
  silence: { fault: { kind: 'hang' }, expected: 'uncertain' },
  'half an answer': { fault: { kind: 'half' }, expected: 'uncertain' },
  'a connection cut before it took effect': { fault: { kind: 'lose' }, expected: 'uncertain' },
  'a connection cut after it took effect': { fault: { kind: 'drop' }, expected: 'uncertain' },
} as const satisfies Record<string, { fault: Fault; expected: Outcome['kind'] }>;
export type FaultName = keyof typeof FAULTS;
