import * as z from 'zod';
import type { Variant } from '../../domain/content.ts';
import { notEditable, refuseFixed } from '../../domain/fixed-parts.ts';
import { kindOf } from '../../domain/media.ts';
import type { Instant } from '../../domain/time.ts';
import type { Context, HttpAnswer, Provider } from '../provider.ts';
import {
  call,
  chatIdOf,
  refusalIn,
  resultIn,
  type TelegramAccess,
  type TelegramCredential,
  toFailure,
  toRefusal,
} from './api.ts';
import {
  captionOf,
  captionPlaceOf,
  type Message,
  optionsOf,
  type TelegramOptions,
  textOf,
} from './message.ts';
import { messageIdOf } from './steps.ts';

type Edit = NonNullable<Provider<TelegramCredential>['edit']>;

/** Says the text of a message anew, or the caption of its files; of an album it is the first one's. */
export async function editOnTelegram(
  access: TelegramAccess,
  request: Parameters<Edit>[0],
  context: Context,
): ReturnType<Edit> {
  const { variant, account, externalId } = request;
  if (variant.poll !== undefined) return notEditable('Telegram cannot change a poll any more');
  const refused = refuseFixed('Telegram', request, { options: fixedOf(variant) });
  if (refused !== undefined) return refused;
  const options = optionsOf(variant);
  if (options === undefined) {
    return { kind: 'rejected', code: 'option_invalid', reason: 'an option has no valid value' };
  }
  const { method, fields } = toEdit(variant, options, {
    chatId: chatIdOf(account.id),
    messageId: messageIdOf(externalId),
  });
  return toEdited(await context.http(call(access, method, fields)), context.now());
}

/** Of an album only the first file could be asked to show its caption elsewhere. */
function fixedOf({ media = [] }: Variant): string[] {
  const frame = ['silent', 'protect', 'topicId'];
  if (media.length === 0) return frame;
  return [...frame, 'mediaSpoiler', ...(media.length > 1 ? ['captionAbove'] : [])];
}

/**
 * What is left out is taken away: https://core.telegram.org/bots/api#editmessagetext, #editmessagecaption. A document's
 * caption has only one place.
 */
export function toEdit(
  variant: Variant,
  options: TelegramOptions,
  { chatId, messageId }: { chatId: number | string; messageId: number },
): Message {
  const place = { chat_id: chatId, message_id: messageId };
  const file = variant.media?.[0]?.files[0];
  if (file === undefined) {
    return { method: 'editMessageText', fields: { ...place, ...textOf(variant, options) } };
  }
  const isDocument = kindOf(file.type) === 'document';
  return {
    method: 'editMessageCaption',
    fields: { ...place, ...captionOf(variant, options), ...(isDocument ? {} : captionPlaceOf(options)) },
  };
}

/** Words that Telegram says against an edit alone; see `REFUSALS`. */
export const EDIT_REFUSALS: readonly { readonly words: RegExp; readonly code: string }[] = [
  { words: /message to edit not found|MESSAGE_ID_INVALID/i, code: 'gone' },
  {
    words: /message can't be edited|no (text|caption) in the message|MESSAGE_(AUTHOR_REQUIRED|EDIT_TIME)/i,
    code: 'not_editable',
  },
];

function toEdited(answer: HttpAnswer, now: Instant): Awaited<ReturnType<Edit>> {
  if (resultIn(answer, z.object({ message_id: z.int() })) !== undefined) return { kind: 'edited' };
  const description = refusalIn(answer)?.description ?? '';
  // It stands there like that already.
  if (/message is not modified/i.test(description)) return { kind: 'edited' };
  const outcome = toRefusal(answer, now);
  if (outcome.kind !== 'rejected') return toFailure(answer, now);
  return {
    ...outcome,
    code: EDIT_REFUSALS.find(({ words }) => words.test(description))?.code ?? outcome.code,
  };
}
