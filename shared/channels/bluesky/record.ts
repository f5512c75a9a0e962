import { partsOf, type Variant } from '../../domain/content.ts';
import { type Instant, toRfc3339 } from '../../domain/time.ts';
import { withLink } from '../check-content.ts';
import type { Embed } from './embed.ts';
import { type Facet, toFacets } from './facets.ts';
import { type BlueskyOptions, hasCard } from './options.ts';
import { POST_COLLECTION } from './tid.ts';

/** `com.atproto.repo.strongRef`: a record as it stood. */
export type Ref = { readonly uri: string; readonly cid: string };

/** `app.bsky.feed.post`, as far as we write it. */
export type PostRecord = {
  readonly $type: typeof POST_COLLECTION;
  readonly text: string;
  readonly createdAt: string;
  readonly facets?: readonly Facet[];
  readonly embed?: Embed;
  readonly reply?: { readonly root: Ref; readonly parent: Ref };
  readonly langs?: readonly string[];
  readonly labels?: {
    readonly $type: 'com.atproto.label.defs#selfLabels';
    readonly values: readonly { readonly val: string }[];
  };
};

/** A link card stands beside the text and costs nothing of it; beside media there is none, and the link goes below the text. */
export const renderPost = (variant: Variant): string =>
  variant.media?.length && !hasCard(variant) ? withLink(variant) : variant.text;

/** Text of the post (0) or of what follows it. */
export const textOf = (variant: Variant, part: number): string | undefined =>
  part === 0 ? renderPost(variant) : partsOf(variant)[part - 1];

/**
 * The record of a text. Every send of a delivery must be the same record, so `createdAt` is the promised time, not
 * the time of sending. `dids` holds what the mentioned handles resolved to.
 */
export function toRecord(
  text: string,
  options: BlueskyOptions,
  createdAt: Instant,
  dids: ReadonlyMap<string, string>,
  { embed, reply }: Pick<PostRecord, 'embed' | 'reply'> = {},
): PostRecord {
  const facets = toFacets(text, dids);
  return {
    $type: POST_COLLECTION,
    text,
    createdAt: toRfc3339(createdAt),
    ...(facets.length > 0 ? { facets } : {}),
    ...(embed === undefined ? {} : { embed }),
    ...(reply === undefined ? {} : { reply }),
    ...(options.langs?.length ? { langs: options.langs } : {}),
    ...(options.warnings?.length ? { labels: labelsOf(options.warnings) } : {}),
  };
}

const labelsOf = (warnings: readonly string[]) => ({
  $type: 'com.atproto.label.defs#selfLabels' as const,
  values: warnings.map((val) => ({ val })),
});
