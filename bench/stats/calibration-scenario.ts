/** A made-up holdout: what `bench/stats/calibration.ts` asks the gate about, many thousand times. */
export interface Scenario {
  readonly rows: number;
  readonly clusters: number;
  /** Share of the variance that the rows of a cluster have in common: of the labels, the scores and the errors. */
  readonly intraclass: number;
  /** Share of positives. */
  readonly positives: number;
  /** `equal` clusters, or `uneven`: the k-th largest has 1/k of the largest's rows. */
  readonly sizes: 'equal' | 'uneven';
  /** What the candidate truly is. `worse` puts it on the limit of what is allowed, `equal` makes both sides alike. */
  readonly candidate: 'worse' | 'equal';
}

const USUAL = { positives: 0.3, sizes: 'equal', candidate: 'worse' } as const;

/** Ordered by what they cost, so that a run that is cut short has most of them. */
export const SCENARIOS: readonly Scenario[] = [
  { ...USUAL, rows: 200, clusters: 20, intraclass: 0 },
  { ...USUAL, rows: 200, clusters: 20, intraclass: 0.5 },
  { ...USUAL, rows: 1_000, clusters: 20, intraclass: 0.1 },
  { ...USUAL, rows: 1_000, clusters: 31, intraclass: 0.1 },
  { ...USUAL, rows: 1_000, clusters: 31, intraclass: 0.1, candidate: 'equal' },
  { ...USUAL, rows: 1_000, clusters: 31, intraclass: 0.5 },
  { ...USUAL, rows: 1_000, clusters: 100, intraclass: 0.1 },
  { ...USUAL, rows: 1_000, clusters: 31, intraclass: 0.1, sizes: 'uneven' },
  { ...USUAL, rows: 1_000, clusters: 20, intraclass: 0.3, sizes: 'uneven' },
  { ...USUAL, rows: 2_000, clusters: 31, intraclass: 0.1, positives: 0.01 },
  { ...USUAL, rows: 4_000, clusters: 31, intraclass: 0.1, positives: 0.01 },
  { ...USUAL, rows: 2_000, clusters: 365, intraclass: 0.1 },
  { ...USUAL, rows: 10_000, clusters: 31, intraclass: 0.1 },
  { ...USUAL, rows: 10_000, clusters: 100, intraclass: 0.1, positives: 0.01 },
  { ...USUAL, rows: 10_000, clusters: 365, intraclass: 0.02 },
];

/** Half of the holdouts with so many positives on the average have fewer, and are not judged. */
const HALF_ARE_JUDGED = 20;

/** How many holdouts have to be drawn so that about `count` are judged. */
export function drawnFor({ rows, positives }: Scenario, count: number): number {
  return Math.round(rows * positives) <= HALF_ARE_JUDGED ? 2 * count : count;
}

/** What every table calls a scenario. */
export function scenarioName({ rows, clusters, intraclass, positives, sizes, candidate }: Scenario): string {
  const parts = [`n${rows}`, `g${clusters}`, `icc${intraclass}`, `pos${positives}`];
  if (sizes === 'uneven') parts.push(sizes);
  if (candidate === 'equal') parts.push(candidate);
  return parts.join('-');
}

/**
 * How far a score of a positive lies above one of a negative, in standard deviations of either: the baseline's and the
 * candidate's.
 */
export function separations({ positives, candidate }: Scenario): {
  readonly baseline: number;
  readonly candidate: number;
} {
  // With 1 % positives nobody is called at a probability of one half unless scores tell well.
  const baseline = positives < 0.1 ? 3 : 1.5;
  return { baseline, candidate: candidate === 'equal' ? baseline : baseline - 0.1 };
}

/** Standard deviation of the errors of both sides' regressions. */
export function errorDeviations({ candidate }: Scenario): { readonly baseline: number; readonly candidate: number } {
  return { baseline: 1, candidate: candidate === 'equal' ? 1 : 1.02 };
}

/** Those on which methods that resample are asked as well: few clusters, alike, dependent and uneven. */
export const RESAMPLED_SCENARIOS: readonly Scenario[] = SCENARIOS.filter(
  ({ rows, clusters, intraclass, sizes, candidate }) =>
    candidate === 'worse' &&
    ((rows === 200 && intraclass === 0.5) ||
      (rows === 1_000 && clusters === 31 && intraclass === 0.1 && sizes === 'equal') ||
      (rows === 1_000 && clusters === 20 && sizes === 'uneven')),
);

/** As people read it: `1,000 rows in 31 clusters, correlation 0.1, 30 % positive`. */
export function scenarioWords({ rows, clusters, intraclass, positives, sizes, candidate }: Scenario): string {
  const parts = [`${rows.toLocaleString('en-US')} rows in ${clusters}`, `ρ ${intraclass}`];
  if (positives !== USUAL.positives) parts.push(`${100 * positives} % positive`);
  if (sizes === 'uneven') parts.push('uneven');
  if (candidate === 'equal') parts.push('truly equal');
  return parts.join(', ');
}
