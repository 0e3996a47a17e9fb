import { estimateOf } from './function-of-sums.ts';
import { type Metric, SCORE_MARGIN } from './metric.ts';

/**
 * F1 of the positive class, Σ 2·y·ŷ / Σ (y + ŷ) (Takahashi et al. 2022; ratio estimator, Cochran 1977).
 * Without any positive, called or true, F1 is 0/0 and has no value.
 */
export const f1Metric: Metric = {
  name: 'f1',
  task: 'binary',
  higherIsBetter: true,
  defaultMargin: SCORE_MARGIN,
  needsProbabilities: true,
  estimate({ labels, scores, threshold }) {
    const hits = new Float64Array(labels.length);
    const either = new Float64Array(labels.length);
    for (let i = 0; i < labels.length; i++) {
      const call = (scores[i] as number) >= threshold ? 1 : 0;
      const label = labels[i] as number;
      hits[i] = 2 * label * call;
      either[i] = label + call;
    }
    return estimateOf({
      terms: [hits, either],
      value: ([hit, all]) => ((all as number) > 0 ? (hit as number) / (all as number) : undefined),
      gradient: ([hit, all]) => [1 / (all as number), -(hit as number) / (all as number) ** 2],
    });
  },
};
