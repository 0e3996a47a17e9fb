import type { Examples } from '../../metrics/metric.ts';
import { rowErrors } from '../../metrics/row-errors.ts';
import { compensatedSum } from '../../stats/numbers/compensated-sum.ts';
import { ascendingOrder } from '../../stats/numbers/sort-order.ts';
import { sampleQuantile } from '../../stats/ranks/sample-quantile.ts';
import { shortNumber } from '../short-number.ts';
import { normalPlot } from '../simulate/normal-plot.ts';
import type { Curve, FindingsOf, Histogram } from './evidence.ts';

/** Bars of a histogram. */
const BARS = 30;

/** The bars span this much of the residuals; the rest is counted in the outermost, so that one outlier hides nothing. */
const SPAN = { from: 0.005, to: 0.995 } as const;

/** Shares of rows whose largest absolute error is told. */
const ERROR_SHARES = [0.25, 0.5, 0.75, 0.9, 0.95, 0.99] as const;

/** Groups of rows by prediction. */
const TENTHS = 10;

/** Residuals, errors and predicted against true values; every row counts once, whatever its weight. */
export function regressionFindings(
  task: 'regression' | 'forecast',
  candidate: Examples,
  baseline: Examples,
): FindingsOf<'regression'> {
  const residuals = { candidate: residualsOf(candidate), baseline: residualsOf(baseline) };
  const errors = { candidate: sortedSizes(residuals.candidate), baseline: sortedSizes(residuals.baseline) };
  return {
    task,
    residuals: histogramOf(residuals.candidate, residuals.baseline),
    errors: ERROR_SHARES.map((share) => ({
      share,
      candidate: shortNumber(sampleQuantile(errors.candidate, share)),
      baseline: shortNumber(sampleQuantile(errors.baseline, share)),
    })),
    bias: { candidate: shortNumber(meanOf(residuals.candidate)), baseline: shortNumber(meanOf(residuals.baseline)) },
    predictedVersusTrue: { candidate: tenthsOf(candidate), baseline: tenthsOf(baseline) },
    ...normalErrors(residuals.candidate, residuals.baseline),
    ...(candidate.series === undefined
      ? {}
      : { series: seriesCounts(candidate.series, residuals.candidate, residuals.baseline) }),
  };
}

function normalErrors(candidate: Float64Array, baseline: Float64Array): Pick<FindingsOf<'regression'>, 'normalErrors'> {
  const plots = { candidate: normalPlot(candidate), baseline: normalPlot(baseline) };
  if (plots.candidate === undefined || plots.baseline === undefined) return {};
  return { normalErrors: { candidate: plots.candidate, baseline: plots.baseline } };
}

function residualsOf(examples: Examples): Float64Array {
  return rowErrors(examples, (actual, predicted) => predicted - actual);
}

function sortedSizes(residuals: Float64Array): Float64Array {
  return residuals.map(Math.abs).sort();
}

function meanOf(values: Float64Array): number {
  return compensatedSum(values) / values.length;
}

/** Both sides' values on common edges, symmetric in no way: they go where the values are. Empty where all are alike. */
export function histogramOf(candidate: Float64Array, baseline: Float64Array): Histogram {
  const limits = [candidate, baseline].map((values) => {
    const sorted = values.slice().sort();
    return { from: sampleQuantile(sorted, SPAN.from), to: sampleQuantile(sorted, SPAN.to) };
  });
  const from = Math.min(...limits.map((limit) => limit.from));
  const to = Math.max(...limits.map((limit) => limit.to));
  const width = (to - from) / BARS;
  if (!(width > 0) || !Number.isFinite(width)) return { edges: [], candidate: [], baseline: [] };
  const count = (values: Float64Array): number[] => {
    const counts = new Float64Array(BARS);
    for (const value of values) {
      const bar = Math.min(BARS - 1, Math.max(0, Math.floor((value - from) / width)));
      counts[bar] = (counts[bar] as number) + 1;
    }
    return [...counts];
  };
  const edges = Array.from({ length: BARS + 1 }, (_, edge) => shortNumber(edge === BARS ? to : from + edge * width));
  return { edges, candidate: count(candidate), baseline: count(baseline) };
}

/** Mean prediction and mean truth of tenths of the rows by prediction; ties are cut in order of id. */
function tenthsOf({ labels, scores }: Examples): Curve {
  const order = ascendingOrder(scores);
  const groups = Math.min(TENTHS, order.length);
  const x: number[] = [];
  const y: number[] = [];
  for (let group = 0; group < groups; group++) {
    const rows = order.subarray(
      Math.floor((group * order.length) / groups),
      Math.floor(((group + 1) * order.length) / groups),
    );
    x.push(shortNumber(meanOf(Float64Array.from(rows, (row) => scores[row] as number))));
    y.push(shortNumber(meanOf(Float64Array.from(rows, (row) => labels[row] as number))));
  }
  return { x, y };
}

/** Series by whose mean absolute error is smaller. */
function seriesCounts(series: Int32Array, candidate: Float64Array, baseline: Float64Array) {
  const totals = new Map<number, { candidate: number; baseline: number }>();
  series.forEach((code, row) => {
    const total = totals.get(code) ?? { candidate: 0, baseline: 0 };
    total.candidate += Math.abs(candidate[row] as number);
    total.baseline += Math.abs(baseline[row] as number);
    totals.set(code, total);
  });
  return countChanges(Array.from(totals.values(), (total) => total.baseline - total.candidate));
}

/** How many gains are above, at and below zero. */
export function countChanges(gains: Iterable<number>) {
  const counts = { better: 0, same: 0, worse: 0 };
  for (const gain of gains) counts[gain > 0 ? 'better' : gain < 0 ? 'worse' : 'same']++;
  return counts;
}
