import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Examples } from '../../lib/metrics/metric.ts';
import { METRICS } from '../../lib/metrics/metrics.ts';
import { ndcgMetric } from '../../lib/metrics/ndcg.ts';
import { firstSplitQuery } from '../../lib/metrics/query-mean.ts';
import { precisionAtKMetric, recallAtKMetric } from '../../lib/metrics/retrieval.ts';
import { agree } from './drawn-examples.ts';

/** All orders of a list. */
function orders<T>(list: readonly T[]): T[][] {
  if (list.length === 0) return [[]];
  return list.flatMap((first, i) =>
    orders([...list.slice(0, i), ...list.slice(i + 1)]).map((rest) => [first, ...rest]),
  );
}

const oneQuery = (labels: readonly number[], scores: readonly number[]): Examples => ({
  labels: Float64Array.from(labels),
  scores: Float64Array.from(scores),
  threshold: 0.5,
  queries: new Int32Array(labels.length),
});

/** From the definitions, for relevance in the order that is shown. */
const DEFINITIONS = {
  mrr: (shown: number[]) => 1 / (shown.findIndex((rel) => rel > 0) + 1),
  'precision@2': (shown: number[]) => shown.slice(0, 2).filter((rel) => rel > 0).length / 2,
  'recall@2': (shown: number[]) =>
    shown.slice(0, 2).filter((rel) => rel > 0).length / shown.filter((rel) => rel > 0).length,
  'NDCG@3 (exponential)': (shown: number[]) => {
    const dcg = (list: number[]) =>
      list.slice(0, 3).reduce((sum, rel, place) => sum + (2 ** rel - 1) / Math.log2(place + 2), 0);
    return dcg(shown) / dcg(shown.toSorted((a, b) => b - a));
  },
};
const MEASURES = {
  mrr: METRICS.mrr,
  'precision@2': precisionAtKMetric('precision@2', 2),
  'recall@2': recallAtKMetric('recall@2', 2),
  'NDCG@3 (exponential)': ndcgMetric('ndcg', { k: 3, gain: 'exponential' }),
};

describe('a tie is the mean over all of its orders', () => {
  const documents = fc.array(fc.record({ rel: fc.nat(2), score: fc.nat(2) }), { minLength: 1, maxLength: 5 });
  test.each(Object.keys(DEFINITIONS) as (keyof typeof DEFINITIONS)[])('%s', (name) => {
    fc.assert(
      fc.property(documents, (drawn) => {
        if (!drawn.some(({ rel }) => rel > 0)) return;
        // Every order of the documents, of which a stable sort by score makes every order of the ties equally often.
        const values = orders(drawn).map((order) =>
          DEFINITIONS[name](order.toSorted((a, b) => b.score - a.score).map(({ rel }) => rel)),
        );
        const wanted = values.reduce((sum, value) => sum + value, 0) / values.length;
        const examples = oneQuery(
          drawn.map(({ rel }) => rel),
          drawn.map(({ score }) => score),
        );
        expect(agree(MEASURES[name].estimate(examples)?.value ?? Number.NaN, wanted)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

test('the influence of a query is on its first row', () => {
  const examples = { ...oneQuery([1, 0, 0, 1], [0.9, 0.1, 0.8, 0.2]), queries: Int32Array.of(3, 3, 1, 1) };
  const estimate = METRICS.mrr.estimate(examples);
  expect(estimate?.value).toBe(0.75);
  expect([...(estimate?.influence ?? [])]).toEqual([0.125, 0, -0.125, 0]);
});

test('a query in two clusters is found', () => {
  expect(firstSplitQuery(Int32Array.of(0, 1, 0, 1), [5, 6, 5, 6])).toBeUndefined();
  expect(firstSplitQuery(Int32Array.of(0, 1, 0, 1), [5, 6, 5, 7])).toBe(3);
});
