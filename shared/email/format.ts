import type { Instant } from '../domain/time.ts';

/** Numbers and times as a reader of this locale writes them, times in the brand's zone. */
export type Format = ReturnType<typeof made>;

/** Made once for a locale and zone, and kept: making one takes longer than rendering a mail with it. */
export function formatFor(locale: string, timeZone: string): Format {
  const name = `${locale} ${timeZone}`;
  const known = formats.get(name) ?? made(locale, timeZone);
  if (formats.size >= MOST_KEPT) formats.clear();
  formats.set(name, known);
  return known;
}

const MOST_KEPT = 50;
const formats = new Map<string, Format>();

function made(locale: string, timeZone: string) {
  const numbers = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options);
  const times = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone, ...options });

  const count = numbers({ maximumFractionDigits: 0 });
  const mean = numbers({ maximumFractionDigits: 1 });
  const plain = numbers({ maximumFractionDigits: 1, useGrouping: false });
  const signed = numbers({ maximumFractionDigits: 0, signDisplay: 'exceptZero' });
  const percent = numbers({ style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero' });
  const seconds = numbers({ style: 'unit', unit: 'second', maximumFractionDigits: 1 });
  // `09:00`, but `9:00 AM`
  const twelve = times({ hour: 'numeric' }).resolvedOptions().hour12 === true;
  const clock = { hour: twelve ? 'numeric' : '2-digit', minute: '2-digit' } as const;
  const day = { weekday: 'short', day: 'numeric', month: 'short' } as const;
  const dayTime = times({ ...day, ...clock });
  const stamp = times({ ...day, year: 'numeric', ...clock, timeZoneName: 'short' });
  const range = times({ day: 'numeric', month: 'short', year: 'numeric' });
  const lists = new Intl.ListFormat(locale);
  // Swedish dates are ISO 8601's, which spreadsheets of every language take for dates.
  const sortable = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });

  return {
    count: (value: number): string => count.format(value),
    /** One digit behind the point at most. */
    mean: (value: number): string => mean.format(value),
    /** The same for a spreadsheet: nothing between thousands. */
    plain: (value: number): string => plain.format(value),
    signed: (value: number): string => (value === 0 ? '±' : '') + signed.format(value),
    /** `+22 %` of a fraction. */
    percent: (fraction: number): string =>
      `${Math.abs(fraction) < 0.005 ? '±' : ''}${percent.format(fraction)}`,
    /** `0.4 sec` of milliseconds. */
    seconds: (ms: number): string => seconds.format(ms / 1_000),
    /** For a spreadsheet: `22%`. */
    plainPercent: (fraction: number): string => `${Math.round(fraction * 100)}%`,
    dayTime: (at: Instant): string => dayTime.format(at),
    /** With year and zone. */
    stamp: (at: Instant): string => stamp.format(at),
    /** The local days of `from <= at < to`. */
    days: (from: Instant, to: Instant): string => range.formatRange(from, Math.max(from, to - 1)),
    list: (parts: readonly string[]): string => lists.format(parts),
    /** Date and time for a spreadsheet, `2026-11-30 08:00:00`. */
    cell: (at: Instant): string => sortable.format(at),
  };
}
