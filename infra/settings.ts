import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Node } from 'constructs';
import * as z from 'zod';
import { contextSource, fileSource, stageSettings } from './stage-settings.ts';

/** What the stack is made from. */
export type StackSettings = {
  /** Part of the stack's name, so several stages live in one account. */
  readonly stage: string;
  readonly logRetention: RetentionDays;
  readonly architecture: 'arm64' | 'x86_64';
  /** The API's own name, with its certificate. */
  readonly domain?: { readonly name: string; readonly certificateArn: string };
  /** Never on AWS: the sandbox network is offered at this address, and loopback hosts are channel hosts. */
  readonly testStage?: { readonly sandboxUrl: string };
};

/** Where the app was started: its file of settings, and its environment. */
export type Surroundings = {
  readonly configFile?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
};

/** Reads the CDK context, and the file for what the context leaves open; an error names the field and the rule. */
export function readSettings(
  node: Node,
  { configFile, environment = process.env }: Surroundings = {},
): StackSettings {
  const context = contextSource((name) => node.tryGetContext(name));
  const sources = [context];
  if (configFile !== undefined) sources.push(fileSource(configFile, String(context.values.stage ?? 'dev')));
  const { stage, logRetentionDays, architecture, domainName, certificateArn } = stageSettings(sources);
  const sandboxUrl: unknown = node.tryGetContext('testStage');
  return {
    stage,
    logRetention: logRetentionDays,
    architecture,
    ...(domainName && certificateArn ? { domain: { name: domainName, certificateArn } } : {}),
    ...(sandboxUrl === undefined ? {} : { testStage: testStage(sandboxUrl, environment.AWS_ENDPOINT_URL) }),
  };
}

/** A stage that talks to loopback hosts must not come into being where AWS could be what it is deployed to. */
function testStage(sandboxUrl: unknown, endpoint: string | undefined): { readonly sandboxUrl: string } {
  if (!loopbackUrl.safeParse(endpoint).success) {
    throw new Error(
      '-c testStage: is for tests only, and refused unless AWS_ENDPOINT_URL names an endpoint on loopback',
    );
  }
  const read = loopbackUrl.safeParse(sandboxUrl);
  if (!read.success) throw new Error('-c testStage: must be the http URL of a sandbox network on loopback');
  return { sandboxUrl: read.data };
}

const loopbackUrl = z.url({ protocol: /^http$/, hostname: /^(127\.0\.0\.1|localhost)$/ });
