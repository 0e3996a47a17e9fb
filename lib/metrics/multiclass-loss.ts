import { meanEstimate } from './function-of-sums.ts';
import { clippedProbability } from './log-loss.ts';
import { LOSS, type Metric } from './metric.ts';
import { classCount } from './multiclass-rows.ts';

const CLASS_LOSS = { task: 'multiclass', ...LOSS, needsProbabilities: true } as const;

/** Mean negative log-likelihood of the label. */
export const multiclassLogLossMetric: Metric<'multiclass'> = {
  name: 'multiclass_log_loss',
  title: 'log loss',
  unit: 'nats',
  ...CLASS_LOSS,
  formula: 'mean of −ln p of the label, p kept 2.2e-16 from 0 and 1',
  source: 'Good 1952; sklearn.metrics.log_loss',
  estimate(examples) {
    const classes = classCount(examples);
    const losses = examples.labels.map(
      (label, row) => -Math.log(clippedProbability(examples.scores[row * classes + label] as number)),
    );
    return meanEstimate(losses, examples.weights);
  },
};

/** Mean squared distance of the probabilities from what happened, 0 to 2. */
export const multiclassBrierMetric: Metric<'multiclass'> = {
  name: 'multiclass_brier',
  title: 'Brier score',
  unit: 'ratio',
  ...CLASS_LOSS,
  formula: 'mean of Σ (p of a class − 1 if it is the label)² over the classes, 0 to 2',
  source: 'Brier 1950; sklearn.metrics.brier_score_loss(scale_by_half=False)',
  estimate(examples) {
    const classes = classCount(examples);
    const losses = examples.labels.map((label, row) => {
      let loss = 0;
      for (let j = 0; j < classes; j++) {
        loss += ((examples.scores[row * classes + j] as number) - (j === label ? 1 : 0)) ** 2;
      }
      return loss;
    });
    return meanEstimate(losses, examples.weights);
  },
};
