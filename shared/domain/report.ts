import type { Audience } from './brand.ts';
import type { Instant } from './time.ts';

/** What a report says, per audience; a mail, a page, a text and a CSV are renderings of it. */
export type ReportData = { readonly brandId: string };

/** A stored report: made once per week and brand, or provisional on demand. */
export type StoredReport = {
  readonly id: string;
  readonly agencyId: string;
  readonly brandId: string;
  /** ISO week of the window's last day, `2026-W47`. */
  readonly week: string;
  /** Made before the week ended; never counts as the week's mail. */
  readonly provisional: boolean;
  readonly note?: string;
  readonly createdAt: Instant;
  /** The data for each audience. */
  readonly data: Readonly<Record<Audience, ReportData>>;
  /** Whom `send` is for; absent: every recipient of the brand. */
  readonly audience?: Audience;
  /** Counts deliberate repeated sendings; each has its own ledger ids. */
  readonly run: number;
  readonly sentAt?: Instant;
};
