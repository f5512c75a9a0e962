import type { StageSettings } from '../stage-settings.ts';
import type { Account, DeployedStack } from './account.ts';
import { type Finding, ok, stop, warn } from './finding.ts';

/** Who deploys, and where to. Nothing else can be looked at without it. */
export async function lookAtCaller(account: Pick<Account, 'caller'>, region: string): Promise<Finding> {
  try {
    const caller = await account.caller();
    return ok('credentials', `account ${caller.account} as ${caller.arn}, region ${region}`);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return stop(
      'credentials',
      `AWS does not know you (${said}). Run aws sso login or aws configure, or set AWS_PROFILE.`,
    );
  }
}

export const BOOTSTRAP_STACK = 'CDKToolkit';

/** What the stage is by now, and whether it can be deployed over. */
export function lookAtStage(
  settings: Pick<StageSettings, 'stage' | 'mailFrom' | 'domainName'>,
  found: { readonly bootstrap: DeployedStack | undefined; readonly stage: DeployedStack | undefined },
): readonly Finding[] {
  const name = `sendeplan-${settings.stage}`;
  const bootstrap = found.bootstrap
    ? ok('bootstrap', `${BOOTSTRAP_STACK} is there`)
    : warn(
        'bootstrap',
        `the CDK is not set up in this account and region yet: that is done first, by cdk bootstrap`,
      );
  const { stage } = found;
  if (!stage) {
    return [
      bootstrap,
      settings.mailFrom
        ? ok('stage', `${name} is new`)
        : stop(
            'stage',
            `${name} is new and needs mailFrom, the address that reports come from: --mail-from ADDRESS`,
          ),
    ];
  }
  const findings = [bootstrap, statusFinding(name, stage.status)];
  const hadDomain = stage.outputs.ApiDomainTarget !== undefined;
  if (hadDomain && !settings.domainName) {
    const address = stage.outputs.ApiUrl ?? 'its own domain';
    findings.push(
      stop('domain', `the stage answers at ${address}, and would no more: set domainName and certificateArn`),
    );
  }
  return findings;
}

function statusFinding(name: string, status: string): Finding {
  if (status.endsWith('_IN_PROGRESS')) {
    return stop('stage', `${name} is ${status}: somebody is at it. Wait until it is done.`);
  }
  if (status === 'ROLLBACK_COMPLETE' || status === 'ROLLBACK_FAILED') {
    return stop(
      'stage',
      `${name} is ${status}: its first deploy failed. Delete what is left of it: aws cloudformation delete-stack --stack-name ${name}`,
    );
  }
  return ok('stage', `${name} is ${status}, and is updated`);
}

/**
 * The event sources may take 200, 20 and 5 calls at once (see publishing.ts, measuring.ts, reporting.ts); the API wants
 * some, too.
 */
const CONCURRENCY_WANTED = 300;

export function lookAtConcurrency(calls: number): Finding {
  if (calls >= CONCURRENCY_WANTED) return ok('Lambda', `${calls} calls at the same time`);
  const ask = 'Ask for 1,000: Service Quotas, AWS Lambda, "Concurrent executions".';
  return warn(
    'Lambda',
    `the account may run ${calls} calls at the same time; in a burst posts wait for each other, and the API answers 503. ${ask}`,
  );
}

/** A wake per instant of a post and a schedule per brand; made when a post is, fired when it is due.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html */
const SCHEDULER_WANTED: readonly { readonly is: RegExp; readonly least: number; readonly for: string }[] = [
  { is: /^number of schedules$/i, least: 100_000, for: 'queued posts and brands' },
  { is: /^createschedule/i, least: 50, for: 'posts created in a second' },
  { is: /^invocations throttle/i, least: 100, for: 'posts woken in a second' },
];

export function lookAtScheduler(
  quotas: readonly { readonly name: string; readonly value: number }[],
): readonly Finding[] {
  const low = SCHEDULER_WANTED.flatMap((wanted) => {
    const quota = quotas.find(({ name }) => wanted.is.test(name));
    if (!quota || quota.value >= wanted.least) return [];
    const { name, value } = quota;
    return [
      warn(
        'Scheduler',
        `"${name}" is ${value}, which limits ${wanted.for}. Ask for ${wanted.least} or more: Service Quotas, EventBridge Scheduler.`,
      ),
    ];
  });
  if (low.length > 0) return low;
  const known = SCHEDULER_WANTED.flatMap(({ is }) => quotas.find(({ name }) => is.test(name)) ?? []);
  if (known.length === 0)
    return [warn('Scheduler', 'its quotas are not told here. Look at them in Service Quotas.')];
  return [ok('Scheduler', known.map(({ name, value }) => `${name} ${value}`).join(', '))];
}
