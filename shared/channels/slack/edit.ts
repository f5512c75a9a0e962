import * as z from 'zod';
import type { Variant } from '../../domain/content.ts';
import { notEditable, refuseFixed } from '../../domain/fixed-parts.ts';
import { findUrls } from '../../domain/text-count.ts';
import type { Instant } from '../../domain/time.ts';
import { withLink } from '../check-content.ts';
import { clip } from '../outcome.ts';
import type { Context, HttpAnswer, Provider } from '../provider.ts';
import { errorIn, ok, type SlackAccess, type SlackCredential, toFailure, toRefusal, write } from './api.ts';
import { escaped } from './message.ts';
import { timestampOf } from './steps.ts';

type Edit = NonNullable<Provider<SlackCredential>['edit']>;

/** Says a message anew; one that shows files keeps them. */
export async function editOnSlack(
  access: SlackAccess,
  request: Parameters<Edit>[0],
  context: Context,
): ReturnType<Edit> {
  const { variant, was, credential, externalId } = request;
  const hasFiles = (variant.media?.length ?? 0) > 0;
  const fixed = ['username', 'iconUrl', ...(hasFiles ? [] : ['linkPreviews'])];
  const refused = refuseFixed('Slack', request, { options: fixed });
  if (refused !== undefined) return refused;
  if (withLink(variant).trim() === '') return notEditable('Slack cannot take all the text away any more');
  const place = { channel: credential.channelId, ts: timestampOf(externalId) };
  const answer = await context.http(write(access, 'chat.update', { ...place, ...toEdit(variant, was) }));
  return toEdited(answer, context.now());
}

/**
 * Words of https://docs.slack.dev/reference/methods/chat.update/. What is left out stays: the mark that `find` knows a
 * message by, its files, the previews of its links. `parse` alone falls back to what a new message does not have.
 */
export function toEdit(variant: Variant, was: Variant | undefined): object {
  const before = was === undefined ? [] : urlsIn(was);
  const now = new Set(urlsIn(variant));
  return {
    text: escaped(withLink(variant)),
    parse: 'none',
    // Nothing of ours is an attachment: these are previews, one of them of a link that is taken back.
    ...(before.some((url) => !now.has(url)) ? { attachments: [] } : {}),
  };
}

const urlsIn = (variant: Variant): string[] => findUrls(withLink(variant)).map(({ url }) => url);

/** What Slack says against an edit alone; see `REFUSALS`. */
export const EDIT_REFUSALS: ReadonlyMap<string, string> = new Map([
  ['message_not_found', 'gone'],
  ['cant_update_message', 'not_editable'],
  ['edit_window_closed', 'not_editable'],
  ['block_mismatch', 'not_editable'],
  ['is_inactive', 'needs_person'],
]);

function toEdited(answer: HttpAnswer, now: Instant): Awaited<ReturnType<Edit>> {
  if (ok(answer, z.object({ ts: z.string() })) !== undefined) return { kind: 'edited' };
  const error = errorIn(answer) ?? '';
  const reason = clip(`Slack: ${error}`);
  const code = EDIT_REFUSALS.get(error);
  if (code !== undefined) return { kind: 'rejected', code, reason };
  if (error === 'update_failed') return { kind: 'unavailable', reason };
  const outcome = toRefusal(answer, now);
  return outcome.kind === 'rejected' ? outcome : toFailure(answer, now);
}
