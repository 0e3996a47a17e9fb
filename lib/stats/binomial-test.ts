import { binomialTails, logBinomialPmf } from './binomial.ts';
import type { Alternative, TestResult } from './hypothesis-test.ts';
import { checkProportion, type Proportion } from './proportion.ts';
import { logAddExp } from './tail-pair.ts';

/** Outcomes whose probability is this near to the observed one's count as no more likely; as in R and SciPy. */
const LOG_TIE = Math.log1p(1e-7);

/**
 * The exact binomial test of a success probability. Two-sided is the sum of all outcomes that are no more likely than
 * the observed one, as in R's binom.test and SciPy's binomtest. The statistic is the number of successes. Assumes
 * independent trials; no trial gives p = 1.
 *
 * @param null the success probability under the null, 0 … 1
 */
export function binomialTest(
  proportion: Proportion,
  nullShare: number,
  alternative: Alternative = 'two-sided',
): TestResult<'binomial'> {
  checkProportion(proportion);
  if (!(nullShare >= 0 && nullShare <= 1)) throw new RangeError(`${nullShare} is not a probability`);
  const { successes, trials } = proportion;
  const logPValue = Math.min(0, logP(successes, trials, nullShare, alternative));
  return { method: 'binomial', alternative, statistic: successes, pValue: Math.exp(logPValue), logPValue };
}

function logP(x: number, n: number, p: number, alternative: Alternative): number {
  if (alternative === 'less') return binomialTails(x, n, p).logLower;
  if (alternative === 'greater') return binomialTails(x - 1, n, p).logUpper;
  if (x === n * p) return 0;
  // Mirrored so that the observed tail is the lower one.
  if (x > n * p) return logTwoSided(n - x, n, 1 - p, (k) => logBinomialPmf(n - k, n, p));
  return logTwoSided(x, n, p, (k) => logBinomialPmf(k, n, p));
}

function logTwoSided(x: number, n: number, p: number, logPmf: (k: number) => number): number {
  const limit = logPmf(x) + LOG_TIE;
  // Above the mean the probabilities fall: the first that is small enough begins the other tail.
  let low = Math.ceil(n * p);
  let high = n + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (logPmf(middle) <= limit) high = middle;
    else low = middle + 1;
  }
  const other = low > n ? Number.NEGATIVE_INFINITY : binomialTails(low - 1, n, p).logUpper;
  return logAddExp(binomialTails(x, n, p).logLower, other);
}
