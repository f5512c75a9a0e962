import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  ApiMapping,
  DomainName,
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnOutput, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Messaging } from './messaging.ts';
import { type FunctionSetting, NodeFunction } from './node-function.ts';
import type { StackSettings } from './settings.ts';
import type { Storage } from './storage.ts';

export type ApiProps = {
  readonly setting: FunctionSetting;
  readonly storage: Storage;
  readonly messaging: Messaging;
  /** Answers the one address that looks at uploaded files. */
  readonly inspectMedia: NodeFunction;
  readonly domain: StackSettings['domain'];
};

/** The HTTP API: one function behind one route, and one more for what needs libraries that the others do not. */
export class Api extends Construct {
  readonly api: NodeFunction;
  readonly httpApi: HttpApi;
  /** No trailing slash. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    this.api = apiFunction(this, props);
    // Without `corsPreflight` no browser page of another origin can call it.
    this.httpApi = new HttpApi(this, 'HttpApi', {
      apiName: Stack.of(this).stackName,
      createDefaultStage: false,
    });
    this.url = props.domain ? `https://${props.domain.name}` : this.httpApi.apiEndpoint;
    lead(this, 'Everything', HttpRouteKey.DEFAULT, this.api);
    lead(this, 'InspectMedia', INSPECT_MEDIA, props.inspectMedia);
    const stage = openStage(this, this.httpApi, props.setting);
    if (props.domain) answerAt(this, props.domain, stage);
    props.setting.alarms.raise(this, 'ServerErrors', {
      name: 'api-errors',
      metric: this.httpApi.metricServerError({ period: Duration.minutes(5) }),
      threshold: 5,
      description:
        'The API answered at least 5 requests with a 5xx within 5 minutes. See the log group of the api function.',
    });
    new CfnOutput(this, 'ApiUrl', { value: this.url }).overrideLogicalId('ApiUrl');
  }
}

const INSPECT_MEDIA = HttpRouteKey.with('/v1/brands/{brandId}/media/{mediaId}/inspect', HttpMethod.POST);

function lead(scope: Api, id: string, routeKey: HttpRouteKey, to: NodeFunction): void {
  const route = new HttpRoute(scope, id, {
    httpApi: scope.httpApi,
    routeKey,
    integration: new HttpLambdaIntegration(`${id}Function`, to.lambda),
  });
  Validations.of(route).acknowledge({
    id: 'AwsSolutions-APIG4',
    reason:
      'The function checks the API key itself, in one place for the laptop and for AWS: refusals are problem+json, and documentation, health and unsubscribe links need no key.',
  });
}

function apiFunction(scope: Construct, { setting, storage, messaging }: ApiProps): NodeFunction {
  const api = new NodeFunction(scope, 'Api', {
    setting,
    name: 'api',
    description: 'Answers the HTTP API',
    // A person waits for it, and CPU comes with memory.
    memoryMb: 512,
    // API Gateway gives up after 30 s.
    timeout: Duration.seconds(29),
  });
  storage.bindTable(
    api,
    ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
    ['calendar', 'attention'],
  );
  storage.bindKey(api);
  // Reads, for those who publish by hand: the address that it signs is good for as much as it may itself.
  storage.bindBucket(api, ['GetObject', 'PutObject', 'DeleteObject']);
  messaging.bindQueue(api, 'publish');
  messaging.bindQueue(api, 'measure');
  messaging.bindQueue(api, 'report');
  messaging.bindSchedules(api, ['CreateSchedule', 'UpdateSchedule', 'DeleteSchedule']);
  messaging.bindBus(api);
  return api;
}

/** The API's own name. Outputs what DNS must say, and where the API is reached until it does. */
function answerAt(
  scope: Api,
  { name, certificateArn }: NonNullable<ApiProps['domain']>,
  stage: HttpStage,
): void {
  const domainName = new DomainName(scope, 'Domain', {
    domainName: name,
    certificate: Certificate.fromCertificateArn(scope, 'Certificate', certificateArn),
  });
  new ApiMapping(scope, 'DomainMapping', { api: scope.httpApi, domainName, stage });
  new CfnOutput(scope, 'ApiDomainTarget', { value: domainName.regionalDomainName }).overrideLogicalId(
    'ApiDomainTarget',
  );
  new CfnOutput(scope, 'EndpointUrl', { value: scope.httpApi.apiEndpoint }).overrideLogicalId('EndpointUrl');
}

function openStage(scope: Construct, httpApi: HttpApi, setting: FunctionSetting): HttpStage {
  const accessLog = new LogGroup(scope, 'AccessLog', {
    // API Gateway writes a resource policy for each group outside this prefix, and an account has room for ten.
    logGroupName: `/aws/vendedlogs/${Stack.of(scope).stackName}/api-access`,
    retention: setting.logRetention,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  return new HttpStage(scope, 'Stage', {
    httpApi,
    stageName: '$default',
    autoDeploy: true,
    // The limit for all keys together; each key has its own in the function.
    throttle: { rateLimit: 200, burstLimit: 400 },
    accessLogSettings: {
      destination: new LogGroupLogDestination(accessLog),
      format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG_FIELDS)),
    },
  });
}

/** No path, address or agent: unsubscribe links carry a token in the path, and whose address it was is nobody's business. */
const ACCESS_LOG_FIELDS = {
  requestId: '$context.requestId',
  at: '$context.requestTimeEpoch',
  method: '$context.httpMethod',
  status: '$context.status',
  bytes: '$context.responseLength',
  latencyMs: '$context.responseLatency',
  functionMs: '$context.integration.latency',
  functionStatus: '$context.integration.integrationStatus',
  error: '$context.integrationErrorMessage',
};
