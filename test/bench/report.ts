import { stores } from '../../shared/adapters/store/stores.ts';
import { contentHash } from '../../shared/domain/content.ts';
import { told } from '../../shared/domain/metrics.ts';
import { DAY, HOUR, type Instant } from '../../shared/domain/time.ts';
import type { Deps } from '../../shared/ports.ts';
import { memoryTable } from '../simulation/memory-table.ts';
import { aBrand, aChannel, aContent, aDelivery, anAgency, anId, aPost } from '../support/builders.ts';
import { WEEK_TO } from '../support/report-data.ts';
import { handle, out, reportWorld } from '../support/report-world.ts';
import { meter } from './cost-meter.ts';
import { meteredTable } from './cost-table.ts';

export type HistoryCost = {
  /** Posts that the brand has in all; the week has as many in each run. */
  readonly posts: number;
  readonly reads: number;
  readonly readUnits: number;
  readonly writes: number;
  readonly ms: number;
};
export type ReportResult = {
  readonly channels: number;
  readonly postsInTheWeek: number;
  readonly runs: readonly HistoryCost[];
  readonly mails: number;
  readonly state: 'memory';
  readonly holds: boolean;
};

const CHANNELS = 100;
const POSTS_A_WEEK = 50;
const ON_CHANNELS = 3;
const WEEK = 7 * DAY;

/**
 * What a brand's weekly report costs, from its tick to the mails, by how long the brand's history is. It holds when
 * ten times the history needs no more than a tenth more reads.
 */
export async function report(histories: readonly number[]): Promise<ReportResult> {
  // The first builds what Node compiles; it is not counted.
  await weekOf(POSTS_A_WEEK);
  const runs: HistoryCost[] = [];
  let mails = 0;
  for (const posts of histories) {
    const { accepted, ...cost } = await weekOf(posts);
    mails = accepted;
    runs.push(cost);
  }
  const [least = 0, most = 0] = [runs[0]?.readUnits, runs.at(-1)?.readUnits];
  return {
    channels: CHANNELS,
    postsInTheWeek: POSTS_A_WEEK,
    runs,
    mails,
    state: 'memory',
    holds: mails > 0 && most <= least * 1.1,
  };
}

async function weekOf(posts: number): Promise<HistoryCost & { accepted: number }> {
  const it = await reportWorld();
  const kept = memoryTable();
  const used = meter();
  const plain = { ...it.deps, ...stores(kept) };
  await history(plain, posts);
  const deps = { ...it.deps, ...stores(meteredTable(kept, used, async () => undefined)) };

  const startedAt = performance.now();
  await handle({ kind: 'weekly', ...it.where }, deps);
  await it.drain(undefined, (message) => handle(message, deps));
  const ms = Math.round(performance.now() - startedAt);
  const lines = used.lines();
  const reading = lines.filter(({ call }) => /^(GetItem|Query)/.test(call));
  const count = (some: typeof lines): number => some.reduce((sum, line) => sum + line.count, 0);
  return {
    posts,
    reads: count(reading),
    readUnits: Math.round(reading.reduce((sum, { usd }) => sum + usd, 0) / READ_UNIT_USD),
    writes: count(lines) - count(reading),
    ms,
    accepted: it.accepted.length,
  };
}

const READ_UNIT_USD = 0.125 / 1e6;

/** Published posts up to the end of the week, spread evenly, each measured after a day. */
async function history(deps: Deps, posts: number): Promise<void> {
  const every = WEEK / POSTS_A_WEEK;
  const report = {
    weekday: 'monday',
    time: '08:00',
    recipients: [{ email: 'client@bakery.example' }, { email: 'lead@agency.example', audience: 'agency' }],
  } as const;
  await deps.agencies.create(anAgency());
  await deps.brands.create(
    aBrand({ report: { ...report, recipients: [...report.recipients] }, createdAt: 0 }),
  );
  for (let n = 0; n < CHANNELS; n += 1) {
    await deps.channels.create(aChannel({ id: channelId(n), name: `Channel ${n}` }));
  }
  for (let n = 0; n < posts; n += 1) await publication(deps, n, Math.round(WEEK_TO - (n + 0.5) * every));
}

async function publication(deps: Deps, number: number, at: Instant): Promise<void> {
  const content = aContent({ base: { text: `Number ${number}: fresh bread from seven o’clock.` } });
  const deliveries = Array.from({ length: ON_CHANNELS }, (_, index) =>
    aDelivery({
      ...out(at, { externalId: `${number}-${index}`, dueAt: at - 400 }),
      n: index + 1,
      channelId: channelId((number * ON_CHANNELS + index) % CHANNELS),
    }),
  );
  const { wakeAt: _, ...post } = aPost({
    id: anId('post', String(number)),
    contentHash: contentHash(content),
    deliveries,
  });
  await deps.posts.putContent(post.agencyId, post.id, post.revision, post.contentHash, content);
  await deps.posts.create(post);
  const metrics = told({ reactions: 5 + (number % 40), replies: number % 3, shares: number % 7 });
  const age = { age: '24h', at: at + 24 * HOUR, metrics } as const;
  await deps.posts.addSwept(
    post.agencyId,
    post.brandId,
    age.at,
    deliveries.map(({ n }) => ({ postId: post.id, n, ...age })),
  );
}

const channelId = (n: number): string => anId('chn', `channel ${n}`);
