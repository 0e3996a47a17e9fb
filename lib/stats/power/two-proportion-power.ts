import { normalCdf, normalQuantile, normalUpperQuantile } from '../distributions/normal.ts';
import { findRoot } from '../numbers/find-root.ts';

/**
 * Planning of a comparison of two independent proportions with equally many trials on each side, two-sided at α. Numbers
 * of trials are for each side and not rounded: take the next whole one. Paired judgements need 3–9 times fewer; see
 * `pairsForDifference`.
 */
export interface TwoProportionPlan {
  /** The baseline's true share, 0 … 1. */
  readonly baseline: number;
  readonly alpha?: number;
}

const ALPHA = 0.05;
const POWER = 0.8;

/**
 * Trials for each side with which the pooled z test finds the candidate's share with the wanted power (Fleiss 1981; R's
 * power.prop.test). Undefined where the shares are equal.
 */
export function trialsForShares(
  plan: TwoProportionPlan & { readonly candidate: number; readonly power?: number },
): number | undefined {
  const { baseline, candidate, alpha = ALPHA, power = POWER } = plan;
  checkShares(baseline, candidate);
  if (baseline === candidate) return undefined;
  const { pooled, separate } = spreads(baseline, candidate);
  const sum = normalUpperQuantile(alpha / 2) * pooled + normalQuantile(power) * separate;
  return (Math.max(0, sum) / (candidate - baseline)) ** 2;
}

/** The power of that test with `trials` on each side, on the side of the difference, as R's power.prop.test has it. */
export function twoProportionPower(
  plan: TwoProportionPlan & { readonly candidate: number; readonly trials: number },
): number {
  const { baseline, candidate, trials, alpha = ALPHA } = plan;
  checkShares(baseline, candidate);
  const { pooled, separate } = spreads(baseline, candidate);
  const distance = Math.abs(candidate - baseline) * Math.sqrt(trials) - normalUpperQuantile(alpha / 2) * pooled;
  if (separate === 0) return distance > 0 ? 1 : alpha / 2;
  return normalCdf(distance / separate);
}

/**
 * The candidate's share nearest to the baseline's, above it or below, that the test finds with the wanted power; undefined
 * where even 1 or 0 is not found.
 */
export function nearestShareFound(
  plan: TwoProportionPlan & { readonly trials: number; readonly power?: number; readonly direction: 'above' | 'below' },
): number | undefined {
  const { baseline, power = POWER, direction } = plan;
  const end = direction === 'above' ? 1 : 0;
  const missed = (candidate: number): number => twoProportionPower({ ...plan, candidate }) - power;
  if (missed(end) < 0) return undefined;
  return findRoot(missed, baseline, end);
}

/** Cohen's effect size h of two shares: the difference of their arcsines, candidate − baseline (1988). */
export function cohensH(baseline: number, candidate: number): number {
  checkShares(baseline, candidate);
  return 2 * Math.asin(Math.sqrt(candidate)) - 2 * Math.asin(Math.sqrt(baseline));
}

/**
 * Trials for each side by the arcsine transformation, both tails counted (Cohen 1988; statsmodels' NormalIndPower).
 * Undefined where the shares are equal; 0 where the level alone has that power.
 */
export function trialsForSharesArcsine(
  plan: TwoProportionPlan & { readonly candidate: number; readonly power?: number },
): number | undefined {
  const { baseline, candidate, alpha = ALPHA, power = POWER } = plan;
  const h = cohensH(baseline, candidate);
  if (h === 0) return undefined;
  if (power <= alpha) return 0;
  const z = normalUpperQuantile(alpha / 2);
  const missed = (distance: number): number => normalCdf(distance - z) + normalCdf(-distance - z) - power;
  const distance = findRoot(missed, 0, Math.max(0, z + normalQuantile(power)));
  return 2 * (distance / h) ** 2;
}

function spreads(baseline: number, candidate: number): { readonly pooled: number; readonly separate: number } {
  const mean = (baseline + candidate) / 2;
  return {
    pooled: Math.sqrt(2 * mean * (1 - mean)),
    separate: Math.sqrt(baseline * (1 - baseline) + candidate * (1 - candidate)),
  };
}

function checkShares(...shares: readonly number[]): void {
  for (const share of shares) {
    if (!(share >= 0 && share <= 1)) throw new RangeError(`${share} is not a share between 0 and 1`);
  }
}
