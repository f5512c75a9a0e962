import { METRICS, type MetricName, namespaceOf } from '../../metric-names.ts';
import type { Clock, Log } from '../../ports.ts';
import { toStdout } from './log.ts';

type Fields = Readonly<Record<string, unknown>>;
type Sample = readonly [metric: MetricName, value: number];
export type MeteredSettings = {
  readonly clock: Pick<Clock, 'now'>;
  readonly stage: string;
  readonly write?: (line: string) => void;
};

/**
 * A log that also makes metrics of some of its lines. They are gathered and written by `flush` as one line in
 * CloudWatch's embedded metric format, which the log service reads them from: no call, and a fraction of what a
 * block in every line would weigh.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function meteredLog(log: Log, { clock, stage, write = toStdout }: MeteredSettings): Log {
  const gathered = new Map<MetricName, number[]>();
  const flush = (): void => {
    if (gathered.size === 0) return;
    const line = embedded([...gathered], namespaceOf(stage), clock.now());
    gathered.clear();
    write(`${JSON.stringify(line)}\n`);
  };
  const metered =
    (level: 'info' | 'warn' | 'error') =>
    (message: string, fields: Fields = {}): void => {
      log[level](message, fields);
      for (const [metric, value] of samplesOf(message, fields)) {
        const values = gathered.get(metric) ?? [];
        values.push(value);
        gathered.set(metric, values);
      }
      if ([...gathered.values()].some(({ length }) => length >= MOST_VALUES)) flush();
    };
  return { info: metered('info'), warn: metered('warn'), error: metered('error'), flush };
}

/** The format takes no more of one metric in one line. */
const MOST_VALUES = 100;

function samplesOf(message: string, fields: Fields): readonly Sample[] {
  switch (message) {
    case 'delivery.settled':
      return [...ended(fields), ...(fields.outcome === 'rateLimited' ? [ONE.RateLimited] : [])];
    case 'delivery.rescued':
      return [ONE.Rescued, ...ended(fields)];
    case 'message put aside':
      return [ONE.DeadLetters];
    case 'channel.expired':
      return [ONE.ChannelsExpired];
    case 'report.sent':
      return [ONE.ReportsSent];
    case 'report.not_sent':
      return [ONE.ReportsNotSent];
    case 'alert.not_sent':
      return [ONE.AlertsNotSent];
    default:
      return [];
  }
}

function ended({ state, latenessMs }: Fields): readonly Sample[] {
  switch (state) {
    case 'published':
      return [ONE.Published, ...(typeof latenessMs === 'number' ? [['Lateness', latenessMs] as const] : [])];
    case 'failed':
      return [ONE.Failed];
    case 'missed':
      return [ONE.Missed];
    case 'uncertain':
      return [ONE.Uncertain];
    default:
      return [];
  }
}

const ONE = Object.fromEntries(Object.keys(METRICS).map((name) => [name, [name, 1]])) as unknown as Readonly<
  Record<MetricName, Sample>
>;

/** Counts are added up; what is measured stays a list, so that percentiles can be told. `Count` needs no unit. */
function embedded(
  gathered: readonly (readonly [MetricName, readonly number[]])[],
  namespace: string,
  now: number,
) {
  const values = gathered.map(([name, samples]) => {
    const isCount = METRICS[name] === 'Count';
    return [name, isCount ? samples.reduce((sum, one) => sum + one, 0) : samples] as const;
  });
  const named = gathered.map(([name]) => ({
    Name: name,
    ...(METRICS[name] === 'Count' ? {} : { Unit: METRICS[name] }),
  }));
  return {
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [[]], Metrics: named }],
    },
    ...Object.fromEntries(values),
  };
}
