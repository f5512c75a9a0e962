import { Dashboard, GraphWidget, type IMetric, Metric, Stats, Unit } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Aws, Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import type { Api } from './api.ts';
import type { Messaging } from './messaging.ts';
import type { NodeFunction } from './node-function.ts';
import type { Publishing } from './publishing.ts';

export type ObservabilityProps = {
  readonly stage: string;
  readonly alarms: Alarms;
  readonly api: Api;
  readonly messaging: Messaging;
  readonly publishing: Publishing;
  readonly functions: readonly NodeFunction[];
};

/**
 * Numbers from the log and the dashboard. The contract with the code is one JSON line for each delivery that is
 * settled, `{"message":"delivery.settled","state":"published","latenessMs":123}`, or rescued,
 * `{"message":"delivery.rescued","state":"failed"}`.
 */
export class Observability extends Construct {
  constructor(scope: Construct, id: string, props: ObservabilityProps) {
    super(scope, id);
    const namespace = `Sendeplan/${props.stage}`;
    const { publish, rescue } = props.publishing;
    const lateness = latenessMetric(publish, namespace);
    countSettled(publish, namespace);
    countSettled(rescue, namespace);
    countSettled(props.api.api, namespace);
    // The median: one post that waited for its network to come back is late, and no fault of the system.
    props.alarms.raise(this, 'Late', {
      metric: lateness.with({ statistic: 'p50' }),
      threshold: 5_000,
      periods: 3,
      description: 'Half of the posts of the last 15 minutes started more than 5 seconds late.',
    });
    const dashboard = new Dashboard(this, 'Dashboard', {
      // Names of dashboards are one space for all regions.
      dashboardName: `${Stack.of(this).stackName}-${Aws.REGION}`,
      defaultInterval: Duration.days(1),
    });
    const queues = Object.entries(props.messaging.queues);
    dashboard.addWidgets(
      graph(
        'Lateness of published posts (ms)',
        ['p50', 'p99', Stats.MAXIMUM].map((statistic) => lateness.with({ statistic, label: statistic })),
      ),
      graph(
        'Deliveries that ended',
        ENDS.map((state) => settledMetric(namespace, state)),
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

const LATENESS = 'Lateness';
const SETTLED = 'Settled';
/** Ends that need no person to have asked for them; each is a metric of its own, which costs. */
const ENDS = ['published', 'failed', 'missed', 'uncertain'] as const;

function latenessMetric(publish: NodeFunction, namespace: string): Metric {
  const filter = new MetricFilter(publish, 'Lateness', {
    logGroup: publish.logGroup,
    filterPattern: FilterPattern.literal('{ ($.message = "delivery.settled") && ($.state = "published") }'),
    metricNamespace: namespace,
    metricName: LATENESS,
    metricValue: '$.latenessMs',
    unit: Unit.MILLISECONDS,
  });
  return filter.metric({ period: FIVE_MINUTES });
}

/** In the logs of all that end deliveries: rescue gives some up, a hold's release in the API misses some. */
function countSettled(by: NodeFunction, namespace: string): void {
  new MetricFilter(by, 'Settled', {
    logGroup: by.logGroup,
    filterPattern: FilterPattern.literal(
      `{ (${anyOf('message', ['delivery.settled', 'delivery.rescued'])}) && (${anyOf('state', ENDS)}) }`,
    ),
    metricNamespace: namespace,
    metricName: SETTLED,
    metricValue: '1',
    unit: Unit.COUNT,
    dimensions: { state: '$.state' },
  });
}

/** Part of a pattern of CloudWatch Logs for lines of JSON. */
function anyOf(field: string, values: readonly string[]): string {
  return values.map((value) => `($.${field} = "${value}")`).join(' || ');
}

function settledMetric(namespace: string, state: string): Metric {
  return new Metric({
    namespace,
    metricName: SETTLED,
    dimensionsMap: { state },
    statistic: 'Sum',
    label: state,
    period: FIVE_MINUTES,
  });
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: 12, height: 6, leftYAxis: { min: 0 } });
}

const FIVE_MINUTES = Duration.minutes(5);
