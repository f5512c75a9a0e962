import type { Outcome } from '../channels/provider.ts';
import type { Delivery } from '../domain/delivery.ts';
import { deliveryId } from '../domain/ids.ts';
import type { Post } from '../domain/post.ts';
import type { Deps } from '../ports.ts';

/**
 * The one line about what became of a delivery, which metrics are made from (`adapters/aws/metered-log.ts`). The
 * post is read from the delivery's id. `gate`: no network was asked. Each byte is paid a million times: what says
 * nothing new is left out.
 */
export function logSettled(
  deps: Pick<Deps, 'log'>,
  post: Post,
  delivery: Delivery,
  outcome: Outcome['kind'] | 'gate',
): void {
  deps.log.info('delivery.settled', {
    agencyId: post.agencyId,
    brandId: post.brandId,
    deliveryId: deliveryId(post.id, delivery.n),
    network: delivery.network,
    state: delivery.state,
    ...(outcome === delivery.state ? {} : { outcome }),
    ...(delivery.code === undefined ? {} : { code: delivery.code }),
    ...(delivery.state === 'published' && delivery.startedAt !== undefined
      ? { latenessMs: delivery.startedAt - delivery.dueAt }
      : {}),
  });
}
