import { noncentralT } from '../distributions/noncentral-t.ts';
import { normalUpperQuantile } from '../distributions/normal.ts';
import { studentUpperQuantile } from '../distributions/student-t.ts';
import { findRoot } from '../numbers/find-root.ts';

/**
 * Power of t tests, and its two inverses, in the one form that all methods here share: a method says what its standard
 * error and degrees of freedom are at a size, and the noncentral t distribution does the rest (Cohen 1988; exact, as in
 * R's `pwr` and statsmodels). Everything is stated at a difference that matters, never at the observed one (design §5).
 */
export interface TestLevel {
  /** Chance of a false positive: of each of the `sides` together. */
  readonly alpha: number;
  /** 1: the difference is looked for on its own side only. 2: on both, α/2 each. */
  readonly sides: 1 | 2;
}

/** The gate's: one side of a two-sided 95 % interval. */
export const GATE_LEVEL: TestLevel = { alpha: 0.025, sides: 1 };

/** What a test knows at one size. */
export interface TestPrecision {
  /** In the unit of the difference. */
  readonly standardError: number;
  /** ∞: the spread is known, and the test is the normal one. Not above 0: too few for a test, power 0. */
  readonly degreesOfFreedom: number;
}

/** More units than this are not a plan. */
export const SIZE_CAP = 1e9;

/** P(the test says "different") when the truth is `effect` away from the null. */
export function tPower(effect: number, precision: TestPrecision, level: TestLevel = GATE_LEVEL): number {
  const { standardError, degreesOfFreedom } = precision;
  if (!(degreesOfFreedom > 0) || Number.isNaN(effect) || Number.isNaN(standardError)) return 0;
  const distance = Math.abs(effect);
  if (standardError === 0) return distance > 0 ? 1 : 0;
  const critical = criticalValue(degreesOfFreedom, level);
  const delta = distance / standardError;
  if (delta - critical > SURE) return 1;
  const far = noncentralT(critical, degreesOfFreedom, delta).upper;
  return level.sides === 1 ? far : Math.min(1, far + noncentralT(-critical, degreesOfFreedom, delta).lower);
}

/** The difference that the test finds with chance `power`; ∞ when it cannot find any, NaN for power not in (α, 1). */
export function tMinimumDetectableEffect(
  precision: TestPrecision,
  power: number,
  level: TestLevel = GATE_LEVEL,
): number {
  if (!(power > level.alpha && power < 1)) return Number.NaN;
  const { standardError, degreesOfFreedom } = precision;
  if (!(degreesOfFreedom > 0) || Number.isNaN(standardError)) return Number.POSITIVE_INFINITY;
  if (standardError === 0) return 0;
  const critical = criticalValue(degreesOfFreedom, level);
  if (degreesOfFreedom === Number.POSITIVE_INFINITY && level.sides === 1) {
    return standardError * (critical - normalUpperQuantile(power));
  }
  const unit = { standardError: 1, degreesOfFreedom };
  const miss = (delta: number): number => tPower(delta, unit, level) - power;
  let high = 2 * critical + 1;
  while (miss(high) < 0) high *= 2;
  return standardError * findRoot(miss, 0, high);
}

/**
 * The smallest size, as a real number, at which the test finds `effect` with chance `power`.
 *
 * @param precisionAt what the test knows at a size; the standard error falls as the size grows
 * @param smallest size with which a test is possible at all
 * @returns undefined when more than SIZE_CAP is needed, also for an effect of 0
 */
export function tSampleSize(
  effect: number,
  precisionAt: (size: number) => TestPrecision,
  smallest: number,
  power: number,
  level: TestLevel = GATE_LEVEL,
): number | undefined {
  const miss = (logSize: number): number => tPower(effect, precisionAt(Math.exp(logSize)), level) - power;
  const [low, high] = [Math.log(smallest), Math.log(SIZE_CAP)];
  if (!(power < 1) || miss(high) < 0) return undefined;
  return miss(low) >= 0 ? smallest : Math.exp(findRoot(miss, low, high));
}

/** From this many standard errors above the critical value the power is 1 to a double. */
const SURE = 40;

function criticalValue(degreesOfFreedom: number, { alpha, sides }: TestLevel): number {
  const tail = alpha / sides;
  if (degreesOfFreedom === Number.POSITIVE_INFINITY) return normalUpperQuantile(tail);
  return studentUpperQuantile(tail, degreesOfFreedom);
}
