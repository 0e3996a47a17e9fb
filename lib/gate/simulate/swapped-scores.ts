import { assayError } from '../../errors.ts';
import type { Metric, MetricTask } from '../../metrics/metric.ts';
import { METRICS } from '../../metrics/metrics.ts';
import { type PairedExamples, sideExamples } from '../evidence/paired-examples.ts';

/** An AUC this far below one half is not bad luck but a sign: the score is probably of the other class. */
const SWAPPED_BELOW = 0.4;

/** How near one side's AUC has to be to 1 − the other's for that to be more than a sign. */
const MIRRORED_WITHIN = 0.02;

/**
 * A warning when one side's scores look turned round: its AUC is well below ½ and the other's is not. A model that is
 * worse than chance by that much would be a good one with its classes swapped.
 *
 * Where the AUC is nearly 1 − the other's, it is the probability of the other class, and no number is given: throws
 * E_SCORE_REVERSED.
 *
 * @param known both sides' ROC AUC, where it was computed already
 */
export function swappedWarning(
  task: MetricTask,
  examples: PairedExamples,
  known?: { readonly candidate: number; readonly baseline: number },
): string | undefined {
  if (task !== 'binary') return undefined;
  const rocAuc: Metric = METRICS.roc_auc;
  const aucOf = (scores: Float64Array) => rocAuc.estimate(sideExamples(examples, scores, 0.5))?.value ?? Number.NaN;
  const auc = known ?? { candidate: aucOf(examples.candidate), baseline: aucOf(examples.baseline) };
  for (const [side, other] of [
    ['candidate', 'baseline'],
    ['baseline', 'candidate'],
  ] as const) {
    if (!(auc[side] < SWAPPED_BELOW && auc[other] >= 0.5)) continue;
    if (Math.abs(1 - auc[side] - auc[other]) <= MIRRORED_WITHIN) {
      const rows = examples.ids.length;
      throw assayError('E_SCORE_REVERSED', { side, other, auc: auc[side], otherAuc: auc[other], rows });
    }
    const value = auc[side].toFixed(3);
    return `the ${side}'s scores rank backwards (ROC AUC ${value}): is "score" the probability of the other class?`;
  }
  return undefined;
}
