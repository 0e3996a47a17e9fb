import { chiSquaredTails } from '../distributions/chi-squared.ts';
import { type CountTable, expectedCounts, independenceDegrees, trimTable } from './contingency-table.ts';
import { expectedShares } from './goodness-of-fit.ts';

/** The answer of a χ² or G test; with 0 degrees of freedom nothing can be told: statistic 0 and p = 1. */
export interface ChiSquaredResult<Method extends string = string> {
  readonly method: Method;
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  readonly pValue: number;
  /** ln of the p value, which keeps its size where the p value itself is 0. */
  readonly logPValue: number;
  /** The smallest expected count; below 5 the χ² limit is rough (Cochran 1954) and Fisher's test the better one. */
  readonly minimumExpected: number;
}

/**
 * Pearson's χ² test (1900) of no association in a table of independent counts; empty rows and columns do not count.
 *
 * @param options.yates moves each cell of a 2×2 table half a count (or all the way) towards its expectation, as SciPy
 *   and R do; conservative, not the default
 */
export function chiSquaredTest(
  table: CountTable,
  options: { readonly yates?: boolean } = {},
): ChiSquaredResult<'chi-squared' | 'chi-squared-yates'> {
  const trimmed = trimTable(table);
  const degreesOfFreedom = independenceDegrees(trimmed);
  const yates = options.yates === true && degreesOfFreedom === 1;
  const move = yates ? 0.5 : 0;
  const expected = expectedCounts(trimmed);
  let statistic = 0;
  let minimumExpected = Number.POSITIVE_INFINITY;
  expected.forEach((row, i) => {
    row.forEach((count, j) => {
      const off = Math.abs((trimmed.cells[i]?.[j] ?? 0) - count);
      statistic += Math.max(0, off - move) ** 2 / count;
      minimumExpected = Math.min(minimumExpected, count);
    });
  });
  const method = yates ? 'chi-squared-yates' : 'chi-squared';
  return chiSquaredResult(method, statistic, degreesOfFreedom, minimumExpected);
}

/**
 * Pearson's χ² test that counts fall in the given ratio, such as the arms of an experiment (sample ratio mismatch).
 *
 * @param weights positive shares in any unit, one for each count
 */
export function chiSquaredGoodnessOfFit(
  observed: readonly number[],
  weights: readonly number[],
): ChiSquaredResult<'chi-squared'> {
  const expected = expectedShares(observed, weights);
  const statistic = expected.reduce((sum, count, i) => {
    return count === 0 ? sum : sum + ((observed[i] ?? 0) - count) ** 2 / count;
  }, 0);
  return chiSquaredResult('chi-squared', statistic, observed.length - 1, Math.min(...expected));
}

/** The p value of a statistic that is χ² in the limit. */
export function chiSquaredResult<Method extends string>(
  method: Method,
  statistic: number,
  degrees: number,
  least: number,
): ChiSquaredResult<Method> {
  const degreesOfFreedom = Math.max(0, degrees);
  const minimumExpected = Number.isFinite(least) ? least : 0;
  if (degreesOfFreedom === 0) {
    return { method, statistic: 0, degreesOfFreedom, pValue: 1, logPValue: 0, minimumExpected };
  }
  const { upper, logUpper } = chiSquaredTails(statistic, degreesOfFreedom);
  return { method, statistic, degreesOfFreedom, pValue: upper, logPValue: logUpper, minimumExpected };
}
