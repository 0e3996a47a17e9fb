import { logKolmogorovSmirnovUpper } from '../distributions/kolmogorov-smirnov-law.ts';
import type { Alternative, TestResult } from '../hypothesis-test.ts';
import { ksPathP } from './ks-paths.ts';

/** Up to this many products of sample sizes the exact p value is computed: under 0.1 s. */
const EXACT_PRODUCT = 1_000_000;

export interface KsResult extends TestResult<'ks-exact' | 'ks-asymptotic'> {
  /** The value at which D is reached; undefined when it is reached nowhere (D = 0 or a side is empty). */
  readonly at: number | undefined;
  /** Values of each side that are not NaN. */
  readonly sizes: readonly [number, number];
}

export interface KsOptions {
  readonly alternative?: Alternative;
  readonly method?: 'exact' | 'asymptotic';
}

/**
 * The two-sample Kolmogorov–Smirnov test (Smirnov 1939). The statistic is D, the largest distance between the two
 * empirical distribution functions: two-sided of either sign, `greater` where the first function is above the second
 * (the first sample's values tend to be smaller), `less` below.
 *
 * `exact` is the share of all splits of the pooled values with a D as large, given their ties, as R's ks.test has it
 * (psmirnov; SciPy's exact p ignores ties and is then too large). `asymptotic` takes the one-sample law at n·m/(n+m)
 * two-sided and Hodges' formula (1958, 5.3) one-sided, as SciPy does; with ties it is too large. By default `exact` where
 * n·m is at most a million.
 *
 * Assumes independent values, which rows of one day are not; p says only whether there is a difference: with a million
 * rows one of D = 0.002 is significant and means nothing. NaN values do not count; an empty side gives D = 0 and p = 1.
 */
export function ksTwoSample(first: ArrayLike<number>, second: ArrayLike<number>, options: KsOptions = {}): KsResult {
  return ksOfSorted(sortedValues(first), sortedValues(second), options);
}

/** The same of samples that ascend and hold no NaN: sorting takes most of the time and can be done elsewhere. */
export function ksOfSorted(a: Float64Array, b: Float64Array, options: KsOptions = {}): KsResult {
  const { alternative = 'two-sided' } = options;
  const [n, m] = [a.length, b.length];
  const exact = options.method === undefined ? n * m <= EXACT_PRODUCT : options.method === 'exact';
  const method = exact ? 'ks-exact' : 'ks-asymptotic';
  if (n === 0 || m === 0) {
    return { method, alternative, statistic: 0, pValue: 1, logPValue: 0, at: undefined, sizes: [n, m] };
  }
  const { steps, at } = largestStep(a, b, alternative);
  // In units of 1/(n·m), so that equal distances are equal.
  const statistic = steps / (n * m);
  const log = exact ? Math.log(ksPathP(a, b, steps, alternative)) : logAsymptotic(n, m, statistic, alternative);
  const logPValue = steps === 0 ? 0 : Math.min(0, log);
  return { method, alternative, statistic, pValue: Math.exp(logPValue), logPValue, at, sizes: [n, m] };
}

function sortedValues(values: ArrayLike<number>): Float64Array {
  // A copy as a block: `from` would go value by value.
  const sorted = new Float64Array(values).sort();
  let count = sorted.length;
  // NaN is sorted to the end.
  while (count > 0 && Number.isNaN(sorted[count - 1])) count--;
  return sorted.subarray(0, count);
}

/** The largest m·(values of a ≤ x) − n·(values of b ≤ x) over all x, of the wanted sign, and its x. */
function largestStep(
  a: Float64Array,
  b: Float64Array,
  alternative: Alternative,
): { readonly steps: number; readonly at: number | undefined } {
  const [n, m] = [a.length, b.length];
  let [i, j, steps] = [0, 0, 0];
  let at: number | undefined;
  while (i < n && j < m) {
    const value = Math.min(a[i] as number, b[j] as number);
    while (i < n && (a[i] as number) <= value) i++;
    while (j < m && (b[j] as number) <= value) j++;
    const difference = i * m - j * n;
    const size = alternative === 'greater' ? difference : alternative === 'less' ? -difference : Math.abs(difference);
    if (size > steps) {
      steps = size;
      at = value;
    }
  }
  return { steps, at };
}

function logAsymptotic(n: number, m: number, d: number, alternative: Alternative): number {
  const effective = (n * m) / (n + m);
  if (alternative === 'two-sided') return logKolmogorovSmirnovUpper(Math.max(1, Math.round(effective)), d);
  const [larger, smaller] = [Math.max(n, m), Math.min(n, m)];
  const z = Math.sqrt(effective) * d;
  return -2 * z * z - (2 * z * (larger + 2 * smaller)) / Math.sqrt(larger * smaller * (larger + smaller)) / 3;
}
