import type { Brand } from '../domain/brand.ts';
import { interactions } from '../domain/metrics.ts';
import type { StoredReport, WeekFigures } from '../domain/report.ts';
import { sum } from '../domain/report-comparison.ts';
import { addLocalDays, type ReportPeriod } from '../domain/report-week.ts';
import type { Deps } from '../ports.ts';
import { gatherDeliveries } from './gather-report.ts';

const WEEKS = 4;

/**
 * The figures of the four weeks before a period, newest first. They come from the reports that told them; weeks
 * without a report are read from their posts, as far back as the brand existed.
 */
export async function weekHistory(
  deps: Pick<Deps, 'posts'>,
  brand: Pick<Brand, 'id' | 'agencyId' | 'timeZone' | 'createdAt'>,
  period: ReportPeriod,
  before: readonly StoredReport[],
): Promise<(WeekFigures | undefined)[]> {
  const history: (WeekFigures | undefined)[] = [];
  let { from: to } = period;
  while (history.length < WEEKS) {
    const told = before.find((report) => report.to === to);
    if (!told && to <= brand.createdAt) break;
    const from = told?.from ?? addLocalDays(brand, to, -7);
    history.push(told?.figures ?? (await figuresFrom(deps, brand, { from, to })));
    to = from;
  }
  return history;
}

async function figuresFrom(
  deps: Pick<Deps, 'posts'>,
  brand: Pick<Brand, 'id' | 'agencyId'>,
  range: Pick<ReportPeriod, 'from' | 'to'>,
): Promise<WeekFigures> {
  const gathered = await gatherDeliveries(deps, brand, range, []);
  const published = gathered.filter(({ delivery: { publishedAt } }) => {
    return publishedAt !== undefined && range.from <= publishedAt && publishedAt < range.to;
  });
  const values = published.flatMap(({ delivery, snapshot }) => {
    if (delivery.state === 'removed' || !snapshot || snapshot.metrics === 'removed') return [];
    return interactions(snapshot.metrics) ?? [];
  });
  const open = gathered.filter(({ delivery: { publishedAt, state } }) => {
    return publishedAt === undefined && state !== 'cancelled';
  });
  return {
    planned: published.length + open.length,
    published: published.length,
    counted: values.length,
    interactions: sum(values),
    values: values.slice(0, 500),
  };
}
