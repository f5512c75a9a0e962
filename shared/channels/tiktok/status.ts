import * as z from 'zod';
import { type Instant, MINUTE, SECOND } from '../../domain/time.ts';
import type { Context, HttpAnswer, Outcome, PublishRequest } from '../provider.ts';
import { profileUrl } from './account.ts';
import { call, dataOf, type Refusal, type TiktokCredential, toRefusal } from './api.ts';
import { goOn, type TiktokStep, toHandle, type WaitStep } from './handle.ts';
import { filesOf, optionsOf } from './post.ts';

type Request = PublishRequest<TiktokCredential>;

/** https://developers.tiktok.com/doc/content-posting-api-reference-get-video-status */
export type Status =
  /** `bytes`: so many have come, where TikTok tells. */
  | { kind: 'uploading'; bytes?: number }
  | { kind: 'working' }
  /** Posted; public posts have an id once they are moderated, others never. */
  | { kind: 'complete'; postId?: string }
  /** It waits in the app for its owner: never so for a direct post. */
  | { kind: 'inbox' }
  | { kind: 'failed'; reason: string }
  | { kind: 'unclear'; answer: HttpAnswer };

export async function askStatus(
  api: string,
  publishId: string,
  credential: TiktokCredential,
  context: Context,
): Promise<Status> {
  const body = { publish_id: publishId };
  return toStatus(await context.http(call(api, credential, '/v2/post/publish/status/fetch/', body)));
}

const status = z.object({
  status: z.string(),
  fail_reason: z.string().default(''),
  uploaded_bytes: z.int().nonnegative().optional(),
});

/** Ids are numbers of 64 bits, too large for JSON as JavaScript reads it: taken from the text. (TikTok writes it so.) */
const POST_ID = /"publicaly_available_post_id"\s*:\s*\[\s*"?(\d+)/;

export function toStatus(answer: HttpAnswer): Status {
  const told = dataOf(answer, status);
  if (told === undefined || answer.kind !== 'answered') return { kind: 'unclear', answer };
  switch (told.status) {
    case 'PROCESSING_UPLOAD': {
      const bytes = told.uploaded_bytes;
      return { kind: 'uploading', ...(bytes === undefined ? {} : { bytes }) };
    }
    case 'PUBLISH_COMPLETE': {
      const postId = POST_ID.exec(answer.text)?.[1];
      return { kind: 'complete', ...(postId === undefined ? {} : { postId }) };
    }
    case 'SEND_TO_USER_INBOX':
      return { kind: 'inbox' };
    case 'FAILED':
      return { kind: 'failed', reason: told.fail_reason };
    default:
      return { kind: 'working' };
  }
}

/** Moderation takes a minute as a rule, but may take hours: after this, the post goes without its own address. */
const LONGEST_MODERATION = 10 * MINUTE;

/** Looks how far TikTok is with what it has. */
export async function lookAfter(
  api: string,
  step: WaitStep,
  request: Request,
  context: Context,
): Promise<Outcome> {
  const seen = await askStatus(api, step.publishId, request.credential, context);
  return afterLook(seen, step, request, context.now());
}

export function afterLook(seen: Status, step: WaitStep, request: Request, now: Instant): Outcome {
  const waited = now - step.since;
  // 30 looks a minute are allowed.
  const later = now + Math.round(Math.min(Math.max(waited / 4, 5 * SECOND), MINUTE));
  switch (seen.kind) {
    case 'complete': {
      const posted = postedAs(seen.postId, step.publishId, request);
      const isPublic = optionsOf(request.variant)?.privacy === 'public';
      if (seen.postId !== undefined || !isPublic || waited >= LONGEST_MODERATION) {
        return { kind: 'published', ...posted };
      }
      return { kind: 'pending', handle: toHandle(step), checkAt: later, out: posted };
    }
    case 'failed':
      return afterFailure(seen.reason, step, now);
    case 'inbox':
      return { kind: 'rejected', code: 'needs_person', reason: 'it waits in the inbox of the TikTok app' };
    case 'uploading':
    case 'working':
      return goOn(step, later);
    case 'unclear': {
      const refusal = toRefusal(seen.answer, now);
      if (refusal.kind === 'unauthorized') return refusal;
      if (refusal.kind === 'rejected') return { kind: 'uncertain', reason: refusal.reason };
      return goOn(step, later);
    }
  }
}

/** Without an id of its own it is known by that of its publishing, and is to be seen on the account's page. */
export function postedAs(
  postId: string | undefined,
  publishId: string,
  { variant, channel }: Pick<Request, 'variant' | 'channel'>,
): { externalId: string; url: string } {
  const profile = profileUrl(channel.account.handle);
  if (postId === undefined) return { externalId: publishId, url: profile };
  const kind = filesOf(variant)?.kind === 'photos' ? 'photo' : 'video';
  return { externalId: kind === 'photo' ? `photo/${postId}` : postId, url: `${profile}/${kind}/${postId}` };
}

const MOST_TRIES = 3;

/** Everything of it has failed, says TikTok: nothing is out, and another try is a new post. */
export function afterFailure(reason: string, { tries }: Pick<TiktokStep, 'tries'>, now: Instant): Outcome {
  if (reason === 'auth_removed') return { kind: 'unauthorized', reason: 'the account has removed this app' };
  if (RETRIABLE.has(reason) && tries + 1 < MOST_TRIES) {
    return goOn({ step: 'start', tries: tries + 1 }, now + 30 * SECOND);
  }
  const code = FAILURES.get(reason) ?? 'content_refused';
  return { kind: 'rejected', code, reason: `TikTok could not post it: ${reason || 'no reason told'}` };
}

/** "Fail reasons" of the page above: TikTok's own trouble, or that of the transfer to it. */
const RETRIABLE: ReadonlySet<string> = new Set(['internal', 'photo_pull_failed', 'video_pull_failed']);

/** The same page; what is not here is about the content. */
export const FAILURES: ReadonlyMap<string, Refusal> = new Map<string, Refusal>([
  ['file_format_check_failed', 'media_refused'],
  ['duration_check_failed', 'media_refused'],
  ['frame_rate_check_failed', 'media_refused'],
  ['picture_size_check_failed', 'media_refused'],
  ['photo_pull_failed', 'media_refused'],
  ['video_pull_failed', 'media_refused'],
  ['internal', 'needs_person'],
  ['publish_cancelled', 'needs_person'],
  ['spam_risk_too_many_posts', 'needs_person'],
  ['spam_risk_user_banned_from_posting', 'needs_person'],
]);
