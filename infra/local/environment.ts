import { join } from 'node:path';
import type { EnvRecord } from '../../shared/env.ts';
import { BUS_NAME, type Engines, KEY_ID, MEDIA_BUCKET } from './engines.ts';
import { LOCAL_KEYS, LOCAL_REGION } from './local-clients.ts';

export const TABLE_NAME = 'sendeplan';

export type Places = {
  readonly home: string;
  readonly dynamoUrl: string;
  readonly apiUrl: string;
  readonly inboxUrl: string;
  readonly sandboxUrl: string;
};

/**
 * Sets what the functions read, and turns every AWS client of this process to the engines. Must run before a function
 * is imported, and returns what it set. Nothing of the person's own AWS set-up may be left: a client must not be able
 * to find the real AWS.
 */
export function setEnvironment(engines: Engines, places: Places): Record<string, string> {
  const { queueUrl, queueArn } = engines.queues;
  const ours: EnvRecord = {
    STAGE: 'laptop',
    TABLE_NAME,
    PUBLISH_QUEUE_URL: queueUrl('publish'),
    MEASURE_QUEUE_URL: queueUrl('measure'),
    REPORT_QUEUE_URL: queueUrl('report'),
    PUBLISH_DLQ_URL: queueUrl('publish-dlq'),
    MEASURE_DLQ_URL: queueUrl('measure-dlq'),
    REPORT_DLQ_URL: queueUrl('report-dlq'),
    PUBLISH_QUEUE_ARN: queueArn('publish'),
    REPORT_QUEUE_ARN: queueArn('report'),
    SCHEDULE_GROUP: 'sendeplan',
    SCHEDULER_ROLE_ARN: 'arn:aws:iam::000000000000:role/laptop',
    SCHEDULE_DLQ_ARN: queueArn('schedule-dlq'),
    BUS_NAME,
    KEY_ID,
    MEDIA_BUCKET,
    MAIL_FROM: 'reports@sendeplan.example',
    PUBLIC_URL: places.apiUrl,
    LAPTOP: '1',
    SANDBOX_URL: places.sandboxUrl,
    INBOX_URL: places.inboxUrl,
  };
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  const environment = {
    ...ours,
    // No function reads it; `npm run dlq` does.
    SCHEDULE_DLQ_URL: queueUrl('schedule-dlq'),
    AWS_REGION: LOCAL_REGION,
    AWS_ACCESS_KEY_ID: LOCAL_KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LOCAL_KEYS.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: join(places.home, 'no-aws-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(places.home, 'no-aws-credentials'),
    AWS_ENDPOINT_URL_DYNAMODB: places.dynamoUrl,
    AWS_ENDPOINT_URL_SQS: engines.queues.url,
    AWS_ENDPOINT_URL_SCHEDULER: engines.standInsUrl,
    AWS_ENDPOINT_URL_EVENTBRIDGE: engines.standInsUrl,
    AWS_ENDPOINT_URL_KMS: engines.standInsUrl,
    AWS_ENDPOINT_URL_SESV2: engines.standInsUrl,
    AWS_ENDPOINT_URL_S3: engines.s3Url,
  };
  Object.assign(process.env, environment);
  return environment;
}
