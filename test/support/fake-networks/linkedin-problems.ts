import { type LinkedinUploads, refusal } from './linkedin-uploads.ts';
import type { Reply } from './server.ts';

/** What LinkedIn would not take of a post. */
export function problemOf(
  body: Readonly<Record<string, unknown>> & { readonly author: string; readonly commentary: string },
  {
    owners,
    page,
    uploads: { assets },
  }: { readonly owners: readonly string[]; readonly page: string; readonly uploads: LinkedinUploads },
): Reply | undefined {
  const invalid = (field: string) => refusal(400, 'INVALID_VALUE_FOR_FIELD', `${field} can't be set to that`);
  const { author, commentary, visibility, distribution, lifecycleState } = body;
  if (!owners.includes(author)) return refusal(403, 'ACCESS_DENIED', 'Insufficient permissions');
  if (typeof commentary !== 'string')
    return refusal(400, 'MISSING_FIELD', 'commentary is required but missing');
  if (commentary.trim() === '') return refusal(400, 'INVALID_VALUE_BLANK_FIELD', "commentary can't be blank");
  if (commentary.replace(/\\/g, '').length > 3_000)
    return refusal(400, 'FIELD_LENGTH_TOO_LONG', 'commentary length');
  const elements =
    /\{hashtag\|\\#\|(?:[^{}\\]|\\.)+\}|@\[(?:[^[\]\\]|\\.)+\]\(urn:li:\w+:\w+\)|#[\p{L}\p{N}]+|\\./gu;
  if (/[|{}@[\]()<>#*_~\\]/.test(commentary.replace(elements, ''))) return invalid('commentary');
  if (visibility !== 'PUBLIC' && (visibility !== 'CONNECTIONS' || author === page))
    return invalid('visibility');
  if (lifecycleState !== 'PUBLISHED' || distribution === undefined) return invalid('lifecycleState');
  const { media, multiImage, article, poll } = (body.content ?? {}) as {
    media?: { id: string; title?: string };
    multiImage?: { images: { id: string }[] };
    article?: { source?: string; title?: string; thumbnail?: string };
    poll?: { question?: string; options?: { text: string }[]; settings?: { duration?: string } };
  };
  if (article && (!article.source || !article.title)) return refusal(400, 'MISSING_FIELD', 'article.title');
  if (poll && !isPoll(poll)) return invalid('poll');
  const count = multiImage?.images.length ?? 2;
  if (count < 2 || count > 20) return invalid('multiImage');
  const ids = [media?.id, article?.thumbnail, ...(multiImage?.images ?? []).map(({ id }) => id)];
  for (const id of ids.filter((one) => one !== undefined)) {
    const asset = assets.get(id);
    if (asset?.owner !== author) return refusal(400, 'INVALID_IMAGE_ID', 'This Image ID is invalid');
    if (asset.kind === 'document' && !media?.title)
      return refusal(400, 'MISSING_FIELD', 'title is required but missing');
    if (asset.status === 'WAITING_UPLOAD')
      return refusal(400, 'MEDIA_ASSET_WAITING_UPLOAD', 'Media asset is waiting upload');
  }
  return undefined;
}

function isPoll(poll: {
  question?: string;
  options?: { text: string }[];
  settings?: { duration?: string };
}): boolean {
  const { question = '', options = [], settings } = poll;
  const durations = ['ONE_DAY', 'THREE_DAYS', 'SEVEN_DAYS', 'FOURTEEN_DAYS'];
  return (
    question.length >= 1 &&
    question.length <= 140 &&
    options.length >= 2 &&
    options.length <= 4 &&
    options.every(({ text }) => text.length >= 1 && text.length <= 30) &&
    durations.includes(settings?.duration ?? '')
  );
}
