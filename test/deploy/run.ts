import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CreateEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { fillBeforeUpdate } from './before-update.ts';
import { cdkFlags, command, endCommands, MAIL_FROM, STAGE, succeed, testFiles } from './commands.ts';
import { expectGone } from './deleted.ts';
import { mendDropped } from './dropped.ts';
import { startEndpoint } from './endpoint.ts';
import { startFront, startOutside } from './front.ts';
import { warnings } from './function-logs.ts';
import { gapLines } from './gaps.ts';
import { ensurePython, FOLDER } from './install.ts';

/**
 * `npm run test:deploy`: deploys the stack by `npm run deploy` to an AWS-compatible endpoint on loopback, plays the
 * end-to-end files against it, deploys it again over its data, and deletes it by `npm run destroy`. Installs what it
 * needs into `.deploy`. Every process is ended again, whatever happens.
 */
const DEPLOY = 'infra/deploy.ts';
const DESTROY = 'infra/destroy.ts';
const seconds: [string, number][] = [];
const running: (() => Promise<unknown>)[] = [];
let code = 1;
let ending: Promise<void> | undefined;
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void end().then(() => process.exit(1)));
try {
  code = await play();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
} finally {
  await end();
}
process.stdout.write(`\nwhere the endpoint is not as AWS is:\n${gapLines().join('\n')}\n`);
process.stdout.write(
  `\n${seconds.map(([what, took]) => `${took.toFixed(1).padStart(7)} s  ${what}`).join('\n')}\n`,
);
process.exit(code);

async function play(): Promise<number> {
  await step('install', ensurePython);
  const endpoint = await step('start the endpoint', () => startEndpoint((stop) => running.push(stop)));
  // The AWS clients of this process, too, must find nothing but the endpoint.
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, endpoint.environment);
  const folder = join(FOLDER, 'outside');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const outside = await startOutside(folder, endpoint.url);
  running.push(outside.stop);
  const front = await startFront(
    endpoint.url,
    outside.sandboxUrl,
    async () => new URL((await outputs()).ApiUrl ?? '').host,
  );
  running.push(front.close);

  const cdk = cdkFlags(outside.sandboxUrl);
  const flags = ['--stage', STAGE, '--mail-from', MAIL_FROM, '--api-url', front.url];
  const refused = await step('a deploy that preflight stops', () =>
    command(endpoint, DEPLOY, [...flags, '--', ...cdk]),
  );
  if (refused.status === 0) throw new Error('deployed without an identity to send mails from');
  await new SESv2Client({}).send(new CreateEmailIdentityCommand({ EmailIdentity: MAIL_FROM }));
  const first = await step('first deploy', () => succeed(endpoint, DEPLOY, [...flags, '--', ...cdk]));
  const key = /SENDEPLAN_KEY=(sp_\S+)/.exec(first)?.[1];
  if (!key) throw new Error('the first deploy made no agency');
  const { TableName: tableName = '', PublishQueueUrl: queueUrl = '' } = await outputs();
  const dropped = await mendDropped({ tableName, queueUrl });
  process.stdout.write(`not applied by the endpoint, set now: ${dropped.join(', ') || 'nothing'}\n`);
  running.push(async () => {
    if (code !== 0)
      process.stdout.write(`\nthe functions said:\n${(await warnings()).slice(-30).join('\n')}\n`);
  });

  const e2e = { E2E_URL: front.url, E2E_KEY: key, E2E_INBOX_URL: outside.inboxUrl };
  const played = await step('end-to-end files', () => testFiles(endpoint, 'test/e2e', e2e));
  const before = await step('fill', () => fillBeforeUpdate({ url: front.url, key, queueUrl, tableName }));
  const again = await step('second deploy, over its data', () =>
    succeed(endpoint, DEPLOY, [...flags, '--log-retention-days', '60', '--', ...cdk], {
      environment: { SENDEPLAN_KEY: key },
    }),
  );
  if (/SENDEPLAN_KEY=/.test(again)) throw new Error('the second deploy made another agency');
  const given = { before, group: `sendeplan-${STAGE}`, queueUrl };
  const still = await step('what was queued before, and the schedules', () =>
    testFiles(endpoint, 'test/deploy', { ...e2e, DEPLOYED: JSON.stringify(given) }),
  );
  if (played || still) return played || still;

  const withData = ['--stage', STAGE, '--with-data'];
  const unsure = await command(endpoint, DESTROY, withData, { input: `${STAGE}\n` });
  if (unsure.status === 0) throw new Error('destroyed with all data, and only the stage was typed');
  await step('destroy', () => succeed(endpoint, DESTROY, ['--stage', STAGE], { input: `${STAGE}\n` }));
  await expectGone({ apiUrl: front.url, tableName, dataStays: true });
  front.forget();
  // Nothing that was left behind may be in the way, and nothing but the data may have been.
  await step('deploy anew', () => succeed(endpoint, DEPLOY, [...flags, '--', ...cdk]));
  const input = `${STAGE} with all its data\n`;
  await step('destroy with all data', () => succeed(endpoint, DESTROY, withData, { input }));
  await expectGone({ apiUrl: front.url, tableName, dataStays: false });
  return 0;
}

/** What was started last ends first; one that fails to end keeps none of the others. However often it is asked for. */
function end(): Promise<void> {
  ending ??= (async () => {
    endCommands();
    for (const stop of running.reverse()) {
      await stop().catch((error: unknown) => process.stderr.write(`${error}\n`));
    }
  })();
  return ending;
}

async function step<Result>(what: string, act: () => Promise<Result> | Result): Promise<Result> {
  const from = performance.now();
  process.stdout.write(`\n== ${what}\n`);
  try {
    return await act();
  } finally {
    seconds.push([what, (performance.now() - from) / 1_000]);
  }
}

async function outputs(): Promise<Readonly<Record<string, string>>> {
  const { Stacks } = await new CloudFormationClient({}).send(
    new DescribeStacksCommand({ StackName: `sendeplan-${STAGE}` }),
  );
  return Object.fromEntries(
    Stacks?.[0]?.Outputs?.map((one) => [one.OutputKey ?? '', one.OutputValue ?? '']) ?? [],
  );
}
