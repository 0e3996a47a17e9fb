import { estimateCalibrationLoss, withoutChance } from '../metrics/calibration-loss.ts';
import { type ComparisonSettings, conclude } from './compare-metric.ts';
import type { Comparison } from './decision.ts';
import { inferenceOf, type LeftOut, leftOut, leftOutBySeed, meanOf } from './left-out.ts';
import { countClusters, type PairedExamples } from './paired-examples.ts';
import { inBlocks } from './period-losses.ts';
import type { CalibrationRule } from './rules.ts';

const LOSS = { estimate: estimateCalibrationLoss } as const;

/**
 * How far the probabilities are from what happens, as a mean square over ten bins, because chance can be taken out of that:
 * its growth against the baseline by the square of the margin, and its root by a limit in points of probability. Against a constant model only the limit is asked.
 */
export function compareCalibration(
  rule: CalibrationRule,
  examples: PairedExamples,
  settings: ComparisonSettings,
  against: 'baseline' | 'nothing',
): Comparison[] {
  const { alpha, rules } = settings;
  const horizon = rules.time_series?.horizon;
  const units = horizon === undefined ? examples : inBlocks(examples, horizon);
  const bySeed = leftOutBySeed(LOSS, units, rules.threshold);
  const base = {
    role: 'calibration' as const,
    higherIsBetter: false,
    rows: examples.ids.length,
    clusters: countClusters(units),
  };
  const answers: Comparison[] = [];
  if (rule.margin !== undefined && against === 'baseline') {
    const held = leftOut(LOSS, units, units.baseline, rules.threshold);
    const facts = { ...base, metric: 'calibration_loss' as const, requirement: 'not-worse' as const };
    answers.push({ ...facts, ...growth(bySeed, held, rule.margin ** 2, alpha) });
  }
  if (rule.max_ece !== undefined) {
    const facts = { ...base, metric: 'calibration_error' as const, requirement: 'above-floor' as const };
    answers.push({ ...facts, ...within(bySeed, rule.max_ece, alpha) });
  }
  return answers;
}

type Answer = Pick<Comparison, 'margin' | 'verdict'> & Partial<Comparison>;

function growth(
  bySeed: readonly LeftOut[] | undefined,
  held: LeftOut | undefined,
  margin: number,
  alpha: number,
): Answer {
  if (bySeed === undefined || held === undefined) return { margin, verdict: 'inconclusive', reason: 'empty-holdout' };
  const gains = bySeed.map(({ value, without }) => ({
    value: held.value - value,
    without: without.map((one, cluster) => (held.without[cluster] as number) - one),
  }));
  const mean = meanOf(gains);
  const candidate = meanOf(bySeed);
  const found = {
    candidate: withoutChance(candidate.value, candidate.without),
    baseline: withoutChance(held.value, held.without),
    difference: withoutChance(mean.value, mean.without),
    clusters: mean.without.length,
    inference: inferenceOf(gains),
  };
  return conclude(found, 'not-worse', margin, alpha);
}

/**
 * The root itself, jackknifed: near the limit its error does not depend on how large it is, as that of the square does,
 * which would be taken for small whenever the square came out small.
 */
function within(bySeed: readonly LeftOut[] | undefined, limit: number, alpha: number): Answer {
  if (bySeed === undefined) return { margin: limit, verdict: 'inconclusive', reason: 'empty-holdout' };
  const roots = bySeed.map(({ value, without }) => ({ value: Math.sqrt(value), without: without.map(Math.sqrt) }));
  const mean = meanOf(roots);
  const found = {
    candidate: Math.max(0, withoutChance(mean.value, mean.without)),
    baseline: limit,
    difference: limit - withoutChance(mean.value, mean.without),
    clusters: mean.without.length,
    inference: inferenceOf(roots),
  };
  const { baseline: _limit, neededClusters: _needed, ...answer } = conclude(found, 'above-floor', limit, alpha);
  return answer;
}
