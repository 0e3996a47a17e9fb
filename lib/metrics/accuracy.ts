import { meanEstimate } from './function-of-sums.ts';
import { type Metric, SCORE_MARGIN } from './metric.ts';

/** Share of rows whose call (score ≥ threshold) is the label. */
export const accuracyMetric: Metric = {
  name: 'accuracy',
  task: 'binary',
  higherIsBetter: true,
  defaultMargin: SCORE_MARGIN,
  needsProbabilities: true,
  estimate({ labels, scores, threshold }) {
    const right = new Float64Array(labels.length);
    for (let i = 0; i < labels.length; i++) {
      const call = (scores[i] as number) >= threshold ? 1 : 0;
      right[i] = call === labels[i] ? 1 : 0;
    }
    return meanEstimate(right);
  },
};
