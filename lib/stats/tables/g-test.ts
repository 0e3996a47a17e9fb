import { deviance } from '../distributions/stirling-error.ts';
import { type ChiSquaredResult, chiSquaredResult } from './chi-squared-test.ts';
import { type CountTable, expectedCounts, independenceDegrees, trimTable } from './contingency-table.ts';
import { expectedShares } from './goodness-of-fit.ts';

/**
 * The likelihood-ratio test (Wilks 1938; Sokal and Rohlf's G) of no association in a table of independent counts:
 * G = 2 Σ O ln(O / E), χ² in the limit. Empty rows and columns do not count.
 */
export function gTest(table: CountTable): ChiSquaredResult<'g'> {
  const trimmed = trimTable(table);
  const expected = expectedCounts(trimmed).flat();
  return chiSquaredResult('g', g(trimmed.cells.flat(), expected), independenceDegrees(trimmed), Math.min(...expected));
}

/** The likelihood-ratio test that counts fall in the ratio of `weights` (positive, any unit). */
export function gGoodnessOfFit(observed: readonly number[], weights: readonly number[]): ChiSquaredResult<'g'> {
  const expected = expectedShares(observed, weights);
  return chiSquaredResult('g', g(observed, expected), observed.length - 1, Math.min(...expected));
}

/** Summed as deviances, whose E − O add up to nothing and keep each term positive: no cancellation near E = O. */
function g(observed: readonly number[], expected: readonly number[]): number {
  return (
    2 * observed.reduce((sum, count, i) => sum + ((expected[i] ?? 0) > 0 ? deviance(count, expected[i] ?? 0) : 0), 0)
  );
}
