import { utf16 } from '../domain/text-count.ts';
import { withLink } from './check-content.ts';
import type { Provider } from './provider.ts';
import { removeAll } from './remove-all.ts';
import { type TelegramCredential, telegramCredential } from './telegram/api.ts';
import { removeMessage, telegramMetrics, verifyTelegram } from './telegram/chat.ts';
import { checkMessage, TELEGRAM_LIMITS } from './telegram/check.ts';
import { editOnTelegram } from './telegram/edit.ts';
import { type TelegramOptions, telegramOptions } from './telegram/message.ts';
import { nextStep } from './telegram/steps.ts';

/** A channel or group on Telegram, by a bot. https://core.telegram.org/bots/api */
export function telegram(api = 'https://api.telegram.org'): Provider<TelegramCredential, TelegramOptions> {
  const provider: Provider<TelegramCredential, TelegramOptions> = {
    id: 'telegram',
    name: 'Telegram',
    limits: TELEGRAM_LIMITS,
    countText: utf16,
    credential: telegramCredential,
    options: telegramOptions,
    render: withLink,
    check: (variant) => checkMessage(provider, variant),
    verify: (credential, context) => verifyTelegram({ api, credential }, context),
    // There is no key that makes a second send harmless, and a bot cannot read what stands in a chat.
    safety: { kind: 'blind' },
    publish: (request, context) => nextStep(api, request, context),
    poll: (request, context) => nextStep(api, request, context),
    metrics: telegramMetrics(api),
    edit: (request, context) => editOnTelegram({ api, credential: request.credential }, request, context),
    remove: (request, context) =>
      removeAll(request, (id) =>
        removeMessage({ api, credential: request.credential }, request.account.id, id, context),
      ),
  };
  return provider;
}
