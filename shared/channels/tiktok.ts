import { utf16 } from '../domain/text-count.ts';
import { withLink } from './check-content.ts';
import type { Context, FindRequest, Found, Provider } from './provider.ts';
import { tiktokLogin, tiktokRenewal, verifyTiktok } from './tiktok/account.ts';
import { TIKTOK_API, type TiktokCredential, tiktokCredential, wordsOf } from './tiktok/api.ts';
import { stepOf, toHandle } from './tiktok/handle.ts';
import { tiktokMetrics } from './tiktok/metrics.ts';
import {
  checkPost,
  filesOf,
  optionsOf,
  TIKTOK_LIMITS,
  type TiktokOptions,
  tiktokOptions,
} from './tiktok/post.ts';
import { start } from './tiktok/start.ts';
import { askStatus, lookAfter, postedAs } from './tiktok/status.ts';
import { upload } from './tiktok/upload.ts';

const NAME = 'TikTok';

/**
 * TikTok's Content Posting API, posting directly: https://developers.tiktok.com/doc/content-posting-api-get-started.
 * A video is sent in chunks, photos are fetched by TikTok; then it works and moderates, and is asked how far it is.
 * Nothing can be taken off again by the API.
 */
export const tiktok = (api: string = TIKTOK_API): Provider<TiktokCredential, TiktokOptions> => ({
  id: 'tiktok',
  name: NAME,
  limits: TIKTOK_LIMITS,
  countText: utf16,
  credential: tiktokCredential,
  options: tiktokOptions,
  render: withLink,
  check: (variant, facts) => checkPost(variant, facts, NAME),
  verify: (credential, context) => verifyTiktok(api, credential, context),

  publish: (request, context) => start(api, request, 0, context),

  async poll(request, context) {
    const step = stepOf(request.delivery.handle);
    if (step?.step === 'upload') return upload(api, step, request, context);
    if (step?.step === 'wait') return lookAfter(api, step, request, context);
    return start(api, request, step?.tries ?? 0, context);
  },

  // By the id of its publishing, which belongs to one delivery.
  safety: { kind: 'findable', findAfterSeconds: 60, marked: true },
  find: (request, context) => find(api, request, context),

  metrics: tiktokMetrics(api),
  login: tiktokLogin(api),
  renewal: tiktokRenewal(api),
});

async function find(api: string, request: FindRequest<TiktokCredential>, context: Context): Promise<Found> {
  const { credential, delivery, variant, excluding } = request;
  const step = stepOf(delivery.handle);
  const files = filesOf(variant);
  if (step === undefined || step.step === 'start') {
    // A video whose first step was lost has no byte at TikTok.
    if (files?.kind === 'video') return { kind: 'absent' };
    return { kind: 'cannotTell', reason: 'TikTok lets nobody look for photos' };
  }
  const seen = await askStatus(api, step.publishId, credential, context);
  switch (seen.kind) {
    case 'complete': {
      const posted = postedAs(seen.postId, step.publishId, request);
      if (excluding.has(posted.externalId)) {
        return { kind: 'cannotTell', reason: 'this post belongs to another delivery' };
      }
      const isNamed = seen.postId !== undefined || optionsOf(variant)?.privacy !== 'public';
      if (isNamed) return { kind: 'found', ...posted };
      const { publishId, since, tries } = step;
      return { kind: 'found', ...posted, then: toHandle({ step: 'wait', publishId, since, tries }) };
    }
    // The next step reads why, and ends it or begins anew.
    case 'failed':
      return { kind: 'absent' };
    case 'uploading': {
      const total = files?.kind === 'video' && step.step === 'upload' ? files.file.bytes : 0;
      if (seen.bytes !== undefined && seen.bytes < total) return { kind: 'absent' };
      return { kind: 'cannotTell', reason: 'TikTok is still at work' };
    }
    case 'inbox':
    case 'working':
      return { kind: 'cannotTell', reason: 'TikTok is still at work' };
    case 'unclear':
      return { kind: 'cannotTell', reason: wordsOf(seen.answer) };
  }
}
