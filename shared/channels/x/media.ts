import * as z from 'zod';
import { type Attachment, fileFor } from '../../domain/media.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { type FormFile, multipart } from '../multipart.ts';
import type { Context, HttpAnswer, HttpRequest } from '../provider.ts';
import { call, successJson, toFailure, toRefusal, type XAccess } from './api.ts';
import { limitsOf } from './post.ts';

/** What an upload works with; `key` is in no file, and the same whenever the delivery is sent. */
export type Upload = { readonly access: XAccess; readonly context: Context; readonly key: string };

/** Brings images to X, all at once. Nothing of it is public: it may be done again. @returns their ids */
export async function uploadImages(
  upload: Upload,
  media: readonly Attachment[],
): Promise<readonly string[] | Outcome> {
  const done = await Promise.all(media.map((one, n) => uploadImage(upload, one, n)));
  return done.find((one) => typeof one !== 'string') ?? done.filter((one) => typeof one === 'string');
}

async function uploadImage(upload: Upload, media: Attachment, n: number): Promise<string | Outcome> {
  const { context } = upload;
  const file = fileFor(media, limitsOf(media));
  if (typeof file === 'string') return misfit(file);
  const part = { field: 'media', fileName: 'image', type: file.type, bytes: file.bytes };
  const answer = await context.http(
    formOf(upload, '/2/media/upload', String(n), [['media_category', 'tweet_image']], {
      ...part,
      chunks: () => context.media.read(file),
    }),
  );
  const id = idOf(answer);
  if (id === undefined) return refusalOf(answer, context);
  return (await describe(upload, id, media.alt)) ?? id;
}

/** A form with one file; `name` is different for every form of a delivery. */
export function formOf(
  { access, key }: Upload,
  path: string,
  name: string,
  fields: Parameters<typeof multipart>[1],
  file: FormFile,
): HttpRequest {
  const { headers, body } = multipart(`${key}.${name}`, fields, [file]);
  const request = call(access, 'POST', path);
  return { ...request, headers: { ...request.headers, ...headers }, body };
}

/** Alt text, https://docs.x.com/x-api/media/create-media-metadata. Undefined: done. */
export async function describe(
  { access, context }: Upload,
  id: string,
  alt: string,
): Promise<Outcome | undefined> {
  if (alt === '') return undefined;
  const body = { id, metadata: { alt_text: { text: alt } } };
  const answer = await context.http(call(access, 'POST', '/2/media/metadata', body));
  return successJson(answer) === undefined ? refusalOf(answer, context) : undefined;
}

const idAnswer = z.object({ data: z.object({ id: z.string().min(1) }) });
export const idOf = (answer: HttpAnswer): string | undefined =>
  idAnswer.safeParse(successJson(answer)).data?.data.id;

/** Nothing is public yet: what is no clear refusal is certainly not sent. */
export function refusalOf(answer: HttpAnswer, context: Context): Outcome {
  const outcome = toRefusal(answer, context.now());
  if (outcome.kind !== 'rejected') return toFailure(answer, context.now());
  return outcome.code === 'content_refused' ? { ...outcome, code: 'media_refused' } : outcome;
}

export const misfit = (why: string): Outcome => ({
  kind: 'rejected',
  code: why,
  reason: 'X does not take this file',
});
