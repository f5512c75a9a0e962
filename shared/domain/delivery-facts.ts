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

/** What was published, to compare measurements by. */
export type DeliveryFacts = {
  readonly form: Form;
  /** As the network counts its text. */
  readonly length: number;
  /** Of its publication, in the zone in which it was planned, else the brand's. */
  readonly weekday: Weekday;
  /** 0–23. */
  readonly hour: number;
  readonly labels: readonly string[];
  readonly campaign?: string;
  readonly author: string;
};

/** Undefined when nothing is known of its form: it was planned before that was kept. */
export function deliveryFacts(post: Post, delivery: Delivery, timeZone: string): DeliveryFacts | undefined {
  const { shape, publishedAt, dueAt, wall } = delivery;
  if (shape === undefined) return undefined;
  const at = Temporal.Instant.fromEpochMilliseconds(publishedAt ?? dueAt);
  const local = at.toZonedDateTimeISO(wall?.timeZone ?? timeZone);
  return {
    ...shape,
    weekday: WEEKDAYS[local.dayOfWeek - 1] ?? 'monday',
    hour: local.hour,
    labels: post.labels,
    ...(post.campaign === undefined ? {} : { campaign: post.campaign }),
    author: post.createdBy.name,
  };
}

export function formOf({ text, link, media = [], poll }: Variant): Form {
  if (poll !== undefined) return 'poll';
  if (media.some(({ files: [file] }) => file && kindOf(file.type) === 'video')) return 'video';
  if (media.length > 0) return media.length === 1 ? 'image' : 'carousel';
  return link !== undefined || findUrls(text).length > 0 ? 'link' : 'text';
}
