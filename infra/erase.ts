import { userInfo } from 'node:os';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { awsScheduler } from '../shared/adapters/aws/scheduler.ts';
import { SYSTEM } from '../shared/domain/agency.ts';
import { readBrandArguments, recordsThere } from './brand-command.ts';
import { enterPlace, faultLine } from './place.ts';

/**
 * `npm run erase -- --brand ID [--cancel] [--stage STAGE [--region REGION]]`: erases all that is stored of a brand, on the laptop that
 * runs or a deployed stage, and prints the receipt. May be repeated at any time.
 */
const USAGE = 'usage: npm run erase -- --brand ID [--cancel] [--stage STAGE [--region REGION]]';

try {
  const { brandId, where, cancel } = readBrandArguments(USAGE, 'cancel');
  const needs = ['TABLE_NAME', 'MEDIA_BUCKET', 'SCHEDULE_GROUP'] as const;
  const { environment } = await enterPlace(where, { needs, usage: USAGE });
  // Imported only now: the composition root reads the environment that has just been set.
  const [{ deps }, { eraseBrand }] = await Promise.all([
    import('../functions/runtime.ts'),
    import('../shared/usecases/erase-brand.ts'),
  ]);
  const actor = { ...SYSTEM, name: `npm run erase, by ${userInfo().username}` };
  // No function runs for longer than a minute.
  const graceMs = where.stage === undefined ? 2_000 : 61_000;
  const records = recordsThere();
  const scheduler = schedulesToDelete(environment.SCHEDULE_GROUP ?? '');
  const { erasedAt, ...receipt } = await eraseBrand(withParts({ records, scheduler }), {
    brandId,
    cancel,
    actor,
    graceMs,
  });
  const told = {
    erased: receipt.brandId,
    at: new Date(erasedAt).toISOString(),
    ...receipt,
    brandId: undefined,
  };
  process.stdout.write(`${JSON.stringify(told, null, 2)}\n`);
  process.stderr.write(
    'Not touched: what is on the networks and the logins there, API keys, mails that were sent, logs (ids only) and backups until they end.\n',
  );

  /** Its getters are taken over as they are: nothing is built that is not used. */
  function withParts<Parts extends object>(parts: Parts): ReturnType<typeof deps> & Parts {
    const built = Object.getOwnPropertyDescriptors(deps());
    const ours = Object.getOwnPropertyDescriptors(parts);
    return Object.defineProperties({}, { ...built, ...ours }) as ReturnType<typeof deps> & Parts;
  }
} catch (error) {
  process.stderr.write(`${faultLine(error)}${openOnes(error)}\n`);
  process.exitCode = 1;
}

/** What is in the way, if that is it. */
function openOnes(error: unknown): string {
  const { data, message } = error as { data?: { deliveries?: readonly string[] }; message?: string };
  const ids = data?.deliveries ?? [];
  if (ids.length === 0) return '';
  const how = message?.includes('cancel them') ? ' --cancel does that.' : '';
  return `${how} Open: ${ids.slice(0, 20).join(' ')}${ids.length > 20 ? ' …' : ''}`;
}

/** Enough of the scheduler for who only deletes. */
function schedulesToDelete(group: string) {
  const none = { roleArn: '', publishQueueArn: '', reportQueueArn: '', dlqArn: '' };
  return awsScheduler(new SchedulerClient({}), { group, ...none });
}
