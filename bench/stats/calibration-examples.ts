import {
  createPlannedHoldouts,
  type HoldoutPlan,
  type PlannedHoldout,
} from '../../lib/gate/holdout/planned-holdout.ts';
import { errorDeviations, type Scenario, separations } from './calibration-scenario.ts';

/** Correlation of the two sides' scores, and of their errors, on one row. */
const BETWEEN_SIDES = 0.8;

/** Rows of every cluster: alike, or the k-th largest with 1/k of the largest's, at least one each. */
function clusterSizes({ rows, clusters, sizes }: Scenario): number[] {
  const weights = Array.from({ length: clusters }, (_none, g) => (sizes === 'equal' ? 1 : 1 / (g + 1)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let at = 0;
  let filled = 0;
  return weights.map((weight, g) => {
    filled += (weight / total) * rows;
    const end = g === clusters - 1 ? rows : Math.max(at + 1, Math.round(filled));
    const size = end - at;
    at = end;
    return size;
  });
}

/** Holdouts of a scenario: what `assay simulate` draws, with a candidate that may be worse. */
export function createHoldouts(
  scenario: Scenario,
  seed: readonly [number, number],
): (number: number) => PlannedHoldout {
  const plan: HoldoutPlan = {
    sizes: clusterSizes(scenario),
    intraclass: scenario.intraclass,
    positives: scenario.positives,
    agreement: BETWEEN_SIDES,
    separation: separations(scenario),
    deviation: errorDeviations(scenario),
  };
  return createPlannedHoldouts(plan, seed);
}
