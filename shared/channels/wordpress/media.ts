import * as z from 'zod';
import { slugOf } from '../../domain/article.ts';
import { sha256 } from '../../domain/ids.ts';
import {
  type Attachment,
  FILE_ENDINGS,
  type FileLimits,
  fileFor,
  type MediaFile,
} from '../../domain/media.ts';
import { type Instant, SECOND } from '../../domain/time.ts';
import { ok, unfit } from '../outcome.ts';
import type { Context, HttpAnswer, PublishRequest } from '../provider.ts';
import {
  call,
  errorCode,
  type Refusal,
  refusalOf,
  usesQueryRoutes,
  type WordpressCredential,
} from './api.ts';
import type { SiteImage } from './post.ts';

/** WordPress sets no size; the site's host does, and of what that refuses a smaller file is tried. */
export const WORDPRESS_IMAGE: FileLimits = {
  types: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'],
  maxBytes: 20_000_000,
};

/** A step goes on for so long; a request that is under way may take 20 s more. */
const STEP = 15 * SECOND;

/**
 * The post's images in the site's media library, in their order. Each has a slug of its delivery's own and is looked
 * for first, so that neither a crash nor a second attempt leaves a copy behind. One after another: a site makes
 * several sizes of each, and is often small. `goOn`: some more are there, and this step's time is over.
 */
export async function imagesOnSite(
  request: PublishRequest<WordpressCredential>,
  context: Context,
): Promise<{ kind: 'there'; images: readonly SiteImage[] } | { kind: 'goOn'; checkAt: Instant } | Refusal> {
  const { variant, delivery } = request;
  const wanted = (variant.media ?? []).map((media, n) => ({
    media,
    slug: imageSlug(media, delivery.key, n),
  }));
  if (wanted.length === 0) return { kind: 'there', images: [] };
  const until = context.now() + STEP;
  const known = await lookFor(
    request,
    wanted.map(({ slug }) => slug),
    context,
  );
  if ('kind' in known) return known;
  const images: SiteImage[] = [];
  let grown = false;
  for (const { media, slug } of wanted) {
    let image = known.get(slug);
    if (grown && context.now() >= until) return { kind: 'goOn', checkAt: context.now() };
    if (image === undefined) {
      grown = true;
      const uploaded = await upload(request, media, slug, context);
      if ('kind' in uploaded) return uploaded;
      image = uploaded;
    }
    const alt = oneLine(media.alt);
    if (image.alt_text !== alt) {
      const refusal = await describe(request, image.id, alt, context);
      if (refusal !== undefined) return refusal;
    }
    images.push({ id: image.id, url: image.source_url, alt: media.alt });
  }
  // The post itself may take as long again.
  if (grown && context.now() >= until) return { kind: 'goOn', checkAt: context.now() };
  return { kind: 'there', images };
}

/** All that WordPress keeps of the words in the library. */
const oneLine = (alt: string): string => alt.replace(/\s+/g, ' ').trim();

/** Words of the file's name, and a hash that no other delivery has. */
function imageSlug({ fileName }: Attachment, key: string, n: number): string {
  const words = slugOf(fileName.replace(/\.[^.]*$/, ''));
  return `${words === '' ? 'image' : words}-${sha256(`${key}.${n}`).slice(0, 10)}`;
}

const libraryImage = z.object({
  id: z.int(),
  slug: z.string(),
  source_url: z.url(),
  alt_text: z.string().default(''),
});
type LibraryImage = z.infer<typeof libraryImage>;

type Request = Pick<PublishRequest<WordpressCredential>, 'credential' | 'channel'>;

const asked = (
  { credential, channel }: Request,
  method: 'GET' | 'POST',
  route: string,
  more: Parameters<typeof call>[4],
) => call(credential, usesQueryRoutes(channel.facts), method, route, more);

async function lookFor(
  request: Request,
  slugs: readonly string[],
  context: Context,
): Promise<ReadonlyMap<string, LibraryImage> | Refusal> {
  const query = { slug: slugs.join(','), per_page: '100', _fields: 'id,slug,source_url,alt_text' };
  const answer = await context.http(asked(request, 'GET', '/media', { query }));
  const found = ok(answer, z.array(libraryImage));
  if (found === undefined) return refusalOf(answer, context.now());
  return new Map(found.map((image) => [image.slug, image]));
}

/** https://developer.wordpress.org/rest-api/reference/media/#create-a-media-item, the bytes as they are. */
async function upload(
  request: Request,
  media: Attachment,
  slug: string,
  context: Context,
): Promise<LibraryImage | Refusal> {
  const file = fileFor(media, WORDPRESS_IMAGE);
  if (typeof file === 'string') return unfit(media, file);
  const smaller = media.files.filter(({ name, bytes }) => name !== 'original' && bytes < file.bytes);
  let refusal: Refusal = { kind: 'unavailable', reason: 'no file was tried' };
  for (const one of [file, ...smaller]) {
    const answer = await context.http(toUpload(request, one, slug, context));
    const image = ok(answer, libraryImage);
    if (image !== undefined) return image;
    refusal = mediaRefusal(answer, context.now());
    if (!isTooLarge(answer)) return refusal;
  }
  return refusal;
}

function toUpload(request: Request, file: MediaFile, slug: string, context: Context) {
  const fileName = `${slug}.${FILE_ENDINGS[file.type]}`;
  const { headers, ...frame } = asked(request, 'POST', '/media', { query: { slug } });
  return {
    ...frame,
    headers: {
      ...headers,
      'content-type': file.type,
      'content-disposition': `attachment; filename="${fileName}"`,
    },
    body: { bytes: file.bytes, chunks: () => context.media.read(file) },
  };
}

async function describe(
  request: Request,
  id: number,
  alt: string,
  context: Context,
): Promise<Refusal | undefined> {
  const answer = await context.http(asked(request, 'POST', `/media/${id}`, { body: { alt_text: alt } }));
  return ok(answer, z.object({ id: z.int() })) ? undefined : mediaRefusal(answer, context.now());
}

/** The web server before WordPress says so, or WordPress as one site of many. */
const isTooLarge = (answer: HttpAnswer): boolean =>
  (answer.kind === 'answered' && answer.status === 413) || errorCode(answer) === 'rest_upload_file_too_big';

/** A file that is of no allowed kind is told of with status 500: `rest_upload_sideload_error`. */
function mediaRefusal(answer: HttpAnswer, now: Instant): Refusal {
  const refusal = refusalOf(answer, now, ['rest_upload_sideload_error']);
  return refusal.kind === 'rejected' ? { ...refusal, code: 'media_refused' } : refusal;
}
