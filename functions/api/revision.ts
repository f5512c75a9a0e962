import { AppError } from '../../shared/domain/app-error.ts';
import type { ApiRequest } from './route.ts';

export function etag(revision: number): string {
  return `"${revision}"`;
}

/** Compares `If-Match`, if sent, with the present revision; 412 when it names another one. */
export function ifMatch(request: Pick<ApiRequest, 'headers'>, revision: number): void {
  const wanted = request.headers['if-match'];
  if (wanted === undefined || wanted.trim() === '*') return;
  const tags = wanted.split(',').map((tag) => tag.trim());
  if (!tags.includes(etag(revision))) {
    throw new AppError('stale', 'It was changed since you read it: read it again.', {
      data: { etag: etag(revision) },
    });
  }
}

/**
 * RFC 7396: objects are merged, null takes a member away, everything else replaces. But null is what a member says
 * where it stands among `says`, by pointer: a late policy whose `maxLate` is null is one without an end.
 */
export function mergePatch(
  target: unknown,
  patch: unknown,
  says: readonly string[] = [],
  path = '',
): unknown {
  if (!isObject(patch)) return patch;
  const merged = new Map<string, unknown>(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    const here = `${path}/${name}`;
    if (value === null && !says.includes(here)) merged.delete(name);
    else merged.set(name, mergePatch(merged.get(name), value, says, here));
  }
  return Object.fromEntries(merged);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
