import { describe, expect, it } from 'vitest';
import {
  expiry,
  keys,
  NO_TIME,
  pad,
  readPartition,
  SHARDS,
  shardOf,
} from '../../../../shared/adapters/store/keys.ts';
import { anId, DUE_AT } from '../../../support/builders.ts';

describe('keys', () => {
  it('start every partition with the agency, except the key by its hash', () => {
    const makers = Object.entries(keys) as [string, (...args: (string | number)[]) => unknown][];
    for (const [name, make] of makers) {
      const args =
        name === 'audit'
          ? ['agy_1', DUE_AT, 'x']
          : name === 'reportOfBrand'
            ? ['agy_1', 'brd_1', 1, 'x']
            : ['agy_1', 'b', 'c', 'd', 'e'];
      const made = make(...args);
      const partition = typeof made === 'string' ? made : (made as { pk: string }).pk;
      expect(partition, name).toMatch(name === 'keyByHash' ? /^KEY#agy_1$/ : /^A#agy_1#/);
    }
  });

  it('cannot be led into another partition by an id with a separator', () => {
    expect(keys.post('agy_1', 'x#y').pk).not.toBe(`${keys.ofPost('agy_1', 'x')}#y`);
    expect(keys.agency('agy_1#POST').pk).not.toMatch(/^A#agy_1#/);
    expect(keys.post('agy_1', 'x%23y').pk).not.toBe(keys.post('agy_1', 'x#y').pk);
  });

  it('give back what they were made of', () => {
    expect(readPartition(keys.ofPost('agy_1', 'post_1'))).toEqual({ agencyId: 'agy_1', id: 'post_1' });
    expect(readPartition(keys.ofPost('a#%', 'p#%'))).toEqual({ agencyId: 'a#%', id: 'p#%' });
  });

  it('pad instants so that texts sort as numbers do', () => {
    expect([pad(5), pad(DUE_AT), pad(Number.POSITIVE_INFINITY), pad(-1)]).toEqual([
      '0000000000005',
      String(DUE_AT),
      String(NO_TIME),
      '0000000000000',
    ]);
  });

  it('spread ids over all shards', () => {
    const shards = Array.from({ length: 400 }, (_, n) => shardOf(anId('post', `${n}`)));
    expect(new Set(shards).size).toBe(SHARDS);
    expect(Math.min(...shards)).toBe(0);
    expect(Math.max(...shards)).toBe(SHARDS - 1);
  });

  it('let expire 400 days later, in epoch seconds', () => {
    expect(new Date(expiry(Date.UTC(2026, 0, 1)) * 1_000).toISOString()).toBe('2027-02-05T00:00:00.000Z');
  });
});
