import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { readChoices } from './deploy/choices.ts';

/** Where a command works: the laptop that runs, or a deployed stage. */
export type Place = {
  readonly apiUrl: string;
  /** What the code reads there, by the names in `shared/env.ts`; on the laptop also where its engines are. */
  readonly environment: Readonly<Record<string, string>>;
};

/** The stack's outputs that commands need, by the names under which the code reads them. */
const OUTPUTS = {
  TABLE_NAME: 'TableName',
  KEY_ID: 'KeyId',
  MEDIA_BUCKET: 'MediaBucketName',
  SCHEDULE_GROUP: 'ScheduleGroupName',
  PUBLISH_QUEUE_URL: 'PublishQueueUrl',
  PUBLISH_DLQ_URL: 'PublishDlqUrl',
  MEASURE_QUEUE_URL: 'MeasureQueueUrl',
  MEASURE_DLQ_URL: 'MeasureDlqUrl',
  REPORT_QUEUE_URL: 'ReportQueueUrl',
  REPORT_DLQ_URL: 'ReportDlqUrl',
  SCHEDULE_DLQ_URL: 'ScheduleDlqUrl',
} as const;
export type PlaceKey = keyof typeof OUTPUTS;

/** Where a person says a command shall work: `--stage STAGE [--region REGION]`, or nothing. */
export type Whereabouts = { readonly stage?: string | undefined; readonly region?: string | undefined };
export const WHEREABOUTS = { stage: { type: 'string' }, region: { type: 'string' } } as const;

/**
 * Finds the place, and turns this process and its AWS clients to it. Without a stage it is the laptop. A stage is
 * where its deploy has put it, by the same rules: by the flag, the file of settings, the shell, or in eu-central-1.
 */
export async function enterPlace(
  { stage, region }: Whereabouts,
  { needs, usage }: { needs: readonly PlaceKey[]; usage: string },
): Promise<Place> {
  if (stage === undefined && region !== undefined) throw new Error(usage);
  if (stage !== undefined) {
    const flags = ['--stage', stage, ...(region === undefined ? [] : ['--region', region])];
    process.env.AWS_REGION = readChoices(flags, {}).settings.region;
  }
  const place = stage === undefined ? laptop(needs, usage) : await deployed(stage, needs);
  if (stage === undefined) {
    // Of the person's own AWS set-up nothing may be left: a profile would go before what is set here.
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  }
  Object.assign(process.env, place.environment);
  return place;
}

/** What went wrong, for the person at the terminal. */
export function faultLine(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ((error as { code?: unknown }).code === 'ECONNREFUSED') {
    return 'Nothing answers there any more. Is Sendeplan still running?';
  }
  return error.message || error.name;
}

/** The laptop that runs on the data folder: it says how to reach its engines. */
function laptop(needs: readonly PlaceKey[], usage: string): Place {
  const home = resolve(process.env.SENDEPLAN_HOME || '.sendeplan');
  const read = (file: string): Record<string, string> => JSON.parse(readFileSync(join(home, file), 'utf8'));
  let place: Place;
  try {
    place = { apiUrl: read('local.json').apiUrl ?? '', environment: read('engines.json') };
  } catch (cause) {
    throw new Error(`No Sendeplan runs on ${home}. Start it with npm start, or name a stage: ${usage}`, {
      cause,
    });
  }
  const missing = needs.find((key) => !place.environment[key]);
  if (missing) throw new Error(`What runs on ${home} is older than this command. Start it again.`);
  return place;
}

/** A deployed stage: what there is is named by the stack's outputs. */
async function deployed(stage: string, needs: readonly PlaceKey[]): Promise<Place> {
  const StackName = `sendeplan-${stage}`;
  const { Stacks } = await new CloudFormationClient({}).send(new DescribeStacksCommand({ StackName }));
  const outputs = new Map(
    Stacks?.[0]?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
  );
  const output = (name: string): string => {
    const value = outputs.get(name);
    if (!value) throw new Error(`The stack ${StackName} has no output ${name}. Deploy it again.`);
    return value;
  };
  return {
    apiUrl: output('ApiUrl').replace(/\/$/, ''),
    environment: { STAGE: stage, ...Object.fromEntries(needs.map((key) => [key, output(OUTPUTS[key])])) },
  };
}
