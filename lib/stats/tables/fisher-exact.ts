import {
  hypergeometricRange,
  hypergeometricTails,
  logHypergeometricPmf,
  type Urn,
} from '../distributions/hypergeometric.ts';
import { logAddExp } from '../distributions/tail-pair.ts';
import type { Alternative, TestResult } from '../hypothesis-test.ts';
import { type CountTable, trimTable } from './contingency-table.ts';
import { fisherNetworkLogP } from './fisher-network.ts';

/** Tables whose probability is this near to the observed one's count as no more likely; as in R and SciPy. */
export const LOG_TIE = Math.log1p(1e-7);

/**
 * Fisher's exact test (1934) of no association in a 2×2 table with its margins held. Two-sided is the sum of the tables
 * that are no more likely than the observed one, as in R and SciPy; `greater` says that the first row's share in the
 * first column is larger. The statistic is the first cell. A margin of 0 gives p = 1.
 */
export function fisherExact(
  table: readonly [readonly [number, number], readonly [number, number]],
  alternative: Alternative = 'two-sided',
): TestResult<'fisher'> {
  trimTable(table);
  const [[a, b], [c, d]] = table;
  const urn: Urn = { total: a + b + c + d, marked: a + c, drawn: a + b };
  const logPValue = Math.min(0, logP(a, urn, alternative));
  return { method: 'fisher', alternative, statistic: a, pValue: Math.exp(logPValue), logPValue };
}

/**
 * Fisher's test of a table of any size (Freeman and Halton 1951), two-sided. The statistic is ln of the observed
 * table's probability.
 *
 * @returns undefined, so that the caller takes χ² or G, where the exact answer would take too many steps
 */
export function fisherFreemanHalton(table: CountTable): TestResult<'fisher-freeman-halton'> | undefined {
  const trimmed = trimTable(table);
  const found = fisherNetworkLogP(trimmed, LOG_TIE);
  if (found === undefined) return undefined;
  const logPValue = Math.min(0, found.logPValue);
  return {
    method: 'fisher-freeman-halton',
    alternative: 'two-sided',
    statistic: found.logObserved,
    pValue: Math.exp(logPValue),
    logPValue,
  };
}

function logP(a: number, urn: Urn, alternative: Alternative): number {
  if (alternative === 'less') return hypergeometricTails(a, urn).logLower;
  if (alternative === 'greater') return hypergeometricTails(a - 1, urn).logUpper;
  const { least, most } = hypergeometricRange(urn);
  if (least === most) return 0;
  const limit = logHypergeometricPmf(a, urn) + LOG_TIE;
  const mode = Math.floor(((urn.drawn + 1) * (urn.marked + 1)) / (urn.total + 2));
  if (logHypergeometricPmf(mode, urn) <= limit) return 0;
  // From the mode the probabilities fall to both sides: each tail begins where they are small enough.
  const from = firstWhere(mode, most + 1, (k) => logHypergeometricPmf(k, urn) <= limit);
  const to = mode - firstWhere(0, mode - least + 1, (below) => logHypergeometricPmf(mode - below, urn) <= limit);
  return logAddExp(hypergeometricTails(from - 1, urn).logUpper, hypergeometricTails(to, urn).logLower);
}

/** The first whole number from `low` for which a condition that stays true is true; `high` when there is none. */
function firstWhere(low: number, high: number, holds: (k: number) => boolean): number {
  let from = low;
  let to = high;
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}
