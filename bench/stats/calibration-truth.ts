import { logitOf } from '../../lib/gate/holdout/planned-holdout.ts';
import { normalCdf } from '../../lib/stats/distributions/normal.ts';
import { errorDeviations, type Scenario, separations } from './calibration-scenario.ts';

/** The metrics that are calibrated. */
export const CALIBRATED = ['accuracy', 'roc_auc', 'f1', 'log_loss', 'rmse'] as const;
export type Calibrated = (typeof CALIBRATED)[number];

/** Half-width (standard deviations) and step of the rule that integrates the log loss. */
const REACH = 12;
const STEP = 1e-3;

/** The metrics of one side on endlessly many clusters. A score is N(0, 1) for a negative, N(separation, 1) for a positive. */
function populationValues(separation: number, positives: number, errors: number): Readonly<Record<Calibrated, number>> {
  // Called positive where the probability is at least one half: from this score on.
  const cut = (separation * separation) / 2 / separation - Math.log(positives / (1 - positives)) / separation;
  const found = positives * normalCdf(separation - cut);
  const falseCalls = (1 - positives) * normalCdf(-cut);
  const missed = positives - found;
  return {
    accuracy: 1 - falseCalls - missed,
    roc_auc: normalCdf(separation / Math.SQRT2),
    f1: (2 * found) / (2 * found + falseCalls + missed),
    log_loss: populationLogLoss(separation, positives),
    rmse: errors,
  };
}

function populationLogLoss(separation: number, positives: number): number {
  let sum = 0;
  for (let step = -REACH / STEP; step <= REACH / STEP; step++) {
    const z = step * STEP;
    const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
    const ofPositive = Math.log1p(Math.exp(-logitOf(z + separation, separation, positives)));
    const ofNegative = Math.log1p(Math.exp(logitOf(z, separation, positives)));
    sum += density * (positives * ofPositive + (1 - positives) * ofNegative);
  }
  return sum * STEP;
}

/** The true differences of a scenario, turned so that + is better: on endlessly many clusters. */
export function trueDifferences(scenario: Scenario): Readonly<Record<Calibrated, number>> {
  const by = separations(scenario);
  const errors = errorDeviations(scenario);
  const candidate = populationValues(by.candidate, scenario.positives, errors.candidate);
  const baseline = populationValues(by.baseline, scenario.positives, errors.baseline);
  return {
    accuracy: candidate.accuracy - baseline.accuracy,
    roc_auc: candidate.roc_auc - baseline.roc_auc,
    f1: candidate.f1 - baseline.f1,
    log_loss: baseline.log_loss - candidate.log_loss,
    rmse: baseline.rmse - candidate.rmse,
  };
}
