import { gunzipSync, gzipSync } from 'node:zlib';

/** JSON as one attribute, compressed when that pays: a report of 150 KB, a long post. Free of DynamoDB's limits on nesting. */
export function pack(value: unknown): string | Uint8Array {
  const json = JSON.stringify(value);
  return json.length <= 1_024 ? json : new Uint8Array(gzipSync(json));
}

export function unpack(packed: unknown): unknown {
  return JSON.parse(packed instanceof Uint8Array ? gunzipSync(packed).toString() : String(packed));
}
