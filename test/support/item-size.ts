import type { Item } from '../../shared/adapters/store/table.ts';

/**
 * Bytes that DynamoDB counts for an item: names and values in UTF-8; a number about half a byte a significant
 * digit and one more; true, false and null one; a list or map three, and one for each element.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export const itemSize = (item: Item): number => entriesSize(item);

const entriesSize = (map: object): number =>
  Object.entries(map).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value), 0);

function valueSize(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return Math.ceil(significantDigits(value) / 2) + 1 + (value < 0 ? 1 : 0);
  if (value instanceof Uint8Array) return value.length;
  if (Array.isArray(value)) return value.reduce((sum: number, inner) => sum + 1 + valueSize(inner), 3);
  if (typeof value === 'object' && value !== null) {
    return 3 + Object.keys(value).length + entriesSize(value);
  }
  return 1;
}

const significantDigits = (value: number): number =>
  String(Math.abs(value))
    .replace('.', '')
    .replace(/^0+|0+$/g, '').length || 1;
