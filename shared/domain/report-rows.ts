import type { Audience } from './brand.ts';
import { triesOf } from './delivery.ts';
import type { AgencyDetails, ReportIssue, ReportPublication } from './report.ts';
import type { GatheredDelivery, ReportInput } from './report-input.ts';
import type { Issue } from './report-issues.ts';
import { channelOf, type Publication, partsOf } from './report-publications.ts';

const EXCERPT = 90;
const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** A publication as a copy for this audience shows it: codes and lateness only for the agency. */
export function publicationRow(audience: Audience, publication: Publication): ReportPublication {
  const { channel, delivery, publishedAt, resonance, fromLastWeek } = publication;
  return {
    publishedAt,
    channel: channel.name,
    network: channel.network,
    excerpt: excerpt(publication.text),
    url: delivery.url ?? null,
    resonance,
    parts: partsOf(publication),
    fromLastWeek,
    ...detailsFor(audience, publication),
  };
}

export function issueRow(audience: Audience, issue: Issue, input: ReportInput): ReportIssue {
  const { kind, cause, dueAt, newAt } = issue;
  const { name, network } = channelOf(input, issue);
  const details = detailsFor(audience, issue);
  return { kind, cause, dueAt, newAt, channel: name, network, excerpt: excerpt(issue.text), ...details };
}

function detailsFor(
  audience: Audience,
  { id, delivery, tried }: GatheredDelivery & Pick<Issue, 'tried'>,
): { agency?: AgencyDetails } {
  if (audience === 'client') return {};
  const { code = delivery.holds[0]?.code, reason } = tried ?? delivery;
  const agency = {
    deliveryId: id,
    latenessMs: latenessMs({ delivery }),
    attempts: triesOf(delivery),
    code: code ?? null,
    reason: reason ?? null,
  };
  return { agency };
}

/** `startedAt − dueAt`; null when it was never begun. */
export function latenessMs({ delivery }: Pick<GatheredDelivery, 'delivery'>): number | null {
  return delivery.startedAt === undefined ? null : delivery.startedAt - delivery.dueAt;
}

/** The text in one line of so many characters at most, as people count them. */
export function excerpt(text: string, most = EXCERPT): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  if (line.length <= most) return line;
  let count = 0;
  for (const { index } of GRAPHEMES.segment(line)) {
    if (count === most) return `${line.slice(0, index).trimEnd()}…`;
    count += 1;
  }
  return line;
}
