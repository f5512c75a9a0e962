import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { awsScheduler } from '../../shared/adapters/aws/scheduler.ts';
import type { Brand } from '../../shared/domain/brand.ts';
import { startTestEngines } from '../support/laptop-engines.ts';

let engines: Awaited<ReturnType<typeof startTestEngines>>;
let client: SchedulerClient;
beforeAll(async () => {
  engines = await startTestEngines();
  client = new SchedulerClient(engines.standIns);
});
afterAll(() => engines.stop());

const group = 'sendeplan';
const MINUTE = 60_000;
const BRAND = 'brd_00000000000000000001';
const AGENCY = 'agy_00000000000000000001';

function theScheduler() {
  return awsScheduler(client, {
    group,
    roleArn: 'arn:aws:iam::000000000000:role/scheduler',
    publishQueueArn: engines.queues.queueArn('publish'),
    reportQueueArn: engines.queues.queueArn('report'),
    dlqArn: engines.queues.queueArn('schedule-dlq'),
  });
}
const aWake = (body: string, at: number) => ({
  agencyId: AGENCY,
  postId: `post_${body.padStart(20, '0')}`,
  at,
});
const scheduleOf = (name: string) => client.send(new GetScheduleCommand({ Name: name, GroupName: group }));
const nameOf = (wake: { postId: string; at: number }) => `${wake.postId}-${wake.at.toString(36)}`;

it('arms a wake five minutes before its minute, once only, and for a limited time', async () => {
  const wake = aWake('1', Date.UTC(2099, 10, 30, 8, 0, 42, 123));
  await theScheduler().arm(wake);
  const schedule = await scheduleOf(nameOf(wake));
  expect(schedule).toMatchObject({
    ScheduleExpression: 'at(2099-11-30T07:55:00)',
    ScheduleExpressionTimezone: 'UTC',
    ActionAfterCompletion: 'DELETE',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { RetryPolicy: { MaximumEventAgeInSeconds: 900 } },
  });
  expect(JSON.parse(schedule.Target?.Input ?? '')).toEqual({ kind: 'wake', ...wake, tries: 0 });
});

it('takes arming twice for arming once', async () => {
  const wake = aWake('2', Date.UTC(2099, 0, 1));
  await theScheduler().arm(wake);
  await expect(theScheduler().arm(wake)).resolves.toBeUndefined();
});

it('keeps two instants of one post apart, even within a second', async () => {
  const wakes = [aWake('3', Date.UTC(2099, 0, 1)), aWake('3', Date.UTC(2099, 0, 1) + 1)];
  for (const wake of wakes) await theScheduler().arm(wake);
  await theScheduler().disarm(wakes[0] ?? aWake('3', 0));
  await expect(scheduleOf(nameOf(wakes[1] ?? aWake('3', 0)))).resolves.toBeDefined();
});

it('disarms, and finds nothing wrong when there is nothing to disarm', async () => {
  const wake = aWake('4', Date.UTC(2099, 0, 1));
  await theScheduler().arm(wake);
  await theScheduler().disarm(wake);
  await expect(scheduleOf(nameOf(wake))).rejects.toThrow(/no schedule/);
  await expect(theScheduler().disarm(wake)).resolves.toBeUndefined();
});

it('puts the wake into the publish queue when the time has come, and is gone then', async () => {
  const wake = aWake('5', Date.now() + 4 * MINUTE);
  await theScheduler().arm(wake);
  const sqs = new SQSClient(engines.sqs);
  const QueueUrl = engines.queues.queueUrl('publish');
  const until = performance.now() + 3_000;
  let body: string | undefined;
  while (body === undefined && performance.now() < until) {
    body = (await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages?.[0]?.Body;
  }
  expect(JSON.parse(body ?? 'null')).toEqual({ kind: 'wake', ...wake, tries: 0 });
  await expect(scheduleOf(nameOf(wake))).rejects.toThrow(/no schedule/);
});

it('arms a brand’s weekly report in its zone, and moves it when it is armed again', async () => {
  const report: Brand['report'] = { weekday: 'monday', time: '08:00', recipients: [] };
  const brand = { id: BRAND, agencyId: AGENCY, timeZone: 'Europe/Berlin', report };
  await theScheduler().armReport(brand);
  const armed = await scheduleOf(`report-${BRAND}`);
  expect(armed).toMatchObject({
    ScheduleExpression: 'cron(0 8 ? * MON *)',
    ScheduleExpressionTimezone: 'Europe/Berlin',
  });
  expect(JSON.parse(armed.Target?.Input ?? '')).toEqual({ kind: 'weekly', agencyId: AGENCY, brandId: BRAND });

  const moved = { ...brand, timeZone: 'America/New_York', report: { ...report, time: '17:30' } };
  await theScheduler().armReport(moved);
  expect(await scheduleOf(`report-${BRAND}`)).toMatchObject({
    ScheduleExpression: 'cron(30 17 ? * MON *)',
    ScheduleExpressionTimezone: 'America/New_York',
  });

  await theScheduler().disarmReport(BRAND);
  await expect(theScheduler().disarmReport(BRAND)).resolves.toBeUndefined();
  await expect(scheduleOf(`report-${BRAND}`)).rejects.toThrow(/no schedule/);
});
