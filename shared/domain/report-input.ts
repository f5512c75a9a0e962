import type { Brand } from './brand.ts';
import type { ChannelHealth } from './channel.ts';
import type { Attempt, Delivery } from './delivery.ts';
import type { Snapshot } from './metrics.ts';
import type { InteractionPart, WeekFigures } from './report.ts';
import type { ReportPeriod } from './report-week.ts';
import type { Instant } from './time.ts';

/** One delivery with what is known of it. */
export type GatheredDelivery = {
  readonly id: string;
  readonly delivery: Delivery;
  /** The text as this channel got it. */
  readonly text: string;
  /** Its snapshot at 24 h, if it has one. */
  readonly snapshot?: Snapshot;
  /** Tries that did not succeed, oldest first; only gathered for what is planned after the window. */
  readonly attempts?: readonly Attempt[];
};

export type GatheredChannel = {
  readonly id: string;
  readonly name: string;
  /** The network as people call it: `Bluesky`. */
  readonly network: string;
  readonly health: ChannelHealth;
  readonly tells: readonly InteractionPart[];
  /** By local day, oldest first. */
  readonly followers: readonly { readonly day: string; readonly count: number }[];
};

/** Everything a report is made of. */
export type ReportInput = {
  readonly brand: Pick<Brand, 'id' | 'name' | 'timeZone'>;
  readonly period: ReportPeriod;
  readonly provisional: boolean;
  readonly asOf: Instant;
  readonly channels: readonly GatheredChannel[];
  /** Networks of channels that have been deleted since, by id. */
  readonly networks: Readonly<Record<string, Pick<GatheredChannel, 'network' | 'tells'>>>;
  /** Due or published in the period, and what `countLater` and `openEnded` name; each once, in any order. */
  readonly deliveries: readonly GatheredDelivery[];
  /** What the report before left for this one. */
  readonly countLater: ReadonlySet<string>;
  readonly openEnded: ReadonlySet<string>;
  /** The weeks before, newest first; undefined where nothing is known. */
  readonly history: readonly (WeekFigures | undefined)[];
  /** The week after, and what is planned in it. */
  readonly next: {
    readonly from: Instant;
    readonly to: Instant;
    readonly planned: readonly GatheredDelivery[];
  };
};
