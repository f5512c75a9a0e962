import * as z from 'zod';
import type { Attachment } from '../../domain/media.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { type Instant, SECOND } from '../../domain/time.ts';
import type { Context } from '../provider.ts';
import { call, mediaRefusal, statusOf, successJson } from './api.ts';
import { fileOf, type MediaState, readStatus, type Upload, urnOf } from './media.ts';

/** The upload of a video that is under way. */
export const videoState = z.strictObject({
  /** Empty: to be begun. */
  id: z.string(),
  /** How often it was begun anew. */
  anew: z.int().nonnegative(),
});
export type VideoState = z.infer<typeof videoState>;
type Waiting = { kind: 'goOnVideo'; state: VideoState; checkAt: Instant };

/** How long one step goes on uploading: a claim is fresh for 40 s, one request takes up to 20. */
const STEP = 12 * SECOND;
const MOST_ANEW = 4;

/**
 * Brings a video in parts of 4 MB, as LinkedIn deals them out.
 * https://learn.microsoft.com/linkedin/marketing/community-management/shares/videos-api
 */
export async function uploadVideo(
  upload: Upload,
  media: Attachment,
  before?: VideoState,
): Promise<MediaState | Waiting | Outcome> {
  const { access, context } = upload;
  const file = fileOf(media, 'video');
  if ('kind' in file) return file;
  if (before === undefined || before.id === '') return begin(upload, file.bytes, before?.anew ?? 0);
  const plans = await readPlans(context);
  const plan = plans[before.id];
  if (plan === undefined) return anew(before, context);

  const until = context.now() + STEP;
  const etags = [...plan.etags];
  let failed: Outcome | undefined;
  for (const { url, from, to } of plan.parts.slice(etags.length)) {
    if (context.now() >= until) break;
    // No token goes along: LinkedIn refuses a part that has one.
    const sent = await context.http({
      method: 'PUT',
      url,
      headers: { 'content-type': 'application/octet-stream' },
      body: { bytes: to - from, chunks: () => context.media.read(file, { from, to }) },
    });
    const etag = sent.kind === 'answered' && sent.status < 300 ? sent.headers.etag : undefined;
    if (etag === undefined) {
      failed = mediaRefusal(sent, context.now());
      break;
    }
    etags.push(etag.replace(/^"|"$/g, ''));
  }
  await writePlans(context, { ...plans, [before.id]: { ...plan, etags } });
  if (failed?.kind === 'rejected') return anew(before, context);
  if (failed !== undefined && etags.length === plan.etags.length) return failed;
  if (etags.length < plan.parts.length) return { kind: 'goOnVideo', state: before, checkAt: context.now() };

  const video = urnOf('video', before.id);
  const request = { video, uploadToken: plan.token, uploadedPartIds: etags };
  const path = '/rest/videos?action=finalizeUpload';
  const finalized = await context.http(call(access, 'POST', path, { finalizeUploadRequest: request }));
  if (statusOf(finalized) < 200 || statusOf(finalized) >= 300) {
    // It may have been finalized before, and the answer lost.
    const { told } = await readStatus(upload, 'video', before.id);
    const isThere = told?.status === 'PROCESSING' || told?.status === 'AVAILABLE';
    if (!isThere) return mediaRefusal(finalized, context.now());
  }
  return { ids: [before.id], usable: 0, at: context.now() };
}

const initialized = z.object({
  value: z.object({
    video: z.string(),
    uploadToken: z.string().default(''),
    uploadInstructions: z
      .array(z.object({ uploadUrl: z.url(), firstByte: z.int(), lastByte: z.int() }))
      .min(1),
  }),
});

async function begin(
  { access, context }: Upload,
  fileSizeBytes: number,
  times: number,
): Promise<Waiting | Outcome> {
  const { author: owner } = access.credential;
  const request = { owner, fileSizeBytes, uploadCaptions: false, uploadThumbnail: false };
  const path = '/rest/videos?action=initializeUpload';
  const answer = await context.http(call(access, 'POST', path, { initializeUploadRequest: request }));
  const begun = initialized.safeParse(successJson(answer)).data?.value;
  if (begun === undefined) return mediaRefusal(answer, context.now());
  const id = begun.video.slice(begun.video.lastIndexOf(':') + 1);
  const parts = begun.uploadInstructions.map(({ uploadUrl, firstByte, lastByte }) => ({
    url: uploadUrl,
    from: firstByte,
    to: lastByte + 1,
  }));
  await writePlans(context, {
    ...(await readPlans(context)),
    [id]: { token: begun.uploadToken, parts, etags: [] },
  });
  return { kind: 'goOnVideo', state: { id, anew: times }, checkAt: context.now() };
}

/** Another video of this channel has overwritten the plan, or the upload has ended: begins anew, but not for ever. */
function anew({ anew: times }: VideoState, context: Context): Waiting | Outcome {
  if (times >= MOST_ANEW) {
    return { kind: 'rejected', code: 'media_refused', reason: 'LinkedIn did not take the video to its end' };
  }
  return { kind: 'goOnVideo', state: { id: '', anew: times + 1 }, checkAt: context.now() + 2 * SECOND };
}

const plansSchema = z.record(
  z.string(),
  z.object({
    token: z.string(),
    parts: z.array(z.object({ url: z.string(), from: z.number(), to: z.number() })),
    etags: z.array(z.string()),
  }),
);
type Plans = z.infer<typeof plansSchema>;

/**
 * Addresses and receipts of a hundred parts are too much for a handle, and each address is a permission to write: they
 * are kept where LinkedIn's missing login session would be, sealed, with the channel.
 */
async function readPlans({ session }: Context): Promise<Plans> {
  try {
    return plansSchema.safeParse(JSON.parse((await session.get()) ?? '{}')).data ?? {};
  } catch {
    return {};
  }
}

/** An item of the table holds 400 KB. */
const MOST_CHARACTERS = 250_000;

/** The oldest go where there is no room for all. */
async function writePlans({ session }: Context, plans: Plans): Promise<void> {
  let kept = Object.entries(plans);
  while (kept.length > 1 && JSON.stringify(kept).length > MOST_CHARACTERS) kept = kept.slice(1);
  await session.set(JSON.stringify(Object.fromEntries(kept)));
}
