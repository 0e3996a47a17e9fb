import { binomialTails, logBinomialPmf } from '../distributions/binomial.ts';
import { logAddExp } from '../distributions/tail-pair.ts';
import type { Alternative, TestResult } from '../hypothesis-test.ts';
import { checkProportion, type Proportion } from './proportion.ts';

/** Outcomes whose probability is this near to the observed one's count as no more likely; as in R and SciPy. */
const LOG_TIE = Math.log1p(1e-7);

/**
 * The exact binomial test of a success probability. Two-sided is the sum of all outcomes that are no more likely than
 * the observed one, as in R's binom.test and SciPy's binomtest. The statistic is the number of successes. Assumes
 * independent trials; no trial gives p = 1.
 *
 * @param nullShare the success probability under the null, 0 … 1
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
  return x === n * p ? 0 : logTwoSided(x, n, p);
}

/** ln of the observed tail and of what is no more likely on the other side of the mean. */
function logTwoSided(x: number, n: number, p: number): number {
  const limit = logBinomialPmf(x, n, p) + LOG_TIE;
  const small = (k: number): boolean => logBinomialPmf(k, n, p) <= limit;
  // Away from the mean the probabilities fall: the first that is small enough begins the other tail.
  if (x < n * p) {
    const mean = Math.ceil(n * p);
    const from = mean + firstSmall(n - mean + 1, (steps) => small(mean + steps));
    return logAddExp(binomialTails(x, n, p).logLower, binomialTails(from - 1, n, p).logUpper);
  }
  const mean = Math.floor(n * p);
  const to = mean - firstSmall(mean + 1, (steps) => small(mean - steps));
  return logAddExp(binomialTails(x - 1, n, p).logUpper, binomialTails(to, n, p).logLower);
}

/** The fewest steps, up to `most`, after which a condition that stays true is true. */
function firstSmall(most: number, holds: (steps: number) => boolean): number {
  let low = 0;
  let high = most;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
