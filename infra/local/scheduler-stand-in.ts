import * as z from 'zod';
import { type AwsCall, AwsFault, type StandIn } from './aws-stand-in.ts';
import { nextRun } from './next-run.ts';

/** Sends a schedule's input to its target; rejects when the target cannot take it now. */
export type Deliver = (targetArn: string, input: string) => Promise<void>;
export type SchedulerStandIn = StandIn & { readonly stop: () => void };

const TICK_MS = 250;
const definition = z.object({
  GroupName: z.string().default('default'),
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string().default('UTC'),
  FlexibleTimeWindow: z.object({ Mode: z.literal('OFF') }),
  ActionAfterCompletion: z.enum(['NONE', 'DELETE']).default('NONE'),
  Target: z.object({
    Arn: z.string(),
    RoleArn: z.string(),
    Input: z.string().default('{}'),
    RetryPolicy: z.object({ MaximumEventAgeInSeconds: z.int().min(60).max(86_400).optional() }).optional(),
    DeadLetterConfig: z.object({ Arn: z.string().optional() }).optional(),
  }),
});
type Schedule = z.infer<typeof definition> & {
  readonly name: string;
  /** Epoch ms; undefined once a one-time schedule has run. */
  nextAt: number | undefined;
  busy: boolean;
};

/**
 * EventBridge Scheduler: one-time and weekly schedules that send to queues. It keeps them in memory only, because
 * they can all be told from the table, and are at every start. Runs at the very instant; AWS may take a minute.
 */
export function schedulerStandIn(deliver: Deliver, now: () => number = Date.now): SchedulerStandIn {
  const schedules = new Map<string, Schedule>();

  const run = async (key: string, schedule: Schedule, dueAt: number): Promise<void> => {
    const { Target, ScheduleExpression, ScheduleExpressionTimezone } = schedule;
    schedule.busy = true;
    try {
      await deliver(Target.Arn, Target.Input);
    } catch {
      const oldestMs = (Target.RetryPolicy?.MaximumEventAgeInSeconds ?? 86_400) * 1_000;
      if (now() - dueAt < oldestMs) return;
      if (Target.DeadLetterConfig?.Arn)
        await deliver(Target.DeadLetterConfig.Arn, Target.Input).catch(() => {});
    } finally {
      schedule.busy = false;
    }
    // It may have been moved or deleted while its message was under way.
    if (schedules.get(key) !== schedule) return;
    schedule.nextAt = nextRun(ScheduleExpression, ScheduleExpressionTimezone, Math.max(dueAt, now()));
    if (schedule.nextAt === undefined && schedule.ActionAfterCompletion === 'DELETE') schedules.delete(key);
  };

  const tick = setInterval(() => {
    for (const [key, schedule] of schedules) {
      if (schedule.nextAt !== undefined && schedule.nextAt <= now() && !schedule.busy)
        void run(key, schedule, schedule.nextAt);
    }
  }, TICK_MS);

  const put = (call: AwsCall, name: string, mustExist: boolean): string => {
    const schedule = readSchedule(call.body, name, now());
    const key = `${schedule.GroupName}/${name}`;
    if (schedules.has(key) !== mustExist) {
      throw mustExist ? unknown(name) : new AwsFault('ConflictException', `${name} exists already`, 409);
    }
    schedules.set(key, schedule);
    return `arn:aws:scheduler:local:000000000000:schedule/${key}`;
  };

  return {
    owns: (call) => call.target === '' && call.path[0] === 'schedules',
    answer: async (call) => {
      const name = call.path[1] ?? '';
      if (!/^[0-9a-zA-Z\-_.]{1,64}$/.test(name)) {
        throw new AwsFault(
          'ValidationException',
          `${name} is no schedule name (1 to 64 of 0-9 a-z A-Z - _ .)`,
        );
      }
      if (call.method === 'POST') return { ScheduleArn: put(call, name, false) };
      if (call.method === 'PUT') return { ScheduleArn: put(call, name, true) };
      const key = `${call.query.get('groupName') ?? 'default'}/${name}`;
      const found = schedules.get(key);
      if (!found) throw unknown(name);
      if (call.method === 'DELETE') return schedules.delete(key) && {};
      const { nextAt: _, busy: __, name: Name, ...told } = found;
      return { Name, ...told, State: 'ENABLED' };
    },
    stop: () => clearInterval(tick),
  };
}

function readSchedule(body: unknown, name: string, now: number): Schedule {
  const result = definition.safeParse(body);
  if (!result.success) throw new AwsFault('ValidationException', z.prettifyError(result.error));
  const { ScheduleExpression, ScheduleExpressionTimezone } = result.data;
  try {
    // A one-time schedule for a past instant runs at once.
    const nextAt = nextRun(ScheduleExpression, ScheduleExpressionTimezone, now) ?? now;
    return { ...result.data, name, nextAt, busy: false };
  } catch (error) {
    throw new AwsFault('ValidationException', (error as Error).message);
  }
}

function unknown(name: string): AwsFault {
  return new AwsFault('ResourceNotFoundException', `there is no schedule ${name}`, 404);
}
