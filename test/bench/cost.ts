import type { Line } from './cost-meter.ts';
import { MEMORY_MB, PRICES, type Service } from './cost-prices.ts';
import { brandsWeek, idleRuns } from './cost-week.ts';

export type Cost = {
  /** USD for a million posts on three channels each, created, published, measured six times and reported. */
  readonly usdPerMillionPosts: number;
  readonly byService: Readonly<Partial<Record<Service, number>>>;
  /** How often per post, and USD for a million posts; the dearest first. */
  readonly calls: Readonly<Record<string, { readonly perPost: number; readonly usd: number }>>;
  /** So many posts of a brand share its sweeps and its weekly report to two people. */
  readonly postsPerBrandWeek: number;
  /** In it: what the stage uses by itself in a month in which it publishes a million posts. */
  readonly usdOfStageAMonth: number;
  readonly mostUsd: number;
  readonly holds: boolean;
};

/** What the best known design comes to. */
export const BAR_USD = 21;
const MILLION = 1_000_000;
const HOURS_A_MONTH = 720;
const HOURS_A_WEEK = 168;
/** Lambda asks each queue, five times at once, and waits 20 s for an answer. */
const QUEUES = 3;
const EMPTY_RECEIVES_A_MONTH = QUEUES * 5 * HOURS_A_MONTH * 180;
/** Function environments alive at a time; each reads an agency and unwraps its data key once an hour. */
const ENVIRONMENTS = 30;
const KEPT = 'GetItem AGENCY';

/**
 * What a million posts cost on AWS, by the calls and sizes that the real code makes and `cost-prices.ts`.
 * @param mostUsd what they may cost
 */
export async function cost(postsPerBrandWeek: number, mostUsd: number): Promise<Cost> {
  const idle = await idleRuns();
  // What a sweep itself uses, without the message that it sends for some brands.
  const sweep = [...idle.sweep, ...times(idle.brands, -1)];
  const stage: Line[] = [
    ...times(sweep, HOURS_A_MONTH),
    ...times(idle.renew, HOURS_A_MONTH * 6),
    ...times(idle.rescue, HOURS_A_MONTH * 60),
    priced('empty receives', 'sqs.request', EMPTY_RECEIVES_A_MONTH),
    priced('agencies', 'dynamodb.read-unit', ENVIRONMENTS * HOURS_A_MONTH),
    priced('data keys', 'kms.request', ENVIRONMENTS * HOURS_A_MONTH),
  ].map((line) => ({ ...line, call: `stage: ${line.call}` }));
  const week = await brandsWeek(postsPerBrandWeek);
  // The sweeps of that week are the stage's, which all its brands share, and so are the agencies that are kept.
  const own = [...week.lines, ...times(sweep, -HOURS_A_WEEK)].filter(({ call }) => call !== KEPT);
  const lines = summed([...times(own, MILLION / postsPerBrandWeek / week.brands), ...stage]);

  const byService: Partial<Record<Service, number>> = {};
  for (const { service, usd } of lines) byService[service] = (byService[service] ?? 0) + usd;
  const usdPerMillionPosts = cents(total(lines));
  return {
    usdPerMillionPosts,
    byService: Object.fromEntries(Object.entries(byService).map(([service, usd]) => [service, cents(usd)])),
    calls: Object.fromEntries(
      lines.map(({ call, count, usd }) => [call, { perPost: rounded(count / MILLION), usd: cents(usd) }]),
    ),
    postsPerBrandWeek,
    usdOfStageAMonth: cents(total(stage)),
    mostUsd,
    holds: usdPerMillionPosts <= mostUsd,
  };
}

/** The sum, what it consists of, and what the next levers would bring. */
export function costInWords({
  usdPerMillionPosts,
  byService,
  calls,
  postsPerBrandWeek,
  usdOfStageAMonth,
  mostUsd,
}: Cost): string {
  const services = Object.entries(byService)
    .sort(([, a], [, b]) => b - a)
    .map(([service, usd]) => `${service} ${usd}`);
  const dearest = Object.entries(calls)
    .slice(0, 15)
    .map(
      ([call, { perPost, usd }]) =>
        `  ${usd.toFixed(2).padStart(6)}  ${String(perPost).padStart(7)} a post  ${call}`,
    );
  return [
    `${usdPerMillionPosts} USD for a million posts on three channels (bar ${mostUsd}), of brands with ${postsPerBrandWeek} posts a week; ${usdOfStageAMonth} of it the stage itself`,
    `  ${services.join(' · ')}`,
    ...dearest,
    ...levers(calls).map(({ what, usd }) => `  lever: ${what}: ${cents(usd)} less`),
    '',
  ].join('\n');
}

/** What could be done next, and about what it would bring. */
function levers(calls: Cost['calls']): { what: string; usd: number }[] {
  const usdOf = (call: string): number => calls[call]?.usd ?? 0;
  const waitUsd = PRICES['lambda.gb-second'].usd * (MEMORY_MB.publish / 1_024) * MILLION;
  return [
    {
      what: 'schedules that start the function instead of going through the queue',
      usd: usdOf('SendMessage publish') * 1.5,
    },
    {
      what: 'measuring and reporting by one queue',
      usd: usdOf('stage: empty receives') / QUEUES,
    },
    { what: 'wakes up to a second before their time instead of a quarter more', usd: waitUsd * 0.25 },
    { what: 'one line of the log for all that ends together', usd: usdOf('log line') / 3 },
  ];
}

/** Lines of one call as one, the dearest first. */
function summed(lines: readonly Line[]): Line[] {
  const byCall = Map.groupBy(lines, ({ call, service }) => `${call} ${service}`);
  return [...byCall.values()]
    .flatMap((same) => {
      const [first] = same;
      if (!first) return [];
      return [{ ...first, count: same.reduce((sum, one) => sum + one.count, 0), usd: total(same) }];
    })
    .sort((a, b) => b.usd - a.usd);
}

const times = (lines: readonly Line[], factor: number): Line[] =>
  lines.map((line) => ({ ...line, count: line.count * factor, usd: line.usd * factor }));

function priced(call: string, billed: keyof typeof PRICES, count: number): Line {
  const { service, usd } = PRICES[billed];
  return { call, service, count, usd: count * usd };
}

const total = (lines: readonly Line[]): number => lines.reduce((sum, { usd }) => sum + usd, 0);
const cents = (usd: number): number => Math.round(usd * 100) / 100;
const rounded = (count: number): number => Math.round(count * 1_000) / 1_000;
