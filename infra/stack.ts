import { Stack, Tags } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { Alarms } from './alarms.ts';
import { Api } from './api.ts';
import { Measuring } from './measuring.ts';
import { Media } from './media.ts';
import { Messaging } from './messaging.ts';
import type { CodeFor, FunctionSetting } from './node-function.ts';
import { Observability } from './observability.ts';
import { Publishing } from './publishing.ts';
import { Reporting } from './reporting.ts';
import type { StackSettings } from './settings.ts';
import { Storage } from './storage.ts';

export type SendeplanStackProps = StackSettings & { readonly codeFor: CodeFor };

/** One stage of Sendeplan. Tied to no account and no region: it is deployed to where the credentials point. */
export class SendeplanStack extends Stack {
  constructor(scope: Construct, props: SendeplanStackProps) {
    const { stage, logRetention, architecture, codeFor } = props;
    super(scope, `sendeplan-${stage}`, { description: `Sendeplan, stage ${stage}` });
    Tags.of(this).add('application', 'sendeplan');
    Tags.of(this).add('stage', stage);

    const alarms = new Alarms(this, 'Alarms');
    const setting: FunctionSetting = { stage, logRetention, architecture, alarms, codeFor };
    const storage = new Storage(this, 'Storage');
    const messaging = new Messaging(this, 'Messaging', { alarms });
    const parts = { setting, storage, messaging };
    const media = new Media(this, 'Media', parts);
    const api = new Api(this, 'Api', { ...parts, inspectMedia: media.inspect, domain: props.domain });
    const publishing = new Publishing(this, 'Publishing', parts);
    const measuring = new Measuring(this, 'Measuring', parts);
    const reporting = new Reporting(this, 'Reporting', { ...parts, publicUrl: api.url });
    const functions = [
      api.api,
      media.inspect,
      publishing.publish,
      publishing.rescue,
      measuring.measure,
      reporting.report,
    ];
    new Observability(this, 'Observability', { stage, alarms, api, messaging, functions });
    if (props.testStage) {
      for (const one of functions) one.set({ TEST_STAGE: '1', SANDBOX_URL: props.testStage.sandboxUrl });
    }
  }
}
