import { type Examples, type Metric, SCORE } from './metric.ts';
import { type QueryValues, queryMean, queryValues, type RankedQuery } from './query-mean.ts';

/** What a relevance is worth: itself, or 2^relevance − 1, by which high grades count far more. */
export type Gain = 'linear' | 'exponential';

export interface NdcgOptions {
  /** Places that count; all when left out. */
  readonly k?: number;
  readonly gain?: Gain;
}

/**
 * NDCG by query: discounted gain over that of the best order. Ties are averaged over all their orders (McSherry &
 * Najork 2008), as scikit-learn does, so that the order of rows means nothing.
 */
export function ndcgMetric(
  name: string,
  { k = Number.POSITIVE_INFINITY, gain = 'linear' }: NdcgOptions,
): Metric<'ranking'> {
  const cut = Number.isFinite(k) ? `@${k}` : '';
  const worth = gain === 'linear' ? 'rel' : '2^rel − 1';
  return {
    name,
    title: `NDCG${cut}${gain === 'exponential' ? ' (exponential)' : ''}`,
    task: 'ranking',
    unit: 'share',
    ...SCORE,
    needsProbabilities: false,
    formula: `mean over queries of DCG${cut} / DCG${cut} of the best order; DCG: Σ (${worth}) / log₂(place + 1), ties averaged`,
    source:
      gain === 'linear'
        ? 'Järvelin & Kekäläinen 2002; sklearn.metrics.ndcg_score'
        : 'Burges et al. 2005; sklearn.metrics.ndcg_score of 2^rel − 1',
    estimate: (examples) => queryMean(examples, (query) => ndcg(query, k, gain)),
  };
}

/** NDCG of every query, all places, linear gain: what `ndcg` is the mean of. Throws RangeError without queries. */
export function ndcgByQuery(examples: Examples): QueryValues {
  return queryValues(examples, (query) => ndcg(query, Number.POSITIVE_INFINITY, 'linear'));
}

function ndcg({ relevance, tieEnds }: RankedQuery, k: number, gain: Gain): number {
  const gains = gain === 'linear' ? relevance : relevance.map((rel) => 2 ** rel - 1);
  let found = 0;
  let start = 0;
  for (const end of tieEnds) {
    let discounts = 0;
    let total = 0;
    for (let place = start; place < end; place++) {
      discounts += discount(place, k);
      total += gains[place] as number;
    }
    found += (discounts * total) / (end - start);
    start = end;
  }
  const best = gains.toSorted().reverse();
  return found / best.reduce((sum, one, place) => sum + one * discount(place, k), 0);
}

/** @param place from 0 */
function discount(place: number, k: number): number {
  return place < k ? 1 / Math.log2(place + 2) : 0;
}

export const ndcgAllMetric = ndcgMetric('ndcg', {});
export const ndcg5Metric = ndcgMetric('ndcg_5', { k: 5 });
export const ndcg10Metric = ndcgMetric('ndcg_10', { k: 10 });
export const ndcgExponential10Metric = ndcgMetric('ndcg_exponential_10', { k: 10, gain: 'exponential' });
