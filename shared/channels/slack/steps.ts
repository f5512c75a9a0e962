import * as z from 'zod';
import type { Account } from '../../domain/channel.ts';
import { partsOf } from '../../domain/content.ts';
import { MINUTE, SECOND } from '../../domain/time.ts';
import { withLink } from '../check-content.ts';
import { handles } from '../handle.ts';
import type { Context, HttpAnswer, Outcome, PublishRequest } from '../provider.ts';
import { ok, type SlackAccess, type SlackCredential, toRefusal, write } from './api.ts';
import { lookAtFile, uploadFiles } from './files.ts';
import { optionsOf, type SlackOptions, toFilesMessage, toMessage } from './message.ts';

export type Request = PublishRequest<SlackCredential>;

/** What an earlier step left. */
const handleSchema = z.strictObject({
  /** Ids of the files that are uploaded. Kept before they are shown: `find` knows the post by them. */
  files: z.array(z.string()).optional(),
  /** Since when Slack has taken them, and does not tell the message yet. */
  taken: z.int().optional(),
  /** How often the uploads were begun anew. */
  anew: z.int().nonnegative().optional(),
  /** Timestamps of the messages that are out: Slack's ids. */
  out: z.array(z.string()).min(1).optional(),
});
export type Handle = z.infer<typeof handleSchema>;

export const { handleOf, pending } = handles(handleSchema);

const LOOK_AGAIN = 3 * SECOND;
const PATIENCE = 10 * MINUTE;
const MOST_ANEW = 2;

/** One step: some of the uploads, the post, a look for its message, or the next message of its thread. */
export async function nextStep(access: SlackAccess, request: Request, context: Context): Promise<Outcome> {
  const { variant, credential, channel, delivery } = request;
  const options = optionsOf(variant);
  if (options === undefined) {
    return { kind: 'rejected', code: 'option_invalid', reason: 'an option has no valid value' };
  }
  const handle = handleOf(delivery);
  if (handle.out !== undefined) return sendPart(access, request, options, handle.out, context);
  const { media = [] } = variant;
  if (media.length > 0) return showFiles(access, request, options, handle, context);

  const target = { channelId: credential.channelId, key: delivery.key };
  const body = toMessage(withLink(variant), options, target, { part: 0 });
  const answer = await context.send(write(access, 'chat.postMessage', body));
  const ts = timestampIn(answer);
  return ts === undefined
    ? toRefusal(answer, context.now())
    : afterRoot(ts, channel.account, request, context);
}

const posted = z.object({ ts: z.string().regex(/^\d+\.\d+$/) });
const timestampIn = (answer: HttpAnswer): string | undefined => ok(answer, posted)?.ts;

/** The post is out: done, or its thread is next. */
function afterRoot(
  ts: string,
  account: Account,
  { variant, credential }: Request,
  context: Context,
): Outcome {
  const out = isOut(credential.channelId, account, ts);
  if (partsOf(variant).length === 0) return { kind: 'published', ...out };
  return { ...pending({ out: [ts] }, context.now()), out };
}

export const isOut = (channelId: string, { url }: Pick<Account, 'url'>, ts: string) => ({
  externalId: `${channelId}/${ts}`,
  url: `${url}/p${ts.replace('.', '')}`,
});

/** The timestamp of a message. */
export const timestampOf = (externalId: string): string => externalId.split('/').at(-1) ?? '';

/** Uploads, then shows, then looks for the message, which Slack makes behind its answer. */
async function showFiles(
  access: SlackAccess,
  request: Request,
  options: SlackOptions,
  handle: Handle,
  context: Context,
): Promise<Outcome> {
  const { variant, credential, channel } = request;
  const { files = [], taken, anew = 0 } = handle;
  const { media = [] } = variant;
  if (files.length < media.length) {
    const uploaded = await uploadFiles(access, media, files, context);
    return 'kind' in uploaded
      ? uploaded
      : pending({ ...handle, files: [...uploaded.uploads] }, context.now());
  }
  const look = () => lookAtFile(access, credential.channelId, files[0] ?? '', context);
  if (taken === undefined) {
    const body = toFilesMessage(variant, options, credential.channelId, files);
    const answer = await context.send(write(access, 'files.completeUploadExternal', body));
    if (ok(answer, z.object({})) === undefined) {
      const outcome = toRefusal(answer, context.now());
      if (outcome.kind !== 'rejected') return outcome;
      // Files can be shown once: a refusal may mean that an earlier attempt has.
      const earlier = await look();
      if (earlier.kind === 'shown') return afterRoot(earlier.ts, channel.account, request, context);
      if (earlier.kind === 'cannotTell') return { kind: 'uncertain', reason: outcome.reason };
      const isLost = earlier.kind === 'gone' && outcome.code === 'media_refused' && anew < MOST_ANEW;
      return isLost ? pending({ anew: anew + 1 }, context.now() + LOOK_AGAIN) : outcome;
    }
  }
  const seen = await look();
  if (seen.kind === 'shown') return afterRoot(seen.ts, channel.account, request, context);
  const now = context.now();
  if (now < (taken ?? now) + PATIENCE) return pending({ ...handle, taken: taken ?? now }, now + LOOK_AGAIN);
  return { kind: 'uncertain', reason: 'Slack has taken the files, and does not tell of the message' };
}

/** Sends the next message of the thread; the first comment is its last. */
async function sendPart(
  access: SlackAccess,
  { variant, credential, channel, delivery }: Request,
  options: SlackOptions,
  out: readonly string[],
  context: Context,
): Promise<Outcome> {
  const [root = '', ...sent] = out;
  const parts = partsOf(variant);
  const done = { kind: 'published', ...isOut(credential.channelId, channel.account, root) } as const;
  const text = parts[sent.length];
  if (text === undefined) return { ...done, parts: sent };
  const target = { channelId: credential.channelId, key: delivery.key };
  const body = toMessage(text, options, target, { part: out.length, after: root });
  const answer = await context.send(write(access, 'chat.postMessage', body));
  const ts = timestampIn(answer);
  if (ts === undefined) {
    const outcome = toRefusal(answer, context.now());
    if (outcome.kind !== 'rejected') return outcome;
    const isComment = sent.length >= (variant.thread?.length ?? 0);
    const what = isComment ? 'the first comment' : `post ${out.length + 1} of the thread`;
    return { ...done, parts: sent, missing: `${what} was refused: ${outcome.reason}` };
  }
  if (sent.length + 1 === parts.length) return { ...done, parts: [...sent, ts] };
  return { ...pending({ out: [...out, ts] }, context.now()), parts: [...sent, ts] };
}
