import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { OutsideEvent } from '../../domain/events.ts';
import { toRfc3339 } from '../../domain/time.ts';
import type { Bus } from '../../ports.ts';

/** PutEvents takes at most ten entries. */
const BATCH = 10;

/**
 * An EventBridge bus: source `sendeplan`, detail type = event type, detail = the event with its instants as RFC 3339
 * strings. Throws when the bus refused any entry, so that the caller does not acknowledge; what was taken comes
 * again then, under the same event id.
 */
export function awsBus(client: EventBridgeClient, busName: string): Bus {
  return {
    announce: async (events) => {
      for (let start = 0; start < events.length; start += BATCH) {
        const batch = events.slice(start, start + BATCH);
        const answer = await client.send(
          new PutEventsCommand({
            Entries: batch.map((event) => ({
              EventBusName: busName,
              Source: 'sendeplan',
              DetailType: event.type,
              Time: new Date(event.at),
              Detail: detailOf(event),
            })),
          }),
        );
        if (answer.FailedEntryCount) {
          const codes = new Set(answer.Entries?.flatMap((entry) => entry.ErrorCode ?? []));
          const error = new Error(
            `the event bus refused ${answer.FailedEntryCount} of ${batch.length} events: ${[...codes].join(', ')}`,
          );
          throw [...codes].every((code) => PASSING.has(code)) ? asServerFault(error) : error;
        }
      }
    },
  };
}

/** Codes of single entries that a later try may not meet: the call as a whole has succeeded, so the SDK has tried once. */
const PASSING = new Set(['ThrottlingException', 'InternalFailure', 'InternalException']);

/** Marked like the SDK's own errors, so that it does not count towards a dead letter. */
const asServerFault = (error: Error): Error => Object.assign(error, { $fault: 'server' });

/** The event as JSON; every number in a field named `at` or `…At` is an instant and becomes a text. */
function detailOf(event: OutsideEvent): string {
  return JSON.stringify(event, (name, value: unknown) =>
    typeof value === 'number' && /^at$|At$/.test(name) ? toRfc3339(value) : value,
  );
}
