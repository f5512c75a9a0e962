import * as z from 'zod';
import { AwsFault, type StandIn } from './aws-stand-in.ts';
import { openLines } from './durable-file.ts';

/** An event as the bus keeps it. */
export type KeptEvent = {
  readonly id: string;
  readonly at: string;
  readonly source: string;
  readonly type: string;
  readonly detail: unknown;
};
export type BusStandIn = StandIn & {
  /** The newest thousand, newest first. */
  readonly newest: () => readonly KeptEvent[];
  readonly close: () => Promise<void>;
};

const KEPT = 1_000;
const putEvents = z.object({
  Entries: z
    .array(
      z.object({
        EventBusName: z.string().optional(),
        Source: z.string().optional(),
        DetailType: z.string().optional(),
        Detail: z.string().optional(),
      }),
    )
    .min(1)
    .max(10),
});
type Entry = z.infer<typeof putEvents>['Entries'][number];

/** EventBridge's PutEvents: what is taken is appended to a file of JSON lines. There are no rules and no targets. */
export async function busStandIn(path: string, busName: string, newId: () => string): Promise<BusStandIn> {
  const lines = await openLines(path);
  const kept = (lines.before as KeptEvent[]).slice(-KEPT);

  const take = async (entry: Entry) => {
    const refusal = refusalOf(entry, busName);
    if (refusal) return refusal;
    const event: KeptEvent = {
      id: newId(),
      at: new Date().toISOString(),
      source: entry.Source ?? '',
      type: entry.DetailType ?? '',
      detail: JSON.parse(entry.Detail ?? 'null'),
    };
    await lines.append(event);
    kept.push(event);
    if (kept.length > KEPT) kept.shift();
    return { EventId: event.id };
  };

  return {
    owns: (call) => call.target.startsWith('AWSEvents.'),
    answer: async (call) => {
      if (call.target !== 'AWSEvents.PutEvents')
        throw new AwsFault('UnknownOperationException', 'only PutEvents');
      const request = putEvents.safeParse(call.body);
      if (!request.success) throw new AwsFault('ValidationException', z.prettifyError(request.error));
      const Entries = await Promise.all(request.data.Entries.map(take));
      return { FailedEntryCount: Entries.filter((entry) => 'ErrorCode' in entry).length, Entries };
    },
    newest: () => kept.toReversed(),
    close: lines.close,
  };
}

function refusalOf(entry: Entry, busName: string): { ErrorCode: string; ErrorMessage: string } | undefined {
  if (entry.EventBusName !== busName)
    return { ErrorCode: 'InvalidArgument', ErrorMessage: 'there is no such bus' };
  if (!entry.Source || !entry.DetailType)
    return { ErrorCode: 'InvalidArgument', ErrorMessage: 'Source and DetailType are required' };
  try {
    const detail: unknown = JSON.parse(entry.Detail ?? '');
    if (typeof detail === 'object' && detail !== null) return undefined;
  } catch {
    // told below
  }
  return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail must be a JSON object' };
}
