import { meanEstimate } from './function-of-sums.ts';
import type { Estimate, Examples } from './metric.ts';
import { rowsByCluster } from './rows-by-cluster.ts';

/** One query's documents in descending order of score; equal scores stand together as one tie. */
export interface RankedQuery {
  /** Relevance in order of descending score. */
  readonly relevance: Float64Array;
  /** Where each tie ends (exclusive), ascending; the last is the number of documents. */
  readonly tieEnds: Int32Array;
}

/** A value a query on the query's first row, and how much it counts; 0 on all other rows. */
export interface QueryValues {
  readonly values: Float64Array;
  /** The query's weight on its first row; 0 where a query has no relevant document, and on every other row. */
  readonly counted: Float64Array;
}

/**
 * The mean of a value a query, by the query's weight (that of its first row). A query without a relevant document has
 * nothing to rank and is left out, whatever the metric; when none is left there is no value. The influence of a query
 * stands on its first row and the other rows have 0, so that rows taken as independent still are as many as queries.
 *
 * @throws RangeError without queries: `checkExamples` finds that before.
 */
export function queryMean(examples: Examples, scoreOf: (query: RankedQuery) => number): Estimate | undefined {
  const { values, counted } = queryValues(examples, scoreOf);
  // Weight 0 on all but first rows: the mean over rows is the mean over queries, and clusters follow the first row.
  return meanEstimate(values, counted);
}

/** The value of every query with a relevant document. Throws RangeError without queries. */
export function queryValues(examples: Examples, scoreOf: (query: RankedQuery) => number): QueryValues {
  const { labels, queries, weights } = examples;
  if (queries === undefined) throw new RangeError('ranking examples need their queries');
  const values = new Float64Array(labels.length);
  const counted = new Float64Array(labels.length);
  let count = 0;
  for (const code of queries) count = Math.max(count, code + 1);
  for (const rows of rowsByCluster(queries, count)) {
    const first = rows[0];
    if (first === undefined) continue;
    if (!rows.some((row) => (labels[row] as number) > 0)) continue;
    values[first] = scoreOf(rankQuery(examples, rows));
    counted[first] = weights?.[first] ?? 1;
  }
  return { values, counted };
}

function rankQuery({ labels, scores }: Examples, rows: Int32Array): RankedQuery {
  const ordered = rows.slice().sort((a, b) => (scores[b] as number) - (scores[a] as number));
  const tieEnds: number[] = [];
  for (let place = 1; place <= ordered.length; place++) {
    const here = scores[ordered[place - 1] as number];
    if (place === ordered.length || scores[ordered[place] as number] !== here) tieEnds.push(place);
  }
  return {
    relevance: Float64Array.from(ordered, (row) => labels[row] as number),
    tieEnds: Int32Array.from(tieEnds),
  };
}

/** The first row whose query is also in another cluster, if any: clusters have to hold whole queries. */
export function firstSplitQuery(queries: Int32Array, clusters: ArrayLike<number>): number | undefined {
  const clusterOf = new Map<number, number>();
  for (let row = 0; row < queries.length; row++) {
    const query = queries[row] as number;
    const cluster = clusters[row] as number;
    const known = clusterOf.get(query);
    if (known === undefined) clusterOf.set(query, cluster);
    else if (known !== cluster) return row;
  }
  return undefined;
}
