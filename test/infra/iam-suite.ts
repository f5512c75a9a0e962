import { expect, test } from 'vitest';
import { templateOf } from '../support/infra-stack.ts';

type Statement = {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  /** Absent where the policy hangs on its one resource: who may take on a role. */
  readonly Resource?: unknown;
  readonly Principal?: unknown;
  readonly Condition?: unknown;
};
type Found = { readonly type: string; readonly id: string; readonly statement: Statement };

const found = statementsIn(templateOf().toJSON());
const allowing = found.filter(({ statement }) => statement.Effect === 'Allow');
const wordsOf = (value: unknown): string => JSON.stringify(value ?? '');

/** Where a star stands for what has no name, and why. Everything else names its resources. */
const STARS: readonly { readonly type: string; readonly resource: RegExp; readonly why: string }[] = [
  {
    type: 'AWS::KMS::Key',
    resource: /^"\*"$/,
    why: 'a key policy hangs on its key: there, "*" is that key and no other',
  },
  {
    type: 'AWS::IAM::Policy',
    resource: /:schedule\/sendeplan-[\w-]+\/\*/,
    why: 'schedules are made at run time, each in the stage’s own group',
  },
  {
    type: 'AWS::IAM::Policy',
    resource: /StorageMedia\w+","Arn"\]\},"\/\*"/,
    why: 'the files of the stage’s own bucket',
  },
  {
    type: 'AWS::IAM::Policy',
    resource: /:ses:.*:identity\/\*/,
    why: 'a condition names the one sender; the sandbox asks for its recipients, too',
  },
  {
    type: 'AWS::IAM::Policy',
    resource: /:configuration-set\/\*/,
    why: 'the default of the sender’s identity, which is not ours to choose; alone it lets nobody send',
  },
];

test('there are policies of all kinds that the stack has', () => {
  expect(found.length).toBeGreaterThan(40);
  const types = new Set(found.map(({ type }) => type));
  for (const type of ['AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::KMS::Key', 'AWS::SQS::QueuePolicy']) {
    expect(types).toContain(type);
  }
});

test('every permission names its resources, but where a star has a reason', () => {
  const unnamed = allowing.flatMap(({ type, id, statement: { Resource, Principal } }) => {
    if (Resource === undefined) return type === 'AWS::IAM::Role' && Principal !== undefined ? [] : [id];
    return [Resource]
      .flat()
      .map(wordsOf)
      .filter((text) => text.includes('*'))
      .filter((text) => !STARS.some((star) => star.type === type && star.resource.test(text)))
      .map((text) => `${type} ${id}: ${text}`);
  });
  expect(unnamed).toEqual([]);
});

test('every reason for a star is still needed', () => {
  const unused = STARS.filter(
    ({ type, resource }) =>
      !allowing.some(
        (one) =>
          one.type === type && [one.statement.Resource].flat().some((each) => resource.test(wordsOf(each))),
      ),
  );
  expect(unused.map(({ why }) => why)).toEqual([]);
});

test('no permission is for every action, and none is given to everybody', () => {
  for (const { type, id, statement } of allowing) {
    const { Action, Principal, Condition } = statement;
    const isKeyOwner = type === 'AWS::KMS::Key' && /:root"/.test(wordsOf(Principal));
    // The account itself must be able to manage its key, or nobody could.
    if (!isKeyOwner)
      expect(
        [Action].flat().filter((action) => action.includes('*')),
        id,
      ).toEqual([]);
    const isEverybody = Principal === '*' || /"AWS":"\*"/.test(wordsOf(Principal));
    expect(isEverybody && Condition === undefined, `${id} is open to everybody`).toBe(false);
  }
});

test('no function takes on a managed policy', () => {
  const { Resources } = templateOf().toJSON() as { Resources: Record<string, { Properties?: object }> };
  const managed = Object.entries(Resources).filter(([, { Properties }]) =>
    wordsOf((Properties as { ManagedPolicyArns?: unknown } | undefined)?.ManagedPolicyArns).includes('arn'),
  );
  expect(managed.map(([id]) => id)).toEqual([]);
});

/** Every statement of every policy, wherever it hangs. */
function statementsIn(template: object): Found[] {
  const { Resources } = template as { Resources: Record<string, { Type: string; Properties?: unknown }> };
  return Object.entries(Resources).flatMap(([id, { Type: type, Properties }]) =>
    statementsBelow(Properties).map((statement) => ({ type, id, statement })),
  );
}

function statementsBelow(value: unknown): Statement[] {
  if (value === null || typeof value !== 'object') return [];
  if ('Effect' in value && 'Action' in value) return [value as Statement];
  return Object.values(value).flatMap(statementsBelow);
}
