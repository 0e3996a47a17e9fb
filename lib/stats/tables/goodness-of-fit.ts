/**
 * The counts to be expected when all that was observed falls in the ratio of `weights`. Throws a RangeError at a weight
 * that is not positive or a count that is none.
 */
export function expectedShares(observed: readonly number[], weights: readonly number[]): number[] {
  if (observed.length !== weights.length) {
    throw new RangeError(`${observed.length} counts have ${weights.length} weights`);
  }
  for (const count of observed) {
    if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`${count} is not a count`);
  }
  for (const weight of weights) {
    if (!(weight > 0 && weight < Number.POSITIVE_INFINITY)) throw new RangeError(`${weight} is not a positive weight`);
  }
  const total = observed.reduce((sum, count) => sum + count, 0);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (weight / whole) * total);
}
