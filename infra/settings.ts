import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Node } from 'constructs';
import * as z from 'zod';

/** What may be chosen per deployment by `-c name=value`. */
export type StackSettings = {
  /** Part of the stack's name, so several stages live in one account. */
  readonly stage: string;
  readonly logRetention: RetentionDays;
};

/** Reads the CDK context; an error names the key and the rule. */
export function readSettings(node: Node): StackSettings {
  const parsed = schema.safeParse({
    stage: node.tryGetContext('stage') ?? 'dev',
    logRetentionDays: node.tryGetContext('logRetentionDays') ?? RetentionDays.ONE_MONTH,
  });
  if (!parsed.success) {
    throw new Error(
      parsed.error.issues.map((issue) => `-c ${issue.path.join('.')}: ${issue.message}`).join('\n'),
    );
  }
  return { stage: parsed.data.stage, logRetention: parsed.data.logRetentionDays };
}

/** CloudWatch Logs keeps logs only for these numbers of days. */
const retentionDays = Object.values(RetentionDays).filter(
  (days): days is RetentionDays => typeof days === 'number',
);

const schema = z.object({
  stage: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,19}$/, 'must be 1 to 20 of a-z, 0-9 and -, and begin with a letter'),
  logRetentionDays: z.coerce.number().refine((days): days is RetentionDays => retentionDays.includes(days), {
    message: `must be one of ${retentionDays.join(', ')} (9999: for ever)`,
  }),
});
