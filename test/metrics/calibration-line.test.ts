import { describe, expect, test } from 'vitest';
import { estimateCalibrationIntercept, estimateCalibrationSlope } from '../../lib/metrics/calibration-line.ts';
import { sumByCluster } from '../../lib/stats/clusters/cluster-sums.ts';
import { clusterRobustError } from '../../lib/stats/clusters/clustered-mean-test.ts';
import golden from '../golden/metrics/calibration-line.json' with { type: 'json' };

const examplesOf = ({ labels, scores, weights }: { labels: number[]; scores: number[]; weights?: number[] }) => ({
  labels: Float64Array.from(labels),
  scores: Float64Array.from(scores),
  threshold: 0.5,
  ...(weights === undefined ? {} : { weights: Float64Array.from(weights) }),
});

describe("logistic recalibration (statsmodels' GLM)", () => {
  test.each(golden.cases)('$groups clusters', (one) => {
    const slope = estimateCalibrationSlope(examplesOf(one));
    const intercept = estimateCalibrationIntercept(examplesOf(one));
    expect(slope?.value).toBeCloseTo(one.slope, 9);
    expect(intercept?.value).toBeCloseTo(one.intercept, 9);
    if (one.clustered) {
      const errorOf = (influence: Float64Array) =>
        clusterRobustError(sumByCluster(influence, one.clusters, one.groups).sums, 'CR0');
      expect(errorOf(slope?.influence ?? new Float64Array())).toBeCloseTo(one.slopeError, 8);
      expect(errorOf(intercept?.influence ?? new Float64Array())).toBeCloseTo(one.interceptError, 8);
    }
    // One step from the whole fit is off by a hundredth of what the cluster moves, at these sizes.
    const near = (found: Float64Array | undefined, value: number, wanted: readonly number[]) =>
      wanted.forEach((refitted, g) => {
        const moved = Math.abs(refitted - value);
        expect(Math.abs((found?.[g] ?? Number.NaN) - refitted)).toBeLessThan(0.002 + 0.1 * moved);
      });
    near(slope?.leaveOut(one.clusters, one.groups), one.slope, one.slopesWithout);
    near(intercept?.leaveOut(one.clusters, one.groups), one.intercept, one.interceptsWithout);
  });
});

describe('what has no line', () => {
  test.each([
    ['classes that separate', [0, 0, 1, 1], [0.1, 0.2, 0.7, 0.9]],
    ['scores that are all the same', [0, 1, 1, 0], [0.4, 0.4, 0.4, 0.4]],
  ])('%s have no slope', (_name, labels, scores) => {
    expect(estimateCalibrationSlope(examplesOf({ labels, scores }))).toBeUndefined();
    expect(estimateCalibrationIntercept(examplesOf({ labels, scores }))).toBeDefined();
  });

  test('one class alone has neither', () => {
    const alone = examplesOf({ labels: [1, 1, 1], scores: [0.2, 0.5, 0.6] });
    expect(estimateCalibrationSlope(alone)).toBeUndefined();
    expect(estimateCalibrationIntercept(alone)).toBeUndefined();
  });

  test('certain calls are counted as nearly certain', () => {
    const certain = examplesOf({ labels: [1, 0, 1, 0, 1, 0], scores: [1, 0, 1, 0.5, 0.3, 0.8] });
    expect(Number.isFinite(estimateCalibrationSlope(certain)?.value)).toBe(true);
  });
});
