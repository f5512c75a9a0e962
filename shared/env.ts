import * as z from 'zod';

/** Everything a function may read from its environment. CDK's `environment` and the laptop are typed by the same keys. */
export const envSchema = z.object({
  STAGE: z.string().min(1),
  TABLE_NAME: z.string().min(1),
  PUBLISH_QUEUE_URL: z.url(),
  MEASURE_QUEUE_URL: z.url(),
  REPORT_QUEUE_URL: z.url(),
  /** Dead-letter queue of each; only its own function knows it. */
  PUBLISH_DLQ_URL: z.url(),
  MEASURE_DLQ_URL: z.url(),
  REPORT_DLQ_URL: z.url(),
  /** ARNs that EventBridge Scheduler delivers to, with the role it takes on and its own dead-letter queue. */
  PUBLISH_QUEUE_ARN: z.string().min(1),
  REPORT_QUEUE_ARN: z.string().min(1),
  SCHEDULE_GROUP: z.string().min(1),
  SCHEDULER_ROLE_ARN: z.string().min(1),
  SCHEDULE_DLQ_ARN: z.string().min(1),
  BUS_NAME: z.string().min(1),
  /** KMS key that encrypts each agency's data key. */
  KEY_ID: z.string().min(1),
  /** Where uploaded files lie. */
  MEDIA_BUCKET: z.string().min(1),
  /** Another S3 than AWS's; the first wins, as in the SDK. */
  AWS_ENDPOINT_URL_S3: z.url().optional(),
  AWS_ENDPOINT_URL: z.url().optional(),
  /** Address that reports and alerts come from. */
  MAIL_FROM: z.email(),
  /**
   * Base of the links in mails, and `servers[0]` of the OpenAPI document. No trailing slash. The API itself knows it
   * from each request.
   */
  PUBLIC_URL: z.url().optional(),
  /** Only the laptop sets it: loopback hosts and plain http are allowed as channel hosts, `sandbox` is offered. */
  LAPTOP: z.literal('1').optional(),
  /** Only a stage deployed for tests sets it, never one on AWS: loopback hosts are channel hosts there, too. */
  TEST_STAGE: z.literal('1').optional(),
  /** Only the laptop and a stage deployed for tests set it: where the sandbox network is. */
  SANDBOX_URL: z.url().optional(),
  /** Only the laptop sets it: its inbox, which knows what mails were accepted. */
  INBOX_URL: z.url().optional(),
});
export type Env = z.infer<typeof envSchema>;
export type EnvKey = keyof Env;
/** What a CDK function or the laptop hands over as environment. */
export type EnvRecord = { readonly [Key in EnvKey]?: string };
