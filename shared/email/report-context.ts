import type { Audience } from '../domain/brand.ts';
import type { ReportData, ReportPublication } from '../domain/report.ts';
import type { Format } from './format.ts';
import { webUrl } from './html.ts';
import type { Item } from './mail-view.ts';
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
  return excerpt === '' ? texts.noText : texts.quoted(excerpt);
}

/** Channel and network, once when they are the same. */
export function placeOf({ channel, network }: { channel: string; network: string }): string {
  return channel === network ? channel : `${channel} · ${network}`;
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
    resonance.kind === 'counted'
      ? [texts.report.interactions(resonance.interactions, format.count(resonance.interactions))]
      : [];
  const href = webUrl(publication.url);
  return {
    title: before ? [before, ...known].join(': ') : quote(context, excerpt),
    lines: [
      ...(before ? [quote(context, excerpt)] : []),
      `${placeOf(publication)}, ${format.dayTime(publishedAt)}`,
    ],
    ...(href === undefined ? {} : { link: { href, label: texts.look } }),
  };
}
