import type { Metric } from '../../metrics/metric.ts';
import { METRICS } from '../../metrics/metrics.ts';
import type { Comparison, Side } from '../decision.ts';
import { countClusters, type PairedExamples } from '../evidence/paired-examples.ts';
import { type ComparisonSettings, conclude, marginOf, metricDifference } from './compare-metric.ts';

/** So many margins may be lost since the last version that was shown better (design §5). */
const CREEP_MARGINS = 2;

/** The last version that was shown better, and its scores on the same rows as the two sides'. */
export interface ProvenSide {
  readonly side: Side;
  /** Absent where it cannot be scored again and no predictions of it are stored: then nothing is shown of it. */
  readonly scores?: Float64Array;
}

/**
 * The creep guard: steps that are each not worse by the margin can add up, so the candidate is also held against the last
 * version that was shown better, and may be worse than that by twice the margin at most (design §5).
 */
export function compareCreep(examples: PairedExamples, proven: ProvenSide, settings: ComparisonSettings): Comparison {
  const name = settings.rules.primary;
  const metric: Metric = METRICS[name];
  const found =
    proven.scores === undefined
      ? undefined
      : metricDifference(metric, heldAgainst(examples, proven.scores, proven.side.threshold), settings);
  const base = {
    metric: name,
    role: 'creep' as const,
    against: proven.side.label,
    higherIsBetter: metric.higherIsBetter,
    requirement: 'not-worse' as const,
    rows: examples.ids.length,
    clusters: found?.clusters ?? countClusters(examples),
  };
  const margin = CREEP_MARGINS * marginOf(name, settings.rules, found?.baseline ?? 0);
  if (found === undefined)
    return {
      ...base,
      margin,
      verdict: 'inconclusive',
      reason: proven.scores === undefined ? 'baseline-unavailable' : 'one-class',
    };
  return { ...base, ...conclude(found, 'not-worse', margin, settings.alpha) };
}

/** The candidate's examples with the proven version as the baseline, called at its own threshold where it has one. */
function heldAgainst(examples: PairedExamples, baseline: Float64Array, threshold: number | undefined): PairedExamples {
  const { thresholds } = examples;
  if (thresholds === undefined || threshold === undefined) return { ...examples, baseline };
  return { ...examples, baseline, thresholds: { ...thresholds, baseline: threshold } };
}
