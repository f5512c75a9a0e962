import type { Actor } from '../domain/agency.ts';
import { AppError, notFound } from '../domain/app-error.ts';
import type { Audience, Brand } from '../domain/brand.ts';
import { buildReport } from '../domain/build-report.ts';
import { finding } from '../domain/finding.ts';
import { idFromBytes } from '../domain/ids.ts';
import type { StoredReport } from '../domain/report.ts';
import {
  addLocalDays,
  joinWindow,
  provisionalWindow,
  type ReportPeriod,
  shiftWeek,
  weekReportId,
  windowFor,
  windowOfWeek,
} from '../domain/report-week.ts';
import type { Instant } from '../domain/time.ts';
import type { Deps } from '../ports.ts';
import { gatherDeliveries } from './gather-report.ts';
import { gatherChannels, gatherLostNetworks } from './gather-report-channels.ts';
import { weekHistory } from './report-history.ts';

export type BuildWeek = {
  readonly agencyId: string;
  readonly brandId: string;
  /** `2026-W48`; without it, the latest complete week. Means nothing for a provisional report. */
  readonly week?: string | undefined;
  /** Up to now, instead of a whole week. */
  readonly provisional: boolean;
  readonly actor: Actor;
  readonly note?: string | undefined;
  readonly audience?: Audience | undefined;
};

type Building = Pick<
  Deps,
  'brands' | 'reports' | 'posts' | 'channels' | 'provider' | 'clock' | 'random' | 'audit' | 'log'
>;

/**
 * The stored report of a week, built if there is none; or a provisional one, always built. It costs what the week
 * holds, not what the brand's history holds.
 * @throws AppError `not_found` for an unknown brand; `invalid` for no such week; `conflict` when the week is not
 *   over, or another report has told all of it (`data.week`)
 */
export async function buildWeek(deps: Building, act: BuildWeek): Promise<StoredReport> {
  const brand = await deps.brands.get(act.agencyId, act.brandId);
  if (!brand) throw notFound('brand');
  return act.provisional ? buildProvisional(deps, brand, act) : buildFinal(deps, brand, act);
}

const wrongWeek = (message: string, rule: string): AppError =>
  new AppError('invalid', message, { findings: [finding('error', 'invalid_value', '/week', { rule })] });

async function buildFinal(deps: Building, brand: Brand, act: BuildWeek): Promise<StoredReport> {
  const now = deps.clock.now();
  const nominal = act.week === undefined ? windowFor(brand, now) : windowOfWeek(brand, act.week);
  if (!nominal) throw wrongWeek(`There is no ISO week ${act.week}; write it like 2026-W48.`, 'must exist');
  const id = weekReportId(brand.agencyId, brand.id, nominal.week);
  const stored = await deps.reports.get(brand.agencyId, id);
  if (stored) return renoted(deps, stored, act);
  if (nominal.to > now) {
    throw new AppError(
      'conflict',
      `Week ${nominal.week} is not over yet; without a week, the report is provisional.`,
    );
  }
  if (nominal.to <= brand.createdAt) {
    const rule = 'must not be over before the brand was added';
    throw wrongWeek(`The brand did not exist in week ${nominal.week}.`, rule);
  }
  const [previous, [following]] = await Promise.all([
    storedBefore(deps, brand, nominal.week),
    storedBehind(deps, brand, nominal.week),
  ]);
  const period = joinWindow(nominal, previous[0], following);
  if (!period) {
    throw new AppError('conflict', 'Other reports have told all of this week already.', {
      data: { week: (following ?? previous[0])?.week },
    });
  }
  const report = await assemble(deps, brand, act, { id, period, before: previous, asOf: now });
  if (await deps.reports.create(report)) {
    await audit(deps, act, report);
    return report;
  }
  // Somebody else was faster: theirs is the week's report.
  return renoted(deps, (await deps.reports.get(brand.agencyId, id)) ?? report, act);
}

async function buildProvisional(deps: Building, brand: Brand, act: BuildWeek): Promise<StoredReport> {
  const now = deps.clock.now();
  const id = idFromBytes('rep', deps.random.bytes(20));
  const latest = windowFor(brand, now);
  const [told, ...before] = [
    await deps.reports.get(brand.agencyId, weekReportId(brand.agencyId, brand.id, latest.week)),
    ...(await storedBefore(deps, brand, latest.week)),
  ];
  const newest = told ?? before[0];
  const since = newest && newest.to > latest.from ? newest.to : undefined;
  const period = provisionalWindow(brand, now, since);
  const previous = [...(told ? [told] : []), ...before];
  const report = await assemble(deps, brand, act, { id, period, before: previous, asOf: now });
  await deps.reports.create(report);
  await audit(deps, act, report);
  return report;
}

/** The weekly reports of the four weeks before, newest first, as far as there are any. */
const storedBefore = (deps: Building, brand: Brand, week: string) =>
  storedWeeks(deps, brand, week, [-1, -2, -3, -4]);

/** The later ones that may have taken up this week, because it had no report: after a change of weekday up to five. */
const storedBehind = (deps: Building, brand: Brand, week: string) =>
  storedWeeks(deps, brand, week, [1, 2, 3, 4, 5]);

async function storedWeeks(
  deps: Building,
  brand: Brand,
  week: string,
  away: readonly number[],
): Promise<StoredReport[]> {
  const ids = away.map((weeks) => weekReportId(brand.agencyId, brand.id, shiftWeek(brand, week, weeks)));
  const found = await Promise.all(ids.map((id) => deps.reports.get(brand.agencyId, id)));
  return found.filter((report) => report !== undefined);
}

async function assemble(
  deps: Building,
  brand: Brand,
  act: BuildWeek,
  given: { id: string; period: ReportPeriod; before: readonly StoredReport[]; asOf: Instant },
): Promise<StoredReport> {
  const { id, period, before, asOf } = given;
  // Only its direct neighbour has left something for this one.
  const neighbour = before[0]?.to === period.from ? before[0] : undefined;
  const countLater = new Set(neighbour?.countLater);
  const openEnded = new Set(neighbour?.openEnded);
  const next = { from: period.to, to: addLocalDays(brand, period.to, 7) };
  const [gathered, planned, channels, history] = await Promise.all([
    gatherDeliveries(
      deps,
      brand,
      period,
      [...countLater, ...openEnded],
      act.provisional ? 'so far' : 'published',
    ),
    gatherDeliveries(deps, brand, next, [], 'planned'),
    gatherChannels(deps, brand, period),
    weekHistory(deps, brand, period, before),
  ]);
  const built = buildReport({
    brand,
    period,
    provisional: act.provisional,
    asOf,
    channels,
    networks: await gatherLostNetworks(deps, channels, [...gathered, ...planned]),
    deliveries: gathered,
    countLater,
    openEnded,
    history,
    next: { ...next, planned },
  });
  return {
    id,
    agencyId: brand.agencyId,
    brandId: brand.id,
    week: period.week,
    provisional: act.provisional,
    from: period.from,
    to: period.to,
    createdAt: asOf,
    run: 0,
    ...(act.note === undefined ? {} : { note: act.note }),
    ...(act.audience === undefined ? {} : { audience: act.audience }),
    ...built,
  };
}

/** A later word of the agency goes with every sending from now on. */
async function renoted(deps: Building, stored: StoredReport, act: BuildWeek): Promise<StoredReport> {
  if (act.note === undefined || act.note === stored.note) return stored;
  const report = { ...stored, note: act.note };
  await deps.reports.replace(report);
  return report;
}

async function audit(deps: Building, act: BuildWeek, report: StoredReport): Promise<void> {
  await deps.audit.append(act.agencyId, {
    at: report.createdAt,
    actor: act.actor,
    act: 'report.build',
    target: report.id,
    data: { brandId: report.brandId, week: report.week, provisional: report.provisional },
  });
}
