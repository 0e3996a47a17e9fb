import { describe, expect, test } from 'vitest';
import { hasPeriodLosses, inBlocks } from '../../lib/gate/compare/period-losses.ts';
import type { PairedExamples } from '../../lib/gate/evidence/paired-examples.ts';
import { dieboldMariano } from '../../lib/stats/means/diebold-mariano.ts';
import { createRandom } from '../../lib/stats/resampling/random.ts';
import { decided, normal } from './examples.ts';

/** Forecasts of days; a row a day unless told otherwise. The candidate errs less. */
function forecasts({ days = 60, perDay = 1 } = {}): PairedExamples {
  const random = createRandom([3, 11]);
  const rows = days * perDay;
  const labels = Float64Array.from({ length: rows }, () => 10 + normal(random));
  return {
    ids: Array.from({ length: rows }, (_none, row) => String(row).padStart(5, '0')),
    labels,
    candidate: labels.map((label) => label + 0.8 * normal(random)),
    baseline: labels.map((label) => label + 1.2 * normal(random)),
    clusters: Int32Array.from({ length: rows }, (_none, row) => Math.floor(row / perDay)),
    clusterCount: days,
    slices: new Map(),
  };
}

const ask = (examples: PairedExamples, horizon: number, primary = 'mae' as 'mae' | 'rmse') =>
  decided(examples, { task: 'regression', rules: { primary, time_series: { horizon } } }).comparisons[0];

describe('a time series with a horizon', () => {
  test.each([1, 3])('of %d days: losses by Diebold and Mariano, as the test has it', (horizon) => {
    const examples = forecasts();
    const gains = examples.labels.map(
      (label, row) =>
        Math.abs(label - (examples.baseline[row] ?? 0)) - Math.abs(label - (examples.candidate[row] ?? 0)),
    );
    const reference = dieboldMariano(gains, { horizon });
    const found = ask(examples, horizon);
    expect(found?.interval).toMatchObject({ method: 'diebold-mariano-hln', degreesOfFreedom: 59 });
    expect(found?.difference).toBeCloseTo(reference.estimate, 12);
    expect(found?.interval?.lower).toBeCloseTo(reference.lower, 10);
    expect(found?.interval?.upper).toBeCloseTo(reference.upper, 10);
  });

  test('of several rows a day takes their mean as the loss of the day', () => {
    const examples = forecasts({ perDay: 3 });
    const gains = new Float64Array(60);
    examples.labels.forEach((label, row) => {
      const gain = Math.abs(label - (examples.baseline[row] ?? 0)) - Math.abs(label - (examples.candidate[row] ?? 0));
      const day = Math.floor(row / 3);
      gains[day] = (gains[day] ?? 0) + gain / 3;
    });
    expect(ask(examples, 2)?.interval?.lower).toBeCloseTo(dieboldMariano(gains, { horizon: 2 }).lower, 10);
  });

  test('of days with unlike rows, or of what is no mean loss, takes blocks of as many days', () => {
    const found = ask(forecasts(), 2, 'rmse');
    expect(found).toMatchObject({ clusters: 30, interval: { method: 'cluster-jackknife-t' } });
    const uneven = forecasts({ days: 61 });
    const clusters = uneven.clusters.map((day) => Math.min(59, day));
    expect(ask({ ...uneven, clusters, clusterCount: 60 }, 3)).toMatchObject({
      clusters: 20,
      interval: { method: 'cluster-jackknife-t' },
    });
  });

  test('too long for the blocks that are there is too few to judge', () => {
    expect(ask(forecasts(), 4, 'rmse')).toMatchObject({ clusters: 15, reason: 'too-few-clusters' });
  });
});

describe('blocks', () => {
  test.each([
    [60, 7, 8],
    [56, 7, 8],
    [5, 7, 1],
    [4, 1, 4],
  ])('%d days by %d are %d: what fills none joins the last', (days, horizon, blocks) => {
    const { clusters, clusterCount } = inBlocks(forecasts({ days }), horizon);
    expect(clusterCount).toBe(blocks);
    const sizes = Array.from({ length: blocks }, (_none, block) => clusters.filter((one) => one === block).length);
    expect(Math.min(...sizes)).toBe(Math.min(days, horizon));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(days);
  });

  test('rows with weights are no plain mean of a loss a row', () => {
    const examples = forecasts();
    expect(hasPeriodLosses('mae', examples)).toBe(true);
    expect(hasPeriodLosses('mae', { ...examples, weights: examples.labels.map(() => 1) })).toBe(false);
    expect(hasPeriodLosses('roc_auc', examples)).toBe(false);
  });
});
