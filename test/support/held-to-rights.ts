import { AsyncLocalStorage } from 'node:async_hooks';
import type { Table } from '../../shared/adapters/store/table.ts';
import type { Deps } from '../../shared/ports.ts';
import { type FunctionName, RIGHTS } from './function-rights.ts';

const running = new AsyncLocalStorage<FunctionName>();

/** Does something as this function does it, with its rights; outside, a test itself is at work, which may do all. */
export const asFunction = <Answer>(name: FunctionName, act: () => Answer): Answer => running.run(name, act);
export const atWork = (): FunctionName | undefined => running.getStore();

type Right = readonly [resource: string, action: string];
/** What a call of a port asks AWS for. */
const ASKS: { readonly [Port in keyof Deps]?: Readonly<Record<string, readonly Right[]>> } = {
  publishQueue: { send: [['PublishQueue', 'sqs:SendMessage']] },
  measureQueue: { send: [['MeasureQueue', 'sqs:SendMessage']] },
  reportQueue: { send: [['ReportQueue', 'sqs:SendMessage']] },
  bus: { announce: [['Bus', 'events:PutEvents']] },
  mailer: { send: [['identities', 'ses:SendEmail']] },
  scheduler: {
    arm: [
      ['schedules', 'scheduler:CreateSchedule'],
      ['SchedulerRole', 'iam:PassRole'],
    ],
    disarm: [['schedules', 'scheduler:DeleteSchedule']],
    armReport: [
      ['schedules', 'scheduler:CreateSchedule'],
      ['schedules', 'scheduler:UpdateSchedule'],
      ['SchedulerRole', 'iam:PassRole'],
    ],
    disarmReport: [['schedules', 'scheduler:DeleteSchedule']],
  },
  vault: {
    newDataKey: [['Key', 'kms:GenerateDataKey']],
    seal: [['Key', 'kms:Decrypt']],
    open: [['Key', 'kms:Decrypt']],
  },
  bucket: {
    uploadUrl: [['files', 's3:PutObject']],
    readUrl: [['files', 's3:GetObject']],
    read: [['files', 's3:GetObject']],
    // Without the right to list, what is not there is answered like what is forbidden.
    size: [
      ['files', 's3:GetObject'],
      ['Media', 's3:ListBucket'],
    ],
    put: [['files', 's3:PutObject']],
    delete: [['files', 's3:DeleteObject']],
  },
};

/** Holds what our code is given to the rights that its function has on AWS: no engine of the tests checks them. */
export function heldToRights(refused: (what: string) => void, who: () => FunctionName | undefined = atWork) {
  const check = ([resource, action]: Right): void => {
    const name = who();
    const rights: Readonly<Record<string, readonly string[]>> = name === undefined ? {} : RIGHTS[name];
    if (name === undefined || rights[resource]?.includes(action)) return;
    refused(`${name}: ${action} on ${resource}`);
    // With its class of fault, as the SDK throws it: trying again is no use.
    const error = new Error(`${name} is not authorized to perform ${action} on ${resource}`);
    throw Object.assign(error, { name: 'AccessDeniedException', $fault: 'client' });
  };
  const port = <Port extends object>(whole: Port, asks: Readonly<Record<string, readonly Right[]>>): Port =>
    new Proxy(whole, {
      get: (target, name, self) => {
        const method = Reflect.get(target, name, self);
        const rights = asks[String(name)];
        if (rights === undefined || typeof method !== 'function') return method;
        return (...args: unknown[]) => {
          try {
            for (const right of rights) check(right);
          } catch (error) {
            if (name === 'read') throw error;
            return Promise.reject(error);
          }
          return method.apply(target, args);
        };
      },
    });
  return {
    table(table: Table): Table {
      const act = <Answer>(
        action: string,
        resource: string,
        call: () => Promise<Answer>,
      ): Promise<Answer> => {
        try {
          check([resource, `dynamodb:${action}`]);
          return call();
        } catch (error) {
          return Promise.reject(error);
        }
      };
      return {
        // One alone goes by GetItem, several of one turn go together: adapters/aws/batched-gets.ts.
        get: (key) => act('GetItem', 'Table', () => act('BatchGetItem', 'Table', () => table.get(key))),
        getLately: (keys) => act('BatchGetItem', 'Table', () => table.getLately(keys)),
        put: (item, conditions) => act('PutItem', 'Table', () => table.put(item, conditions)),
        update: (key, change, conditions) =>
          act('UpdateItem', 'Table', () => table.update(key, change, conditions)),
        delete: (key, conditions) => act('DeleteItem', 'Table', () => table.delete(key, conditions)),
        query: (request) => act('Query', 'Table', () => table.query(request)),
        queryIndex: (index, request) =>
          act('Query', `Table/index/${index}`, () => table.queryIndex(index, request)),
      };
    },
    /** Ports are wrapped when they are asked for, so that a test may replace them. */
    deps: (deps: Deps): Deps =>
      new Proxy(deps, {
        get: (target, name, self) => {
          const value = Reflect.get(target, name, self);
          const asks = ASKS[name as keyof Deps];
          if (name === 'deadLetters') {
            return (queue: 'publish' | 'measure' | 'report') =>
              port(deps.deadLetters(queue), { put: [[DLQS[queue], 'sqs:SendMessage']] });
          }
          return asks === undefined || typeof value !== 'object' ? value : port(value, asks);
        },
      }),
  };
}

const DLQS = { publish: 'PublishDlq', measure: 'MeasureDlq', report: 'ReportDlq' } as const;
