import * as z from 'zod';
import type { Variant } from '../../domain/content.ts';
import type { MediaFile } from '../../domain/media.ts';
import type { Instant } from '../../domain/time.ts';
import type { Context, HttpAnswer, HttpRequest, Outcome, PublishRequest } from '../provider.ts';
import { askCreator, type Creator, isCreator } from './account.ts';
import { call, dataOf, type TiktokCredential, toHarmless, toRefusal } from './api.ts';
import { goOn } from './handle.ts';
import {
  type Allowed,
  type Files,
  filesOf,
  optionsOf,
  PRIVACY_LEVELS,
  type TiktokOptions,
  toPhotoInfo,
  toVideoInfo,
} from './post.ts';

/** Least that TikTok takes as one chunk, but for smaller videos, which go whole. The last chunk has the rest, too. */
export const CHUNK_BYTES = 5 * 1024 * 1024;

/**
 * Begins a post. Which request is the irreversible one, TikTok's documentation says by what it answers:
 * - A video's `init` only hands out an address (`publish_id`, `upload_url`). The transfer is what makes the post: 206
 *   means that more is to come, 201 "All parts are uploaded", and TikTok goes on by itself from there
 *   (https://developers.tiktok.com/doc/content-posting-api-reference-direct-post). So the last chunk goes by `send`,
 *   and an `init` whose answer is lost costs nothing: a video that never comes is never posted.
 * - For photos there is no second request: TikTok begins to fetch them when `init` has named their addresses
 *   (https://developers.tiktok.com/doc/content-posting-api-reference-photo-post). So that goes by `send`.
 */
export async function start(
  api: string,
  request: PublishRequest<TiktokCredential>,
  tries: number,
  context: Context,
): Promise<Outcome> {
  const { variant, credential } = request;
  const options = optionsOf(variant);
  if (options?.privacy === undefined) {
    return { kind: 'rejected', code: 'option_invalid', reason: 'an option is missing or has no valid value' };
  }
  const files = filesOf(variant);
  if (files === undefined) {
    return { kind: 'rejected', code: 'media_refused', reason: 'there is nothing that TikTok takes' };
  }
  const creator = await askCreator(api, credential, context);
  if (!isCreator(creator)) return toHarmless(creator, context.now());
  const refused = againstCreator(creator, options, files);
  if (refused !== undefined) return refused;
  const allowed: Allowed = {
    comments: !creator.comment_disabled,
    duet: !creator.duet_disabled,
    stitch: !creator.stitch_disabled,
  };
  if (files.kind === 'video') {
    const body = toVideoInit(variant, options, allowed, files.file);
    const answer = await context.http(call(api, credential, '/v2/post/publish/video/init/', body));
    const opened = dataOf(answer, upload);
    const now = context.now();
    if (opened === undefined) return toHarmless(answer, now);
    const { publish_id: publishId, upload_url: url } = opened;
    return goOn({ step: 'upload', publishId, url, sent: 0, since: now, tries }, now);
  }
  const urls = await Promise.all(files.files.map((file) => context.media.url(file)));
  const sent = await context.send(toRequest(api, credential, variant, options, allowed, urls));
  return toOutcome(sent, tries, context.now());
}

/** What the account does not take just now. */
function againstCreator(
  creator: Creator,
  { privacy = 'private' }: TiktokOptions,
  files: Files,
): Outcome | undefined {
  const { privacy_level_options: offered, max_video_post_duration_sec: longest } = creator;
  if (!offered.includes(PRIVACY_LEVELS[privacy])) {
    const reason = `this account offers ${offered.join(', ')}, not ${PRIVACY_LEVELS[privacy]}`;
    return { kind: 'rejected', code: 'option_invalid', reason };
  }
  if (files.kind === 'video' && files.seconds > (longest ?? files.seconds)) {
    const reason = `this account takes videos of ${longest} s, this one has ${files.seconds} s`;
    return { kind: 'rejected', code: 'media_refused', reason };
  }
  return undefined;
}

const upload = z.object({ publish_id: z.string().min(1), upload_url: z.url() });

/** Body of a video's `init`. */
export function toVideoInit(
  variant: Variant,
  options: TiktokOptions,
  allowed: Allowed,
  { bytes }: Pick<MediaFile, 'bytes'>,
): Readonly<Record<string, unknown>> {
  return {
    post_info: toVideoInfo(variant, options, allowed),
    source_info: {
      source: 'FILE_UPLOAD',
      video_size: bytes,
      chunk_size: Math.min(CHUNK_BYTES, bytes),
      total_chunk_count: Math.max(1, Math.floor(bytes / CHUNK_BYTES)),
    },
  };
}

/** The request that posts photos. */
export function toRequest(
  api: string,
  credential: TiktokCredential,
  variant: Variant,
  options: TiktokOptions,
  allowed: Allowed,
  urls: readonly string[],
): HttpRequest {
  return call(api, credential, '/v2/post/publish/content/init/', {
    media_type: 'PHOTO',
    post_mode: 'DIRECT_POST',
    post_info: toPhotoInfo(variant, options, allowed),
    source_info: {
      source: 'PULL_FROM_URL',
      photo_images: urls,
      photo_cover_index: Math.min(options.coverIndex ?? 0, urls.length - 1),
    },
  });
}

/** What became of the request that posts photos. */
export function toOutcome(answer: HttpAnswer, tries: number, now: Instant): Outcome {
  const begun = dataOf(answer, z.object({ publish_id: z.string().min(1) }));
  if (begun === undefined) return toRefusal(answer, now);
  return goOn({ step: 'wait', publishId: begun.publish_id, since: now, tries }, now);
}
