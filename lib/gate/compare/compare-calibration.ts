import { estimateCalibrationLoss, withoutChance } from '../../metrics/calibration-loss.ts';
import type { Comparison } from '../decision.ts';
import { countClusters, type PairedExamples } from '../evidence/paired-examples.ts';
import type { CalibrationRule } from '../rules.ts';
import { compareCalibrationLine } from './compare-calibration-line.ts';
import { type ComparisonSettings, conclude, intervalOf } from './compare-metric.ts';
import { inferenceOf, type LeftOut, leftOut, leftOutBySeed, meanOf } from './left-out.ts';
import { inBlocks } from './period-losses.ts';

const LOSS = { estimate: estimateCalibrationLoss } as const;

/**
 * How far the probabilities are from what happens, as a mean square over ten bins, because chance can be taken out of that:
 * its growth against the baseline by the square of the margin, and its root by a limit in points of probability; and the
 * line that would set them right. Against a constant model only the limit is asked.
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
    answers.push({ ...facts, ...growth(bySeed, held, units, rule.margin ** 2, alpha) });
  }
  if (rule.max_ece !== undefined) {
    const facts = { ...base, metric: 'calibration_error' as const, requirement: 'above-floor' as const };
    answers.push({ ...facts, ...within(bySeed, units, rule.max_ece, alpha) });
  }
  answers.push(...compareCalibrationLine(rule, units, settings).map((answer) => ({ ...base, ...answer })));
  return answers;
}

type Answer = Pick<Comparison, 'margin' | 'verdict'> & Partial<Comparison>;

function growth(
  bySeed: readonly LeftOut[] | undefined,
  held: LeftOut | undefined,
  units: PairedExamples,
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
    inference: inferenceOf(gains, units),
  };
  return conclude(found, 'not-worse', margin, alpha);
}

/**
 * The root by a limit. The mean square's error grows with its root, so that a square that came out small by chance would
 * also be taken for sure. On the scale of the root, chance still in it, the error is the same everywhere: the interval is
 * made there, and chance is taken off its ends.
 */
function within(bySeed: readonly LeftOut[] | undefined, units: PairedExamples, limit: number, alpha: number): Answer {
  if (bySeed === undefined) return { margin: limit, verdict: 'inconclusive', reason: 'empty-holdout' };
  const square = meanOf(bySeed);
  const root = (value: number): number => Math.sqrt(Math.max(0, value));
  const candidate = root(withoutChance(square.value, square.without));
  const inference = inferenceOf(bySeed, units);
  const found = {
    candidate,
    baseline: limit,
    difference: limit - candidate,
    clusters: square.without.length,
    inference,
  };
  const interval = inference === undefined ? undefined : rootInterval(square, limit, inference, alpha);
  const {
    baseline: _limit,
    neededClusters: _needed,
    ...answer
  } = conclude(found, 'above-floor', limit, alpha, interval);
  return answer;
}

/** The interval of limit − root. */
function rootInterval(
  { value, without }: LeftOut,
  limit: number,
  inference: NonNullable<ReturnType<typeof inferenceOf>>,
  alpha: number,
): NonNullable<Comparison['interval']> {
  const plain = intervalOf(limit, inference, alpha);
  const standardError = value === 0 ? 0 : inference.standardError / (2 * Math.sqrt(value));
  // Along the error itself chance goes to either side: only what it adds across is no error of the probabilities.
  const across = Math.max(0, value - withoutChance(value, without) - standardError ** 2);
  const half = inference.critical(1 - 2 * alpha) * standardError;
  const end = (root: number): number => Math.sqrt(Math.max(0, Math.max(0, root) ** 2 - across));
  const at = Math.sqrt(value);
  return { ...plain, lower: limit - end(at + half), upper: limit - end(at - half), standardError };
}
