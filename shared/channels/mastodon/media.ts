import * as z from 'zod';
import { type Attachment, fileFor, kindOf } from '../../domain/media.ts';
import { multipart } from '../multipart.ts';
import { reasonOf, unfit } from '../outcome.ts';
import type { Context, HttpAnswer, MeasureFailure, Outcome, PublishRequest } from '../provider.ts';
import { get, isGone, isShutOut, type MastodonCredential, toFailure } from './api.ts';
import { limitsFor } from './limits.ts';

export type Refusal = MeasureFailure | Extract<Outcome, { kind: 'rejected' }>;
/** The server's ids in their order; `ready` when none of them is still being processed. */
export type Uploaded = { readonly ids: readonly string[]; readonly ready: boolean };

/**
 * Puts the files on the instance, where nobody sees them before a status names them; those that none does are cleared
 * away after a day. Only 30 uploads in 30 minutes are taken, so what is there is kept in the handle.
 * https://docs.joinmastodon.org/methods/media/#v2
 */
export async function uploadAll(
  request: PublishRequest<MastodonCredential>,
  media: readonly Attachment[],
  context: Context,
): Promise<Uploaded | Refusal> {
  // Together: an instance that is slow to one of them must not use up the time of the post.
  const answers = await Promise.all(media.map((one, index) => upload(request, one, index, context)));
  const ids: string[] = [];
  for (const answer of answers) {
    if (answer.kind === 'rejected') return answer;
    const id = idOf(answer);
    if (id === undefined) return refusalOf(answer, context);
    ids.push(id);
  }
  return { ids, ready: answers.every((answer) => answer.kind === 'answered' && answer.status === 200) };
}

async function upload(
  { credential, channel, delivery }: PublishRequest<MastodonCredential>,
  media: Attachment,
  index: number,
  context: Context,
): Promise<HttpAnswer | Extract<Outcome, { kind: 'rejected' }>> {
  const type = media.files[0]?.type;
  const kind = type === undefined ? 'document' : kindOf(type);
  const limits = limitsFor(channel.facts).media?.[kind];
  const file = limits === undefined ? 'media_type' : fileFor(media, limits);
  if (typeof file === 'string') return unfit(media, file);
  const form = multipart(`${delivery.key}.${index}`, media.alt === '' ? [] : [['description', media.alt]], [
    {
      field: 'file',
      fileName: `${media.id}.${file.type.split('/')[1]}`,
      type: file.type,
      bytes: file.bytes,
      chunks: () => context.media.read(file),
    },
  ]);
  const frame = get(credential, '/api/v2/media');
  return context.http({
    ...frame,
    method: 'POST',
    headers: { ...frame.headers, ...form.headers },
    body: form.body,
  });
}

function idOf(answer: HttpAnswer): string | undefined {
  if (answer.kind !== 'answered' || (answer.status !== 200 && answer.status !== 202)) return undefined;
  return z.object({ id: z.string().min(1).max(100) }).safeParse(answer.json).data?.id;
}

/**
 * Are they all processed? `gone`: the instance does not know one of them any more, or shows it already.
 * https://docs.joinmastodon.org/methods/media/#get
 */
export async function lookAfter(
  credential: MastodonCredential,
  ids: readonly string[],
  context: Context,
): Promise<'ready' | 'processing' | 'gone' | Refusal> {
  for (const id of ids) {
    const answer = await context.http(get(credential, `/api/v1/media/${encodeURIComponent(id)}`));
    if (isGone(answer)) return 'gone';
    if (answer.kind !== 'answered' || answer.status !== 200) {
      return answer.kind === 'answered' && answer.status === 206 ? 'processing' : refusalOf(answer, context);
    }
  }
  return 'ready';
}

/** Nothing is public yet, whatever the answer was. */
function refusalOf(answer: HttpAnswer, context: Context): Refusal {
  if (answer.kind === 'answered' && !isShutOut(answer) && [400, 403, 413, 415, 422].includes(answer.status)) {
    return { kind: 'rejected', code: 'media_refused', reason: reasonOf(answer) };
  }
  return toFailure(answer, context.now());
}
