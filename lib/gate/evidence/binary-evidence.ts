import { calibrationInterceptDescription, calibrationSlopeDescription } from '../../metrics/calibration-line.ts';
import { confusionCounts } from '../../metrics/confusion.ts';
import type { Examples } from '../../metrics/metric.ts';
import { type ReliabilityPoint, reliabilityCurve } from '../../metrics/reliability-curve.ts';
import { precisionRecallCurve, rocCurve } from '../../metrics/score-curves.ts';
import { type ScoreCuts, scoreCuts } from '../../metrics/score-cuts.ts';
import { shortNumber } from '../short-number.ts';
import { type Curve, EVIDENCE_CURVE_POINTS, type FindingsOf, type ReliabilityBin } from './evidence.ts';

/** Curves, calls and reliability of two scores of one class. */
export function binaryFindings(candidate: Examples, baseline: Examples): FindingsOf<'binary'> {
  const cuts = { candidate: scoreCuts(candidate), baseline: scoreCuts(baseline) };
  const both = (curveOf: (examples: Examples, cuts: ScoreCuts) => Curve | undefined) => {
    const [one, other] = [curveOf(candidate, cuts.candidate), curveOf(baseline, cuts.baseline)];
    return one === undefined || other === undefined ? undefined : { candidate: one, baseline: other };
  };
  const roc = both(rocPoints);
  const precisionRecall = both(precisionRecallPoints);
  const probable = [candidate, baseline].every(({ scores }) => scores.every((score) => score >= 0 && score <= 1));
  return {
    task: 'binary',
    threshold: candidate.threshold,
    calls: { candidate: confusionCounts(candidate), baseline: confusionCounts(baseline) },
    ...(roc === undefined ? {} : { roc }),
    ...(precisionRecall === undefined ? {} : { precisionRecall }),
    ...(probable
      ? {
          reliability: { candidate: reliabilityBins(candidate), baseline: reliabilityBins(baseline) },
          ...calibrationLines(candidate, baseline),
        }
      : {}),
  };
}

/** Both sides' lines; none where a side has none (classes that separate, scores that are all alike). */
function calibrationLines(candidate: Examples, baseline: Examples): Pick<FindingsOf<'binary'>, 'calibrationLine'> {
  const lines = { candidate: lineOf(candidate), baseline: lineOf(baseline) };
  if (lines.candidate === undefined || lines.baseline === undefined) return {};
  return { calibrationLine: { candidate: lines.candidate, baseline: lines.baseline } };
}

function lineOf(examples: Examples): { slope: number; intercept: number } | undefined {
  const slope = calibrationSlopeDescription.describe(examples);
  const intercept = calibrationInterceptDescription.describe(examples);
  if (slope === undefined || intercept === undefined) return undefined;
  return { slope: shortNumber(slope), intercept: shortNumber(intercept) };
}

function rocPoints(examples: Examples, cuts: ScoreCuts): Curve | undefined {
  const points = rocCurve(examples, EVIDENCE_CURVE_POINTS, cuts);
  if (points === undefined) return undefined;
  return {
    x: points.map(({ falsePositiveRate }) => shortNumber(falsePositiveRate)),
    y: points.map(({ truePositiveRate }) => shortNumber(truePositiveRate)),
  };
}

function precisionRecallPoints(examples: Examples, cuts: ScoreCuts): Curve | undefined {
  // Without negatives every precision is 1: that says nothing of the model.
  if (examples.labels.every((label) => label === 1)) return undefined;
  const points = precisionRecallCurve(examples, EVIDENCE_CURVE_POINTS, cuts);
  if (points === undefined) return undefined;
  return {
    x: points.map(({ recall }) => shortNumber(recall)),
    y: points.map(({ precision }) => shortNumber(precision)),
  };
}

/** The bins of a reliability diagram, ready to be written. */
export function reliabilityBins(examples: Examples): ReliabilityBin[] {
  return reliabilityCurve(examples).map(
    ({ weight, predicted, observed, lower, upper }: ReliabilityPoint): ReliabilityBin => ({
      rows: shortNumber(weight),
      predicted: shortNumber(predicted),
      observed: shortNumber(observed),
      lower: shortNumber(lower),
      upper: shortNumber(upper),
    }),
  );
}
