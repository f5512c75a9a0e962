import * as z from 'zod';
import { idSchema, sha256 } from './ids.ts';
import type { Attachment, Media } from './media.ts';

const text = z.string().max(100_000);
const link = z.url({ protocol: /^https?$/ }).max(2_048);

/** What a variant may say. What a network cannot do with it is a finding of that network's `check`. */
const contentShape = {
  text,
  link: link.optional(),
  media: z
    .array(z.strictObject({ mediaId: idSchema('med'), alt: z.string().max(2_000).default('') }))
    .max(20)
    .optional(),
  thread: z.array(text.min(1)).max(25).optional(),
  firstComment: text.min(1).optional(),
  poll: z
    .strictObject({
      question: z.string().max(300).optional(),
      options: z.array(z.string().min(1).max(100)).min(2).max(10),
      minutes: z.int().min(5).max(43_200),
    })
    .optional(),
  options: z.record(z.string(), z.unknown()).optional(),
};

export const contentSchema = z.strictObject(contentShape);
/** The words of a delivery, its media still named by their ids. */
export type VariantContent = z.infer<typeof contentSchema>;
/** The resolved content of one delivery: what a provider is given. */
export type Variant = Omit<VariantContent, 'media'> & { readonly media?: readonly Attachment[] };

/** What follows a post, in its order: the rest of its thread, then its first comment. */
export const partsOf = ({
  thread = [],
  firstComment,
}: Pick<Variant, 'thread' | 'firstComment'>): readonly string[] =>
  firstComment === undefined ? thread : [...thread, firstComment];

/** A variant's own fields over the base; `null` takes a field of the base away. */
export const variantSchema = z.strictObject({
  text: text.optional(),
  link: contentShape.link.nullable(),
  media: contentShape.media.nullable(),
  thread: contentShape.thread.nullable(),
  firstComment: contentShape.firstComment.nullable(),
  poll: contentShape.poll.nullable(),
  options: contentShape.options,
});
export type VariantOverride = z.infer<typeof variantSchema>;

/** Everything that one revision of a post says; never changes once stored. Keys of `variants`: network or channel id. */
export type Content = {
  readonly base: VariantContent;
  readonly variants: Readonly<Record<string, VariantOverride>>;
};

/** base < network < channel, field by field; `options` are merged key by key. */
export function resolveVariant(content: Content, network: string, channelId: string): VariantContent {
  const resolved: Record<string, unknown> = { ...content.base };
  for (const key of [network, channelId]) {
    for (const [field, value] of Object.entries(content.variants[key] ?? {})) {
      if (value === undefined) continue;
      if (value === null) delete resolved[field];
      else if (field === 'options') resolved.options = { ...(resolved.options ?? {}), ...(value as object) };
      else resolved[field] = value;
    }
  }
  return resolved as VariantContent;
}

/** The variant with its media's facts; media that are not there, or not ready, are left out and named by `missing`. */
export function withMedia(
  { media, ...words }: VariantContent,
  known: ReadonlyMap<string, Media>,
): { variant: Variant; missing: readonly number[] } {
  if (media === undefined) return { variant: words, missing: [] };
  const attached: Attachment[] = [];
  const missing: number[] = [];
  for (const [index, { mediaId, alt }] of media.entries()) {
    const found = known.get(mediaId);
    if (found?.state !== 'ready') missing.push(index);
    else attached.push({ ...found, alt });
  }
  return { variant: { ...words, media: attached }, missing };
}

/** Hash over text, link, options and media with alt text: what an approval or a replay refers to. */
export function contentHash(content: Content): string {
  return sha256(canonicalJson(content));
}

/** JSON with sorted keys and without undefined: equal data gives equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
