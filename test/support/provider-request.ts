import type { PublishRequest } from '../../shared/channels/provider.ts';
import { anId, DUE_AT } from './builders.ts';

/** What a provider is asked to publish, with an idempotency key that is the same for the same delivery id. */
export function aPublishRequest<Credential>(
  credential: Credential,
  over: Partial<Omit<PublishRequest<Credential>, 'credential'>> = {},
): PublishRequest<Credential> {
  return {
    variant: { text: 'Fresh bread' },
    channel: {
      id: anId('chn'),
      account: { id: 'account-1', handle: 'bakery', url: 'https://bakery.example/' },
      facts: {},
    },
    delivery: { id: 'dlv_one', key: 'dlv_one.0123456789abcdef', dueAt: DUE_AT },
    ...over,
    credential,
  };
}
