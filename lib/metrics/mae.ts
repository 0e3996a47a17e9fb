import { meanEstimate } from './function-of-sums.ts';
import { LOSS_MARGIN, type Metric } from './metric.ts';

/** Mean absolute error. */
export const maeMetric: Metric = {
  name: 'mae',
  task: 'regression',
  higherIsBetter: false,
  defaultMargin: LOSS_MARGIN,
  needsProbabilities: false,
  estimate({ labels, scores }) {
    const errors = new Float64Array(labels.length);
    for (let i = 0; i < errors.length; i++) errors[i] = Math.abs((scores[i] as number) - (labels[i] as number));
    return meanEstimate(errors);
  },
};
