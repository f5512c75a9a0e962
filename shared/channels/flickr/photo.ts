import * as z from 'zod';
import { headlineOf } from '../../domain/article.ts';
import type { Variant } from '../../domain/content.ts';
import { sha256 } from '../../domain/ids.ts';
import { type Attachment, type FileLimits, fileFor, fileNameFor, kindOf } from '../../domain/media.ts';
import type { Instant } from '../../domain/time.ts';
import { withLink } from '../check-content.ts';
import { multipart } from '../multipart.ts';
import { ownOptions } from '../own-options.ts';
import type { Context, HttpRequest, Limits } from '../provider.ts';
import type { FlickrCredential } from './api.ts';
import { flickrAuthorization, type Pairs } from './oauth.ts';

const tag = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^"]+$/, 'must not hold a quotation mark');

/** Arguments of an upload: https://www.flickr.com/services/api/upload.api.html */
export const flickrOptions = z.strictObject({
  title: z.string().trim().min(1).max(255).optional().describe('The first words of the text unless told'),
  tags: z.array(tag).max(70).optional().describe('Words by which it is found'),
  visibility: z
    .enum(['public', 'friends', 'family', 'friendsAndFamily', 'private'])
    .optional()
    .describe('Who may see it; `public` unless told'),
  safety: z.enum(['safe', 'moderate', 'restricted']).optional().describe('`safe` unless told'),
  contentType: z.enum(['photo', 'screenshot', 'other']).optional().describe('`photo` unless told'),
  hidden: z.boolean().optional().describe('Keeps it out of public searches'),
  album: z
    .string()
    .trim()
    .min(1)
    .max(255)
    .optional()
    .describe('Title of the album that several photos become; the title unless told'),
  albumId: z
    .string()
    .regex(/^\d{1,30}$/, 'must be the number of an album')
    .optional()
    .describe('Id of an album that stands already, for these photos to go into'),
  allowDuplicate: z.boolean().optional().describe('Whether a file is taken that the account has already'),
});
export type FlickrOptions = z.infer<typeof flickrOptions>;

const validOptions = ownOptions(flickrOptions);
export const flickrOptionsOf = (variant: Pick<Variant, 'options'>): FlickrOptions =>
  validOptions(variant) ?? {};

const MEGABYTE = 1_000_000;

/**
 * Photos up to 200 MB, videos up to 1 GB and ten minutes (https://www.flickrhelp.com). A video goes in one request, too,
 * and one of ours has 20 s: hence no more than of a photo. No WebP: Flickr names JPEG, PNG and GIF.
 */
export const FLICKR_MEDIA = {
  least: 1,
  most: 20,
  alt: 2_000,
  image: { types: ['image/jpeg', 'image/png', 'image/gif'], maxBytes: 200 * MEGABYTE },
  video: { types: ['video/mp4', 'video/quicktime'], maxBytes: 200 * MEGABYTE, maxSeconds: 600 },
  mostVideos: 20,
  mixed: true,
} as const satisfies Limits['media'];

export const flickrTitle = (variant: Variant): string =>
  flickrOptionsOf(variant).title ?? (headlineOf(variant.text) || (variant.media?.[0]?.fileName ?? ''));

/** A machine tag that no other photo has: by it a photo is known again. https://www.flickr.com/groups/api/discuss/72157594497877875/ */
export const flickrMark = (key: string, index: number): string =>
  `sendeplan:photo=${sha256(`${key}.${index}`).slice(0, 20)}`;

/** The upload of one photo, all of it signed but the file. Undefined when the file is none that Flickr takes. */
export function toUpload(
  {
    variant,
    credential,
    delivery,
  }: { variant: Variant; credential: FlickrCredential; delivery: { key: string } },
  index: number,
  host: string,
  context: Context,
): HttpRequest | undefined {
  const media = variant.media?.[index];
  const original = media?.files[0];
  if (media === undefined || original === undefined) return undefined;
  const kinds: Readonly<Record<string, FileLimits>> = {
    image: FLICKR_MEDIA.image,
    video: FLICKR_MEDIA.video,
  };
  const limits = kinds[kindOf(original.type)];
  const file = limits && fileFor(media, limits);
  if (file === undefined || typeof file === 'string') return undefined;
  const mark = flickrMark(delivery.key, index);
  const fields = [['api_key', credential.apiKey] as const, ...toFields(variant, media, mark)];
  const form = multipart(mark, fields, [
    {
      field: 'photo',
      fileName: fileNameFor(media, file),
      type: file.type,
      bytes: file.bytes,
      chunks: () => context.media.read(file),
    },
  ]);
  const url = `${host}/services/upload/`;
  const now: Instant = context.now();
  const authorization = flickrAuthorization(credential, { method: 'POST', url, parameters: fields }, now);
  return { method: 'POST', url, headers: { ...form.headers, authorization }, body: form.body };
}

/** Flickr has no alt text: what is to be seen stands below the words. */
export const flickrDescription = (variant: Variant, { alt }: Pick<Attachment, 'alt'>): string =>
  [withLink(variant).trim(), alt.trim()].filter((part) => part !== '').join('\n\n');

export function toFields(variant: Variant, media: Pick<Attachment, 'alt'>, mark: string): Pairs {
  const {
    tags = [],
    visibility = 'public',
    safety,
    contentType,
    hidden,
    allowDuplicate,
  } = flickrOptionsOf(variant);
  const friends = visibility === 'friends' || visibility === 'friendsAndFamily';
  const family = visibility === 'family' || visibility === 'friendsAndFamily';
  return [
    ['title', flickrTitle(variant)],
    ['description', flickrDescription(variant, media)],
    ['tags', [...tags.map((one) => `"${one}"`), mark].join(' ')],
    ['is_public', visibility === 'public' ? '1' : '0'],
    ['is_friend', friends ? '1' : '0'],
    ['is_family', family ? '1' : '0'],
    ['safety_level', String(SAFETY.indexOf(safety ?? 'safe') + 1)],
    ['content_type', String(CONTENT.indexOf(contentType ?? 'photo') + 1)],
    ...(hidden === undefined ? [] : [['hidden', hidden ? '2' : '1'] as const]),
    ['async', '1'],
    ...(allowDuplicate ? [] : [['dedup_check', '1'] as const]),
  ];
}

const SAFETY = ['safe', 'moderate', 'restricted'];
const CONTENT = ['photo', 'screenshot', 'other'];
