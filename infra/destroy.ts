import { createInterface } from 'node:readline/promises';
import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { awsCall } from './aws-call.ts';
import { readChoices } from './deploy/choices.ts';
import { deleteStageData, type StageData, stageData } from './deploy/stage-data.ts';
import { faultLine } from './place.ts';

/**
 * `npm run destroy -- --stage NAME [--with-data]`: deletes a stage. Its table, files and key stay, unless told
 * otherwise; either way what is to go must be typed.
 */
const OWN = { 'with-data': { type: 'boolean' } } as const;

try {
  await destroy();
} catch (error) {
  process.stderr.write(`${faultLine(error)}\n`);
  process.exitCode = 1;
}

async function destroy(): Promise<void> {
  const { settings, flags } = readChoices(process.argv.slice(2), OWN);
  process.env.AWS_REGION = settings.region;
  const StackName = `sendeplan-${settings.stage}`;
  const stacks = new CloudFormationClient({});
  // Also says whether there is such a stack, and whether one may look at it.
  const { Stacks } = await stacks.send(new DescribeStacksCommand({ StackName }));
  const StackId = Stacks?.[0]?.StackId;
  const data = await stageData(stacks, StackName);

  say(`${StackName} in ${settings.region}: posts that are queued will not go out any more.`);
  const sentence = flags['with-data'] ? `${settings.stage} with all its data` : settings.stage;
  say(flags['with-data'] ? inventory(data, 'will be deleted, for ever') : inventory(data, 'will stay'));
  await expectTyped(sentence);

  await stacks.send(new DeleteStackCommand({ StackName }));
  say('deleting the stack …');
  // By its id: a stack that is gone has no name.
  await waitUntilStackDeleteComplete({ client: stacks, maxWaitTime: 1_800 }, { StackName: StackId });
  say(`${StackName}: deleted`);
  if (flags['with-data']) {
    const clients = { dynamo: new DynamoDBClient({}), kms: new KMSClient({}), call: awsCall(stacks) };
    await deleteStageData(data, clients, say).catch((cause: unknown) => {
      const left = inventory(data, 'were to be deleted');
      throw new Error(
        `${faultLine(cause)}\n${left}\nThe stack is gone: delete by hand what is left of them.`,
        { cause },
      );
    });
  } else {
    say(`${inventory(data, 'are still there, and cost what they cost')}
A new deploy makes new ones; cdk import takes these into a new stack.`);
  }
}

function inventory({ table, bucket, key }: StageData, what: string): string {
  return `These ${what}:\n  table  ${table}\n  bucket ${bucket}\n  key    ${key}`;
}

async function expectTyped(sentence: string): Promise<void> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  const typed = await Promise.race([terminal.question(`Type "${sentence}" to go on: `), closed]);
  terminal.close();
  if (typed.trim() !== sentence) throw new Error('Nothing was deleted: that was not what was asked for.');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
