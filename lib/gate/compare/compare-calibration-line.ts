import { estimateCalibrationIntercept, estimateCalibrationSlope } from '../../metrics/calibration-line.ts';
import type { Metric } from '../../metrics/metric.ts';
import type { Comparison } from '../decision.ts';
import type { PairedExamples } from '../evidence/paired-examples.ts';
import type { CalibrationRule } from '../rules.ts';
import { type ComparisonSettings, conclude, intervalOf } from './compare-metric.ts';
import { inferenceOf, leftOutBySeed, meanOf } from './left-out.ts';

/** What a line is that needs no setting right. */
const RIGHT = { calibration_slope: 1, calibration_intercept: 0 } as const;

type Answer = Pick<Comparison, 'metric' | 'requirement' | 'margin' | 'verdict'> & Partial<Comparison>;

/**
 * Slope and intercept of the logistic recalibration, each by how far it may be from what is right: all of its interval has
 * to lie within (two one-sided tests, Schuirmann 1987); all of it outside fails.
 */
export function compareCalibrationLine(
  rule: CalibrationRule,
  units: PairedExamples,
  settings: ComparisonSettings,
): Answer[] {
  const answers: Answer[] = [];
  if (rule.slope !== undefined) {
    const estimate = { estimate: estimateCalibrationSlope };
    answers.push(within('calibration_slope', estimate, rule.slope, units, settings));
  }
  if (rule.intercept !== undefined) {
    const estimate = { estimate: estimateCalibrationIntercept };
    answers.push(within('calibration_intercept', estimate, rule.intercept, units, settings));
  }
  return answers;
}

function within(
  metric: keyof typeof RIGHT,
  estimate: Pick<Metric, 'estimate'>,
  limit: number,
  units: PairedExamples,
  { alpha, rules }: ComparisonSettings,
): Answer {
  const facts = { metric, requirement: 'above-floor' as const, margin: limit };
  const bySeed = leftOutBySeed(estimate, units, rules.threshold);
  if (bySeed === undefined) return { ...facts, verdict: 'inconclusive', reason: 'scores-separate-or-are-constant' };
  const { value, without } = meanOf(bySeed);
  const right = RIGHT[metric];
  const inference = inferenceOf(bySeed, units);
  const found = {
    candidate: Math.abs(value - right),
    baseline: limit,
    difference: limit - Math.abs(value - right),
    clusters: without.length,
    inference,
  };
  const interval =
    inference === undefined ? undefined : distanceInterval(intervalOf(value - right, inference, alpha), limit);
  const {
    baseline: _limit,
    neededClusters: _needed,
    ...answer
  } = conclude(found, 'above-floor', limit, alpha, interval);
  return { ...facts, ...answer };
}

/** From an interval of what is off, + or −, that of how far it stays under the limit. */
function distanceInterval(
  off: NonNullable<Comparison['interval']>,
  limit: number,
): NonNullable<Comparison['interval']> {
  const ends = [Math.abs(off.lower), Math.abs(off.upper)] as const;
  const nearest = off.lower <= 0 && off.upper >= 0 ? 0 : Math.min(...ends);
  return { ...off, lower: limit - Math.max(...ends), upper: limit - nearest };
}
