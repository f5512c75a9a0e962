import type { Channel } from '../domain/channel.ts';
import type { Safety } from '../domain/outcome.ts';
import type { AnyProvider } from '../ports.ts';

/** What may be done after an unclear outcome on this channel. */
export const safetyOf = (
  provider: Pick<AnyProvider, 'safety' | 'safetyFor'>,
  { facts }: Pick<Channel, 'facts'>,
): Safety => provider.safetyFor?.(facts) ?? provider.safety;
