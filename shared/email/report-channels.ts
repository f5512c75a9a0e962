import type { ReportChannel } from '../domain/report.ts';
import type { Bar, Block, Section } from './mail-view.ts';
import { placeOf } from './place.ts';
import type { ReportContext } from './report-context.ts';

const MAX_BARS = 12;
const MAX_FOLLOWERS = 12;

/** A bar for each channel, as long as its interactions per publication. */
export function channelsSection(context: ReportContext): Section | undefined {
  const { report, texts, format } = context;
  if (report.channels.every(({ published, counted }) => published + counted === 0)) return undefined;
  const longest = Math.max(0, ...report.channels.map((channel) => meanOf(channel) ?? 0));
  const bars = report.channels.slice(0, MAX_BARS).map((channel) => barOf(context, channel, longest));
  const rest = report.channels.length - bars.length;
  const more: Block[] = rest > 0 ? [{ kind: 'small', text: texts.more(rest, format.count(rest)) }] : [];
  return { heading: texts.report.channelsHeading, blocks: [{ kind: 'bars', bars }, ...more] };
}

/** Interactions per counted publication of a channel; null when none is counted. */
export function meanOf({ counted, interactions }: ReportChannel): number | null {
  return counted === 0 || interactions === null ? null : interactions / counted;
}

/** Each channel's own number: followers of several networks are never added up. */
export function followersSection({ report, texts, format }: ReportContext): Section | undefined {
  const told = report.channels.flatMap((channel) =>
    channel.followers ? [{ ...channel, ...channel.followers }] : [],
  );
  if (told.length === 0) return undefined;
  const bars = told.slice(0, MAX_FOLLOWERS).map(
    ({ name, network, last, change }): Bar => ({
      label: placeOf({ channel: name, network }),
      value: format.count(last) + (change === null ? '' : ` (${format.signed(change)})`),
      detail: '',
      share: null,
    }),
  );
  const rest = told.length - bars.length;
  const more: Block[] = rest > 0 ? [{ kind: 'small', text: texts.more(rest, format.count(rest)) }] : [];
  return { heading: texts.report.followersHeading, blocks: [{ kind: 'bars', bars }, ...more] };
}

export function definitionsSection({ report, texts, format }: ReportContext): Section {
  const networks = new Map(report.channels.map((channel) => [channel.network, channel.tells]));
  const alike = Map.groupBy(networks, ([, tells]) => tells.join());
  const told = [...alike.values()].map((some) => {
    const names = format.list(some.map(([network]) => network));
    const parts = (some[0]?.[1] ?? []).map((part) => texts.report.part[part]);
    return parts.length === 0
      ? texts.report.tellsNothing(some.length, names)
      : texts.report.tells(some.length, names, format.list(parts));
  });
  const lines = [...texts.report.definitions, ...(told.length === 0 ? [] : [told.join(' ')])];
  return {
    heading: texts.report.definitionsHeading,
    blocks: lines.map((text) => ({ kind: 'small', text })),
  };
}

function barOf({ texts, format }: ReportContext, channel: ReportChannel, longest: number): Bar {
  const { name, network, published, counted, tells } = channel;
  const mean = meanOf(channel);
  const label = placeOf({ channel: name, network });
  const posts = published === 0 ? texts.report.noPosts : texts.posts(published, format.count(published));
  if (mean === null) {
    const why = tells.length === 0 ? texts.report.channelTellsNothing : texts.report.channelNotCounted;
    return { label, value: '–', detail: published === 0 ? posts : `${posts}, ${why}`, share: null };
  }
  return {
    label,
    value: format.mean(mean),
    detail: texts.report.channelCounted(posts, counted === published ? null : format.count(counted)),
    share: longest === 0 ? 0 : mean / longest,
  };
}
