import { Temporal } from 'temporal-polyfill';

const DAYS = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'];

/**
 * When a schedule runs next after an instant (epoch ms): `at(2026-11-30T07:55:00)`, or a weekly
 * `cron(30 8 ? * MON *)`, both read in `timeZone`. Undefined: never again. Throws RangeError for any other expression.
 *
 * As EventBridge Scheduler has it, a weekly run whose time the clocks jump over is skipped, and one whose time comes
 * twice runs once. https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function nextRun(expression: string, timeZone: string, after: number): number | undefined {
  const once = /^at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\)$/.exec(expression);
  if (once?.[1]) {
    const at = Temporal.PlainDateTime.from(once[1]).toZonedDateTime(timeZone).epochMilliseconds;
    return at > after ? at : undefined;
  }
  const weekly = /^cron\((\d{1,2}) (\d{1,2}) \? \* ([A-Z]{3}) \*\)$/.exec(expression);
  const day = DAYS.indexOf(weekly?.[3] ?? '') + 1;
  if (!weekly || day === 0) {
    throw new RangeError(`the laptop knows at(…) and weekly cron(minute hour ? * DAY *), not ${expression}`);
  }
  return nextWeekly({ day, hour: Number(weekly[2]), minute: Number(weekly[1]) }, timeZone, after);
}

function nextWeekly(
  { day, hour, minute }: { day: number; hour: number; minute: number },
  timeZone: string,
  after: number,
): number {
  const time = Temporal.PlainTime.from({ hour, minute }, { overflow: 'reject' });
  const today = Temporal.Instant.fromEpochMilliseconds(after).toZonedDateTimeISO(timeZone).toPlainDate();
  let date = today.add({ days: (day - today.dayOfWeek + 7) % 7 });
  for (;;) {
    const local = date.toPlainDateTime(time);
    const run = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
    if (run.toPlainDateTime().equals(local) && run.epochMilliseconds > after) return run.epochMilliseconds;
    date = date.add({ days: 7 });
  }
}
