import { sha256 } from '../../lib/digest.ts';
import { type ComparisonSettings, intervalOf, metricDifference } from '../../lib/gate/compare/compare-metric.ts';
import { GateRules } from '../../lib/gate/rules.ts';
import type { Metric } from '../../lib/metrics/metric.ts';
import { METRICS } from '../../lib/metrics/metrics.ts';
import { seedOf } from '../../lib/stats/resampling/random.ts';
import { createHoldouts } from './calibration-examples.ts';
import { type Scenario, scenarioName } from './calibration-scenario.ts';
import { CALIBRATED } from './calibration-truth.ts';

const RULES = GateRules.parse({ primary: 'roc_auc' });
const SETTINGS: ComparisonSettings = { rules: RULES, alpha: RULES.alpha };

/** What is kept of one metric in one comparison: difference, limits, degrees of freedom. */
export const KEPT = 4;

/**
 * The gate's own answers, comparisons `from` … `to` − 1 of a scenario: for each, for each of CALIBRATED, KEPT numbers; NaN
 * where the gate has no interval.
 */
export function compareMany(scenario: Scenario, from: number, to: number): Float64Array<ArrayBuffer> {
  const holdouts = createHoldouts(scenario, seedOf(sha256(scenarioName(scenario))));
  const kept = new Float64Array((to - from) * CALIBRATED.length * KEPT).fill(Number.NaN);
  let at = 0;
  for (let comparison = from; comparison < to; comparison++) {
    const { binary, regression } = holdouts(comparison);
    for (const name of CALIBRATED) {
      const metric: Metric = METRICS[name];
      const found = metricDifference(metric, metric.task === 'binary' ? binary : regression, SETTINGS);
      if (found?.inference !== undefined) {
        const { lower, upper } = intervalOf(found.difference, found.inference, SETTINGS.alpha);
        kept.set([found.difference, lower, upper, found.inference.degreesOfFreedom], at);
      }
      at += KEPT;
    }
  }
  return kept;
}
