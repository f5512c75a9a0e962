import { type Conditions, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  type Code,
  Function as LambdaFunction,
  LoggingFormat,
  RecursiveLoop,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { EnvRecord } from '../shared/env.ts';
import type { Alarms } from './alarms.ts';
import type { FunctionName } from './functions.ts';
import type { StackSettings } from './settings.ts';

/** The built bundle of a function: `index.mjs` that exports `handler`. */
export type CodeFor = (name: FunctionName) => Code;

/** What all functions of a stack share. */
export type FunctionSetting = {
  readonly stage: string;
  readonly logRetention: RetentionDays;
  readonly architecture: StackSettings['architecture'];
  readonly alarms: Alarms;
  readonly codeFor: CodeFor;
};

export type NodeFunctionProps = {
  readonly setting: FunctionSetting;
  readonly name: FunctionName;
  readonly description: string;
  readonly memoryMb: number;
  readonly timeout: Duration;
  /** It puts messages back into the queue that it works off: the seconds of a wake, retries, steps, an outage of AWS. */
  readonly feedsItself?: true;
};

export type Right = {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Conditions;
};

/** One Lambda function with its own role, log group and alarm. It may do nothing until it is allowed to. */
export class NodeFunction extends Construct {
  readonly name: FunctionName;
  readonly lambda: LambdaFunction;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    super(scope, id);
    const { setting, name } = props;
    this.name = name;
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: setting.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Not the managed basic policy: that one may write to every log group of the account.
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.lambda = new LambdaFunction(this, 'Function', {
      runtime: Runtime.NODEJS_24_X,
      architecture: setting.architecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
      handler: 'index.handler',
      code: setting.codeFor(name),
      description: props.description,
      memorySize: props.memoryMb,
      timeout: props.timeout,
      // By default Lambda takes the seventeenth message of one chain for a runaway, and makes it a dead letter.
      ...(props.feedsItself ? { recursiveLoop: RecursiveLoop.ALLOW } : {}),
      role,
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      // Start and report lines of every call would double the logs; CloudWatch has their numbers as metrics anyway.
      systemLogLevelV2: SystemLogLevel.WARN,
    });
    this.allow({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [this.logGroup.logGroupArn],
    });
    this.set({ STAGE: setting.stage });
    setting.alarms.raise(this, 'Errors', {
      name: 'function-errors',
      of: name,
      metric: this.lambda.metricErrors({ period: Duration.minutes(5) }),
      threshold: 3,
      description: `The ${name} function crashed or timed out at least 3 times in 5 minutes. See its log group.`,
    });
    setting.alarms.raise(this, 'Throttles', {
      name: 'function-throttled',
      of: name,
      metric: this.lambda.metricThrottles({ period: Duration.minutes(5) }),
      threshold: 10,
      description: `The ${name} function was refused at least 10 times in 5 minutes: the account has no concurrency left for it.`,
    });
  }

  /** Environment variables, by the names the code reads. */
  set(environment: EnvRecord): void {
    for (const [key, value] of Object.entries(environment)) this.lambda.addEnvironment(key, value);
  }

  allow(right: Right): void {
    this.lambda.addToRolePolicy(
      new PolicyStatement({
        actions: [...right.actions],
        resources: [...right.resources],
        ...(right.conditions ? { conditions: right.conditions } : {}),
      }),
    );
  }
}
