import type { MeasureMessage } from '../domain/messages.ts';
import type { Deps } from '../ports.ts';
import { type BrandMessage, measureBrand } from './measure-brand.ts';

/**
 * Measures some brands side by side, so that they share the waiting for networks. One that fails gets a message of
 * its own, and so does each when they did not end together: one brand's trouble stays its own.
 * @param receives how often the queue has handed the message out, this time included
 */
export async function measureBrands(
  deps: Deps,
  message: Extract<MeasureMessage, { kind: 'brands' }>,
  receives: number,
): Promise<void> {
  const { agencyId, since, at } = message;
  await Promise.all(
    message.brandIds.map(async (brandId) => {
      const alone: BrandMessage = { kind: 'brand', agencyId, brandId, since, at, tries: 0 };
      if (receives > 1) return deps.measureQueue.send(alone, { group: agencyId });
      try {
        await measureBrand(deps, alone);
      } catch (error) {
        deps.log.warn('measure.alone', { agencyId, brandId, error: String(error) });
        await deps.measureQueue.send(alone, { delaySeconds: ALONE_AFTER_SECONDS, group: agencyId });
      }
    }),
  );
}

const ALONE_AFTER_SECONDS = 30;
