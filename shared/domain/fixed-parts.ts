import { canonicalJson, type Variant } from './content.ts';

/** What of a publication its network never changes. */
export type FixedParts = { readonly link?: boolean; readonly options?: readonly string[] };

/** Where an edit leaves what can be changed. */
export type FixedRefusal = {
  readonly kind: 'rejected';
  readonly code: 'not_editable';
  readonly reason: string;
};

/**
 * Refuses an edit of what a network keeps as it went out, naming every such part; undefined when none of them
 * differs, or when nobody says what is out (`was`).
 */
export function refuseFixed(
  network: string,
  { was, variant }: { readonly was?: Variant; readonly variant: Variant },
  fixed: FixedParts,
): FixedRefusal | undefined {
  if (was === undefined) return undefined;
  const differs = (key: string): boolean =>
    canonicalJson({ is: was.options?.[key] }) !== canonicalJson({ is: variant.options?.[key] });
  const paths = [
    ...(fixed.link === true && was.link !== variant.link ? ['/link'] : []),
    ...(fixed.options ?? []).filter(differs).map((key) => `/options/${key}`),
  ];
  return paths.length === 0
    ? undefined
    : notEditable(`${network} cannot change ${paths.join(', ')} any more`);
}

export const notEditable = (reason: string): FixedRefusal => ({
  kind: 'rejected',
  code: 'not_editable',
  reason,
});
