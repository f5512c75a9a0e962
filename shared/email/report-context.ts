import type { Audience } from '../domain/brand.ts';
import type { ReportData, ReportPublication } from '../domain/report.ts';
import type { Instant } from '../domain/time.ts';
import type { Format } from './format.ts';
import { webUrl } from './html.ts';
import type { Item } from './mail-view.ts';
import { isolated, placeOf } from './place.ts';
import type { Texts } from './texts.ts';

/** What every part of a report's rendering is given. */
export type ReportContext = {
  readonly report: ReportData;
  readonly texts: Texts;
  readonly format: Format;
  readonly audience: Audience;
  readonly note?: string | undefined;
};

/** `„Frisches Brot …“`, or that there is no text. */
export function quote({ texts }: Pick<ReportContext, 'texts'>, excerpt: string): string {
  return excerpt === '' ? texts.noText : texts.quoted(isolated(excerpt));
}

/** Date first, so that a line that breaks never leaves the hour alone. */
export function whenWhere(
  { format }: Pick<ReportContext, 'format'>,
  at: Instant,
  place: { channel: string; network: string },
): string {
  return `${format.dayTime(at)} · ${placeOf(place)}`;
}

/** Where and when, what it said, and a link to it. */
export function publicationItem(
  context: ReportContext,
  publication: ReportPublication,
  before?: string,
): Item {
  const { texts, format } = context;
  const { resonance, publishedAt, excerpt } = publication;
  const known =
    resonance.kind === 'counted' ? [texts.report.interactions(format.count(resonance.interactions))] : [];
  const href = webUrl(publication.url);
  return {
    title: before ? [before, ...known].join(': ') : quote(context, excerpt),
    lines: [...(before ? [quote(context, excerpt)] : []), whenWhere(context, publishedAt, publication)],
    ...(href === undefined ? {} : { link: { href, label: texts.look } }),
  };
}
