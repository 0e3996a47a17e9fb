/** Statistics this close to the observed one, relative to the given scale, are equal to it but for rounding. */
const TIE_TOLERANCE = 1e-13;

/** The p-values of a permutation test. */
export interface PermutationP {
  /** P(T ≥ t), P(T ≤ t), P(|T| ≥ |t|) under the exchange. */
  readonly greater: number;
  readonly less: number;
  readonly twoSided: number;
  /** Twice the smaller tail, at most 1: SciPy's two-sided p. */
  readonly twiceSmallerTail: number;
  /** Whether all exchanges were tried; else these are Monte Carlo values (1 + b) / (1 + B) (Phipson & Smyth 2010). */
  readonly exact: boolean;
  /** Exchanges that were tried. */
  readonly permutations: number;
}

/**
 * @param exchanged the statistic after every exchange: all of them if `exact`, the observed one included, else random ones
 * @param scale size of the terms that the statistic is a sum of: says what a rounding error is
 */
export function permutationP(exchanged: Float64Array, observed: number, scale: number, exact: boolean): PermutationP {
  const tolerance = TIE_TOLERANCE * scale;
  // Written so that an exchange without a value (NaN) counts against the finding.
  let greater = exact ? 0 : 1;
  let less = greater;
  let further = greater;
  for (const value of exchanged) {
    if (!(value < observed - tolerance)) greater++;
    if (!(value > observed + tolerance)) less++;
    if (!(Math.abs(value) < Math.abs(observed) - tolerance)) further++;
  }
  const total = exchanged.length + (exact ? 0 : 1);
  return {
    greater: greater / total,
    less: less / total,
    twoSided: further / total,
    twiceSmallerTail: Math.min(1, (2 * Math.min(greater, less)) / total),
    exact,
    permutations: exchanged.length,
  };
}
