import type { Examples } from './metric.ts';
import { type ScoreCuts, scoreCuts } from './score-cuts.ts';

/** Points of a curve when nothing else is said: as many as a small plot can show. */
export const CURVE_POINTS = 200;

/** A point of a ROC curve: rows with at least the threshold are called. */
export interface RocPoint {
  /** Absent at the start, where nothing is called. */
  readonly threshold?: number;
  readonly falsePositiveRate: number;
  readonly truePositiveRate: number;
}

/** A point of a precision-recall curve. */
export interface PrecisionRecallPoint {
  readonly threshold: number;
  readonly recall: number;
  readonly precision: number;
}

/**
 * ROC curve from (0, 0) to (1, 1) by falling threshold, thinned to at most `limit` points that lie evenly along it. Its
 * points are on the exact curve, which is that of sklearn.metrics.roc_curve.
 *
 * @param cuts those of the examples, where they are at hand
 * @returns undefined when one class is missing.
 */
export function rocCurve(
  examples: Pick<Examples, 'labels' | 'scores' | 'weights'>,
  limit = CURVE_POINTS,
  cuts: ScoreCuts = scoreCuts(examples),
): RocPoint[] | undefined {
  const { thresholds, truePositives, falsePositives, positives, negatives } = cuts;
  if (positives === 0 || negatives === 0) return undefined;
  const along = truePositives.map((hits, cut) => hits / positives + (falsePositives[cut] as number) / negatives);
  const points: RocPoint[] = [{ falsePositiveRate: 0, truePositiveRate: 0 }];
  for (const cut of thinned(along, limit - 1)) {
    points.push({
      threshold: thresholds[cut] as number,
      falsePositiveRate: (falsePositives[cut] as number) / negatives,
      truePositiveRate: (truePositives[cut] as number) / positives,
    });
  }
  return points;
}

/**
 * Precision and recall by falling threshold, thinned to at most `limit` points that lie evenly by recall, each on the
 * exact curve of sklearn.metrics.precision_recall_curve (whose point at recall 0 belongs to no threshold and is not here).
 *
 * @param cuts those of the examples, where they are at hand
 * @returns undefined without positives.
 */
export function precisionRecallCurve(
  examples: Pick<Examples, 'labels' | 'scores' | 'weights'>,
  limit = CURVE_POINTS,
  cuts: ScoreCuts = scoreCuts(examples),
): PrecisionRecallPoint[] | undefined {
  const { thresholds, truePositives, falsePositives, positives } = cuts;
  if (positives === 0) return undefined;
  return thinned(
    truePositives.map((hits) => hits / positives),
    limit,
  ).map((cut) => ({
    threshold: thresholds[cut] as number,
    recall: (truePositives[cut] as number) / positives,
    precision: (truePositives[cut] as number) / ((truePositives[cut] as number) + (falsePositives[cut] as number)),
  }));
}

/** At most `limit` indices (2 or more) of an ascending array: first, last, and the first one of each step between. */
function thinned(along: Float64Array, limit: number): number[] {
  const last = along.length - 1;
  if (along.length <= limit) return Array.from(along.keys());
  const start = along[0] as number;
  const step = ((along[last] as number) - start) / (limit - 1);
  const kept = [0];
  let next = start + step;
  for (let at = 1; at < last && kept.length < limit - 1; at++) {
    if ((along[at] as number) < next) continue;
    kept.push(at);
    while (next <= (along[at] as number)) next += step;
  }
  return [...kept, last];
}
