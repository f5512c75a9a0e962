import type { HttpAnswer } from '../provider.ts';
import type { FlickrError } from './api.ts';

export type UploadAnswer =
  | { readonly kind: 'ticket'; readonly ticket: string }
  | { readonly kind: 'photo'; readonly photo: string }
  /** `duplicate`: the photo that an equal file already is. */
  | { readonly kind: 'refused'; readonly error: FlickrError; readonly duplicate?: string };

/**
 * The answer to an upload, which comes as XML alone: `<rsp stat="ok"><ticketid>1</ticketid></rsp>`. No parser: the few
 * shapes that there are (https://www.flickr.com/services/api/upload.async.html) are looked for in the first kilobytes,
 * and whatever is none of them is no answer.
 */
export function readUpload(answer: HttpAnswer): UploadAnswer | undefined {
  if (answer.kind !== 'answered' || answer.status !== 200) return undefined;
  const text = answer.text.slice(0, 4_000);
  const [, stat, inner = ''] = /<rsp\s[^<>]*\bstat="(ok|fail)"[^<>]*>([\s\S]*)<\/rsp>/.exec(text) ?? [];
  if (stat === 'ok') {
    const ticket = /<ticketid>\s*([\w-]{1,64})\s*<\/ticketid>/.exec(inner)?.[1];
    if (ticket !== undefined) return { kind: 'ticket', ticket };
    const photo = /<photoid[^<>]*>\s*(\d{1,30})\s*<\/photoid>/.exec(inner)?.[1];
    return photo === undefined ? undefined : { kind: 'photo', photo };
  }
  const attributes = stat === 'fail' ? /<err\s([^<>]*)\/?>/.exec(inner)?.[1] : undefined;
  const code = attributes && /\bcode="(\d{1,6})"/.exec(attributes)?.[1];
  if (attributes === undefined || code === undefined || code === '') return undefined;
  const message = plain(/\bmsg="([^"]*)"/.exec(attributes)?.[1] ?? '');
  const duplicate =
    /\bduplicate_photo_id="(\d{1,30})"/.exec(attributes)?.[1] ??
    /<duplicate_photo_id>\s*(\d{1,30})\s*</.exec(inner)?.[1];
  return {
    kind: 'refused',
    error: { code: Number(code), message },
    ...(duplicate === undefined ? {} : { duplicate }),
  };
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const plain = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|apos);/g, (whole, name: string) => ENTITIES[name] ?? whole);
