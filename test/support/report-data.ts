import { buildReport } from '../../shared/domain/build-report.ts';
import { deliveryId } from '../../shared/domain/ids.ts';
import { type Metrics, type Snapshot, told } from '../../shared/domain/metrics.ts';
import type { ReportData, WeekFigures } from '../../shared/domain/report.ts';
import type { GatheredChannel, GatheredDelivery, ReportInput } from '../../shared/domain/report-input.ts';
import { DAY, HOUR, type Instant } from '../../shared/domain/time.ts';
import { aDelivery, anId } from './builders.ts';

/** Monday, 23 November 2026, 00:00 in Berlin: the beginning of 2026-W48. */
export const WEEK_FROM: Instant = Date.UTC(2026, 10, 22, 23);
export const WEEK_TO: Instant = WEEK_FROM + 7 * DAY;
/** Monday, 30 November 2026, 08:00 in Berlin. */
export const REPORT_AT: Instant = WEEK_TO + 8 * HOUR;

export const aGatheredChannel = (over: Partial<GatheredChannel> = {}): GatheredChannel => ({
  id: anId('chn'),
  name: 'Bäckerei Müller',
  network: 'Mastodon',
  health: 'connected',
  tells: ['reactions', 'replies', 'shares'],
  followers: [],
  ...over,
});

/** Due on the week's second day at 09:00; nothing happened to it yet. */
export const gathered = (
  name: string,
  delivery: Partial<GatheredDelivery['delivery']> = {},
  over: Partial<GatheredDelivery> = {},
): GatheredDelivery => ({
  id: deliveryId(anId('post', name), 1),
  delivery: aDelivery({ dueAt: WEEK_FROM + DAY + 9 * HOUR, ...delivery }),
  text: `Text of ${name}`,
  ...over,
});

export const snapshot24 = (metrics: Partial<Metrics> | 'removed', at: Instant = REPORT_AT): Snapshot => ({
  n: 1,
  age: '24h',
  at,
  metrics: metrics === 'removed' ? metrics : told(metrics),
});

/** Out since `at`, with so many reactions after 24 h; without a number, not measured yet. */
export const published = (
  name: string,
  at: Instant,
  reactions?: number,
  over: Partial<GatheredDelivery['delivery']> = {},
): GatheredDelivery =>
  gathered(
    name,
    {
      state: 'published',
      dueAt: at - 400,
      startedAt: at - 200,
      publishedAt: at,
      externalId: name,
      url: `https://social.example/${name}`,
      ...over,
    },
    reactions === undefined ? {} : { snapshot: snapshot24({ reactions }) },
  );

export const figures = (values: readonly number[]): WeekFigures => ({
  planned: values.length,
  published: values.length,
  counted: values.length,
  interactions: values.reduce((total, value) => total + value, 0),
  values,
});

/** An empty week of one channel. */
export const aReportInput = (over: Partial<ReportInput> = {}): ReportInput => ({
  brand: { id: anId('brd'), name: 'Bäckerei Müller', timeZone: 'Europe/Berlin' },
  period: { week: '2026-W48', from: WEEK_FROM, to: WEEK_TO },
  provisional: false,
  asOf: REPORT_AT,
  channels: [aGatheredChannel()],
  networks: {},
  deliveries: [],
  countLater: new Set(),
  openEnded: new Set(),
  history: [],
  next: { from: WEEK_TO, to: WEEK_TO + 7 * DAY, planned: [] },
  ...over,
});

/** Something of everything: counted, told as 0, too young, not told, failed, tried again, unclear. */
export const aFullWeek: Partial<ReportInput> = {
  channels: [
    aGatheredChannel({
      followers: [
        { day: '2026-11-23', count: 1_192 },
        { day: '2026-11-29', count: 1_204 },
      ],
    }),
    aGatheredChannel({ id: 'blog', name: 'Backstubenblog', network: 'WordPress', tells: [] }),
  ],
  deliveries: [
    published('a', WEEK_FROM + 9 * HOUR, 1_041),
    published('b', WEEK_FROM + 10 * HOUR, 12),
    published('c', WEEK_FROM + 11 * HOUR, 0, { attempts: 2 }),
    published('young', WEEK_TO - HOUR),
    published('blog', WEEK_FROM + 9 * HOUR, undefined, { channelId: 'blog' }),
    gathered('failed', {
      channelId: 'blog',
      state: 'failed',
      code: 'rest_invalid_param',
      reason: 'Secret words',
      attempts: 1,
    }),
    gathered('later', { state: 'retrying', code: 'unavailable', nextAttemptAt: WEEK_TO + 3 * DAY }),
    gathered('doubt', { state: 'uncertain', code: 'unclear' }),
  ],
  history: [figures([300, 300, 300]), figures([200, 400, 300, 100])],
  next: { from: WEEK_TO, to: WEEK_TO + 7 * DAY, planned: [gathered('next', { dueAt: WEEK_TO + 2 * DAY })] },
};

export const clientReport = (over: Partial<ReportInput> = {}): ReportData =>
  buildReport(aReportInput(over)).data.client;
export const agencyReport = (over: Partial<ReportInput> = {}): ReportData =>
  buildReport(aReportInput(over)).data.agency;

export const UNSUBSCRIBE = 'https://api.agency.example/v1/unsubscribe/token';

/** What a reader sees of a mail's HTML. */
export const visible = (html: string): string =>
  html
    .replace(/<style>.*?<\/style>/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ');
