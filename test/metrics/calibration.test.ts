import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { brierDecomposition } from '../../lib/metrics/brier-decomposition.ts';
import { calibrationBins } from '../../lib/metrics/calibration-bins.ts';
import { debiasedSquaredCalibrationError } from '../../lib/metrics/calibration-error.ts';
import { DESCRIPTIONS } from '../../lib/metrics/descriptions.ts';
import type { Examples } from '../../lib/metrics/metric.ts';
import { reliabilityCurve } from '../../lib/metrics/reliability-curve.ts';
import { CURVE_POINTS, precisionRecallCurve, rocCurve } from '../../lib/metrics/score-curves.ts';
import { expectGolden, type GoldenCase, goldenCases, materialize } from '../golden/golden.ts';
import { agree, drawnRows, examplesOf } from './drawn-examples.ts';

/** 10 of 10 by Wilson's method: 0.7224672001371107 to 1 (statsmodels' proportion_confint(10, 10, method='wilson')). */
const WILSON: GoldenCase = {
  id: 'wilson 10/10',
  input: {},
  options: {},
  expected: { lower: 0.7224672001371107, upper: 1 },
  tolerance: { rel: 1e-12, abs: 0 },
};

const f = (...values: number[]) => Float64Array.from(values);

describe("Murphy's decomposition", () => {
  test('adds up, corrected or not, with what unequal probabilities in a bin leave over', () => {
    fc.assert(
      fc.property(drawnRows, fc.integer({ min: 1, max: 12 }), (rows, bins) => {
        const parts = brierDecomposition(examplesOf('binary', rows), bins);
        if (parts === undefined) return;
        for (const { reliability, resolution, uncertainty } of [parts, parts.corrected ?? parts]) {
          expect(agree(reliability - resolution + uncertainty + parts.within, parts.brier)).toBe(true);
        }
        // The drawn probabilities are eighths: 12 bins hold one each, and nothing is left over.
        if (bins === 12) expect(Math.abs(parts.within)).toBeLessThan(1e-12);
      }),
    );
  });

  test('by hand: two probabilities, four rows each', () => {
    const examples: Examples = {
      labels: f(0, 0, 0, 1, 1, 1, 1, 0),
      scores: f(0.2, 0.2, 0.2, 0.2, 0.9, 0.9, 0.9, 0.9),
      threshold: 0.5,
    };
    const parts = brierDecomposition(examples);
    expect(parts?.reliability).toBeCloseTo((0.05 ** 2 + 0.15 ** 2) / 2, 12);
    expect(parts?.resolution).toBeCloseTo(0.0625, 12);
    expect(parts?.uncertainty).toBeCloseTo(0.25, 12);
    // Ferro & Fricker: both bins give 0.1875 / 3, the base rate 0.25 / 7.
    expect(parts?.corrected?.reliability).toBeCloseTo(0.0125 - 0.0625, 12);
    expect(parts?.corrected?.resolution).toBeCloseTo(0.25 / 7, 12);
    expect(parts?.corrected?.uncertainty).toBeCloseTo(0.25 + 0.25 / 7, 12);
    // Kumar et al. is the same reliability.
    expect(debiasedSquaredCalibrationError(examples, 10, 'width')).toBeCloseTo(0.0125 - 0.0625, 12);
    expect(DESCRIPTIONS.calibration_error_debiased.describe(examples)).toBe(0);
  });

  test('without bias: over all outcomes of calibrated rows the debiased error is 0 on average', () => {
    const scores = f(0.3, 0.3, 0.3, 0.8, 0.8);
    let expected = 0;
    for (let outcome = 0; outcome < 32; outcome++) {
      const labels = scores.map((_score, row) => (outcome >> row) & 1);
      const chance = scores.reduce((all, p, row) => all * (labels[row] === 1 ? p : 1 - p), 1);
      expected += chance * (debiasedSquaredCalibrationError({ labels, scores, threshold: 0.5 }, 10, 'width') ?? 0);
    }
    expect(expected).toBeCloseTo(0, 12);
  });

  test('one row of a bin, counted by a fraction, has no variance to correct by', () => {
    const examples: Examples = { labels: f(0, 1), scores: f(0.5, 0.5), weights: f(0.5, 0.5), threshold: 0.5 };
    expect(brierDecomposition(examples)?.corrected).toBeUndefined();
    expect(debiasedSquaredCalibrationError(examples)).toBeUndefined();
  });
});

describe('bins', () => {
  test('of equal mass hold as many rows each, equal probabilities together', () => {
    const scores = Float64Array.from({ length: 100 }, (_none, row) => (row * 37) % 100);
    const examples = { labels: scores.map(() => 1), scores: scores.map((score) => (score / 100) ** 3), threshold: 0.5 };
    expect(calibrationBins(examples, 10, 'mass').map(({ weight }) => weight)).toEqual(Array(10).fill(10));
    const tied = { ...examples, scores: scores.map((score) => (score < 80 ? 0.2 : 0.9)) };
    expect(calibrationBins(tied, 10, 'mass').map(({ weight }) => weight)).toEqual([80, 20]);
  });

  test.each(goldenCases('score_metrics').filter(({ expected }) => 'ece_10_counts' in expected))('$id', (golden) => {
    const examples = {
      labels: materialize(golden.input.labels),
      scores: materialize(golden.input.scores),
      threshold: 0.5,
    };
    const counts = (golden.expected.ece_10_counts as number[]).filter((count) => count > 0);
    expect(calibrationBins(examples).map(({ weight }) => weight)).toEqual(counts);
  });

  test("Wilson's interval of a bin", () => {
    const [point] = reliabilityCurve({
      labels: new Float64Array(10).fill(1),
      scores: new Float64Array(10).fill(0.9),
      threshold: 0.5,
    });
    expectGolden(WILSON, 'lower', point?.lower);
    expectGolden(WILSON, 'upper', point?.upper);
  });
});

describe('curves are thinned', () => {
  const scores = Float64Array.from({ length: 5000 }, (_none, row) => ((row * 7919) % 5000) / 5000);
  const labels = scores.map((score, row) => (score + ((row * 31) % 100) / 100 > 1 ? 1 : 0));
  const examples = { labels, scores };
  test('to a bounded number of points of the whole curve, ends included', () => {
    for (const [thin, full] of [
      [rocCurve(examples), rocCurve(examples, Number.POSITIVE_INFINITY)],
      [precisionRecallCurve(examples), precisionRecallCurve(examples, Number.POSITIVE_INFINITY)],
    ]) {
      expect(thin?.length).toBeLessThanOrEqual(CURVE_POINTS);
      expect(thin?.length).toBeGreaterThan(CURVE_POINTS / 2);
      const known = new Set((full ?? []).map((point) => JSON.stringify(point)));
      for (const point of thin ?? []) expect(known.has(JSON.stringify(point))).toBe(true);
      expect([thin?.[0], thin?.at(-1)]).toEqual([full?.[0], full?.at(-1)]);
    }
  });
  test('one class has no curve', () => {
    expect(rocCurve({ labels: f(1, 1), scores: f(0.1, 0.2) })).toBeUndefined();
    expect(precisionRecallCurve({ labels: f(0, 0), scores: f(0.1, 0.2) })).toBeUndefined();
  });
});
