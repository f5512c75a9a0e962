import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  type SchedulerClient,
  type Target,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import type { ReportMessage, Wake } from '../../domain/messages.ts';
import type { Scheduler } from '../../ports.ts';
import { isError } from './is-error.ts';
import {
  reportScheduleName,
  wakeExpression,
  wakeScheduleName,
  weeklyExpression,
} from './schedule-expressions.ts';

export type SchedulerSettings = {
  readonly group: string;
  /** Role that EventBridge Scheduler takes on to send to the queues. */
  readonly roleArn: string;
  readonly publishQueueArn: string;
  readonly reportQueueArn: string;
  readonly dlqArn: string;
};

/** A wake that could not be delivered for so long is too late to be of use: rescue has done its work by then. */
const WAKE_AGE_SECONDS = 900;
const REPORT_AGE_SECONDS = 3_600;

/** EventBridge Scheduler. A schedule sends its message to the queue itself, with no function in between. */
export function awsScheduler(client: SchedulerClient, settings: SchedulerSettings): Scheduler {
  const target = (queueArn: string, message: unknown, ageSeconds: number): Target => ({
    Arn: queueArn,
    RoleArn: settings.roleArn,
    Input: JSON.stringify(message),
    RetryPolicy: { MaximumEventAgeInSeconds: ageSeconds },
    DeadLetterConfig: { Arn: settings.dlqArn },
  });

  const remove = async (name: string): Promise<void> => {
    try {
      await client.send(new DeleteScheduleCommand({ Name: name, GroupName: settings.group }));
    } catch (error) {
      if (!isError(error, 'ResourceNotFoundException')) throw error;
    }
  };

  return {
    arm: async ({ agencyId, postId, at }) => {
      const wake: Wake = { kind: 'wake', agencyId, postId, at, tries: 0 };
      try {
        await client.send(
          new CreateScheduleCommand({
            Name: wakeScheduleName(wake),
            GroupName: settings.group,
            ScheduleExpression: wakeExpression(at),
            ScheduleExpressionTimezone: 'UTC',
            FlexibleTimeWindow: { Mode: 'OFF' },
            ActionAfterCompletion: 'DELETE',
            Target: target(settings.publishQueueArn, wake, WAKE_AGE_SECONDS),
          }),
        );
      } catch (error) {
        // The name says post and instant, so whoever took it armed the very same wake.
        if (!isError(error, 'ConflictException')) throw error;
      }
    },

    disarm: (wake) => remove(wakeScheduleName(wake)),

    armReport: async (brand) => {
      const message: ReportMessage = { kind: 'weekly', agencyId: brand.agencyId, brandId: brand.id };
      const schedule: CreateScheduleCommandInput = {
        Name: reportScheduleName(brand.id),
        GroupName: settings.group,
        ScheduleExpression: weeklyExpression(brand.report),
        ScheduleExpressionTimezone: brand.timeZone,
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: target(settings.reportQueueArn, message, REPORT_AGE_SECONDS),
      };
      try {
        await client.send(new CreateScheduleCommand(schedule));
      } catch (error) {
        if (!isError(error, 'ConflictException')) throw error;
        await client.send(new UpdateScheduleCommand(schedule));
      }
    },

    disarmReport: (brandId) => remove(reportScheduleName(brandId)),
  };
}
