import * as z from 'zod';
import { type Instant, MINUTE, SECOND } from '../../domain/time.ts';
import { clip, measureFailure, reasonOf } from '../outcome.ts';
import type { Context, HttpAnswer, HttpRequest, PublishRequest } from '../provider.ts';
import { type Blob, blobSchema } from './embed.ts';
import type { Refusal } from './images.ts';
import { type BlueskyCredential, callAs } from './session.ts';
import { bearer, toFailure, xrpc, xrpcError } from './xrpc.ts';

/** Where a video goes: the service's address, and whose it is. */
export type VideoCall = {
  readonly service: string;
  readonly request: PublishRequest<BlueskyCredential>;
  readonly context: Context;
};

/** Half an hour is what Bluesky advises: the service puts the video on the account's server with it when it is done. */
const TOKEN_LIFE = 30 * MINUTE;

/**
 * A token by which the account's server lets the video service act for the account: for `uploadBlob` it is addressed
 * to that server itself. https://docs.bsky.app/docs/tutorials/video
 */
export async function serviceToken(
  { service, request, context }: VideoCall,
  method: 'app.bsky.video.getUploadLimits' | 'com.atproto.repo.uploadBlob',
): Promise<{ token: string } | Refusal> {
  const { credential, channel } = request;
  const exp = Math.floor((context.now() + TOKEN_LIFE) / SECOND);
  const answer = await callAs(credential, channel.account.id, context, (session) => {
    const { hostname } = new URL(method === 'com.atproto.repo.uploadBlob' ? session.pds : service);
    return {
      method: 'GET',
      url: xrpc(session.pds, 'com.atproto.server.getServiceAuth', [
        ['aud', `did:web:${hostname}`],
        ['lxm', method],
        ['exp', String(exp)],
      ]),
      headers: bearer(session.accessJwt),
    };
  });
  if (answer.kind !== 'answered') return answer;
  const token = z.object({ token: z.string().min(1) }).safeParse(answer.json).data?.token;
  return token === undefined ? toFailure(answer, context.now()) : { token };
}

/** A procedure of the service with JSON as its input. */
export const procedure = (service: string, method: string, token: string, body: unknown): HttpRequest => ({
  method: 'POST',
  url: xrpc(service, `app.bsky.video.${method}`),
  headers: { ...bearer(token), 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

export type Job = { id: string; state: string; blob?: Blob; error?: string; failureCode?: string };

const jobStatus = z.object({
  jobId: z.string().max(256),
  state: z.string(),
  blob: blobSchema.optional().catch(undefined),
  error: z.string().optional(),
  message: z.string().optional(),
  failureCode: z.string().optional(),
});
// The single upload answers without the frame that its lexicon has: https://github.com/bluesky-social/atproto/issues/3026
const jobAnswer = z.union([z.object({ jobStatus }).transform(({ jobStatus: status }) => status), jobStatus]);

/**
 * The job that an answer tells of; undefined when it tells of none. A video that the service knows already is told of
 * with an error, `already_exists`, and is as good as new: https://github.com/bluesky-social/bsky-docs/pull/367
 */
export function jobOf(answer: HttpAnswer): Job | undefined {
  if (answer.kind !== 'answered') return undefined;
  const told = jobAnswer.safeParse(answer.json).data;
  if (told === undefined) return undefined;
  const { jobId, state, blob, error, message, failureCode } = told;
  return {
    id: jobId,
    state,
    ...(blob === undefined ? {} : { blob }),
    ...(error === undefined ? {} : { error: clip(message ? `${error}: ${message}` : error) }),
    ...(failureCode === undefined ? {} : { failureCode }),
  };
}

/** What the service's error names mean, by the lexicons `app.bsky.video.startUpload`, `uploadPart` and `finishUpload`. */
const REFUSED: Readonly<Record<string, string>> = {
  UnsupportedContentType: 'media_refused',
  VideoTooLarge: 'media_refused',
  VideoTooLong: 'media_refused',
  BadAspectRatio: 'media_refused',
  UploadForbidden: 'needs_person',
  unconfirmed_email: 'needs_person',
};
const WAIT_MS: Readonly<Record<string, number>> = {
  DailyLimitExceeded: 60 * MINUTE,
  TooManyOpenUploads: 5 * MINUTE,
};

/** What an answer without success means: nothing is public, and whatever was sent may be sent again. */
export function videoRefusal(answer: HttpAnswer, now: Instant): Refusal {
  if (answer.kind !== 'answered') return measureFailure(answer, now);
  const name = xrpcError(answer)?.error ?? jobOf(answer)?.error ?? '';
  const code = REFUSED[name];
  if (code !== undefined) return { kind: 'rejected', code, reason: reasonOf(answer) };
  const wait = WAIT_MS[name];
  if (wait !== undefined) return { kind: 'rateLimited', retryAt: now + wait };
  // 401 is said of the token that was made just now, not of the account's password.
  if (answer.status === 401) return { kind: 'unavailable', reason: reasonOf(answer) };
  if ([400, 403, 413, 415, 422].includes(answer.status)) {
    return { kind: 'rejected', code: 'media_refused', reason: reasonOf(answer) };
  }
  return measureFailure(answer, now);
}
