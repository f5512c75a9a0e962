import type { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { expect, onTestFinished, test, vi } from 'vitest';
import { isAwsFault } from '../../functions/aws-fault.ts';
import { batchGet } from '../../shared/adapters/aws/batch-get.ts';

/** A table that has every item, and gets round to only so many keys of each call. */
function busyTable(perCall: number) {
  const asked: number[] = [];
  const client = {
    send: async ({ input }: BatchGetItemCommand) => {
      const keys = input.RequestItems?.posts?.Keys ?? [];
      asked.push(keys.length);
      const left = keys.slice(perCall);
      return {
        Responses: { posts: keys.slice(0, perCall).map((key) => ({ ...key, ...marshall({ read: true }) })) },
        UnprocessedKeys: left.length > 0 ? { posts: { Keys: left } } : {},
      };
    },
  };
  return { client: client as never, asked };
}
const keys = (count: number) => Array.from({ length: count }, (_, n) => ({ pk: 'p', sk: `s${n}` }));

test('what DynamoDB did not get round to is asked for again', async () => {
  const { client, asked } = busyTable(2);
  const found = await batchGet(client, 'posts', keys(5), { consistent: true });
  expect(found).toEqual(keys(5).map((key) => ({ ...key, read: true })));
  expect(asked).toEqual([5, 3, 1]);
});

test('a table that never gets round to it is a fault of AWS, not an item that is missing', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { client } = busyTable(0);
  const fault = batchGet(client, 'posts', keys(1), { consistent: true }).catch((error: unknown) => error);
  await vi.runAllTimersAsync();
  expect(isAwsFault(await fault)).toBe(true);
});
