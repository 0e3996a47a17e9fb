import type { Metric } from '../../metrics/metric.ts';
import { METRICS } from '../../metrics/metrics.ts';
import { MINIMUM_CLUSTERS } from '../../stats/inference.ts';
import { holm } from '../../stats/multiplicity/holm.ts';
import type { Comparison } from '../decision.ts';
import { countClusters, type PairedExamples, selectRows } from '../evidence/paired-examples.ts';
import { judge } from '../judge.ts';
import {
  type ComparisonSettings,
  conclude,
  intervalOf,
  type MetricDifference,
  marginOf,
  metricDifference,
} from './compare-metric.ts';
import { hasTooFewOfAClass } from './rarer-class.ts';

/** Fewer rows are too few to judge a slice by (design §5). */
export const MINIMUM_SLICE_ROWS = 200;

/** How a missing value of a slice column is called. */
export const MISSING_SLICE = '(missing)';

interface Slice {
  readonly column: string;
  readonly value: string;
  readonly critical: boolean;
  readonly examples: PairedExamples;
}

/**
 * The primary metric in every slice. An ordinary slice blocks only when harm is shown (upper limit < −2 margins, Holm
 * over the slices); a critical one has to be shown not worse. Too small a slice is "too few to judge", never a pass.
 */
export function compareSlices(examples: PairedExamples, settings: ComparisonSettings): Comparison[] {
  const name = settings.rules.primary;
  const metric: Metric = METRICS[name];
  const slices = settings.rules.slices.flatMap(({ column, critical }) => slicesOf(examples, column, critical));
  const judged: { readonly slice: Slice; readonly found: MetricDifference; readonly margin: number }[] = [];
  const answers = new Map<Slice, Comparison>();
  for (const slice of slices) {
    const reason = tooFew(slice.examples, metric.task);
    const found = metricDifference(metric, slice.examples, settings);
    if (reason === undefined && found?.inference !== undefined) {
      judged.push({ slice, found, margin: marginOf(name, settings.rules, found.baseline) });
    } else {
      answers.set(slice, tooFewAnswer(slice, settings, metric, found, reason ?? 'too-few-of-a-class'));
    }
  }

  const ordinary = judged.filter(({ slice }) => !slice.critical);
  const harm = holm(
    ordinary.map(({ found, margin }) => found.inference?.pBelow(found.difference, -2 * margin) ?? 1),
    settings.alpha,
  );
  ordinary.forEach(({ slice, found, margin }, index) => {
    if (found.inference === undefined) return;
    const interval = intervalOf(found.difference, found.inference, harm.level[index] as number);
    answers.set(slice, {
      ...facts(slice, settings, metric),
      clusters: found.clusters,
      candidate: found.candidate,
      baseline: found.baseline,
      difference: found.difference,
      interval,
      margin,
      verdict: judge('no-harm', interval, margin),
    });
  });
  for (const { slice, found, margin } of judged.filter(({ slice }) => slice.critical)) {
    answers.set(slice, {
      ...facts(slice, settings, metric),
      clusters: found.clusters,
      ...conclude(found, 'not-worse', margin, settings.alpha),
    });
  }
  return slices.flatMap((slice) => answers.get(slice) ?? []);
}

/** The rows of every value of a column, in order of the values; clusters keep their codes. */
export function slicesOf(examples: PairedExamples, column: string, critical: boolean): Slice[] {
  const rowsOf = new Map<string, number[]>();
  (examples.slices.get(column) ?? []).forEach((value, row) => {
    const key = value ?? MISSING_SLICE;
    const rows = rowsOf.get(key);
    if (rows === undefined) rowsOf.set(key, [row]);
    else rows.push(row);
  });
  return [...rowsOf]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([value, rows]) => ({ column, value, critical, examples: selectRows(examples, rows) }));
}

/** Why a slice cannot be judged; undefined where it can. */
export function tooFew(examples: PairedExamples, task: Metric['task']): string | undefined {
  if (examples.ids.length < MINIMUM_SLICE_ROWS) return 'too-few-rows';
  if (hasTooFewOfAClass(examples, task)) return 'too-few-of-a-class';
  return countClusters(examples) < MINIMUM_CLUSTERS ? 'too-few-clusters' : undefined;
}

function facts(slice: Slice, settings: ComparisonSettings, metric: Metric) {
  return {
    metric: settings.rules.primary,
    role: slice.critical ? ('critical-slice' as const) : ('slice' as const),
    slice: { column: slice.column, value: slice.value },
    higherIsBetter: metric.higherIsBetter,
    requirement: slice.critical ? ('not-worse' as const) : ('no-harm' as const),
    rows: slice.examples.ids.length,
  };
}

function tooFewAnswer(
  slice: Slice,
  settings: ComparisonSettings,
  metric: Metric,
  found: MetricDifference | undefined,
  reason: string,
): Comparison {
  const values = found === undefined ? {} : { candidate: found.candidate, baseline: found.baseline };
  const margin = marginOf(settings.rules.primary, settings.rules, found?.baseline ?? 0);
  const clusters = countClusters(slice.examples);
  const needed = reason === 'too-few-clusters' ? { neededClusters: MINIMUM_CLUSTERS } : {};
  return { ...facts(slice, settings, metric), clusters, ...values, margin, verdict: 'inconclusive', reason, ...needed };
}
