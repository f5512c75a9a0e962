import { describe, expect, test } from 'vitest';
import { FUNCTIONS } from '../../infra/functions.ts';
import { envSchema } from '../../shared/env.ts';
import { environments, functionsOf, resourcesOf, templateOf } from '../support/infra-stack.ts';

const template = templateOf();
const functions = functionsOf(template);
const environmentOf = environments(template);
const NAMES = Object.keys(FUNCTIONS);
const idOf = (name: string) => functions.find((one) => one.name === name)?.id;

test('there is one function for each entry file', () => {
  expect(functions.map(({ name }) => name).sort()).toEqual([...NAMES].sort());
});

describe.each(functions)('the $name function', ({ id, name, properties }) => {
  test('runs on Node 24 and arm64', () => {
    expect(properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
    });
  });

  test('logs JSON into a group of its own that forgets after a month', () => {
    const logging = properties.LoggingConfig as { LogFormat: string; LogGroup: { Ref: string } };
    const group = new Map(resourcesOf(template, 'AWS::Logs::LogGroup')).get(logging.LogGroup.Ref);
    expect(logging.LogFormat).toBe('JSON');
    expect(group?.Properties.RetentionInDays).toBe(30);
  });

  test('has a role that no other function has, without managed policies', () => {
    const role = (properties.Role as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'][0];
    const sharers = functions.filter(({ properties: { Role } }) =>
      JSON.stringify(Role).includes(`"${role}"`),
    );
    expect(sharers.map((sharer) => sharer.name)).toEqual([name]);
    expect(new Map(resourcesOf(template, 'AWS::IAM::Role')).get(role)?.Properties).not.toHaveProperty(
      'ManagedPolicyArns',
    );
  });

  test('reads only variables that the code knows, and never those of the laptop', () => {
    const keys = Object.keys(environmentOf.get(name) ?? {});
    expect(Object.keys(envSchema.shape)).toEqual(expect.arrayContaining(keys));
    expect(keys.filter((key) => ['LAPTOP', 'SANDBOX_URL', 'INBOX_URL', 'TEST_STAGE'].includes(key))).toEqual(
      [],
    );
  });

  test('has an alarm for its errors', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'Errors',
      Namespace: 'AWS/Lambda',
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: id } }],
    });
  });
});

test('Lambda lets just those run in a loop that put messages back into their own queue', () => {
  for (const { name, properties } of functions) {
    const source = resourcesOf(template, 'AWS::Lambda::EventSourceMapping').find(([, { Properties }]) =>
      JSON.stringify(Properties.FunctionName).includes(String(idOf(name))),
    );
    expect(properties.RecursiveLoop, name).toBe(source === undefined ? undefined : 'Allow');
  }
});

test('only the function that mails knows the sender and the address of links', () => {
  for (const name of NAMES) {
    const mails = name === 'report';
    expect(environmentOf.get(name)).toHaveProperty('STAGE', 'dev');
    expect('MAIL_FROM' in (environmentOf.get(name) ?? {}), name).toBe(mails);
    expect('PUBLIC_URL' in (environmentOf.get(name) ?? {}), name).toBe(mails);
  }
});

test('only the functions that have something to do with files know their bucket', () => {
  const knowing = NAMES.filter((name) => 'MEDIA_BUCKET' in (environmentOf.get(name) ?? {}));
  expect(knowing.sort()).toEqual(['api', 'media', 'publish']);
});

test('only the function that works a queue off knows its dead-letter queue', () => {
  for (const name of NAMES) {
    const known = Object.keys(environmentOf.get(name) ?? {}).filter((key) => key.endsWith('_DLQ_URL'));
    const own = ['publish', 'measure', 'report'].includes(name) ? [`${name.toUpperCase()}_DLQ_URL`] : [];
    expect(known, name).toEqual(own);
  }
});

test('log retention can be chosen', () => {
  const other = templateOf({ logRetentionDays: '7' });
  for (const [, group] of resourcesOf(other, 'AWS::Logs::LogGroup')) {
    expect(group.Properties.RetentionInDays).toBe(7);
  }
});
