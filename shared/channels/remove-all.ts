import type { Provider } from './provider.ts';

export type Removed = Awaited<ReturnType<NonNullable<Provider['remove']>>>;

/**
 * Takes a publication away with what belongs to it, the last of it first and the post itself in the end: while that
 * stands, the removal can be asked for again. The first that cannot be removed ends it.
 */
export async function removeAll(
  { externalId, parts = [] }: { readonly externalId: string; readonly parts?: readonly string[] },
  remove: (id: string) => Promise<Removed>,
): Promise<Removed> {
  let kind: 'removed' | 'absent' = 'absent';
  for (const id of [externalId, ...parts].toReversed()) {
    const removed = await remove(id);
    if (removed.kind !== 'removed' && removed.kind !== 'absent') return removed;
    if (removed.kind === 'removed') kind = 'removed';
  }
  return { kind };
}
