import { parseArgs } from 'node:util';
import { SQSClient } from '@aws-sdk/client-sqs';
import { listDeadLetters, MOST, queueFor, redriveDeadLetters } from './dead-letters.ts';
import { enterPlace, faultLine, type PlaceKey, WHEREABOUTS, type Whereabouts } from './place.ts';

/**
 * `npm run dlq -- list|redrive [--queue NAME] [--stage STAGE [--region REGION]]`: shows what has failed for good and why, or sends it
 * back to its queue once the cause is mended. On the laptop that runs, or on a deployed stage.
 */
const USAGE =
  'usage: npm run dlq -- list|redrive [--queue publish|measure|report|schedule] [--stage STAGE [--region REGION]]';

/** The names under which a place has the URL of a queue's dead letters. */
const DLQS = {
  publish: 'PUBLISH_DLQ_URL',
  measure: 'MEASURE_DLQ_URL',
  report: 'REPORT_DLQ_URL',
  schedule: 'SCHEDULE_DLQ_URL',
} as const satisfies Record<string, PlaceKey>;
const QUEUES = {
  publish: 'PUBLISH_QUEUE_URL',
  measure: 'MEASURE_QUEUE_URL',
  report: 'REPORT_QUEUE_URL',
} as const satisfies Record<string, PlaceKey>;
type Name = keyof typeof DLQS;

try {
  const { verb, names, where } = readArguments();
  const needs = [...Object.values(DLQS), ...Object.values(QUEUES)];
  const { environment } = await enterPlace(where, { needs, usage: USAGE });
  const url = (key: PlaceKey): string => environment[key] ?? '';
  const client = new SQSClient({});
  const run = verb === 'list' ? list : redrive;
  // An empty queue takes a second to say so; they are asked at the same time and told in order.
  const answers = await Promise.all(names.map((name) => run(client, name, url)));
  process.stdout.write(answers.map(({ text }) => text).join(''));
  if (answers.some(({ failed }) => failed)) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`${faultLine(error)}\n`);
  process.exitCode = 1;
}

type Answer = { readonly text: string; readonly failed: boolean };

function readArguments(): { verb: 'list' | 'redrive'; names: Name[]; where: Whereabouts } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { ...WHEREABOUTS, queue: { type: 'string' } },
  });
  const [verb, ...rest] = positionals;
  const all = Object.keys(DLQS) as Name[];
  const names = all.filter((name) => values.queue === undefined || name === values.queue);
  if ((verb !== 'list' && verb !== 'redrive') || rest.length > 0 || names.length === 0)
    throw new Error(USAGE);
  return { verb, names, where: values };
}

async function list(client: SQSClient, name: Name, url: (key: PlaceKey) => string): Promise<Answer> {
  const letters = await listDeadLetters(client, url(DLQS[name]));
  const lines = letters.map(
    ({ id, at, receives, reason, kind, ids }) =>
      `  ${at}  ${kind}  ${ids.join(' ')}\n    received ${receives} times; ${reason}\n    id ${id}\n`,
  );
  const more = letters.length < MOST ? '' : '  and perhaps more\n';
  return { text: `${name}: ${countOf(letters.length)}\n${lines.join('')}${more}`, failed: false };
}

async function redrive(client: SQSClient, name: Name, url: (key: PlaceKey) => string): Promise<Answer> {
  const target = (body: string): string | undefined => {
    const queue = name === 'schedule' ? queueFor(body) : name;
    return queue && url(QUEUES[queue]);
  };
  const { sent, left, fault } = await redriveDeadLetters(client, url(DLQS[name]), target);
  const rest =
    left === 0 ? '' : `, ${left} left: ${fault === undefined ? 'for no queue of ours' : faultLine(fault)}`;
  const more = sent + left < MOST ? '' : '; there may be more, so run it again';
  return { text: `${name}: ${sent} sent back${rest}${more}\n`, failed: fault !== undefined };
}

function countOf(count: number): string {
  return count === 0 ? 'no dead letters' : `${count} dead letter${count === 1 ? '' : 's'}`;
}
