import type { Description, Estimate, Examples } from './metric.ts';
import { rowWeights } from './row-weights.ts';

/**
 * Logistic recalibration (Cox 1958; Van Calster et al. 2016, "A calibration hierarchy for risk models"): the line
 * logit P(y = 1) = intercept + slope · logit(p) that fits what happened best. Slope 1 is right; below it, probabilities are too
 * extreme, above it too timid. The intercept is that with the slope held at 1 ("calibration in the large"): above 0,
 * more happens than was said. Leaving clusters out takes one Newton step from the fit on all rows (Pregibon 1981), which
 * is exact to second order, at no cost of a refit.
 */

/** Probabilities nearer to 0 or 1 count as this: their logit is ±20.7, and one wrong call of theirs moves the line a lot. */
const LEAST_PROBABILITY = 1e-9;

/** Newton's method doubles its digits in every step; who needs more than these has classes that separate. */
const MOST_STEPS = 50;

/** After a step this small beside the line the next would be rounding. */
const CONVERGED = 1e-8;

/** No step goes further than this in logits, or in slope: beyond, the curve is nothing like the parabola that it follows. */
const LONGEST_STEP = 4;

/** A log-likelihood that falls by no more than this beside itself has not fallen: sums of many rows are rounded. */
const ROUNDING = 1e-12;

/** Mean log loss below which the line tells all rows apart: it would be steeper, or shifted further, without end. */
const SEPARATED = 1e-8;

/** A determinant this small beside its terms: the scores do not vary. */
const SINGULAR = 1e-12;

interface Line {
  readonly intercept: number;
  readonly slope: number;
}

/** Sums over rows of weight times μ(1 − μ) times 1, x, x²; of weight times (y − μ) times 1, x; of weight times ln P(y). */
interface Sums {
  constant: number;
  linear: number;
  square: number;
  score: number;
  scoreLinear: number;
  logLikelihood: number;
}

/** The slope, with the intercept fitted beside it; undefined where classes separate, scores do not vary or a class is missing. */
export function estimateCalibrationSlope(examples: Examples): Estimate | undefined {
  return estimateLine(examples, 'slope');
}

/** The intercept, with the slope held at 1; undefined where a class is missing. */
export function estimateCalibrationIntercept(examples: Examples): Estimate | undefined {
  return estimateLine(examples, 'intercept');
}

function estimateLine(examples: Examples, wanted: keyof Line): Estimate | undefined {
  const rows = rowsOf(examples);
  const { logits } = rows;
  const line = fitLine(rows, wanted);
  if (line === undefined) return undefined;
  const all = sumsAt(rows, line);
  const influence = new Float64Array(logits.length);
  for (let row = 0; row < influence.length; row++) {
    const own = zero();
    add(own, rows, row, line);
    influence[row] = stepOf({ ...all, score: own.score, scoreLinear: own.scoreLinear }, wanted)[wanted];
  }
  return {
    value: line[wanted],
    influence,
    leaveOut(clusters, count) {
      const parts = Array.from({ length: count }, zero);
      for (let row = 0; row < logits.length; row++) add(parts[clusters[row] as number] as Sums, rows, row, line);
      return Float64Array.from(parts, (part) => line[wanted] + stepOf(less(all, part), wanted)[wanted]);
    },
  };
}

/** Newton's method from the line of probabilities that are right. */
function fitLine(rows: Rows, wanted: keyof Line): Line | undefined {
  const [positives, all] = weightsOf(rows);
  if (positives === 0 || positives === all) return undefined;
  let line: Line = { intercept: 0, slope: 1 };
  let sums = sumsAt(rows, line);
  for (let step = 0; step < MOST_STEPS; step++) {
    const move = stepOf(sums, wanted);
    if (!Number.isFinite(move.intercept) || !Number.isFinite(move.slope)) return undefined;
    const size = Math.max(Math.abs(move.intercept), Math.abs(move.slope));
    // Halved until it is no step back: far from the answer a whole step can overshoot.
    const least = sums.logLikelihood - ROUNDING * Math.abs(sums.logLikelihood);
    let share = Math.min(1, LONGEST_STEP / size);
    let next = along(line, move, share);
    let found = sumsAt(rows, next);
    for (let halved = 0; found.logLikelihood < least && halved < MOST_STEPS; halved++) {
      share /= 2;
      next = along(line, move, share);
      found = sumsAt(rows, next);
    }
    line = next;
    sums = found;
    if (size <= CONVERGED * (1 + Math.abs(line.intercept) + Math.abs(line.slope))) {
      return -sums.logLikelihood > SEPARATED * all ? line : undefined;
    }
  }
  return undefined;
}

function along(line: Line, move: Line, share: number): Line {
  return { intercept: line.intercept + share * move.intercept, slope: line.slope + share * move.slope };
}

/** Weight of positives, and of all rows. */
function weightsOf({ labels, weights }: Rows): [positives: number, all: number] {
  let positives = 0;
  let all = 0;
  for (let row = 0; row < weights.length; row++) {
    const weight = weights[row] as number;
    all += weight;
    if (labels[row] === 1) positives += weight;
  }
  return [positives, all];
}

interface Rows {
  readonly labels: Float64Array;
  readonly logits: Float64Array;
  readonly weights: Float64Array;
}

function rowsOf(examples: Examples): Rows {
  return { labels: examples.labels, logits: examples.scores.map(logit), weights: rowWeights(examples) };
}

function sumsAt(rows: Rows, line: Line): Sums {
  const sums = zero();
  for (let row = 0; row < rows.logits.length; row++) add(sums, rows, row, line);
  return sums;
}

function zero(): Sums {
  return { constant: 0, linear: 0, square: 0, score: 0, scoreLinear: 0, logLikelihood: 0 };
}

function add(sums: Sums, { labels, logits, weights }: Rows, row: number, { intercept, slope }: Line): void {
  const x = logits[row] as number;
  const z = intercept + slope * x;
  // One exponential that cannot overflow serves the mean and ln P(y) = −ln(1 + e^s), s = −z for positives and z for others.
  const small = Math.exp(-Math.abs(z));
  const mean = z >= 0 ? 1 / (1 + small) : small / (1 + small);
  const weight = weights[row] as number;
  const label = labels[row] as number;
  const spread = weight * mean * (1 - mean);
  const miss = weight * (label - mean);
  sums.logLikelihood -= weight * (Math.max(0, label === 1 ? -z : z) + Math.log1p(small));
  sums.constant += spread;
  sums.linear += spread * x;
  sums.square += spread * x * x;
  sums.score += miss;
  sums.scoreLinear += miss * x;
}

function less(all: Sums, part: Sums): Sums {
  return {
    constant: all.constant - part.constant,
    linear: all.linear - part.linear,
    square: all.square - part.square,
    score: all.score - part.score,
    scoreLinear: all.scoreLinear - part.scoreLinear,
    logLikelihood: all.logLikelihood - part.logLikelihood,
  };
}

/** Newton's step: the inverse of the information times the score; NaN where it has no inverse. */
function stepOf({ constant, linear, square, score, scoreLinear }: Sums, wanted: keyof Line): Line {
  if (wanted === 'intercept') return { intercept: constant > 0 ? score / constant : Number.NaN, slope: 0 };
  const determinant = constant * square - linear * linear;
  if (!(determinant > SINGULAR * constant * square)) return { intercept: Number.NaN, slope: Number.NaN };
  return {
    intercept: (square * score - linear * scoreLinear) / determinant,
    slope: (constant * scoreLinear - linear * score) / determinant,
  };
}

function logit(score: number): number {
  const p = Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, score));
  return Math.log(p / (1 - p));
}

const LINE = { task: 'binary', unit: 'none' } as const;

export const calibrationSlopeDescription: Description<'binary'> = {
  name: 'calibration_slope',
  title: 'calibration slope',
  ...LINE,
  formula: 'slope of the logistic regression of y on logit(p)',
  source: 'Cox 1958; Van Calster et al. 2016',
  whyDescriptive: '1 is right, and either side of it is worse: `calibration.slope` bounds its distance',
  describe: (examples) => fitLine(rowsOf(examples), 'slope')?.slope,
};

export const calibrationInterceptDescription: Description<'binary'> = {
  name: 'calibration_intercept',
  title: 'calibration intercept',
  ...LINE,
  formula: 'intercept of the logistic regression of y on logit(p) with slope 1',
  source: 'Cox 1958; Van Calster et al. 2016',
  whyDescriptive: '0 is right, and either side of it is worse: `calibration.intercept` bounds its distance',
  describe: (examples) => fitLine(rowsOf(examples), 'intercept')?.intercept,
};
