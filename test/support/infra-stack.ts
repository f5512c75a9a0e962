import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { App } from 'aws-cdk-lib/core';
import { afterAll } from 'vitest';
import { readSettings } from '../../infra/settings.ts';
import { SendeplanStack } from '../../infra/stack.ts';

export type Resource = {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
};

/** CDK writes what it makes to disk, and leaves it there. */
const written: string[] = [];
afterAll(() => {
  for (const folder of written.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** The stack as `cdk synth` makes it, with the context of cdk.json, and code that needs no build. */
export function aStack(
  context: Readonly<Record<string, unknown>> = {},
  environment: Readonly<Record<string, string>> = {},
): { app: App; stack: SendeplanStack } {
  const cdkJson = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));
  const outdir = mkdtempSync(join(tmpdir(), 'sendeplan-cdk-'));
  written.push(outdir);
  const app = new App({ outdir, context: { ...cdkJson.context, ...context }, analyticsReporting: false });
  const codeFor = (name: string) => Code.fromInline(`exports.handler = async () => '${name}';`);
  return { app, stack: new SendeplanStack(app, { ...readSettings(app.node, { environment }), codeFor }) };
}

/** The template of a stack, made once for each context: nobody changes it. */
export function templateOf(
  context: Readonly<Record<string, unknown>> = {},
  environment: Readonly<Record<string, string>> = {},
): Template {
  const key = JSON.stringify([context, environment]);
  const template = templates.get(key) ?? Template.fromStack(aStack(context, environment).stack);
  templates.set(key, template);
  return template;
}

const templates = new Map<string, Template>();

/** Resources of a type by logical id. @throws when there is none: what a test says of each would say nothing */
export function resourcesOf(template: Template, type: string): [string, Resource][] {
  const resources = Object.entries(template.findResources(type)) as [string, Resource][];
  if (resources.length === 0) throw new Error(`the template has no ${type}`);
  return resources;
}

/** Environment of each function, by the function's name. */
export function environments(template: Template): Map<string, Record<string, unknown>> {
  return new Map(
    functionsOf(template).map(({ name, properties }) => [
      name,
      (properties.Environment as { Variables: Record<string, unknown> }).Variables,
    ]),
  );
}

export type FunctionResource = {
  readonly name: string;
  readonly id: string;
  readonly properties: Readonly<Record<string, unknown>>;
};

/** The functions; which is which shows in the code that `aStack` gave them. */
export function functionsOf(template: Template): FunctionResource[] {
  return resourcesOf(template, 'AWS::Lambda::Function').map(([id, { Properties }]) => {
    const code = (Properties.Code as { ZipFile: string }).ZipFile;
    return { name: /=> '(\w+)'/.exec(code)?.[1] ?? id, id, properties: Properties };
  });
}
