/**
 * What the naive forecast of a series gets wrong on its own past: the mean of |y(t) − y(t − season)| (Hyndman & Koehler
 * 2006). 0 where the past is no longer than a season: nothing is known, and MASE leaves the series out.
 *
 * @param values the past in order of time, in the target's unit
 * @param season steps after which the series repeats; 1: the forecast is the value before
 */
export function naiveScale(values: ArrayLike<number>, season: number): number {
  let sum = 0;
  let count = 0;
  for (let t = season; t < values.length; t++) {
    sum += Math.abs((values[t] as number) - (values[t - season] as number));
    count++;
  }
  return count === 0 ? 0 : sum / count;
}
