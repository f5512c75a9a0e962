import type { ReportData, WeekFigures } from './report.ts';
import { median } from './report-comparison.ts';
import type { Publication } from './report-publications.ts';

export type Ranking = {
  readonly strongest: Publication | undefined;
  readonly weakest: Publication | undefined;
  readonly usual: ReportData['usual'];
};

/** Fewer say nothing about what is strong, weak or usual. */
const LEAST_POSTS = 3;

/** The strongest and weakest of what is counted, if they differ, and what is usual beside them. */
export function rank(
  publications: readonly Publication[],
  history: readonly (WeekFigures | undefined)[],
): Ranking {
  const counted = publications.flatMap((publication) =>
    publication.resonance.kind === 'counted'
      ? [{ publication, value: publication.resonance.interactions }]
      : [],
  );
  // Stable: of equals the earliest comes first.
  const sorted = counted.toSorted((a, b) => b.value - a.value);
  const [first, last] = [sorted[0], sorted.at(-1)];
  const differ = sorted.length >= LEAST_POSTS && first && last && first.value > last.value;
  return {
    strongest: differ ? first.publication : undefined,
    weakest: differ ? last.publication : undefined,
    usual: usual(
      counted.map(({ value }) => value),
      history.slice(0, 4).flatMap((week) => week?.values ?? []),
    ),
  };
}

function usual(thisWeek: readonly number[], before: readonly number[]): ReportData['usual'] {
  const over = before.length >= LEAST_POSTS ? 'four_weeks' : 'this_week';
  const values = over === 'four_weeks' ? before : thisWeek;
  const middle = values.length >= LEAST_POSTS ? median(values) : undefined;
  return middle === undefined ? null : { median: middle, over };
}
