/**
 * Both tails of a continuous distribution at one point, with their natural logarithms: p values below 1e-300 keep
 * their size in the logarithm when the number itself is 0.
 */
export interface TailPair {
  /** P(X ≤ x). */
  readonly lower: number;
  /** P(X > x). */
  readonly upper: number;
  readonly logLower: number;
  readonly logUpper: number;
}

export const ALL_BELOW: TailPair = { lower: 1, upper: 0, logLower: 0, logUpper: Number.NEGATIVE_INFINITY };
export const ALL_ABOVE: TailPair = { lower: 0, upper: 1, logLower: Number.NEGATIVE_INFINITY, logUpper: 0 };
export const UNDEFINED_TAILS: TailPair = {
  lower: Number.NaN,
  upper: Number.NaN,
  logLower: Number.NaN,
  logUpper: Number.NaN,
};

/** ln(1 − e^x) for x ≤ 0 without cancellation (Mächler 2012, "Accurately computing log(1 − exp(−|a|))"). */
export function logOneMinusExp(x: number): number {
  return x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x));
}

/** ln(e^x + e^y). */
export function logAddExp(x: number, y: number): number {
  const larger = Math.max(x, y);
  if (larger === Number.NEGATIVE_INFINITY) return larger;
  return larger + Math.log1p(Math.exp(Math.min(x, y) - larger));
}

/** The pair of which the lower tail's logarithm was computed; accurate where that tail is not close to 1. */
export function fromLogLower(logLower: number): TailPair {
  const bounded = Math.min(0, logLower);
  return {
    lower: Math.exp(bounded),
    upper: -Math.expm1(bounded),
    logLower: bounded,
    logUpper: logOneMinusExp(bounded),
  };
}

/** The same two tails seen from the other side (X turned into −X). */
export function swapTails(tails: TailPair): TailPair {
  return { lower: tails.upper, upper: tails.lower, logLower: tails.logUpper, logUpper: tails.logLower };
}
