import { describe, expect, test } from 'vitest';
import { meanEstimate } from '../../lib/metrics/function-of-sums.ts';
import { clusterStandardError, sumByCluster } from '../../lib/stats/clusters/cluster-sums.ts';
import { WILD_REPLICATES, wildClusterDistribution } from '../../lib/stats/resampling/wild-cluster-bootstrap.ts';
import golden from '../golden/gate/wild-cluster-bootstrap.json' with { type: 'json' };

/** Monte-Carlo errors of a share of WILD_REPLICATES draws that a correct bootstrap stays within: once in 16,000. */
const SIGMAS = 4;

function tolerance(share: number): number {
  return SIGMAS * Math.sqrt((share * (1 - share)) / WILD_REPLICATES) + 1 / WILD_REPLICATES;
}

describe.each(golden.cases)('the wild cluster bootstrap of a mean: $name', (one) => {
  const estimate = meanEstimate(Float64Array.from(one.values));
  if (estimate === undefined) throw new Error('no estimate');
  const sums = sumByCluster(estimate.influence, one.clusters, one.groups);
  const distribution = wildClusterDistribution(sums, [1, 2]);

  test('has the clustered standard error of ordinary least squares', () => {
    expect(estimate.value).toBeCloseTo(one.mean, 12);
    expect(clusterStandardError(sums.sums)).toBeCloseTo(one.standardError, 12);
  });

  test.each(one.tails)('|T*| ≥ $t as often as over all draws', ({ t, share }) => {
    expect(Math.abs(distribution.upperTail(t) - share)).toBeLessThan(tolerance(share));
  });

  test('its quantiles leave their share of all draws above them', () => {
    // The draws of 12 clusters are a lattice: between two points of it a quantile has to lie, not at a number.
    const tails = [...one.tails, ...one.quantiles.map(({ level, value }) => ({ t: value, share: 1 - level }))];
    for (const { level, value } of one.quantiles) {
      const ours = distribution.quantile(level);
      const above = tails.filter(({ t }) => t >= ours * 1.05).map(({ share }) => share);
      const below = tails.filter(({ t }) => t <= ours * 0.95).map(({ share }) => share);
      expect(Math.max(0, ...above), `level ${level}`).toBeLessThan(1 - level + tolerance(1 - level));
      expect(Math.min(1, ...below), `level ${level}`).toBeGreaterThan(1 - level - tolerance(1 - level));
      expect(Math.abs(ours / value - 1), `level ${level}`).toBeLessThan(0.08);
    }
  });

  test("gives wildboottest's p value", () => {
    const { t, p } = one.wildboottest;
    expect(Math.abs(distribution.upperTail(t) - p)).toBeLessThan(tolerance(p) + 2 / WILD_REPLICATES);
  });
});

test('repeats bit for bit from its seed, and differs with another', () => {
  const one = golden.cases[1];
  if (one === undefined) throw new Error('the fixture is missing');
  const influence = meanEstimate(Float64Array.from(one.values))?.influence ?? new Float64Array();
  const sums = sumByCluster(influence, one.clusters, one.groups);
  const quantile = (seed: [number, number]): number => wildClusterDistribution(sums, seed).quantile(0.95);
  expect(quantile([1, 2])).toBe(quantile([1, 2]));
  expect(quantile([1, 2])).not.toBe(quantile([1, 3]));
});
