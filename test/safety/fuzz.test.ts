import { describe, expect, test } from 'vitest';
import { makeDocs } from '../../functions/api/build-docs.ts';
import { memoryTable } from '../simulation/memory-table.ts';
import { documentChecks } from './document-checks.ts';
import { withDynamoLimits } from './dynamo-limits.ts';
import { fuzz } from './fuzz.ts';

const { document } = makeDocs();

test('spoilt requests never end in a fault, are answered as documented, and are not taken', async () => {
  const { examples, ...result } = await fuzz(document, { requests: 4_000, seed: 1 });
  expect(examples).toEqual([]);
  expect(result).toMatchObject({ holds: true, requests: 4_000 });
  expect(result.invalid).toBeGreaterThan(800);
  // What is still right must go through, or nothing behind the door would have been tried.
  expect(result.byStatus[200]).toBeGreaterThan(500);
  expect(result.byStatus[201]).toBeGreaterThan(40);
}, 120_000);

describe('the judge of answers and requests', () => {
  const { answer, body, query } = documentChecks(document);
  const listed = document.paths['/v1/holds']?.get;
  const placed = document.paths['/v1/holds']?.post;
  const answered = (status: number, json: unknown, type = 'application/json') =>
    answer(listed, { status, type, text: JSON.stringify(json) });

  test('sees an answer that lacks a field, is of another kind, or is not in the document', () => {
    expect(answered(200, { items: [] })).toBeUndefined();
    expect(answered(200, {})).toContain('items');
    expect(answered(200, { items: [{ id: 1 }] })).toBeDefined();
    expect(answered(200, { items: [] }, 'text/html')).toContain('text/html');
    expect(answered(204, '')).toContain('204');
    expect(answered(404, { items: [] }, 'application/problem+json')).toContain('required');
    expect(answered(404, {})).toContain('application/json');
  });

  test('sees a request that the document does not allow', () => {
    if (!listed || !placed) throw new Error('the document has no holds');
    const hold = { scope: { agency: true }, reason: 'Silence.' };
    expect(body(placed, JSON.stringify(hold))).toBeUndefined();
    expect(body(placed, JSON.stringify({ ...hold, more: 1 }))).toBeDefined();
    expect(body(placed, JSON.stringify({ ...hold, until: 'tomorrow' }))).toBeDefined();
    expect(body(placed, '{')).toBe('not JSON');
    expect(body(placed, '')).toBeDefined();
    expect(query(listed, 'limit=1')).toContain('unknown');
    const posts = document.paths['/v1/posts']?.get;
    if (!posts) throw new Error('the document has no posts');
    expect(query(posts, 'limit=1&status=held,failed')).toBeUndefined();
    expect(query(posts, 'limit=101')).toBeDefined();
    expect(query(posts, 'status=lost')).toBeDefined();
  });
});

test('the table of these worlds refuses keys that DynamoDB refuses', async () => {
  const table = withDynamoLimits(memoryTable());
  await expect(table.get({ pk: 'A', sk: 'x'.repeat(1_025) })).rejects.toThrow('sort key');
  await expect(table.get({ pk: '', sk: 'x' })).rejects.toThrow('partition key');
  await expect(table.put({ pk: 'A', sk: 'x', doc: 'x'.repeat(410 * 1024) })).rejects.toThrow('item');
  expect(await table.put({ pk: 'A', sk: 'x'.repeat(1_024) })).toBe(true);
});
