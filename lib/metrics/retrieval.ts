import { type Metric, SCORE } from './metric.ts';
import { queryMean, type RankedQuery } from './query-mean.ts';

const RETRIEVAL = { task: 'ranking', unit: 'share', ...SCORE, needsProbabilities: false } as const;

/** How many documents of places start … end−1 are relevant. */
function relevantIn(relevance: Float64Array, start: number, end: number): number {
  let found = 0;
  for (let place = start; place < end; place++) if ((relevance[place] as number) > 0) found++;
  return found;
}

/** 1 / place of the first relevant document; the mean over all orders of the tie that it is in. */
function reciprocalRank({ relevance, tieEnds }: RankedQuery): number {
  let start = 0;
  for (const end of tieEnds) {
    const relevant = relevantIn(relevance, start, end);
    if (relevant > 0) {
      // The first relevant one of a shuffled tie: at each place, what is left of the chance that none came before.
      let expected = 0;
      let none = 1;
      for (let place = start; place <= end - relevant; place++) {
        const here = relevant / (end - place);
        expected += (none * here) / (place + 1);
        none *= 1 - here;
      }
      return expected;
    }
    start = end;
  }
  return 0;
}

/** Mean precision at the relevant documents; every document of a tie is taken to be at the tie's last place. */
function averagePrecision({ relevance, tieEnds }: RankedQuery): number {
  let sum = 0;
  let above = 0;
  let start = 0;
  for (const end of tieEnds) {
    const relevant = relevantIn(relevance, start, end);
    above += relevant;
    sum += (relevant * above) / end;
    start = end;
  }
  return sum / above;
}

/** Relevant documents on the first k places, the mean over all orders of a tie that is cut. */
function relevantAtK({ relevance, tieEnds }: RankedQuery, k: number): number {
  let found = 0;
  let start = 0;
  for (const end of tieEnds) {
    const inside = Math.min(end, k) - start;
    if (inside <= 0) break;
    found += (relevantIn(relevance, start, end) * inside) / (end - start);
    start = end;
  }
  return found;
}

export const mrrMetric: Metric<'ranking'> = {
  name: 'mrr',
  title: 'MRR',
  ...RETRIEVAL,
  formula: 'mean over queries of 1 / place of the first relevant document, ties averaged',
  source: 'Voorhees 1999; McSherry & Najork 2008 (ties)',
  estimate: (examples) => queryMean(examples, reciprocalRank),
};

export const mapMetric: Metric<'ranking'> = {
  name: 'map',
  title: 'MAP',
  ...RETRIEVAL,
  formula: 'mean over queries of the mean precision at the relevant documents, ties at their last place',
  source: 'Manning et al. 2008 §8.4; sklearn.metrics.label_ranking_average_precision_score',
  estimate: (examples) => queryMean(examples, averagePrecision),
};

/** Share of the first k places that are relevant; a query with fewer documents has the other places empty. */
export function precisionAtKMetric(name: string, k: number): Metric<'ranking'> {
  return {
    name,
    title: `precision@${k}`,
    ...RETRIEVAL,
    formula: `mean over queries of relevant documents on the first ${k} places / ${k}, ties averaged`,
    source: 'Manning et al. 2008 §8.4',
    estimate: (examples) => queryMean(examples, (query) => relevantAtK(query, k) / k),
  };
}

/** Share of the relevant documents that are on the first k places. */
export function recallAtKMetric(name: string, k: number): Metric<'ranking'> {
  return {
    name,
    title: `recall@${k}`,
    ...RETRIEVAL,
    formula: `mean over queries of relevant documents on the first ${k} places / relevant documents, ties averaged`,
    source: 'Manning et al. 2008 §8.4',
    estimate: (examples) =>
      queryMean(examples, (query) => relevantAtK(query, k) / relevantIn(query.relevance, 0, query.relevance.length)),
  };
}

export const precision10Metric = precisionAtKMetric('precision_at_10', 10);
export const recall10Metric = recallAtKMetric('recall_at_10', 10);
