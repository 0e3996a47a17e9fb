import fc from 'fast-check';
import type { Examples, MetricTask } from '../../lib/metrics/metric.ts';

export const CLUSTERS = 4;
const QUERIES = 8;
const LEVELS = [0.1, 0.5, 0.9];

/** A row of which examples of any task can be made. Numbers are coarse, so that ties and misses are common. */
export interface DrawnRow {
  readonly label: number;
  readonly parts: readonly number[];
  readonly group: number;
  readonly weight: number;
}

const part = fc.integer({ min: 0, max: 8 });

export const drawnRows = fc.array(
  fc.record({
    label: fc.nat(5),
    parts: fc.tuple(part, part, part),
    group: fc.nat(QUERIES - 1),
    // Their sums are exact in any order: a weighted median jumps where half of the weight lies exactly between two rows.
    weight: fc.constantFrom(0, 0.125, 0.5, 1, 3),
  }),
  { minLength: 1, maxLength: 40 },
);

export function examplesOf(task: MetricTask, rows: readonly DrawnRow[]): Examples {
  const threshold = 0.45;
  const base = { threshold, weights: Float64Array.from(rows, ({ weight }) => weight) };
  const labels = (of: (label: number) => number) => Float64Array.from(rows, ({ label }) => of(label));
  const scores = (of: (parts: readonly number[]) => readonly number[]) =>
    Float64Array.from(rows.flatMap(({ parts }) => of(parts)));
  const first = ([one]: readonly number[]) => [one as number];
  switch (task) {
    case 'binary':
      return { ...base, labels: labels((label) => label % 2), scores: scores(([one]) => [(one as number) / 8]) };
    case 'multiclass':
      return { ...base, classes: 3, labels: labels((label) => label % 3), scores: scores(probabilities) };
    case 'regression':
      return { ...base, labels: labels((label) => label - 1.5), scores: scores(first) };
    case 'quantile':
      return {
        ...base,
        levels: Float64Array.from(LEVELS),
        labels: labels((label) => label),
        scores: scores((parts) => parts.toSorted((a, b) => a - b)),
      };
    case 'ranking':
      return {
        ...base,
        labels: labels((label) => Math.max(0, label - 3)),
        scores: scores(first),
        queries: Int32Array.from(rows, ({ group }) => group),
        // One weight a query.
        weights: Float64Array.from(rows, ({ group }) => [1, 0.5, 3, 1][group % 4] as number),
      };
    case 'forecast':
      return {
        ...base,
        labels: labels((label) => label - 1.5),
        scores: scores(first),
        series: Int32Array.from(rows, ({ group }) => group % 3),
        scales: Float64Array.of(1, 2.5, 0),
      };
  }
}

/** Three probabilities that add up to 1, from any three numbers. */
function probabilities(parts: readonly number[]): number[] {
  const total = parts.reduce((sum, one) => sum + one + 0.5, 0);
  return parts.map((one) => (one + 0.5) / total);
}

/** The cluster of every row; a query is in one only. */
export function clustersOf(rows: readonly DrawnRow[]): number[] {
  return rows.map(({ group }) => group % CLUSTERS);
}

/** Whether two numbers agree to `digits` relative to the larger, or to 1. */
export function agree(a: number, b: number, tolerance = 1e-9): boolean {
  return Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b));
}
