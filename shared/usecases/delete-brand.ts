import type { Actor } from '../domain/agency.ts';
import type { Brand } from '../domain/brand.ts';
import type { Deps } from '../ports.ts';
import { cancelOpen, openDeliveries, stillOpen } from './open-deliveries.ts';

/**
 * Deletes a brand with its channels; publications stay on their networks. While deliveries are open it is refused,
 * unless `cancel`; what is publishing at this moment cannot be cancelled and refuses it in any case. The brand
 * goes last, so that a repeat after a crash finds the rest.
 */
export async function deleteBrand(
  deps: Deps,
  { brand, cancel, actor }: { brand: Brand; cancel: boolean; actor: Actor },
): Promise<void> {
  const { agencyId, id: brandId } = brand;
  if (cancel) await cancelOpen(deps, { agencyId, brandId, actor });
  const open = await openDeliveries(deps, { agencyId, brandId });
  if (open.length > 0) throw stillOpen(open, cancel);
  const { name } = brand;
  await deps.audit.append(agencyId, {
    at: deps.clock.now(),
    actor,
    act: 'brand.delete',
    target: brandId,
    data: { name },
  });
  for (const channel of await deps.channels.list(agencyId, brandId)) await deps.channels.delete(channel);
  await deps.scheduler.disarmReport(brandId);
  await deps.brands.delete(agencyId, brandId);
}
