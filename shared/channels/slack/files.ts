import * as z from 'zod';
import type { Attachment } from '../../domain/media.ts';
import type { Context, HttpAnswer, Outcome } from '../provider.ts';
import { uploadInSteps } from '../upload-in-steps.ts';
import { errorIn, ok, read, type SlackAccess, toFailure, toRefusal, wordsOf, writeForm } from './api.ts';
import { fileOf } from './message.ts';

const granted = z.object({ upload_url: z.url(), file_id: z.string().min(1) });

/**
 * Brings files to Slack, where nobody sees them before they are completed: ids of those that are there. Fewer than
 * `media` when the time of a step is over. https://docs.slack.dev/reference/methods/files.getUploadURLExternal/
 */
export const uploadFiles = (
  access: SlackAccess,
  media: readonly Attachment[],
  before: readonly string[],
  context: Context,
): ReturnType<typeof uploadInSteps<Attachment, string>> =>
  uploadInSteps(media, before, (one) => upload(access, one, context), context.now);

async function upload(access: SlackAccess, one: Attachment, context: Context): Promise<string | Outcome> {
  const chosen = fileOf(one);
  if (chosen === undefined) {
    return {
      kind: 'rejected',
      code: 'media_refused',
      reason: `${one.fileName} is not one that Slack takes`,
    };
  }
  const { file, name } = chosen;
  const isImage = file.type.startsWith('image/');
  const asked = await context.http(
    writeForm(access, 'files.getUploadURLExternal', {
      filename: name,
      length: String(file.bytes),
      ...(isImage && one.alt !== '' ? { alt_txt: one.alt } : {}),
    }),
  );
  const place = ok(asked, granted);
  if (place === undefined) return uploadRefusal(asked, context);
  // The address is the permission; no token goes along.
  const sent = await context.http({
    method: 'POST',
    url: place.upload_url,
    headers: { 'content-type': 'application/octet-stream' },
    body: { bytes: file.bytes, chunks: () => context.media.read(file) },
  });
  if (sent.kind !== 'answered' || sent.status !== 200) return toFailure(sent, context.now());
  return place.file_id;
}

/** Nothing is public yet, whatever the answer was. */
function uploadRefusal(answer: HttpAnswer, context: Context): Outcome {
  const outcome = toRefusal(answer, context.now());
  return outcome.kind === 'rejected' ? outcome : toFailure(answer, context.now());
}

const shares = z.record(z.string(), z.array(z.object({ ts: z.string().regex(/^\d+\.\d+$/) })));
const fileEntity = z.object({
  file: z.object({
    shares: z.object({ public: shares.optional(), private: shares.optional() }).optional(),
  }),
});

export type Shown =
  | { kind: 'shown'; ts: string }
  /** Known to Slack, or taken and not processed yet; `gone`: it knows no such file. */
  | { kind: 'hidden' | 'gone' }
  | { kind: 'cannotTell'; reason: string };

/** The message in which a file is shown. https://docs.slack.dev/reference/methods/files.info/ */
export async function lookAtFile(
  access: SlackAccess,
  channelId: string,
  fileId: string,
  context: Context,
): Promise<Shown> {
  const answer = await context.http(read(access, 'files.info', { file: fileId }));
  const seen = ok(answer, fileEntity);
  if (seen === undefined) {
    const isGone = errorIn(answer) === 'file_not_found' || errorIn(answer) === 'file_deleted';
    return isGone ? { kind: 'gone' } : { kind: 'cannotTell', reason: wordsOf(answer, context.now()) };
  }
  const { public: open = {}, private: closed = {} } = seen.file.shares ?? {};
  const [share] = [...(open[channelId] ?? []), ...(closed[channelId] ?? [])];
  return share === undefined ? { kind: 'hidden' } : { kind: 'shown', ts: share.ts };
}
