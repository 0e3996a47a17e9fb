import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { meanEstimate } from '../../lib/metrics/function-of-sums.ts';
import { bellMcCaffreyDegrees } from '../../lib/stats/clusters/bell-mccaffrey.ts';
import { jackknifeMoves, satterthwaiteDegrees } from '../../lib/stats/clusters/cluster-jackknife.ts';
import { clusterStandardError, sumByCluster } from '../../lib/stats/clusters/cluster-sums.ts';
import { clusteredInference } from '../../lib/stats/inference.ts';
import { createRandom } from '../../lib/stats/resampling/random.ts';
import golden from '../golden/gate/cluster-jackknife.json' with { type: 'json' };

describe("the jackknife's standard error of a mean (pyfixest's CRV3)", () => {
  test.each(golden.means)('$groups clusters', ({ groups, clusters, values, mean, standardError }) => {
    const estimate = meanEstimate(Float64Array.from(values));
    if (estimate === undefined) throw new Error('no estimate');
    expect(estimate.value).toBeCloseTo(mean, 12);
    const inference = clusteredInference(estimate.value, estimate.leaveOut(clusters, groups));
    expect((inference?.standardError ?? 0) / standardError).toBeCloseTo(1, 10);
  });
});

test('is the linearised standard error when all clusters have as many rows', () => {
  const values = Float64Array.from({ length: 120 }, (_none, row) => Math.sin(row) + (row % 7));
  const clusters = Array.from(values, (_value, row) => row % 24);
  const estimate = meanEstimate(values);
  if (estimate === undefined) throw new Error('no estimate');
  const linear = clusterStandardError(sumByCluster(estimate.influence, clusters, 24).sums);
  expect(clusteredInference(estimate.value, estimate.leaveOut(clusters, 24))?.standardError).toBeCloseTo(linear, 12);
});

describe('degrees of freedom', () => {
  test('are G − 1 when every cluster moves the estimate alike', () => {
    expect(satterthwaiteDegrees(Float64Array.from({ length: 30 }, (_none, g) => (g % 2 === 0 ? 1 : -1)))).toBe(29);
  });

  test('are about those of one cluster when one carries all the weight', () => {
    const moves = new Float64Array(30);
    moves[7] = 3;
    // The excess kurtosis of one value beside 29 zeros is 30 without bias: 2 / (30/30 + 2/29).
    expect(satterthwaiteDegrees(moves)).toBeCloseTo(58 / 31, 12);
  });

  test('do not depend on the unit, however small', () => {
    const moves = Float64Array.from([1, -2, 3, 0.5, -4, 2, 2, -1]);
    expect(satterthwaiteDegrees(moves.map((move) => move * 1e-80))).toBeCloseTo(satterthwaiteDegrees(moves), 9);
  });

  test('are no more than clusters of such sizes have', () => {
    const without = Float64Array.from({ length: 20 }, (_none, g) => (g % 2 === 0 ? 0.29 : 0.31));
    const degrees = (sizes?: Float64Array) => clusteredInference(0.3, without, sizes)?.degreesOfFreedom;
    expect(degrees()).toBe(19);
    expect(degrees(new Float64Array(20).fill(7))).toBeCloseTo(19, 12);
    expect(degrees(Float64Array.from({ length: 20 }, (_none, g) => (g === 0 ? 380 : 20)))).toBeCloseTo(
      bellMcCaffreyDegrees(Float64Array.from({ length: 20 }, (_none, g) => (g === 0 ? 19 : 1))),
      12,
    );
  });

  test('are near G for many normal clusters', () => {
    const random = createRandom([4, 4]);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
    const degrees = satterthwaiteDegrees(Float64Array.from({ length: 4_000 }, normal));
    expect(degrees).toBeGreaterThan(3_400);
    expect(degrees).toBeLessThanOrEqual(3_999);
  });

  test('lie between 1 and G − 1', () => {
    fc.assert(
      fc.property(fc.float64Array({ minLength: 2, maxLength: 60, noNaN: true, min: -1e6, max: 1e6 }), (moves) => {
        const degrees = satterthwaiteDegrees(moves);
        expect(degrees).toBeGreaterThanOrEqual(1);
        expect(degrees).toBeLessThanOrEqual(moves.length - 1);
      }),
    );
  });
});

describe('what it says', () => {
  const { groups, clusters, values } = golden.means[1] ?? { groups: 0, clusters: [], values: [] };
  const estimate = meanEstimate(Float64Array.from(values));
  const without = estimate?.leaveOut(clusters, groups) ?? new Float64Array();

  test('interval and p value say the same at every level of Holm over any number of slices', () => {
    const inference = clusteredInference(0.3, without);
    if (inference === undefined) throw new Error('no inference');
    for (const alpha of [0.025, 0.005, 0.05, 0.1]) {
      for (let slices = 1; slices <= 40; slices++) {
        const critical = inference.critical(1 - (2 * alpha) / slices);
        for (const shift of [-1e-6, 1e-6]) {
          const found = -(critical + shift) * inference.standardError;
          // The interval's upper limit is below 0 exactly when the p value is at most the level.
          const excluded = found + critical * inference.standardError < 0;
          expect(inference.pBelow(found, 0) <= alpha / slices, `alpha ${alpha} / ${slices}, ${shift}`).toBe(excluded);
        }
      }
    }
  });

  test('nothing below 20 clusters, nor when an estimate hangs on one of them', () => {
    expect(clusteredInference(0, new Float64Array(19))).toBeUndefined();
    expect(clusteredInference(0, new Float64Array(25).with(3, Number.NaN))).toBeUndefined();
  });

  test('a point when nothing varies', () => {
    const inference = clusteredInference(0.25, new Float64Array(25).fill(0.25));
    expect(inference?.standardError).toBe(0);
    expect(inference?.critical(0.95)).toBe(0);
    expect(inference?.pBelow(0.25, 0.3)).toBe(0);
    expect(inference?.pBelow(0.25, 0.2)).toBe(1);
  });

  test('moves add up to zero for a mean over equal clusters, and turn with the sign', () => {
    const moves = jackknifeMoves(0.5, Float64Array.from([0.4, 0.65, 0.45]));
    expect(moves.reduce((sum, move) => sum + move, 0)).toBeCloseTo(0, 12);
    expect(jackknifeMoves(-0.5, Float64Array.from([-0.4, -0.65, -0.45]))).toEqual(moves.map((move) => -move));
  });
});
