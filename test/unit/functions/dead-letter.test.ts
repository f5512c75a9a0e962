import { describe, expect, test } from 'vitest';
import { reasonFor } from '../../../functions/dead-letter.ts';

describe('the reason of a dead letter', () => {
  test('names the fault and what caused it', () => {
    const error = new Error('the agency agy_1 is gone', { cause: new RangeError('no page 7') });
    expect(reasonFor(error)).toBe('Error: the agency agy_1 is gone, because of RangeError: no page 7');
    expect(reasonFor('thrown text')).toBe('something that is no error was thrown');
  });

  test.each([
    ['what was not JSON', () => JSON.parse('{"token":"s3cret"'), 's3cret'],
    ['a quotation', () => fail('bad text "Our s3cret launch"'), 's3cret'],
    ['an open quotation', () => fail('bad text "Our s3cret launch'), 's3cret'],
    ['an address', () => fail('cannot mail s3cret@client.example now'), 's3cret'],
    ['a query', () => fail('GET https://api.example/v1?key=s3cret failed'), 's3cret'],
    ['a header', () => fail('refused Authorization: Bearer s3cret'), 's3cret'],
    ['a long token', () => fail(`could not open s3cret${'x'.repeat(40)}`), 's3cret'],
  ])('does not tell %s', (_what, run, secret) => {
    expect(reasonFor(caught(run))).not.toContain(secret);
  });

  test('is one line that SQS takes: at most 250 characters, no control characters, no half of a pair', () => {
    const reason = reasonFor(new Error(`a\n\tb\u0000 ${'🥖 '.repeat(400)}`));
    expect(reason).toMatch(/^Error: a b 🥖/u);
    expect(reason.length).toBeLessThanOrEqual(250);
    for (const pad of ['', 'x'])
      expect(reasonFor(new Error(pad + '🥖 🥖🥖'.repeat(90))).isWellFormed()).toBe(true);
  });

  test('ends with causes that go round in a circle', () => {
    const error = new Error('again');
    error.cause = error;
    expect(reasonFor(error)).toBe('Error: again, because of Error: again, because of Error: again');
  });
});

function fail(message: string): never {
  throw new Error(message);
}

function caught(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
