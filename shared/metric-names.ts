/**
 * The metrics of a stage, by name with their unit, as data for the log that writes them, CDK and the tests. None has
 * a dimension: each combination would be a metric of its own, and paid as one.
 */
export const METRICS = {
  /** From the promise to the request; a sample for each published delivery. */
  Lateness: 'Milliseconds',
  Published: 'Count',
  Failed: 'Count',
  Missed: 'Count',
  Uncertain: 'Count',
  RateLimited: 'Count',
  DeadLetters: 'Count',
  ChannelsExpired: 'Count',
  ReportsSent: 'Count',
  ReportsNotSent: 'Count',
  AlertsNotSent: 'Count',
  Rescued: 'Count',
} as const;
export type MetricName = keyof typeof METRICS;

export const namespaceOf = (stage: string): string => `Sendeplan/${stage}`;
