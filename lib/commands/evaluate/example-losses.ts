import type { MetricName } from '../../gate/rules.ts';
import type { TaskShape } from '../../gate/task-shape.ts';
import { clippedProbability, exampleLogLosses } from '../../metrics/log-loss.ts';
import { pinball } from '../../metrics/quantile-loss.ts';

/** Labels (multiclass: indices of the class) and scores (rows × classes or levels, else one a row). */
interface ScoredRows {
  readonly shape: TaskShape;
  readonly labels: Float64Array;
  readonly scores: Float64Array;
}

const squared = ({ labels, scores }: ScoredRows) => labels.map((label, row) => ((scores[row] as number) - label) ** 2);

/** The loss of every row under each metric whose mean (for RMSE: the root of its mean) it is. */
const EXAMPLE_LOSSES: Partial<Record<MetricName, (rows: ScoredRows) => Float64Array>> = {
  log_loss: ({ labels, scores }) => exampleLogLosses(labels, scores),
  multiclass_log_loss: ({ shape: { classes = [] }, labels, scores }) =>
    labels.map((label, row) => -Math.log(clippedProbability(scores[row * classes.length + label] as number))),
  rmse: squared,
  mae: ({ labels, scores }) => labels.map((label, row) => Math.abs((scores[row] as number) - label)),
  mse: squared,
  brier: squared,
  pinball_loss: ({ shape: { levels = [] }, labels, scores }) =>
    labels.map((label, row) => {
      const losses = levels.map((level, j) => pinball(level, label, scores[row * levels.length + j] as number));
      return losses.reduce((sum, loss) => sum + loss, 0) / levels.length;
    }),
};

/** The metrics that are a mean of losses by row, the usual ones first. */
export const EXAMPLE_LOSS_METRICS = Object.keys(EXAMPLE_LOSSES) as MetricName[];

/** Whether a metric is a mean of losses by row, so that a window of days has one of its own. */
export function hasExampleLoss(metric: MetricName): boolean {
  return EXAMPLE_LOSSES[metric] !== undefined;
}

/** Each example's own loss, whose mean (for RMSE: the root of its mean) is the metric. Only where `hasExampleLoss`. */
export function exampleLosses(
  metric: MetricName,
  shape: TaskShape,
  labels: Float64Array,
  scores: Float64Array,
): Float64Array {
  const lossesOf = EXAMPLE_LOSSES[metric];
  if (lossesOf === undefined) throw new TypeError(`${metric} is no mean of losses by row`);
  return lossesOf({ shape, labels, scores });
}
