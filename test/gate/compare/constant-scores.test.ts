import { describe, expect, test } from 'vitest';
import { constantScores } from '../../../lib/gate/compare/constant-scores.ts';
import { sideExamples } from '../../../lib/gate/evidence/paired-examples.ts';
import type { Examples } from '../../../lib/metrics/metric.ts';
import { METRICS } from '../../../lib/metrics/metrics.ts';
import { naiveScale } from '../../../lib/metrics/naive-scale.ts';

const row = (scores: Float64Array, width: number) => [...scores.subarray(0, width)];

describe('a constant knows', () => {
  test('how often each class occurs, or which most often', () => {
    const labels = Float64Array.of(1, 0, 0, 0);
    expect([...constantScores('binary', { labels })]).toEqual([0.25, 0.25, 0.25, 0.25]);
    expect(row(constantScores('binary', { labels }, 'majority'), 1)).toEqual([0]);
    expect(row(constantScores('binary', { labels, weights: Float64Array.of(3, 1, 1, 1) }), 1)).toEqual([0.5]);
    const three = { labels: Float64Array.of(2, 0, 2, 1), classes: ['a', 'b', 'c'] };
    expect([...constantScores('multiclass', three)]).toEqual([1, 2, 3, 4].flatMap(() => [0.25, 0.25, 0.5]));
    expect(row(constantScores('multiclass', three, 'majority'), 3)).toEqual([0, 0, 1]);
  });

  test.each([undefined, Float64Array.of(2, 1, 1, 3, 1, 1, 2)])(
    'the answer with the least loss (weights %j)',
    (weights) => {
      const labels = Float64Array.of(3, -1, 4, 1, 5, 9, 2);
      const levels = Float64Array.of(0.1, 0.5, 0.9);
      const parts = { labels, levels, ...(weights === undefined ? {} : { weights }) };
      const loss = (metric: { estimate(examples: Examples): { value: number } | undefined }, scores: Float64Array) =>
        metric.estimate(sideExamples(parts, scores, 0.5))?.value ?? Number.NaN;
      const quantiles = constantScores('quantile', parts);
      const best = loss(METRICS.pinball_loss, quantiles);
      for (let j = 0; j < levels.length; j++) {
        for (const step of [-0.5, 0.5]) {
          const moved = quantiles.map((value, at) => (at % levels.length === j ? value + step : value));
          expect(loss(METRICS.pinball_loss, moved)).toBeGreaterThanOrEqual(best - 1e-12);
        }
      }
      const { levels: _none, ...plain } = parts;
      const mean = constantScores('regression', plain);
      expect(
        loss(
          METRICS.mse,
          mean.map((value) => value + 0.01),
        ),
      ).toBeGreaterThan(loss(METRICS.mse, mean));
      expect(
        loss(
          METRICS.mse,
          mean.map((value) => value - 0.01),
        ),
      ).toBeGreaterThan(loss(METRICS.mse, mean));
      expect(constantScores('forecast', plain)).toEqual(mean);
    },
  );

  test('no order of documents: a random one, always the same', () => {
    const labels = new Float64Array(1000);
    const scores = constantScores('ranking', { labels });
    expect(new Set(scores).size).toBe(1000);
    expect(constantScores('ranking', { labels })).toEqual(scores);
  });
});

test.each([
  [[1, 3, 2, 6], 1, (2 + 1 + 4) / 3],
  [[1, 3, 2, 6], 2, (1 + 3) / 2],
  [[1, 3], 2, 0],
  [[], 1, 0],
  [[5, 5, 5], 1, 0],
])('the naive forecast of %j with a season of %i errs by %f', (values, season, scale) => {
  expect(naiveScale(values, season)).toBe(scale);
});
