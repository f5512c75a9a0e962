import { Temporal } from 'temporal-polyfill';
import { WEEKDAYS, type Weekday } from './brand.ts';
import type { Variant } from './content.ts';
import type { Delivery } from './delivery.ts';
import { kindOf } from './media.ts';
import type { Post } from './post.ts';
import { findUrls } from './text-count.ts';

/** What a publication mostly is; the later one wins. */
export const FORMS = ['text', 'link', 'image', 'carousel', 'video', 'poll'] as const;
export type Form = (typeof FORMS)[number];

/** What a delivery was when it went out, kept with its measurements: they outlive edits, and need no content. */
export type DeliveryFacts = {
  readonly n: number;
  readonly form: Form;
  /** As the network counts its text. */
  readonly length: number;
  /** Of its publication, in the brand's zone. */
  readonly weekday: Weekday;
  /** 0–23. */
  readonly hour: number;
  readonly labels: readonly string[];
  readonly campaign?: string;
  readonly author: string;
};

export function deliveryFacts(about: {
  readonly post: Post;
  readonly delivery: Delivery;
  readonly variant: Variant;
  readonly timeZone: string;
  readonly textLength: number;
}): DeliveryFacts {
  const { post, delivery } = about;
  const at = Temporal.Instant.fromEpochMilliseconds(delivery.publishedAt ?? delivery.dueAt);
  const local = at.toZonedDateTimeISO(about.timeZone);
  return {
    n: delivery.n,
    form: formOf(about.variant),
    length: about.textLength,
    weekday: WEEKDAYS[local.dayOfWeek - 1] ?? 'monday',
    hour: local.hour,
    labels: post.labels,
    ...(post.campaign === undefined ? {} : { campaign: post.campaign }),
    author: post.createdBy.name,
  };
}

function formOf({ text, link, media = [], poll }: Variant): Form {
  if (poll !== undefined) return 'poll';
  if (media.some(({ files: [file] }) => file && kindOf(file.type) === 'video')) return 'video';
  if (media.length > 0) return media.length === 1 ? 'image' : 'carousel';
  return link !== undefined || findUrls(text).length > 0 ? 'link' : 'text';
}
