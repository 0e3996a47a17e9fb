import type { Alternative } from '../hypothesis-test.ts';
import { logNormalCdf, logNormalTwoSided, logNormalUpper } from './normal.ts';

/** The p value of a z statistic, with its logarithm. */
export function normalP(z: number, alternative: Alternative): { readonly pValue: number; readonly logPValue: number } {
  const logPValue =
    alternative === 'two-sided'
      ? logNormalTwoSided(z)
      : alternative === 'greater'
        ? logNormalUpper(z)
        : logNormalCdf(z);
  return { pValue: Math.exp(logPValue), logPValue };
}
