import { describe, expect, test } from 'vitest';
import { RIGHTS } from '../support/function-rights.ts';
import { functionsOf, resourcesOf, templateOf } from '../support/infra-stack.ts';

type Statement = {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
};
type Reference = { readonly Ref: string };

const template = templateOf();
describe.each(functionsOf(template))('the $name function', ({ name, properties }) => {
  const role = (properties.Role as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'][0];
  const statements = statementsOf(role);

  test('may do what its work needs and nothing else', () => {
    const rights = new Map<string, string[]>();
    for (const { Action, Resource } of statements) {
      for (const resource of [Resource].flat().map(readable)) {
        rights.set(resource, [...(rights.get(resource) ?? []), ...[Action].flat()].sort());
      }
    }
    expect(Object.fromEntries(rights)).toEqual({
      ...RIGHTS[name as keyof typeof RIGHTS],
      Logs: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    });
  });

  test('decrypts only for a named agency, passes a role only to the scheduler, mails only from one address', () => {
    const CONDITIONS: Record<string, unknown> = {
      'kms:Decrypt': { Null: { 'kms:EncryptionContext:agency': 'false' } },
      'iam:PassRole': { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
      identities: { StringEquals: { 'ses:FromAddress': { Ref: 'MailFrom' } } },
    };
    for (const { Action, Resource, Condition } of statements) {
      expect(Condition, String(Action)).toEqual(CONDITIONS[String(Action)] ?? CONDITIONS[readable(Resource)]);
    }
  });
});

test('no role of the stack is allowed an action or a resource by wildcard, but schedules by their group, files by their bucket and what a mail goes by', () => {
  const starred = ['schedules', 'files', 'identities', 'configuration sets'];
  for (const [id, { Properties }] of resourcesOf(template, 'AWS::IAM::Policy')) {
    for (const { Action, Resource } of statementsIn(Properties)) {
      expect([Action].flat().join(), id).not.toContain('*');
      const resources = [Resource].flat().map(readable);
      expect(
        resources.filter((resource) => resource.includes('*') && !starred.includes(resource)),
        id,
      ).toEqual([]);
    }
  }
});

test('the schedules of posts and brands can reach the publish and report queues only, from their own group', () => {
  const [[id, role] = []] = resourcesOf(template, 'AWS::IAM::Role').filter(([each]) =>
    each.includes('SchedulerRole'),
  );
  const [sending, ...others] = statementsOf(id ?? '');
  expect(others).toEqual([]);
  expect(sending?.Action).toBe('sqs:SendMessage');
  expect([sending?.Resource].flat().map(readable)).toEqual(['PublishQueue', 'ReportQueue', 'ScheduleDlq']);
  expect(role?.Properties.AssumeRolePolicyDocument).toMatchObject({
    Statement: [
      {
        Principal: { Service: 'scheduler.amazonaws.com' },
        Condition: {
          StringEquals: {
            'aws:SourceAccount': { Ref: 'AWS::AccountId' },
            'aws:SourceArn': { 'Fn::GetAtt': [expect.stringMatching(/^MessagingSchedules/), 'Arn'] },
          },
        },
      },
    ],
  });
});

function statementsOf(role: string): Statement[] {
  return resourcesOf(template, 'AWS::IAM::Policy').flatMap(([, { Properties }]) =>
    (Properties.Roles as Reference[]).some(({ Ref }) => Ref === role) ? statementsIn(Properties) : [],
  );
}

function statementsIn(properties: Readonly<Record<string, unknown>>): Statement[] {
  return (properties.PolicyDocument as { Statement: Statement[] }).Statement;
}

/** A resource in a word: the construct's name without path and hash. */
function readable(resource: unknown): string {
  const text = JSON.stringify(resource);
  if (text.includes(':schedule/sendeplan-dev/*')) return 'schedules';
  if (/StorageMedia\w+","Arn"\]\},"\/\*"/.test(text)) return 'files';
  if (text.includes(':identity/*')) return 'identities';
  if (text.includes(':configuration-set/*')) return 'configuration sets';
  const id = /"Fn::GetAtt":\["(\w+)[0-9A-F]{8}","Arn"\]/.exec(text)?.[1];
  const index = /"(\/index\/\w+)"/.exec(text)?.[1] ?? '';
  return id === undefined
    ? text
    : `${/(?:Storage|Messaging)(\w+)/.exec(id)?.[1] ?? /Logs$|Function$/.exec(id)?.[0] ?? id}${index}`;
}
