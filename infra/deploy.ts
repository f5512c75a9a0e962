import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { awsCall } from './aws-call.ts';
import { type Account, awsAccount, publicDns } from './deploy/account.ts';
import { bootstrap, deployStack } from './deploy/cdk.ts';
import { ROOT, readChoices } from './deploy/choices.ts';
import { findingLine } from './deploy/finding.ts';
import { preflight } from './deploy/preflight.ts';
import { smokeTest } from './deploy/smoke.ts';
import { faultLine } from './place.ts';
import type { StageSettings } from './stage-settings.ts';

/**
 * `npm run deploy -- --stage NAME [--mail-from ADDRESS] [--anyway] [--api-url URL] [-- flags of cdk deploy]`: looks
 * at the account, deploys, makes the first agency, and asks the API for a little of everything. Every setting of
 * `sendeplan.config.json` is a flag, too. `--api-url`: where the API is reached from here, if not at its own address.
 */
const OWN = { anyway: { type: 'boolean' }, 'api-url': { type: 'string' } } as const;

try {
  await deploy();
} catch (error) {
  process.stderr.write(`${faultLine(error)}\n`);
  process.exitCode = 1;
}

async function deploy(): Promise<void> {
  const { settings, flags, rest } = readChoices(process.argv.slice(2), OWN);
  // For the CDK, too, and for every client from here on.
  process.env.AWS_REGION = settings.region;
  process.env.AWS_DEFAULT_REGION = settings.region;
  const stacks = new CloudFormationClient({});
  const account = awsAccount({ stacks, mail: new SESv2Client({}), call: awsCall(stacks) });

  say(`Before the deploy of ${settings.stage}:`);
  const { findings, bootstrapped } = await preflight(settings, account, publicDns());
  for (const finding of findings) say(findingLine(finding));
  if (findings.some(({ level }) => level === 'stop') && !flags.anyway) {
    throw new Error('Not deployed. Mend what says stop, or deploy in spite of it with --anyway.');
  }
  if (!bootstrapped) {
    await timed('set the CDK up', async () => bootstrap((await account.caller()).account, settings));
  }
  await timed('deployed', () => deployStack(settings, rest));

  const outputs = await outputsOf(account, settings);
  const apiUrl = outputs.ApiUrl ?? '';
  const key = (await hasAgency(outputs.TableName ?? '')) ? undefined : await firstAgency(settings);
  const reached = flags['api-url'] ?? outputs.EndpointUrl ?? apiUrl;
  say('\nThe deployed API:');
  await smokeTest(String(reached), settings, key ?? process.env.SENDEPLAN_KEY, (line) =>
    say(`  ok    ${line}`),
  );
  if (!key && !process.env.SENDEPLAN_KEY) say('  (with an admin key in SENDEPLAN_KEY more is tried)');
  say(`\nAPI        ${apiUrl}\nDocs       ${apiUrl}/docs\nOpenAPI    ${apiUrl}/v1/openapi.json`);
  if (outputs.ApiDomainTarget) say(`DNS        ${settings.domainName} CNAME ${outputs.ApiDomainTarget}`);
}

async function outputsOf(account: Pick<Account, 'stack'>, { stage }: StageSettings) {
  const found = await account.stack(`sendeplan-${stage}`);
  if (!found) throw new Error(`The stack sendeplan-${stage} is not there after its deploy.`);
  return found.outputs;
}

/** The table is empty until the first agency is made, and never again. */
async function hasAgency(TableName: string): Promise<boolean> {
  const { Items = [] } = await new DynamoDBClient({}).send(new ScanCommand({ TableName, Limit: 1 }));
  return Items.length > 0;
}

/** By the command for it. Shows its key, which is stored nowhere. @returns the key */
async function firstAgency({
  stage,
  region,
  agency = 'My agency',
}: StageSettings): Promise<string | undefined> {
  const args = [join(ROOT, 'infra/agency.ts'), 'create', agency, '--stage', stage, '--region', region];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  say(`\n${stdout}`);
  return /SENDEPLAN_KEY=(\S+)/.exec(stdout)?.[1];
}

async function timed(what: string, act: () => Promise<void>): Promise<void> {
  const from = performance.now();
  await act();
  say(`${what} in ${((performance.now() - from) / 1_000).toFixed(1)} s`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
