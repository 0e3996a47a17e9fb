import type { Inference } from '../inference.ts';

/** What is estimated of the largest of several numbers, now and before. */
export interface LargestOfMany {
  /** Estimates now, e.g. of every difference between two groups; at least one. */
  readonly now: readonly number[];
  /** The same before, in the same order; or one number alone, such as a limit. */
  readonly before: readonly number[];
  /** What is known of the error of `before[j] − now[i]`. Undefined where nothing is. */
  readonly fall: (i: number, j: number) => Inference | undefined;
  /** What is known of the error of `now[i] − now[j]`, and of the same before; all 0 for one number. */
  readonly within: { readonly now: PairInference; readonly before: PairInference };
}

type PairInference = (i: number, j: number) => Inference | undefined;

/** Limits of max(before) − max(now), each exceeded with at most `alpha`. */
export interface GrowthLimits {
  readonly lower: number;
  readonly upper: number;
  /** Of the difference that the lower limit rests on. */
  readonly inference: Inference;
}

/**
 * One-sided level at which a number is taken out of those that may be the largest. What is wrongly taken out adds at most
 * this to `alpha`, and only where it lies just so far below.
 */
const SELECTION = 0.005;

/**
 * Confidence limits for how far the largest of several numbers fell, max(before) − max(now). The plain jackknife of a
 * maximum is wrong where several are nearly the largest: there it has a kink, and chance pushes it up. Here:
 *
 * - "max(now) is below a limit" is only said when it is shown of *every* number, each at α (intersection–union, Berger 1982):
 *   whichever is truly the largest is among them;
 * - "max(before) is above a limit" may be shown by *any* number that can be the largest. The number itself is taken
 *   (its own growth: paired, and the narrowest) where it can be; else all that can be, at α over how many they are
 *   (union–intersection with adaptive selection, as Chernozhukov, Lee & Rosen 2013).
 *
 * So each limit is exceeded in at most α of samples, about exactly where one number is clearly the largest, and fewer
 * where several tie.
 *
 * @param alpha one-sided level of either limit
 * @returns undefined where nothing is known of some difference
 */
export function growthOfLargest(known: LargestOfMany, alpha: number): GrowthLimits | undefined {
  const { now, before, fall, within } = known;
  const lower = leastFall(now, before, fall, within.before, alpha);
  // The growth of the largest is its fall with the sides exchanged.
  const upper = leastFall(before, now, (i, j) => fall(j, i), within.now, alpha);
  if (lower === undefined || upper === undefined) return undefined;
  return { lower: lower.limit, upper: 0 - upper.limit, inference: lower.inference };
}

/** Lower limit of max(high) − max(low): the least over `low` of what can be shown against some of `high`. */
function leastFall(
  low: readonly number[],
  high: readonly number[],
  fall: PairInference,
  withinHigh: PairInference,
  alpha: number,
): { readonly limit: number; readonly inference: Inference } | undefined {
  const largest = indexOfLargest(high);
  const contenders = contendersOf(high, largest, withinHigh);
  if (contenders === undefined) return undefined;
  const paired = low.length === high.length;
  let least: { readonly limit: number; readonly inference: Inference } | undefined;
  for (let i = 0; i < low.length; i++) {
    const against = paired && contenders.includes(i) ? [i] : contenders;
    let shown: { readonly limit: number; readonly inference: Inference } | undefined;
    for (const j of against) {
      const inference = fall(i, j);
      if (inference === undefined) return undefined;
      const half = inference.critical(1 - (2 * alpha) / against.length) * inference.standardError;
      const limit = (high[j] as number) - (low[i] as number) - half;
      if (shown === undefined || limit > shown.limit) shown = { limit, inference };
      // More contenders could only raise what does not decide any more.
      if (least !== undefined && limit >= least.limit) break;
    }
    if (shown !== undefined && (least === undefined || shown.limit < least.limit)) least = shown;
  }
  return least;
}

/** The numbers that can be the largest: not shown to be below the one that is in the sample. */
function contendersOf(values: readonly number[], largest: number, within: PairInference): number[] | undefined {
  const found: number[] = [];
  for (let j = 0; j < values.length; j++) {
    if (j === largest) {
      found.push(j);
      continue;
    }
    const inference = within(largest, j);
    if (inference === undefined) return undefined;
    const reach = inference.critical(1 - 2 * SELECTION) * inference.standardError;
    if ((values[largest] as number) - (values[j] as number) <= reach) found.push(j);
  }
  return found;
}

function indexOfLargest(values: readonly number[]): number {
  let largest = 0;
  values.forEach((value, i) => {
    if (value > (values[largest] as number)) largest = i;
  });
  return largest;
}
