import type { SQSRecord } from 'aws-lambda';
import type { DeadLetters, Deps } from '../shared/ports.ts';

/** Room enough for a cause; the stack stands in the log, under the message's id. */
const LONGEST_REASON = 250;

/**
 * Puts a record that has failed for good into the dead-letter queue, with the reason. SQS would move it there by
 * itself, but without one. Rejects when it could not, and then SQS still does.
 */
export async function putAside(
  letters: DeadLetters,
  record: SQSRecord,
  why: { error: unknown; receives: number },
  deps: Pick<Deps, 'clock'>,
): Promise<void> {
  const group = record.attributes?.MessageGroupId;
  await letters.put({
    body: record.body,
    ...(group === undefined ? {} : { group }),
    reason: reasonFor(why.error),
    receives: why.receives,
    failedAt: deps.clock.now(),
  });
}

/**
 * One line that names the fault. People read it who need not see what the message was about, so what an error
 * quotes, addresses and whatever looks like a token are left out.
 */
export function reasonFor(error: unknown): string {
  const parts: string[] = [];
  for (let inner = error; parts.length < 3 && inner !== undefined; inner = causeOf(inner)) {
    parts.push(oneFault(inner));
  }
  return (
    parts
      .join(', because of ')
      .replace(/[\p{Cc}\uFFFE\uFFFF\s]+/gu, ' ')
      .trim()
      .slice(0, LONGEST_REASON)
      // SQS refuses half of a surrogate pair.
      .toWellFormed()
  );
}

function oneFault(error: unknown): string {
  if (!(error instanceof Error)) return 'something that is no error was thrown';
  // Its message quotes the text that it could not read.
  if (error instanceof SyntaxError) return 'SyntaxError: not JSON';
  const issues = issuesOf(error);
  return issues === undefined ? `${error.name}: ${withoutData(error.message)}` : `not as expected: ${issues}`;
}

const causeOf = (error: unknown): unknown => (error instanceof Error ? error.cause : undefined);

/** Where a schema found what, from a ZodError: paths and codes, no values. */
function issuesOf(error: Error): string | undefined {
  const { issues } = error as { issues?: unknown };
  if (!Array.isArray(issues)) return undefined;
  return issues
    .slice(0, 5)
    .map((issue: { path?: readonly unknown[]; code?: unknown }) => `/${issue.path?.join('/')} ${issue.code}`)
    .join(', ');
}

// Bounded before the patterns run: a message may be as long as an answer.
const withoutData = (message: string): string =>
  message
    .slice(0, 2_000)
    .replace(/"[^"]*"?/g, '"…"')
    .replace(/(https?:\/\/[^\s?#]*)[?#]\S*/gi, '$1')
    .replace(/\b(bearer|basic)\s+\S+/gi, '$1 …')
    .replace(/\S+@\S+/g, '…')
    .replace(/[\w+/=.~-]{40,}/g, '…');
