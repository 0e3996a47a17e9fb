import type { Comparison, Decision } from '../../gate/decision.ts';
import { clustersWords } from './cluster-words.ts';
import { differenceWords } from './difference-words.ts';
import { counted, formatCount } from './number-format.ts';

/** For which truth the needed number is found: it is never the difference that happened to be seen (design §5). */
export function neededCondition(comparison: Comparison): string {
  return comparison.requirement === 'better'
    ? `if it is ${differenceWords(comparison).margin} better`
    : 'if they are equal';
}

/**
 * How much evidence would tell, at the present rate of rows: `about 65 days, some 60,900 labelled rows, 14,200 of them
 * positive`. Undefined where no number is known.
 */
export function neededWords(comparison: Comparison, { holdout }: Decision): string | undefined {
  const { neededClusters, clusters, rows } = comparison;
  if (neededClusters === undefined || clusters === 0) return undefined;
  const labelled = rounded((rows / clusters) * neededClusters);
  const share = holdout.positives === undefined || holdout.rows === 0 ? undefined : holdout.positives / holdout.rows;
  const positives =
    share === undefined || comparison.slice !== undefined
      ? ''
      : `, ${formatCount(rounded(labelled * share))} of them positive`;
  if (holdout.clusterUnit === 'row') return `about ${counted(rounded(neededClusters), 'labelled row')}${positives}`;
  return `about ${clustersWords(neededClusters, holdout)}, some ${counted(labelled, 'labelled row')}${positives}`;
}

/** Two significant digits: a plan is not more exact than that. */
function rounded(count: number): number {
  return count < 100 ? Math.ceil(count) : Number(count.toPrecision(2));
}
