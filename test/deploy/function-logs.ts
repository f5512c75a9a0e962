import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import * as z from 'zod';
import { awsCall, jsonOperation } from '../../infra/aws-call.ts';

/** What the deployed functions have warned of, oldest first: what a person would look for in CloudWatch Logs. */
export async function warnings(): Promise<string[]> {
  const call = awsCall(new CloudFormationClient({}));
  const ask = async (operation: string, input: unknown): Promise<unknown> =>
    JSON.parse(await call(jsonOperation('logs', `Logs_20140328.${operation}`, input)));
  const groups = groupsSchema.parse(await ask('DescribeLogGroups', {}));
  const found = await Promise.all(
    groups.logGroups.map(async ({ logGroupName }) =>
      eventsSchema.parse(await ask('FilterLogEvents', { logGroupName, limit: 10_000 })),
    ),
  );
  return found
    .flatMap(({ events }) => events)
    .toSorted((a, b) => a.timestamp - b.timestamp)
    .map(({ message }) => message.trim())
    .filter((message) => /"level":"(warn|error)"|\bERROR\b|Task timed out/.test(message))
    .map((message) => message.slice(0, 600));
}

const groupsSchema = z.object({ logGroups: z.array(z.object({ logGroupName: z.string() })) });
const eventsSchema = z.object({ events: z.array(z.object({ timestamp: z.number(), message: z.string() })) });
