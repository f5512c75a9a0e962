import type { Variant } from '../../domain/content.ts';
import { type Attachment, fileFor, fileNameFor, kindOf, type MediaFile } from '../../domain/media.ts';
import { type FormFile, multipart } from '../multipart.ts';
import type { Context, HttpRequest, Limits } from '../provider.ts';
import { call, methodUrl, type TelegramAccess } from './api.ts';
import type { Message, NamedFile } from './message.ts';

const MEGABYTE = 1_000_000;

/** https://core.telegram.org/bots/api#sendphoto, #sendvideo, #senddocument, #sendmediagroup */
export const TELEGRAM_MEDIA: NonNullable<Limits['media']> = {
  least: 0,
  most: 10,
  caption: 1_024,
  mixed: true,
  mostVideos: 10,
  image: {
    types: ['image/jpeg', 'image/png', 'image/webp', 'image/gif'],
    maxBytes: 10 * MEGABYTE,
    ratio: [1 / 20, 20],
  },
  // Apps play MPEG-4; anything else would have to be a document.
  video: { types: ['video/mp4'], maxBytes: 50 * MEGABYTE },
  document: { types: ['application/pdf'], maxBytes: 50 * MEGABYTE },
};
/** Of an image, https://core.telegram.org/bots/api#sendphoto */
export const MOST_WIDTH_AND_HEIGHT = 10_000;

/** What Telegram fetches by itself, https://core.telegram.org/bots/api#sending-files */
const FETCHED_PHOTO = 5 * MEGABYTE;
const FETCHED_FILE = 20 * MEGABYTE;

export type TelegramFile = {
  readonly media: Attachment;
  readonly file: MediaFile;
  readonly kind: NamedFile['kind'];
};

/** The file as Telegram takes it; undefined when none fits. */
export function fileOf(media: Attachment): TelegramFile | undefined {
  const [original] = media.files;
  if (original === undefined) return undefined;
  const limits = TELEGRAM_MEDIA[kindOf(original.type)];
  const files = media.files.filter(
    ({ type, width = 0, height = 0 }) => kindOf(type) !== 'image' || width + height <= MOST_WIDTH_AND_HEIGHT,
  );
  const file = limits && fileFor({ ...media, files }, limits);
  if (typeof file !== 'object') return undefined;
  return { media, file, kind: file.type === 'image/gif' ? 'animation' : SHOWN_AS[kindOf(file.type)] };
}

const SHOWN_AS = { image: 'photo', video: 'video', document: 'document' } as const;

/** The variant's files; undefined when one does not fit. */
export function filesOf({ media = [] }: Variant): TelegramFile[] | undefined {
  const files = media.flatMap((one) => fileOf(one) ?? []);
  return files.length === media.length ? files : undefined;
}

type Brought = { readonly named: NamedFile; readonly part?: FormFile };

/**
 * How files come to Telegram: one by its address where it may be fetched, so that the request that publishes stays
 * short and seldom ends in doubt; else in the form. Albums always go in the form: when Telegram fails to fetch one of
 * several, it is not certain that nothing is out. `byForm`: it has failed to fetch the one.
 */
export async function bring(
  files: readonly TelegramFile[],
  byForm: boolean,
  context: Pick<Context, 'media'>,
): Promise<Brought[]> {
  return Promise.all(
    files.map(async ({ media, file, kind }, index): Promise<Brought> => {
      const { width, height } = file;
      const size = width === undefined || height === undefined ? {} : { width, height };
      const { durationMs } = media;
      const named = { kind, ...size, ...(durationMs === undefined ? {} : { durationMs }) };
      const isSmall = file.bytes <= (kind === 'photo' ? FETCHED_PHOTO : FETCHED_FILE);
      const mayFetch = isSmall && files.length === 1 && !byForm;
      const url = mayFetch ? await context.media.url(file) : undefined;
      // A laptop's address is not one that Telegram could reach.
      if (url?.startsWith('https://')) return { named: { ...named, media: url } };
      const field = `file-${index}`;
      const part: FormFile = {
        field,
        fileName: fileNameFor(media, file),
        type: file.type,
        bytes: file.bytes,
        chunks: () => context.media.read(file),
      };
      return { named: { ...named, media: `attach://${field}` }, part };
    }),
  );
}

/** JSON, or a form where files come along; `key` makes the form's boundary. */
export function toRequest(
  access: TelegramAccess,
  { method, fields }: Message,
  parts: readonly FormFile[],
  key: string,
): HttpRequest {
  if (parts.length === 0) return call(access, method, fields);
  // A file that is a parameter itself is a part of that name.
  const own = (name: string) => Object.entries(fields).find(([, value]) => value === `attach://${name}`)?.[0];
  const form = multipart(
    key,
    Object.entries(fields)
      .filter(([, value]) => !String(value).startsWith('attach://'))
      .map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]),
    parts.map((part) => ({ ...part, field: own(part.field) ?? part.field })),
  );
  return { method: 'POST', url: methodUrl(access, method), ...form };
}
