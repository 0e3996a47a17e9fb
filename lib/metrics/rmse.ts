import { estimateOf } from './function-of-sums.ts';
import { LOSS_MARGIN, type Metric } from './metric.ts';

/** Root mean squared error, √(Σ e² / Σ 1). */
export const rmseMetric: Metric = {
  name: 'rmse',
  task: 'regression',
  higherIsBetter: false,
  defaultMargin: LOSS_MARGIN,
  needsProbabilities: false,
  estimate({ labels, scores }) {
    const squares = new Float64Array(labels.length);
    for (let i = 0; i < squares.length; i++) squares[i] = ((scores[i] as number) - (labels[i] as number)) ** 2;
    return estimateOf({
      terms: [squares, new Float64Array(squares.length).fill(1)],
      // What is left of a total after taking a cluster away may be a rounding error below zero.
      value: ([total, rows]) =>
        (rows as number) > 0 ? Math.sqrt(Math.max(0, total as number) / (rows as number)) : undefined,
      gradient: ([total, rows]) => {
        const rmse = Math.sqrt((total as number) / (rows as number));
        // No error at all: every example's share is zero, and 0/0 would say NaN.
        if (rmse === 0) return [0, 0];
        return [1 / (2 * rmse * (rows as number)), -rmse / (2 * (rows as number))];
      },
    });
  },
};
