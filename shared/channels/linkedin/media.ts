import * as z from 'zod';
import { type Attachment, fileFor, type MediaFile, type MediaKind } from '../../domain/media.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { type Instant, MINUTE, SECOND } from '../../domain/time.ts';
import { clip } from '../outcome.ts';
import type { Context } from '../provider.ts';
import { call, enc, type LinkedinAccess, mediaRefusal, statusOf, successJson } from './api.ts';
import { linkedinLimits } from './post.ts';

/** How far a variant's media are; an id is what stands behind `urn:li:<kind>:`. */
export const mediaState = z.strictObject({
  ids: z.array(z.string()),
  /** How many of them are known to be usable. */
  usable: z.int().nonnegative(),
  /** When the last one was brought. */
  at: z.number(),
});
export type MediaState = z.infer<typeof mediaState>;

export type Upload = { readonly access: LinkedinAccess; readonly context: Context };
type Waiting = { kind: 'goOn'; state: MediaState; checkAt: Instant };

const PATHS: Readonly<Record<MediaKind, string>> = {
  image: '/rest/images',
  document: '/rest/documents',
  video: '/rest/videos',
};
export const urnOf = (kind: MediaKind, id: string): string => `urn:li:${kind}:${id}`;

/** How long one step goes on uploading: a claim is fresh for 40 s, one request takes up to 20. */
const STEP = 12 * SECOND;
const AT_ONCE = 4;

/** Brings images or a document. Nothing of it is public: it may be done again. */
export async function uploadFiles(
  upload: Upload,
  kind: 'image' | 'document',
  media: readonly Attachment[],
  before: MediaState,
): Promise<MediaState | Waiting | Outcome> {
  const { context } = upload;
  const until = context.now() + STEP;
  let state = before;
  while (state.ids.length < media.length) {
    if (context.now() >= until) return { kind: 'goOn', state, checkAt: context.now() };
    const batch = media.slice(state.ids.length, state.ids.length + AT_ONCE);
    const done = await Promise.all(batch.map((one) => uploadFile(upload, kind, one)));
    const ids = done.filter((one) => typeof one === 'string');
    if (ids.length < done.length) return done.find((one) => typeof one !== 'string') as Outcome;
    state = { ...state, ids: [...state.ids, ...ids], at: context.now() };
  }
  return state;
}

const initialized = z.object({
  value: z.object({ uploadUrl: z.url(), image: z.string().optional(), document: z.string().optional() }),
});

async function uploadFile(
  { access, context }: Upload,
  kind: 'image' | 'document',
  media: Attachment,
): Promise<string | Outcome> {
  const file = fileOf(media, kind);
  if ('kind' in file) return file;
  const body = { initializeUploadRequest: { owner: access.credential.author } };
  const begun = await context.http(call(access, 'POST', `${PATHS[kind]}?action=initializeUpload`, body));
  const { uploadUrl, [kind]: urn } = initialized.safeParse(successJson(begun)).data?.value ?? {};
  if (uploadUrl === undefined || urn === undefined) return mediaRefusal(begun, context.now());
  const sent = await context.http({
    method: 'PUT',
    url: uploadUrl,
    headers: { authorization: `Bearer ${access.credential.accessToken}`, 'content-type': file.type },
    body: { bytes: file.bytes, chunks: () => context.media.read(file) },
  });
  if (statusOf(sent) < 200 || statusOf(sent) >= 300) return mediaRefusal(sent, context.now());
  return urn.slice(urn.lastIndexOf(':') + 1);
}

export function fileOf(media: Attachment, kind: MediaKind): MediaFile | Outcome {
  const limits = linkedinLimits.media?.[kind];
  const file = limits && fileFor(media, limits);
  if (typeof file === 'object') return file;
  return { kind: 'rejected', code: file ?? 'media_type', reason: 'LinkedIn does not take this file' };
}

/**
 * A member's token may not look at what it has uploaded; then so long is waited instead. A post with what is not
 * usable yet would be invisible: https://learn.microsoft.com/linkedin/marketing/community-management/shares/images-api
 */
const GRACE: Readonly<Record<MediaKind, number>> = {
  image: 5 * SECOND,
  document: 30 * SECOND,
  video: MINUTE,
};
const LOOK_EVERY: Readonly<Record<MediaKind, number>> = {
  image: 2 * SECOND,
  document: 5 * SECOND,
  video: 10 * SECOND,
};
export const LONGEST_PROCESSING = 30 * MINUTE;

const status = z.object({ status: z.string(), processingFailureReason: z.string().optional() });

/** `PROCESSING`, `WAITING_UPLOAD`, `AVAILABLE` or `PROCESSING_FAILED`; undefined: LinkedIn does not say. */
export async function readStatus({ access, context }: Upload, kind: MediaKind, id: string) {
  const answer = await context.http(call(access, 'GET', `${PATHS[kind]}/${enc(urnOf(kind, id))}`));
  return { answer, told: status.safeParse(successJson(answer)).data };
}

/** Waits until all of them can be posted. @returns their URNs */
export async function usableMedia(
  upload: Upload,
  kind: MediaKind,
  state: MediaState,
): Promise<readonly string[] | Waiting | Outcome> {
  const { context } = upload;
  let { usable } = state;
  const later = (checkAt: Instant): Waiting => ({ kind: 'goOn', state: { ...state, usable }, checkAt });
  for (const id of state.ids.slice(usable)) {
    const { answer, told } = await readStatus(upload, kind, id);
    const now = context.now();
    if (told?.status === 'PROCESSING_FAILED') {
      const reason = clip(told.processingFailureReason ?? 'LinkedIn could not process it');
      return { kind: 'rejected', code: 'media_refused', reason };
    }
    const isUnseen = statusOf(answer) === 403 || statusOf(answer) === 404;
    if (told === undefined && !isUnseen) return mediaRefusal(answer, now);
    if (isUnseen && now < state.at + GRACE[kind]) return later(state.at + GRACE[kind]);
    if (!isUnseen && told?.status !== 'AVAILABLE') {
      if (now < state.at + LONGEST_PROCESSING) return later(now + LOOK_EVERY[kind]);
      return { kind: 'rejected', code: 'media_refused', reason: 'LinkedIn did not finish processing it' };
    }
    usable += 1;
  }
  return state.ids.map((id) => urnOf(kind, id));
}
