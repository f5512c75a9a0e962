import type { StageSettings } from '../stage-settings.ts';
import type { Account, DeployedStack, Dns } from './account.ts';
import { type Finding, looked } from './finding.ts';
import {
  BOOTSTRAP_STACK,
  lookAtCaller,
  lookAtConcurrency,
  lookAtScheduler,
  lookAtStage,
} from './look-at-account.ts';
import { lookAtMail } from './look-at-mail.ts';

export type Preflight = {
  readonly findings: readonly Finding[];
  /** As far as it could be seen. */
  readonly bootstrapped: boolean;
};

/** Looks at everything that a deploy or the first mail could fail on. Changes nothing. */
export async function preflight(settings: StageSettings, account: Account, dns: Dns): Promise<Preflight> {
  const caller = await lookAtCaller(account, settings.region);
  if (caller.level === 'stop') return { findings: [caller], bootstrapped: false };

  let bootstrapped = true;
  let deployed: DeployedStack | undefined;
  const stage = await looked('stage', async () => {
    const [bootstrap, found] = await Promise.all([
      account.stack(BOOTSTRAP_STACK),
      account.stack(`sendeplan-${settings.stage}`),
    ]);
    bootstrapped = bootstrap !== undefined;
    deployed = found;
    return lookAtStage(settings, { bootstrap, stage: found });
  });
  const mailFrom = settings.mailFrom ?? deployed?.parameters.MailFrom;
  const [concurrency, scheduler, mail] = await Promise.all([
    looked('Lambda', async () => [lookAtConcurrency(await account.concurrency())]),
    looked('Scheduler', async () => lookAtScheduler(await account.schedulerQuotas())),
    mailFrom === undefined ? [] : lookAtMail(account, dns, mailFrom),
  ]);
  return { findings: [caller, ...stage, ...concurrency, ...scheduler, ...mail], bootstrapped };
}
