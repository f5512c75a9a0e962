const RECEIVE = [
  'sqs:ChangeMessageVisibility',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:GetQueueUrl',
  'sqs:ReceiveMessage',
];

/**
 * What each function may do, on what; a change here is a decision about security. The template is held to it, and the
 * simulation lets each function do no more than this.
 */
export const RIGHTS = {
  api: {
    Table: ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'].map(
      (action) => `dynamodb:${action}`,
    ),
    'Table/index/calendar': ['dynamodb:Query'],
    'Table/index/attention': ['dynamodb:Query'],
    Key: ['kms:Decrypt'],
    PublishQueue: ['sqs:SendMessage'],
    MeasureQueue: ['sqs:SendMessage'],
    ReportQueue: ['sqs:SendMessage'],
    files: ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'],
    schedules: ['scheduler:CreateSchedule', 'scheduler:DeleteSchedule', 'scheduler:UpdateSchedule'],
    SchedulerRole: ['iam:PassRole'],
    Bus: ['events:PutEvents'],
  },
  media: {
    Table: ['BatchGetItem', 'GetItem', 'PutItem', 'UpdateItem'].map((action) => `dynamodb:${action}`),
    Media: ['s3:ListBucket'],
    files: ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'],
  },
  publish: {
    files: ['s3:GetObject'],
    Table: ['BatchGetItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'].map(
      (action) => `dynamodb:${action}`,
    ),
    'Table/index/calendar': ['dynamodb:Query'],
    Key: ['kms:Decrypt'],
    PublishQueue: [...RECEIVE, 'sqs:SendMessage'],
    PublishDlq: ['sqs:SendMessage'],
    MeasureQueue: ['sqs:SendMessage'],
    ReportQueue: ['sqs:SendMessage'],
    schedules: ['scheduler:CreateSchedule'],
    SchedulerRole: ['iam:PassRole'],
    Bus: ['events:PutEvents'],
  },
  rescue: {
    Table: ['BatchGetItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'].map(
      (action) => `dynamodb:${action}`,
    ),
    'Table/index/wake': ['dynamodb:Query'],
    PublishQueue: ['sqs:SendMessage'],
    ReportQueue: ['sqs:SendMessage'],
    schedules: ['scheduler:CreateSchedule'],
    SchedulerRole: ['iam:PassRole'],
    Bus: ['events:PutEvents'],
  },
  measure: {
    Table: ['BatchGetItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'].map(
      (action) => `dynamodb:${action}`,
    ),
    'Table/index/calendar': ['dynamodb:Query'],
    'Table/index/wake': ['dynamodb:Query'],
    Key: ['kms:Decrypt'],
    MeasureQueue: [...RECEIVE, 'sqs:SendMessage'],
    MeasureDlq: ['sqs:SendMessage'],
    ReportQueue: ['sqs:SendMessage'],
    Bus: ['events:PutEvents'],
  },
  report: {
    Table: ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'].map(
      (action) => `dynamodb:${action}`,
    ),
    'Table/index/calendar': ['dynamodb:Query'],
    Key: ['kms:Decrypt'],
    ReportQueue: [...RECEIVE, 'sqs:SendMessage'],
    ReportDlq: ['sqs:SendMessage'],
    schedules: ['scheduler:DeleteSchedule'],
    Bus: ['events:PutEvents'],
    // The sender's and in the sandbox the recipient's; the default of an identity, which is chosen in SES.
    identities: ['ses:SendEmail', 'ses:SendRawEmail'],
    'configuration sets': ['ses:SendEmail', 'ses:SendRawEmail'],
  },
} as const satisfies Record<string, Readonly<Record<string, readonly string[]>>>;

export type FunctionName = keyof typeof RIGHTS;
