import { describe, expect, test } from 'vitest';
import { stores } from '../../../shared/adapters/store/stores.ts';
import type { Item, Table } from '../../../shared/adapters/store/table.ts';
import type { Outcome, Verified } from '../../../shared/channels/provider.ts';
import type { Account } from '../../../shared/domain/channel.ts';
import type { Http } from '../../../shared/ports.ts';
import { keepable, keepableAccount } from '../../../shared/usecases/keepable.ts';
import { memoryTable } from '../../simulation/memory-table.ts';
import { world } from '../../simulation/world.ts';
import { itemSize } from '../../support/item-size.ts';

/** DynamoDB takes no item above 400 KB; here what an update makes is looked at when it has been made. */
function withLongestItem(table: Table): Table {
  const whole = <Made extends Item | undefined>(item: Made): Made => {
    if (item && itemSize(item) > 400 * 1_024) throw new Error('ValidationException: Item size');
    return item;
  };
  return {
    ...table,
    put: async (item, conditions) => table.put(whole(item), conditions),
    update: async (key, change, conditions) => {
      const before = await table.get(key);
      const written = await table.update(key, change, conditions);
      try {
        return whole(written);
      } catch (error) {
        if (before) await table.put(before);
        throw error;
      }
    },
  };
}

describe('a network that answers what cannot be kept', () => {
  const hostile = async (told: Record<string, unknown>) => {
    const it = await world({ deps: stores(withLongestItem(memoryTable())) });
    const { http } = it.networks.find;
    const odd: Http = async (request, beforeSend) => {
      const answer = await http(request, beforeSend);
      if (answer.kind !== 'answered') return answer;
      const { found, ...json } = answer.json as { found?: object[] };
      if (found) return { ...answer, json: { found: found.map((one) => ({ ...one, ...told })) } };
      return { ...answer, json: { ...json, ...told } };
    };
    Object.assign(it.networks.find, { http: odd });
    return it;
  };

  test('leaves a doubt where it names a post by an endless id, and nothing is put aside or late beside it', async () => {
    const it = await hostile({ id: 'x'.repeat(500_000) });
    const post = await it.queue({ on: ['find', 'blind'] });
    await it.pass(3_600);
    expect(it.publishQueue.dead).toEqual([]);
    expect(it.publishQueue.sent.filter(({ message }) => message.kind === 'settle')).toEqual([]);
    const reason = 'The network answered with an id that is none.';
    expect(await it.delivery(post.id, 1)).toMatchObject({ state: 'uncertain', reason });
    expect(await it.delivery(post.id, 2)).toMatchObject({ state: 'published' });
    expect(it.networks.find.accepted).toHaveLength(1);
  });
});

test.each([
  ['endless', `https://server.example/${'x'.repeat(2_048)}`],
  ['no web address', 'javascript:alert(1)'],
])('Of a publication whose address is %s the account’s is shown', (_, url) => {
  const account = 'https://server.example/@bakery';
  const published: Outcome = { kind: 'published', externalId: '1', url };
  expect(keepable(published, account)).toEqual({ ...published, url: account });
  const out = { externalId: '1', url };
  const pending: Outcome = { kind: 'pending', handle: '{}', checkAt: 0, out };
  expect(keepable(pending, account)).toEqual({ ...pending, out: { ...out, url: account } });
});

test('A step that leaves more than can be kept is in doubt', () => {
  const long = 'x'.repeat(501);
  const handle = 'x'.repeat(200_001);
  const odd: Outcome[] = [
    { kind: 'published', externalId: '1', url: 'https://a.example/', parts: ['2', long] },
    { kind: 'pending', handle: '{}', checkAt: 0, out: { externalId: long, url: 'https://a.example/' } },
    { kind: 'pending', handle, checkAt: 0 },
  ];
  expect(odd.map((outcome) => keepable(outcome, '').kind)).toEqual(odd.map(() => 'uncertain'));
});

test.each<[string, Partial<Account>]>([
  ['an endless id', { id: 'x'.repeat(3_000) }],
  ['an endless handle', { handle: 'x'.repeat(3_000) }],
  ['an address that runs something', { url: 'javascript:alert(1)' }],
])('An account with %s is refused', (_, odd) => {
  const account = { id: '1', handle: '@bakery', url: 'https://server.example/@bakery' };
  const verified = (over: Partial<Account>, facts = {}): Verified => ({
    kind: 'verified',
    account: { ...account, ...over },
    facts,
  });
  expect(keepableAccount(verified(odd))).toMatchObject({ kind: 'refused' });
  expect(keepableAccount(verified({}, { note: 'x'.repeat(30_000) }))).toMatchObject({ kind: 'refused' });
  expect(keepableAccount(verified({}))).toEqual(verified({}));
});
