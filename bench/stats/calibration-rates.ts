import { judge } from '../../lib/gate/judge.ts';
import { type Evidence, marginForPower, type Precision, precisionsOf } from '../../lib/gate/simulate/pass-chance.ts';
import { studentUpperQuantile } from '../../lib/stats/distributions/student-t.ts';
import { tMinimumDetectableEffect } from '../../lib/stats/power/t-power.ts';
import { wilsonInterval } from '../day-swap-wilson.ts';
import { KEPT } from './calibration-compare.ts';
import { RESAMPLED } from './calibration-resampled.ts';
import { type Scenario, scenarioName } from './calibration-scenario.ts';
import { CALIBRATED, type Calibrated, trueDifferences } from './calibration-truth.ts';

/** The power that theory says the power's margin is found with (the field's convention, Cohen 1988). */
export const AIMED_POWER = 0.8;

/** One-sided level of the gate's interval. */
export const LEVEL = 0.025;

/** Monte-Carlo standard errors that a rate may be above the level. */
const ALLOWED_ERRORS = 3;

/** What many comparisons of one metric in one scenario say. Shares from 0 to 1. */
export interface CalibratedRate {
  readonly scenario: string;
  readonly metric: Calibrated;
  readonly comparisons: number;
  /** Comparisons without an interval, which are not among those that all shares are of: too few of a class, mostly. */
  readonly undecided: number;
  readonly truth: number;
  /** The interval lies above the truth: what is exactly as much worse as is allowed passes. With its 95 % Wilson interval. */
  readonly falsePass: number;
  readonly falsePassRange: readonly [number, number];
  /** Above the level by more than chance. */
  readonly tooMany: boolean;
  /** The interval lies below the truth. */
  readonly falseFail: number;
  /** Passes of a model that is better than the limit by what a t test with G − 1 degrees of freedom finds in 80 %. */
  readonly power: number;
  /** The same by the plan of `assay simulate`, made from the first half of the holdouts and measured on the other. */
  readonly planPower: number;
  readonly meanDegrees: number;
}

/** The rates of every metric from the numbers that `compareMany` kept. */
export function ratesOf(scenario: Scenario, numbers: Float64Array): CalibratedRate[] {
  const truths = trueDifferences(scenario);
  const width = CALIBRATED.length * KEPT;
  const comparisons = numbers.length / width;
  return CALIBRATED.map((metric, index) => {
    const truth = truths[metric];
    const kept = Array.from({ length: comparisons }, (_none, c) =>
      numbers.subarray(c * width + index * KEPT, c * width + (index + 1) * KEPT),
    ).filter(([difference]) => !Number.isNaN(difference));
    const deviation = standardDeviation(kept.map(([difference]) => difference as number));
    const precision = { standardError: deviation, degreesOfFreedom: scenario.clusters - 1 };
    const step = tMinimumDetectableEffect(precision, AIMED_POWER);
    const half = kept.length >>> 1;
    const others = kept.slice(half);
    const plan = plannedStep(kept.slice(0, half).map(precisionOf), scenario.clusters);
    const passing = (margin: number, among = kept): number =>
      among.filter(([, lower, upper]) => {
        const limits = { lower: lower as number, upper: upper as number };
        return judge(margin > 0 ? 'not-worse' : 'better', limits, margin) === 'pass';
      }).length;
    const falsePasses = passing(-truth);
    const monteCarlo = Math.sqrt((LEVEL * (1 - LEVEL)) / kept.length);
    const falsePass = falsePasses / kept.length;
    return {
      scenario: scenarioName(scenario),
      metric,
      comparisons,
      undecided: comparisons - kept.length,
      truth,
      falsePass,
      falsePassRange: wilsonInterval(falsePasses, kept.length),
      tooMany: falsePass > LEVEL + ALLOWED_ERRORS * monteCarlo,
      falseFail: kept.filter(([, , upper]) => (upper as number) < truth).length / kept.length,
      power: passing(step - truth) / kept.length,
      planPower: passing(plan - truth, others) / others.length,
      meanDegrees: mean(kept.map(([, , , degrees]) => degrees as number)),
    };
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function standardDeviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

/** The difference for which the plan of `assay simulate` says 80 %, from what drawn holdouts have. */
function plannedStep(drawn: readonly Precision[], clusters: number): number {
  const evidence: Evidence = {
    requirement: 'better',
    margin: 0,
    standardError: Math.sqrt(mean(drawn.map(({ standardError }) => standardError ** 2))),
    degreesOfFreedom: mean(drawn.map(({ degreesOfFreedom }) => degreesOfFreedom)),
    clusters,
    draws: precisionsOf(drawn),
  };
  return marginForPower(evidence, LEVEL) ?? Number.NaN;
}

/** The standard error of a comparison, from the half-width of its interval, and its degrees of freedom. */
function precisionOf([difference = 0, lower = 0, , degreesOfFreedom = 0]: Float64Array): Precision {
  return { standardError: (difference - lower) / studentUpperQuantile(LEVEL, degreesOfFreedom), degreesOfFreedom };
}

/** How often a method that resamples takes a candidate for better than it is. */
export interface ResampledRate {
  readonly scenario: string;
  readonly method: string;
  readonly comparisons: number;
  readonly falsePass: number;
  readonly falsePassRange: readonly [number, number];
}

/** The same from what `resampleMany` counted. */
export function resampledRates(scenario: Scenario, numbers: Float64Array): ResampledRate[] {
  const comparisons = numbers.length / RESAMPLED.length;
  return RESAMPLED.map((method, index) => {
    let passes = 0;
    for (let at = index; at < numbers.length; at += RESAMPLED.length) passes += numbers[at] as number;
    return {
      scenario: scenarioName(scenario),
      method,
      comparisons,
      falsePass: passes / comparisons,
      falsePassRange: wilsonInterval(passes, comparisons),
    };
  });
}
