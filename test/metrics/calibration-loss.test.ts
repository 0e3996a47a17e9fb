import { describe, expect, test } from 'vitest';
import { calibrationBins } from '../../lib/metrics/calibration-bins.ts';
import { debiasedSquaredCalibrationError } from '../../lib/metrics/calibration-error.ts';
import { estimateCalibrationLoss, withoutChance } from '../../lib/metrics/calibration-loss.ts';
import { createRandom } from '../../lib/stats/resampling/random.ts';

/** Rows whose probability is off by `shift`. */
function examplesOf(rows: number, shift: number, seed = 1) {
  const random = createRandom([seed, 77]);
  const scores = Float64Array.from({ length: rows }, () => 0.2 + 0.6 * random.uniform());
  const labels = scores.map((score) => (random.uniform() < score + shift ? 1 : 0));
  return { labels, scores, threshold: 0.5 };
}

describe('the mean square calibration error', () => {
  test('is the mean over bins of equal mass, by rows, of (share of positives − mean p)²', () => {
    const examples = examplesOf(1_000, 0.1);
    const bins = calibrationBins(examples, 10, 'mass');
    const byHand = bins.reduce((sum, bin) => sum + (bin.weight / 1_000) * (bin.observed - bin.predicted) ** 2, 0);
    expect(estimateCalibrationLoss(examples)?.value).toBeCloseTo(byHand, 14);
  });

  test('counts a weight of 2 as two rows', () => {
    const examples = examplesOf(200, 0.1);
    const twice = (values: Float64Array) => Float64Array.from([...values, ...values]);
    const doubled = { labels: twice(examples.labels), scores: twice(examples.scores), threshold: 0.5 };
    const weighted = { ...examples, weights: new Float64Array(200).fill(2) };
    expect(estimateCalibrationLoss(weighted)?.value).toBeCloseTo(estimateCalibrationLoss(doubled)?.value ?? 0, 14);
  });

  test('moves by its influence values when a row counts a little more', () => {
    const examples = examplesOf(300, 0.15);
    const found = estimateCalibrationLoss(examples);
    const step = 1e-6;
    for (const row of [0, 17, 299]) {
      const weights = new Float64Array(300).fill(1);
      weights[row] = 1 + step;
      const moved = estimateCalibrationLoss({ ...examples, weights });
      expect(((moved?.value ?? 0) - (found?.value ?? 0)) / step).toBeCloseTo(found?.influence[row] ?? 0, 7);
    }
    expect(found?.influence.reduce((sum, one) => sum + one, 0)).toBeCloseTo(0, 14);
  });

  test('has no value without rows', () => {
    const none = { labels: new Float64Array(), scores: new Float64Array(), threshold: 0.5 };
    expect(estimateCalibrationLoss(none)).toBeUndefined();
  });
});

describe('taking chance out', () => {
  const rowsAlone = (rows: number) => Int32Array.from({ length: rows }, (_none, row) => row);

  test('of single rows comes to what Kumar et al. have for the same bins', () => {
    const examples = examplesOf(2_000, 0.05);
    const found = estimateCalibrationLoss(examples);
    const without = found?.leaveOut(rowsAlone(2_000), 2_000) ?? new Float64Array();
    const debiased = withoutChance(found?.value ?? 0, without);
    expect(debiased).toBeCloseTo(debiasedSquaredCalibrationError(examples) ?? 0, 4);
    expect(debiased).toBeLessThan(found?.value ?? 0);
  });

  test('gives the square of what the probabilities are off by, on average over samples', () => {
    const shift = 0.06;
    const values = Array.from({ length: 200 }, (_none, seed) => {
      const found = estimateCalibrationLoss(examplesOf(500, shift, seed));
      const without =
        found?.leaveOut(
          Int32Array.from({ length: 500 }, (_row, row) => row % 50),
          50,
        ) ?? [];
      return { plain: found?.value ?? 0, debiased: withoutChance(found?.value ?? 0, Float64Array.from(without)) };
    });
    const mean = (read: (one: { plain: number; debiased: number }) => number) =>
      values.reduce((sum, one) => sum + read(one), 0) / values.length;
    // Ten bins of 50 rows: chance adds about 0.21 / 50 = 0.004 to 0.0036.
    expect(mean(({ plain }) => plain)).toBeGreaterThan(shift ** 2 + 0.003);
    expect(Math.abs(mean(({ debiased }) => debiased) - shift ** 2)).toBeLessThan(0.0006);
  });
});
