import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RootConstruct } from 'constructs';
import { expect, test } from 'vitest';
import { readSettings } from '../../infra/settings.ts';
import { RETENTION_DAYS } from '../../infra/stage-settings.ts';
import { type Resource, templateOf } from '../support/infra-stack.ts';

function settingsOf(context: Record<string, unknown>) {
  // An app would make a folder.
  const { node } = new RootConstruct();
  for (const [name, value] of Object.entries(context)) node.setContext(name, value);
  return readSettings(node);
}

test('is the stage dev with logs for a month, when nothing is said', () => {
  expect(settingsOf({})).toEqual({
    stage: 'dev',
    logRetention: RetentionDays.ONE_MONTH,
    architecture: 'arm64',
  });
});

test('reads numbers as they come from the command line', () => {
  expect(settingsOf({ stage: 'prod', logRetentionDays: '90' })).toMatchObject({
    stage: 'prod',
    logRetention: RetentionDays.THREE_MONTHS,
  });
});

test.each([['Prod'], ['1st'], [''], ['a-stage-name-that-is-too-long']])(
  'refuses %j as the name of a stage',
  (stage) => {
    expect(() => settingsOf({ stage })).toThrow(/-c stage: must be 1 to 20 of a-z/);
  },
);

test('refuses a stage whose names another stage has already', () => {
  const { Resources } = templateOf({ stage: 'one' }).toJSON() as { Resources: Record<string, Resource> };
  const suffixes = Object.values(Resources).flatMap(({ Type, Properties: { Name, AlarmName } }) =>
    [Name, AlarmName].flatMap((name) =>
      typeof name === 'string' && name.startsWith('sendeplan-one') && Type !== 'AWS::ApiGatewayV2::Api'
        ? [{ Type, suffix: name.slice('sendeplan-one'.length) }]
        : [],
    ),
  );
  expect(suffixes.length).toBeGreaterThan(20);
  const taken = suffixes.flatMap(({ Type, suffix }) =>
    suffixes
      .filter((other) => other.Type === Type && other.suffix !== suffix && suffix.endsWith(other.suffix))
      .map((other) => `one${suffix.slice(0, suffix.length - other.suffix.length)}`),
  );
  expect(taken.sort()).toEqual(['one-system', 'one-very']);
  for (const stage of taken)
    expect(() => settingsOf({ stage }), stage).toThrow(/-c stage: must not end with/);
});

test('refuses a number of days that CloudWatch does not offer, and lists those it does', () => {
  expect(() => settingsOf({ logRetentionDays: '31' })).toThrow(/-c logRetentionDays: must be one of 1, 3, 5/);
});

test('knows the numbers of days that the CDK knows', () => {
  const known = Object.values(RetentionDays).filter((days) => typeof days === 'number');
  expect([...RETENTION_DAYS].sort((a, b) => a - b)).toEqual(known.sort((a, b) => a - b));
});
