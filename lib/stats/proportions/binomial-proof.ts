import { binomialTails } from '../distributions/binomial.ts';

/**
 * The fewest trials among which `over` misses still prove, with confidence c, that the share of hits is above
 * `share`: the smallest total with P(X ≤ over | total, 1 − share) ≤ 1 − c. So a latency percentile is proven early (MLPerf
 * Inference's early stopping). Without a miss it is ln(1 − c)/ln(share).
 *
 * @param share in (0, 1)
 * @param confidence in (0, 1)
 * @param over misses, whole, from 0
 */
export function trialsToProve(share: number, confidence: number, over: number): number {
  if (!(share > 0 && share < 1)) throw new RangeError(`${share} is not a share between 0 and 1`);
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`${confidence} is not a confidence between 0 and 1`);
  if (!Number.isSafeInteger(over) || over < 0) throw new RangeError(`${over} is not a count`);
  const proven = (total: number): boolean => binomialTails(over, total, 1 - share).lower <= 1 - confidence;
  let high = over + 1;
  while (!proven(high)) high *= 2;
  let low = over + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (proven(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
