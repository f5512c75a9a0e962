import { fileURLToPath } from 'node:url';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { App, Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readSettings } from './settings.ts';
import { SendeplanStack } from './stack.ts';
import { CONFIG_FILE } from './stage-settings.ts';

/** Makes the template of a stage, and refuses one that breaks a rule of cdk-nag; the bundles must have been built. */
export function synthesize(): void {
  // The rules of CloudFormation take longer to load than all the rest. They judge what we wrote, not what a person
  // deploys: the tests hold every template to them.
  const app = new App({ builtinCloudFormationValidation: false });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  new SendeplanStack(app, {
    ...readSettings(app.node, { configFile: fileURLToPath(new URL(`../${CONFIG_FILE}`, import.meta.url)) }),
    codeFor: (name) => Code.fromAsset(fileURLToPath(new URL(`../dist/functions/${name}`, import.meta.url))),
  });
  app.synth();
}
