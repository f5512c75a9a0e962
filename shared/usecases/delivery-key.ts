import { canonicalJson, type VariantContent } from '../domain/content.ts';
import type { Delivery } from '../domain/delivery.ts';
import { deliveryId, sha256 } from '../domain/ids.ts';

/**
 * The idempotency key of a delivery: of what is sent and when, not of the revision, because an edit of a sibling must
 * not change it.
 */
export function deliveryKey(
  postId: string,
  { n, dueAt }: Pick<Delivery, 'n' | 'dueAt'>,
  said: VariantContent,
): string {
  return `${deliveryId(postId, n)}.${sha256(canonicalJson([said, dueAt])).slice(0, 16)}`;
}
