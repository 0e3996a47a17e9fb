import { normalCdf, normalQuantile, normalUpperQuantile } from '../distributions/normal.ts';
import { findRoot } from '../numbers/find-root.ts';

/**
 * Planning of a comparison of two paired proportions: how many pairs, how much power, which difference. Discordance π is
 * the share of pairs on which the sides differ in being right; without labels the share of differing predictions bounds
 * it. Differences are candidate − baseline, |Δ| ≤ π. Assumes independent pairs; with clusters multiply n by the design
 * effect. Numbers of pairs are not rounded: take the next whole one.
 */
export interface PairedPlan {
  /** π, in (0, 1]. */
  readonly discordance: number;
  /** The level of the two-sided test, or of the one-sided one for non-inferiority. */
  readonly alpha?: number;
}

/** The level where none is named. */
const ALPHA = 0.05;
/** The power where none is named (Cohen 1988). */
const POWER = 0.8;

/**
 * Pairs with which the two-sided McNemar test finds a difference with the wanted power (Connor 1987, Biometrics 43:207;
 * Miettinen 1968): (z₁₋α/₂ √π + z_power √(π − Δ²))² / Δ². Undefined where there is no difference to find.
 */
export function pairsForDifference(
  plan: PairedPlan & { readonly difference: number; readonly power?: number },
): number | undefined {
  const { discordance, difference, alpha = ALPHA, power = POWER } = plan;
  checkPlan(discordance, difference, alpha);
  if (difference === 0) return undefined;
  const spread = Math.sqrt(discordance - difference * difference);
  const sum = normalUpperQuantile(alpha / 2) * Math.sqrt(discordance) + normalQuantile(power) * spread;
  return (Math.max(0, sum) / difference) ** 2;
}

/** The power of that test at `pairs` pairs, on the side of the difference; the other side's is less than α/2. */
export function pairedPower(plan: PairedPlan & { readonly difference: number; readonly pairs: number }): number {
  const { discordance, difference, pairs, alpha = ALPHA } = plan;
  checkPlan(discordance, difference, alpha);
  const spread = Math.sqrt(discordance - difference * difference);
  const distance = Math.abs(difference) * Math.sqrt(pairs) - normalUpperQuantile(alpha / 2) * Math.sqrt(discordance);
  if (spread === 0) return distance >= 0 ? 1 : 0;
  return normalCdf(distance / spread);
}

/**
 * The smallest difference that the two-sided test finds with the wanted power among `pairs` pairs; undefined where even
 * the largest possible, |Δ| = π, is not found.
 */
export function smallestPairedDifference(
  plan: PairedPlan & { readonly pairs: number; readonly power?: number },
): number | undefined {
  const { power = POWER, ...rest } = plan;
  const missed = (difference: number): number => pairedPower({ ...rest, difference }) - power;
  if (missed(plan.discordance) < 0) return undefined;
  return findRoot(missed, 0, plan.discordance);
}

/**
 * Pairs with which a candidate is shown to be not worse by `margin` (one-sided at α) with the wanted power, when its true
 * difference is `difference` (0 unless named): (z₁₋α + z_power)² (π − Δ²) / (m + Δ)². Undefined where it is as bad as the
 * margin or worse.
 */
export function pairsForNonInferiority(
  plan: PairedPlan & { readonly margin: number; readonly difference?: number; readonly power?: number },
): number | undefined {
  const { discordance, margin, difference = 0, alpha = ALPHA, power = POWER } = plan;
  checkPlan(discordance, difference, alpha);
  if (margin + difference <= 0) return undefined;
  const z = Math.max(0, normalUpperQuantile(alpha) + normalQuantile(power));
  return (z * z * (discordance - difference * difference)) / (margin + difference) ** 2;
}

/** The power to show that it is not worse by `margin`, one-sided at α, among `pairs` pairs. */
export function nonInferiorityPower(
  plan: PairedPlan & { readonly margin: number; readonly difference?: number; readonly pairs: number },
): number {
  const { discordance, margin, difference = 0, pairs, alpha = ALPHA } = plan;
  checkPlan(discordance, difference, alpha);
  const spread = Math.sqrt((discordance - difference * difference) / pairs);
  if (!(spread > 0) || pairs === 0) return pairs > 0 && margin + difference > 0 ? 1 : alpha;
  return normalCdf((margin + difference) / spread - normalUpperQuantile(alpha));
}

function checkPlan(discordance: number, difference: number, alpha: number): void {
  if (!(discordance > 0 && discordance <= 1)) throw new RangeError(`${discordance} is not a share of discordant pairs`);
  if (!(Math.abs(difference) <= discordance)) {
    throw new RangeError(`a difference of ${difference} cannot be where a share of ${discordance} differs`);
  }
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`${alpha} is not a level between 0 and 1`);
}
