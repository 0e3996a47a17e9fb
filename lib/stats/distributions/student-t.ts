import gammaln from '@stdlib/math-base-special-gammaln';
import quantile from '@stdlib/stats-base-dists-t-quantile';
import { incompleteBeta } from './incomplete-beta.ts';
import { ALL_BELOW, swapTails, type TailPair, UNDEFINED_TAILS } from './tail-pair.ts';

/**
 * Student's t distribution with `df` > 0 degrees of freedom (Student 1908): P(|T| ≥ |t|) = I_x(df/2, ½) with
 * x = df/(df + t²) (DLMF 8.17.20). Tails keep their digits to the smallest double and their logarithms beyond. NaN
 * arguments and degrees of freedom that are not positive and finite give NaN.
 */

/** From this |t|/√df on 1 + t²/df is t²/df to a double, and the tail is its leading power. */
const POWER_LAW_FROM = 1e9;

/** Below this probability quantiles are solved from the log tail; the packaged ones are right to there. */
const FAR_QUANTILE = 1e-50;

const HALF_LOG_PI = Math.log(Math.PI) / 2;

/** Both tails of T at t, with their logarithms. */
export function studentTails(t: number, df: number): TailPair {
  if (Number.isNaN(t) || !isDegrees(df)) return UNDEFINED_TAILS;
  const far = Math.abs(t) === Number.POSITIVE_INFINITY ? ALL_BELOW : tailsOfPositive(Math.abs(t), df);
  return t < 0 ? swapTails(far) : far;
}

/** P(T ≤ t). */
export function studentCdf(t: number, df: number): number {
  return studentTails(t, df).lower;
}

/** P(T ≥ t). */
export function studentUpper(t: number, df: number): number {
  return studentTails(t, df).upper;
}

/** P(|T| ≥ |t|): the two-sided p value. */
export function studentTwoSided(t: number, df: number): number {
  return Math.min(1, 2 * studentTails(Math.abs(t), df).upper);
}

/** Quantile of Student's t, p in (0, 1). */
export function studentQuantile(p: number, df: number): number {
  return p > 0 && p < FAR_QUANTILE ? -studentUpperQuantile(p, df) : bodyQuantile(p, df);
}

/** The t with P(T ≥ t) = p, p in (0, 1): keeps its digits where 1 − p would be 1. ∞ when it is above all doubles. */
export function studentUpperQuantile(p: number, df: number): number {
  if (!(p > 0 && p < FAR_QUANTILE) || !isDegrees(df)) return 0 - bodyQuantile(p, df);
  const goal = Math.log(p);
  const isShort = (t: number): boolean => studentTails(t, df).logUpper > goal;
  if (isShort(Number.MAX_VALUE)) return Number.POSITIVE_INFINITY;
  // Bisection on ln t, down to the last bit: tails this far run over hundreds of orders of magnitude.
  let low = 0;
  let high = Math.log(Number.MAX_VALUE);
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return Math.exp(middle);
    if (isShort(Math.exp(middle))) low = middle;
    else high = middle;
  }
}

function isDegrees(df: number): boolean {
  return df > 0 && df < Number.POSITIVE_INFINITY;
}

function bodyQuantile(p: number, df: number): number {
  return isDegrees(df) ? quantile(p, df) : Number.NaN;
}

function tailsOfPositive(t: number, df: number): TailPair {
  const ratio = t / Math.sqrt(df);
  const logBoth = ratio < POWER_LAW_FROM ? logOutside(ratio * ratio, df / 2) : logPowerLaw(t, df);
  const logUpper = logBoth - Math.LN2;
  const upper = Math.exp(logBoth) / 2;
  return { lower: 1 - upper, upper, logLower: Math.log1p(-upper), logUpper };
}

/** ln P(|T| ≥ t) from t²/df. */
function logOutside(square: number, half: number): number {
  return incompleteBeta(half, 0.5, 1 / (1 + square), square / (1 + square)).logLower;
}

/** ln of the leading term x^a / (a B(a, ½)) with a = df/2 and √x = √df/t, of which the quotient may overflow. */
function logPowerLaw(t: number, df: number): number {
  const a = df / 2;
  const logRatio = Math.log(t) - Math.log(df) / 2;
  return gammaln(a + 0.5) - gammaln(a) - HALF_LOG_PI - Math.log(a) - df * logRatio;
}
