import {
  brierReliabilityDescription,
  brierResolutionDescription,
  brierUncertaintyDescription,
} from './brier-decomposition.ts';
import { debiasedCalibrationDescription, eceEqualMassDescription } from './calibration-error.ts';
import { calibrationInterceptDescription, calibrationSlopeDescription } from './calibration-line.ts';
import { biasDescription, maxErrorDescription, medianErrorDescription } from './error-extremes.ts';
import { type Description, fitsTask, type MetricTask } from './metric.ts';
import { spearmanDescription } from './spearman.ts';

/** Every number that is shown and cannot decide, by its name. None has the name of a metric. */
export const DESCRIPTIONS = {
  brier_reliability: brierReliabilityDescription,
  brier_resolution: brierResolutionDescription,
  brier_uncertainty: brierUncertaintyDescription,
  ece_equal_mass: eceEqualMassDescription,
  calibration_error_debiased: debiasedCalibrationDescription,
  calibration_slope: calibrationSlopeDescription,
  calibration_intercept: calibrationInterceptDescription,
  median_absolute_error: medianErrorDescription,
  max_error: maxErrorDescription,
  bias: biasDescription,
  spearman: spearmanDescription,
} as const satisfies Record<string, Description>;

/** What describes a task's examples without deciding. */
export function descriptionsForTask(task: MetricTask): Description[] {
  return Object.values<Description>(DESCRIPTIONS).filter((one) => fitsTask(one, task));
}
