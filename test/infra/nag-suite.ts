import { CfnQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import { aStack } from '../support/infra-stack.ts';

test('breaks no rule of the AWS Solutions pack but those acknowledged', () => {
  const { app } = aStack();
  expect(new AwsSolutionsChecks(app).validateScope(app).violations).toEqual([]);
});

test('finds a queue without TLS and dead letters, so the pack really looks at the stack', () => {
  const { app, stack } = aStack();
  new Queue(stack, 'Careless');
  const rules = new AwsSolutionsChecks(app).validateScope(app).violations.map(({ ruleName }) => ruleName);
  expect(rules.sort()).toEqual(['AwsSolutions-SQS3', 'AwsSolutions-SQS4']);
});

test('a template that breaks a rule of CloudFormation is no template here: `cdk synth` does not look', () => {
  const { app, stack } = aStack();
  new CfnQueue(stack, 'Endless', { visibilityTimeout: 1_000_000 });
  expect(() => app.synth()).toThrow(/Validation failed|visibilityTimeout/i);
  expect(() => aStack().app.synth()).not.toThrow();
});

test('acknowledges a rule only at the construct that needs it, and says why', () => {
  const { app, stack } = aStack();
  const acknowledged = app.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Record<string, string>))
      .map(([rule, reason]) => ({ at: node.path, rule, reason })),
  );
  expect(acknowledged.map(({ rule }) => rule.replace(/^annotation::|\[.*$/gi, ''))).toEqual(
    expect.arrayContaining(['AwsSolutions-APIG4', 'AwsSolutions-IAM5', 'AwsSolutions-SQS3']),
  );
  for (const { at, reason } of acknowledged) {
    expect(at).not.toBe(stack.node.path);
    expect(reason.split(' ').length, at).toBeGreaterThan(8);
  }
});
