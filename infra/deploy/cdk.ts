import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { StageSettings } from '../stage-settings.ts';
import { ROOT } from './choices.ts';

/** Sets the CDK up in the account and region, once for all stages. Needs the rights of an administrator. */
export const bootstrap = (account: string, { region }: StageSettings): Promise<void> =>
  cdk(['bootstrap', `aws://${account}/${region}`, '--context', 'stage=bootstrap']);

/** Builds, synthesizes and deploys a stage. `rest` goes to the CDK's command line as it is. */
export function deployStack(settings: StageSettings, rest: readonly string[]): Promise<void> {
  const { stage, region, logRetentionDays, architecture, domainName, certificateArn } = settings;
  const context = { stage, region, logRetentionDays, architecture, domainName, certificateArn };
  const parameters = { MailFrom: settings.mailFrom, AlarmEmail: settings.alarmEmail };
  return cdk([
    'deploy',
    `sendeplan-${stage}`,
    ...pairs('--context', context),
    ...pairs('--parameters', parameters),
    ...rest,
  ]);
}

function pairs(flag: string, values: Readonly<Record<string, string | number | undefined>>): string[] {
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [flag, `${name}=${value}`],
  );
}

/** Runs it with this terminal: it shows its progress and asks its questions by itself. */
async function cdk(args: readonly string[]): Promise<void> {
  const program = join(ROOT, 'node_modules/aws-cdk/bin/cdk');
  const child = spawn(process.execPath, [program, ...args], { cwd: ROOT, stdio: 'inherit' });
  const status = await new Promise<number | null>((done, failed) => {
    child.once('exit', done);
    child.once('error', failed);
  });
  if (status !== 0) throw new Error(`cdk ${args[0]} ended with ${status}; what is wrong stands above`);
}
