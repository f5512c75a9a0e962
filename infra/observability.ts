import { Dashboard, GraphWidget, type IMetric, Metric, Stats, Unit } from 'aws-cdk-lib/aws-cloudwatch';
import { Aws, Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { METRICS, type MetricName, namespaceOf } from '../shared/metric-names.ts';
import type { AlarmRule, Alarms } from './alarms.ts';
import type { Api } from './api.ts';
import type { Messaging } from './messaging.ts';
import type { NodeFunction } from './node-function.ts';

export type ObservabilityProps = {
  readonly stage: string;
  readonly alarms: Alarms;
  readonly api: Api;
  readonly messaging: Messaging;
  readonly functions: readonly NodeFunction[];
};

/** Alarms on what the functions write of themselves in the embedded metric format, and the dashboard. */
export class Observability extends Construct {
  constructor(scope: Construct, id: string, props: ObservabilityProps) {
    super(scope, id);
    const metric = (name: MetricName, statistic = 'Sum'): Metric =>
      new Metric({
        namespace: namespaceOf(props.stage),
        metricName: name,
        statistic,
        period: FIVE_MINUTES,
        ...(METRICS[name] === 'Milliseconds' ? { unit: Unit.MILLISECONDS } : {}),
      });
    for (const [id, { on, statistic, ...rule }] of Object.entries(RULES)) {
      props.alarms.raise(this, id, { ...rule, metric: metric(on, statistic) });
    }
    const dashboard = new Dashboard(this, 'Dashboard', {
      // Names of dashboards are one space for all regions.
      dashboardName: `${Stack.of(this).stackName}-${Aws.REGION}`,
      defaultInterval: Duration.days(1),
    });
    const queues = Object.entries(props.messaging.queues);
    dashboard.addWidgets(
      graph(
        'Lateness of published posts (ms)',
        ['p50', 'p99', Stats.MAXIMUM].map((statistic) =>
          metric('Lateness', statistic).with({ label: statistic }),
        ),
      ),
      graph(
        'Deliveries that ended',
        (['Published', 'Failed', 'Missed', 'Uncertain'] as const).map((name) => metric(name)),
      ),
    );
    dashboard.addWidgets(
      graph(
        'What held deliveries up',
        (['RateLimited', 'Rescued', 'ChannelsExpired', 'DeadLetters'] as const).map((name) => metric(name)),
      ),
      graph(
        'Mails',
        (['ReportsSent', 'ReportsNotSent', 'AlertsNotSent'] as const).map((name) => metric(name)),
      ),
    );
    dashboard.addWidgets(
      graph(
        'Age of the oldest message (s); up to 900 is its delay',
        queues.map(([label, { queue }]) => queue.metricApproximateAgeOfOldestMessage({ label })),
      ),
      graph('Dead letters', [
        ...queues.map(([label, { dlq }]) => dlq.metricApproximateNumberOfMessagesVisible({ label })),
        props.messaging.scheduleDlq.metricApproximateNumberOfMessagesVisible({ label: 'schedule' }),
      ]),
    );
    dashboard.addWidgets(
      graph(
        'Function errors',
        props.functions.map(({ lambda, name }) => lambda.metricErrors({ label: name })),
      ),
      graph(
        'Function duration p99 (ms)',
        props.functions.map(({ lambda, name }) => lambda.metricDuration({ label: name, statistic: 'p99' })),
      ),
    );
    dashboard.addWidgets(
      graph('API requests and errors', [
        props.api.httpApi.metricCount({ statistic: 'Sum' }),
        props.api.httpApi.metricClientError(),
        props.api.httpApi.metricServerError(),
      ]),
      graph('API latency (ms)', [
        props.api.httpApi.metricLatency({ statistic: 'p50' }),
        props.api.httpApi.metricLatency({ statistic: 'p99' }),
      ]),
    );
  }
}

type Rule = Omit<AlarmRule, 'metric'> & { readonly on: MetricName; readonly statistic?: string };

/** Single failures are mailed to the brand's own people; these are for whoever runs the stage. */
const RULES: Readonly<Record<string, Rule>> = {
  // The median: one post that waited for its network to come back is late, and no fault of the system.
  Late: {
    name: 'late',
    on: 'Lateness',
    statistic: 'p50',
    threshold: 5_000,
    periods: 3,
    description: 'Half of the posts of the last 15 minutes started more than 5 seconds late.',
  },
  VeryLate: {
    name: 'very-late',
    on: 'Lateness',
    statistic: 'p99',
    threshold: 60_000,
    periods: 3,
    description: 'For 15 minutes the latest hundredth of the posts has started more than a minute late.',
  },
  Failing: {
    name: 'failures',
    on: 'Failed',
    threshold: 5,
    description: 'At least 5 deliveries failed within 5 minutes.',
  },
  Missing: {
    name: 'missed',
    on: 'Missed',
    threshold: 5,
    description: 'At least 5 deliveries missed their time within 5 minutes, and were not sent.',
  },
  Uncertain: {
    name: 'uncertain',
    on: 'Uncertain',
    description: 'Nobody can tell whether a delivery went out: a person must look at the network and decide.',
  },
  Expired: {
    name: 'channel-expired',
    on: 'ChannelsExpired',
    description:
      'A network takes a login no more: what is due on that channel is held until a person logs in.',
  },
  NotReported: {
    name: 'report-not-sent',
    on: 'ReportsNotSent',
    description: 'A report did not reach a recipient, or nobody can tell whether it did.',
  },
  NotAlerted: {
    name: 'alert-not-sent',
    on: 'AlertsNotSent',
    description: 'An alert did not reach a recipient, who may not know that something went wrong.',
  },
  Rescuing: {
    name: 'rescue-busy',
    on: 'Rescued',
    threshold: 20,
    description: 'Rescue found at least 20 deliveries within 5 minutes that had not moved by themselves.',
  },
};

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: 12, height: 6, leftYAxis: { min: 0 } });
}

const FIVE_MINUTES = Duration.minutes(5);
