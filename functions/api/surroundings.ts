import type { Brand } from '../../shared/domain/brand.ts';
import type { Deps } from '../../shared/ports.ts';
import type { Language } from './answers.ts';
import type { Surroundings } from './post-view.ts';
import type { Caller } from './route.ts';

/** What the presenters of posts and deliveries must know beside them. */
export async function surroundings(
  deps: Pick<Deps, 'holds' | 'clock'>,
  about: { readonly caller: Caller; readonly brand: Brand; readonly language: Language },
): Promise<Surroundings> {
  return {
    brand: about.brand,
    holds: await deps.holds.active(about.caller.agency.id),
    now: deps.clock.now(),
    language: about.language,
  };
}
